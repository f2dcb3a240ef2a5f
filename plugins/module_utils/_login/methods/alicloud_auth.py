# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The login of an Alibaba Cloud principal with a signed request, which the server forwards to Alibaba Cloud STS."""

from __future__ import annotations

import configparser
import hashlib
import hmac
import os
import re
import time
import uuid
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._http.credentials import errors_of
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._login.method import LoginMethod
from ansible_collections.machineid.infisical.plugins.module_utils._login.methods.library import library_missing

KEY_ID, SECRET = "alicloud_access_key_id", "alicloud_access_key_secret"
SESSION_TOKENS = ("ALIBABA_CLOUD_SECURITY_TOKEN", "ALICLOUD_SECURITY_TOKEN")
"""Variables that make the access key next to them one of a session."""

NO_SESSIONS = (
    "belongs to temporary STS credentials, which the server does not accept: it has no key for their security token"
)
"""Why such an access key is rejected here (server-notes#alibaba-cloud-login)."""


class AlicloudAuth(LoginMethod):
    """Uses the access key from the options, or the one that alibabacloud-credentials finds in configuration files.

    That library finds credentials and signs nothing. The SDKs that sign do so only while they send the request
    themselves, so the dozen lines of the signature are here.
    """

    name = "alicloud_auth"
    synonyms = ("alibaba_cloud", "alibabacloud", "aliyun")
    credentials = ("auth_identity_id",)
    suspects = (
        "that the Alibaba Cloud access key is active",
        "that its user is in the auth method's allowlist",
        "this machine's clock",
    )
    repeated_by_server = True

    def errors(self) -> list[str]:
        errors = super().errors() + errors_of(self.params, (SECRET,))
        key_id = self.params.get(KEY_ID) or ""
        if key_id.startswith("STS."):
            errors.append(f"{KEY_ID} {NO_SESSIONS}")
        elif not re.fullmatch("[A-Za-z0-9]*", key_id):
            errors.append(f"{KEY_ID} must consist of letters and digits, but contains another character")
        return errors

    def missing(self) -> list[str]:
        pair = (KEY_ID, SECRET)
        given = [option for option in pair if self.params.get(option)]
        return super().missing() + [option for option in pair if len(given) == 1 and option not in given]

    def proof(self, client: Client) -> dict[str, Any]:
        key_id, secret = self._access_key()
        self.mask(secret)
        # The keys of the login's body are those of the query that the server sends (server-notes#alibaba-cloud-login).
        query = {
            "Action": "GetCallerIdentity",
            "Format": "JSON",
            "Version": "2015-04-01",
            "AccessKeyId": key_id,
            "SignatureMethod": "HMAC-SHA1",
            "Timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "SignatureVersion": "1.0",
            "SignatureNonce": uuid.uuid4().hex,
        }
        signature = signature_of(query, secret)
        self.mask(signature)
        return {"identityId": self.identity_id, **query, "Signature": signature}

    def _access_key(self) -> tuple[str, str]:
        key_id, secret = self.params.get(KEY_ID), self.params.get(SECRET)
        if not key_id:
            return self._configured()
        session = [name for name in SESSION_TOKENS if os.environ.get(name, "").strip()]
        if session and key_id in (os.environ.get("ALIBABA_CLOUD_ACCESS_KEY_ID"), os.environ.get("ALICLOUD_ACCESS_KEY")):
            raise unusable(f"{KEY_ID}, from the environment with {session[0]}, {NO_SESSIONS}.")
        return str(key_id), str(secret)

    def _configured(self) -> tuple[str, str]:
        """Returns the id and the secret of the access key in the files of Alibaba Cloud's CLI and SDKs."""
        try:
            from alibabacloud_credentials.exceptions import CredentialException
            from alibabacloud_credentials.provider import CLIProfileCredentialsProvider, ProfileCredentialsProvider
        except ImportError as error:
            failure = library_missing("alibabacloud-credentials", self.name, error)
            failure.advice = f"Set {KEY_ID} and {SECRET}. To use configuration files: {failure.advice}"
            raise failure from error
        reasons = []
        for provider in (CLIProfileCredentialsProvider, ProfileCredentialsProvider):
            try:
                found = provider(profile_name=self.params.get("alicloud_profile")).get_credentials()
            except configparser.Error:
                # Its message quotes the line that cannot be parsed.
                reasons.append("the credentials file cannot be parsed")
            except (CredentialException, ValueError, LookupError, OSError) as error:
                reasons.append(" ".join(str(error).split()).rstrip("."))
            else:
                if found.get_security_token():
                    raise unusable(f"The access key that alibabacloud-credentials found {NO_SESSIONS}.")
                return str(found.get_access_key_id()), str(found.get_access_key_secret())
        raise unusable(f"No Alibaba Cloud access key is given or configured: {'; '.join(reasons)}.")


def signature_of(query: Mapping[str, str], secret: str) -> str:
    """Returns the signature of a GET with this query, after the rule of Alibaba Cloud's RPC interfaces."""
    text = "&".join(f"{escaped(name)}={escaped(value)}" for name, value in sorted(query.items()))
    signed = f"GET&{escaped('/')}&{escaped(text)}"
    return b64encode(hmac.new(f"{secret}&".encode(), signed.encode(), hashlib.sha1).digest()).decode()


def escaped(text: str) -> str:
    return quote(text, safe="-_.~")


def unusable(sentence: str) -> InfisicalError:
    return InfisicalError(
        "authentication", sentence, advice=f"Set {KEY_ID} and {SECRET} to an access key of a RAM user."
    )
