# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of Alibaba Cloud auth."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime
from urllib.parse import quote

from ..call import Call
from ..errors import ApiError, unauthorized
from ..login_table import Login, listed
from ..method_table import AuthMethod, refusals
from ..schema import Field, comma_list, one_of, required, text
from ..world import Row

QUARTER = 900


def prove(call: Call, row: Row, body: Row) -> None:
    key = call.world.alicloud_keys.get(body["AccessKeyId"])
    signed = {name: body[name] for name in FIELDS if name != "Signature"}
    if key is None or not hmac.compare_digest(signature(signed, key["access_key_secret"]), body["Signature"]):
        raise refused()
    check_freshness(call, body)
    if key["arn"] not in listed(row["allowedArns"]):
        raise unauthorized("Access denied: Alibaba Cloud account ARN not allowed.")


def refused() -> ApiError:
    return unauthorized("Access denied: Alibaba Cloud refused the signed request.")


def check_freshness(call: Call, body: Row) -> None:
    """Alibaba Cloud's own rules: a request is valid for a quarter of an hour, and its nonce once."""
    try:
        sent = datetime.strptime(body["Timestamp"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise refused() from None
    nonce = (body["AccessKeyId"], body["SignatureNonce"])
    if abs(call.world.clock.now() - sent) > QUARTER or nonce in call.world.alicloud_nonces:
        raise refused()
    call.world.alicloud_nonces.add(nonce)


def signature(parameters: Row, secret: str) -> str:
    """HMAC-SHA1 over the sorted query, as Alibaba's RPC style has it (server-notes#alibaba-cloud-login)."""
    pairs = (f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in sorted(parameters.items()))
    text = f"GET&%2F&{quote('&'.join(pairs), safe='~')}"
    return base64.b64encode(hmac.digest(f"{secret}&".encode(), text.encode(), hashlib.sha1)).decode()


def matching(pattern: str) -> Field:
    form = re.compile(pattern)
    return required(text(check=(lambda value: form.fullmatch(value) is not None, "Invalid")))


FIELDS = {
    "Action": required(one_of("GetCallerIdentity")),
    "Format": required(one_of("JSON")),
    "Version": matching(r"\d{4}-\d\d-\d\d"),
    "AccessKeyId": matching(r"[A-Za-z0-9]+"),
    "SignatureMethod": required(one_of("HMAC-SHA1")),
    "Timestamp": matching(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
    "SignatureVersion": required(one_of("1.0")),
    "SignatureNonce": matching(r"[a-zA-Z0-9._-]+"),
    "Signature": matching(r"[A-Za-z0-9+/=]+"),
}


LOGIN = Login("Alibaba Cloud", prove, FIELDS)


NAME = "Alibaba Cloud"
ARNS = comma_list(
    r"acs:ram::[0-9]{16}:(user|role)/.*",
    "Invalid ARN format. Must be in the format acs:ram::<account id>:user/<name> or acs:ram::<account id>:role/<name>.",
    drop_empty=True,
    minimum=1,
    maximum=500,
)

TABLES = {
    "current": AuthMethod(
        slug="alicloud-auth",
        envelope="identityAliCloudAuth",
        refusals=refusals(f"{NAME} Auth", f"{NAME} auth"),
        fields={"allowedArns": required(ARNS)},
        required_on_update=("allowedArns",),
        fixed={"type": "iam"},
        max_ttl_minimum=1,
        ttl_falls_back_to="accessTokenTTL",
        login=LOGIN,
    )
}
