# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of JWT auth, whose configuration comes in two variants that empty each other."""

from __future__ import annotations

from cryptography.hazmat.primitives.serialization import load_pem_public_key

from .. import issuer
from ..call import Call
from ..claims import check_bounds
from ..login_table import Login
from ..method_bodies import FormFields, Forms, named_by
from ..method_table import AuthMethod, Write, refusals_400
from ..schema import Field, array, comma_list, record, required, text, url
from ..world import Row

CLAIMS = comma_list(drop_empty=True, braces=True)
CA_CERTIFICATE = Field(text(trim=True), default="", encrypted=True)
# Each variant resets the fields of the other, on PATCH as well (server-notes#jwt-variants).
VARIANTS: dict[str, FormFields] = {
    "jwks": {
        "jwksUrl": required(url),
        "jwksCaCert": CA_CERTIFICATE,
        "publicKeys": Field(array(text()), default=[]),
    },
    "static": {
        "jwksUrl": Field(text(), default=""),
        "jwksCaCert": CA_CERTIFICATE,
        "publicKeys": required(array(text(minimum=1), minimum=1)),
    },
}
FORMS = Forms(VARIANTS, named_by("configurationType"))


def join_keys(write: Write) -> None:
    """Keys are stored as one text, so an empty list comes back as one empty key (server-notes#empty-jwt-keys)."""
    write.row["publicKeys"] = ",".join(write.row["publicKeys"]).split(",")


def prove(call: Call, row: Row, body: Row) -> None:
    if row["configurationType"] == "static":
        keys: list[issuer.Key] = [(None, load_pem_public_key(pem.encode())) for pem in row["publicKeys"] if pem]
    else:
        keys = issuer.keys_of(call.world.outgoing.get(row["jwksUrl"], ca=row["jwksCaCert"]))
    check_bounds(row, issuer.verify(call.world.clock, body["jwt"], keys), "JWT")


TABLES = {
    "current": AuthMethod(
        slug="jwt-auth",
        envelope="identityJwtAuth",
        refusals=refusals_400("JWT Auth", "JWT auth"),
        fields={
            "boundIssuer": Field(text(trim=True), default=""),
            "boundAudiences": Field(CLAIMS, default=""),
            "boundClaims": required(record(CLAIMS)),
            "boundSubject": Field(text(trim=True), default=""),
        },
        forms=FORMS,
        forms_of_update=FORMS,
        after_write=join_keys,
        checks_ttl_in_schema=False,
        omitted_on_revoke=("jwksCaCert", "publicKeys"),
        short_missing_on_revoke=True,
        reports_period=True,
        login=Login("JWT", prove, slow=True),
    )
}
