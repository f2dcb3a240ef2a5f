# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of OCI auth, whose PATCH needs the tenancy and drops a user allowlist that is left out."""

from __future__ import annotations

import base64
import re
from email.utils import parsedate_to_datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from ..call import Call
from ..errors import ApiError, bad_request, unauthorized
from ..login_table import Login, listed
from ..method_table import AuthMethod, refusals
from ..schema import Field, comma_list, nullable, refined, required, shape, text
from ..world import Row

HOST = re.compile(r"identity\.[a-z]+(?:-[a-z]+)+-\d+\.oraclecloud\.com")
PART = re.compile(r'(\w+)="([^"]*)"')
# OCI's own tolerance for the date of a request.
SKEW = 300


def prove(call: Call, row: Row, body: Row) -> None:
    headers = body["headers"]
    if not HOST.fullmatch(headers["host"]):
        raise bad_request("Invalid OCI host format. Expected format: identity.<region>.oraclecloud.com")
    user = call.world.oci_users.get(body["userOcid"])
    if user is None:
        raise refused()
    check_date(call, headers)
    check_signature(user, headers)
    if user["tenancy_ocid"] != row["tenancyOcid"]:
        raise unauthorized("Access denied: OCI account isn't part of tenancy.")
    allowed = listed(row["allowedUsernames"])
    if allowed and user["user_name"] not in allowed:
        raise unauthorized("Access denied: OCI account username not allowed.")


def refused() -> ApiError:
    return unauthorized("Access denied: OCI refused the signed request.")


def check_date(call: Call, headers: Row) -> None:
    try:
        sent = parsedate_to_datetime(headers.get("x-date") or headers.get("date") or "").timestamp()
    except ValueError:
        raise refused() from None
    if abs(call.world.clock.now() - sent) > SKEW:
        raise refused()


def check_signature(user: Row, headers: Row) -> None:
    """Rebuild the signed text from the request the server would send for the user (server-notes#oci-login)."""
    scheme, _blank, rest = headers["authorization"].partition(" ")
    parts = dict(PART.findall(rest))
    key_id = "/".join((user["tenancy_ocid"], user["user_ocid"], user["fingerprint"]))
    if scheme.lower() != "signature" or parts.get("algorithm") != "rsa-sha256" or parts.get("keyId") != key_id:
        raise refused()
    target = f"get /20160918/users/{user['user_ocid']}"
    values = {**headers, "(request-target)": target}
    names = parts.get("headers", "").split()
    if not {"(request-target)", "host"} <= set(names) or not {"date", "x-date"} & set(names):
        raise refused()
    signed = "\n".join(f"{name}: {values.get(name)}" for name in names)
    public = load_pem_public_key(user["public_key_pem"].encode())
    if not isinstance(public, RSAPublicKey):
        raise refused()
    try:
        public.verify(base64.b64decode(parts.get("signature", "")), signed.encode(), PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        raise refused() from None


HEADERS = refined(
    shape(
        {
            "authorization": required(text()),
            "host": required(text()),
            "x-date": Field(text()),
            "date": Field(text()),
        }
    ),
    lambda headers: bool(headers.get("date") or headers.get("x-date")),
    "Either date or x-date must be provided",
)
FIELDS: dict[str, Any] = {"userOcid": required(text(trim=True)), "headers": required(HEADERS)}


LOGIN = Login("OCI", prove, FIELDS)


TENANCY = "ocid1.tenancy.oc1."
USERNAMES = comma_list(
    r"[a-zA-Z0-9._@-]+",
    "Usernames may only contain letters, digits, dots, underscores, at signs and hyphens.",
    drop_empty=True,
    maximum=500,
    empty=None,
)


def is_tenancy(value: str) -> bool:
    return value.startswith(TENANCY) and len(value) > len(TENANCY)


# Not in 2024-10 (server-notes#method-names).
TABLES = {
    "current": AuthMethod(
        slug="oci-auth",
        envelope="identityOciAuth",
        refusals=refusals("OCI Auth", "OCI auth"),
        fields={
            "tenancyOcid": required(
                text(trim=True, minimum=1, check=(is_tenancy, "Invalid Tenancy OCID format. Must start with ocid1."))
            ),
            "allowedUsernames": Field(nullable(USERNAMES), default=None),
        },
        required_on_update=("tenancyOcid",),
        # server-notes#oci-users-are-reset
        reset_on_update={"allowedUsernames": None},
        fixed={"type": "iam"},
        max_ttl_minimum=1,
        # One of those that compare with the stored TTL (server-notes#lowering-the-maximum).
        ttl_falls_back_to="accessTokenTTL",
        reports_period=True,
        login=LOGIN,
    )
}
