# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Signs the STS call that is the proof of an AWS login."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

BODY = "Action=GetCallerIdentity&Version=2011-06-15"
CONTENT_TYPE = "application/x-www-form-urlencoded; charset=utf-8"


def signed_fields(words: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, str]:
    """The fields of the login body; `host` is the spelling of that header, or `omitted`."""
    sts = str(words.get("to", variables["sts_url"]))
    body = BODY + ("&ContentType=JSON" if words.get("json", True) else "")
    keys = variables[words.get("by", "aws_user")]
    host = urlsplit(sts).netloc
    request = AWSRequest("POST", sts, data=body, headers={"Content-Type": CONTENT_TYPE, "Host": host})
    SigV4Auth(Credentials(**keys), "sts", words.get("region", "us-east-1")).add_auth(request)
    headers = {name: value for name, value in request.headers.items() if name != "Host"}
    headers["Content-Length"] = str(len(body))
    spelling = words.get("host", "omitted")
    if spelling != "omitted":
        headers[spelling] = host
    fields = {
        "iamRequestBody": base64.b64encode(body.encode()).decode(),
        "iamRequestHeaders": base64.b64encode(json.dumps(headers).encode()).decode(),
    }
    return fields if words.get("method") == "omitted" else {"iamHttpRequestMethod": "POST", **fields}
