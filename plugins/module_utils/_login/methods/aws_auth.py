# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The login of an AWS principal with a signed request, which the server forwards to AWS STS."""

from __future__ import annotations

import json
import os
import re
from base64 import b64encode
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._login.method import LoginMethod
from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.library import library_missing
from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.nearby import (
    ask_metadata,
    member_of,
    token_of,
)

BODY = "Action=GetCallerIdentity&Version=2011-06-15"
REGION = r"[a-z0-9-]{1,20}"
"""The form in which the server accepts a region (server-notes#aws-login-target)."""

METADATA = "The EC2 metadata service"


class AwsAuth(LoginMethod):
    """Uses the AWS credentials that botocore finds: environment, profile, container, instance."""

    name = "aws_auth"
    synonyms = ("aws_iam",)
    credentials = ("auth_identity_id",)
    suspects = (
        "aws_region",
        "that the AWS credentials in use are valid and in the auth method's allowlists",
        "this machine's clock",
    )
    repeated_by_server = True

    def errors(self) -> list[str]:
        region = self.params.get("aws_region") or ""
        wrong = region != "" and not re.fullmatch(REGION, region)
        return super().errors() + [f"aws_region must be a region such as eu-central-1, got '{region}'"] * wrong

    def proof(self, client: Client) -> dict[str, Any]:
        headers = encoded(json.dumps(self._signed_headers()))
        self.mask(headers)
        return {
            "identityId": self.identity_id,
            "iamHttpRequestMethod": "POST",
            "iamRequestBody": encoded(BODY),
            "iamRequestHeaders": headers,
        }

    def _signed_headers(self) -> dict[str, str]:
        try:
            from botocore.auth import SigV4Auth
            from botocore.awsrequest import AWSRequest
            from botocore.exceptions import BotoCoreError, ClientError
            from botocore.session import Session
        except ImportError as error:
            raise library_missing("botocore", self.name, error) from error
        try:
            session = Session()
            credentials = self._credentials(session)
            region = self._region(session)
            # 2024-10 servers find STS by the header `Host` in this spelling, current servers by the region in the
            # signature. Content-Length is never added, so it need not be removed (server-notes#aws-login-target).
            headers = {
                "Host": f"sts.{region}.amazonaws.com",
                "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            }
            request = AWSRequest("POST", f"https://sts.{region}.amazonaws.com/", headers=headers, data=BODY)
            SigV4Auth(credentials, "sts", region).add_auth(request)
        except (BotoCoreError, ClientError) as error:
            raise InfisicalError(
                "authentication",
                f"AWS credentials could not be obtained: {error}",
                advice="Check them with the AWS CLI.",
            ) from error
        self.mask(request.headers["Authorization"].rpartition("Signature=")[2])
        return dict(request.headers.items())

    def _credentials(self, session: Any) -> Any:
        found = session.get_credentials()
        if found is None:
            raise InfisicalError(
                "authentication",
                "No AWS credentials were found in the environment, the AWS configuration files, the container's or the"
                " instance's metadata.",
                advice="Provide them in any way that botocore supports, such as AWS_ACCESS_KEY_ID or AWS_PROFILE.",
            )
        frozen = found.get_frozen_credentials()
        self.mask(frozen.secret_key)
        self.mask(frozen.token or "")
        return frozen

    def _region(self, session: Any) -> str:
        return str(self.params.get("aws_region") or session.get_config_variable("region") or self._region_of_instance())

    def _region_of_instance(self) -> str:
        """Reads the region from the EC2 identity document with IMDSv2."""
        address = os.environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://169.254.169.254").rstrip("/")
        try:
            lifetime = {"X-aws-ec2-metadata-token-ttl-seconds": "60"}
            answer = ask_metadata(METADATA, "PUT", f"{address}/latest/api/token", lifetime, {})
            session_token = token_of(answer, METADATA)
            self.mask(session_token)
            document = f"{address}/latest/dynamic/instance-identity/document"
            answer = ask_metadata(METADATA, "GET", document, {"X-aws-ec2-metadata-token": session_token}, {})
            return member_of(answer, METADATA, "region")
        except InfisicalError as error:
            error.message = f"No AWS region is given or configured. {error.message}"
            error.advice = "Give aws_region."
            raise


def encoded(text: str) -> str:
    return b64encode(text.encode()).decode()
