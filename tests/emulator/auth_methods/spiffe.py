# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of SPIFFE auth."""

from __future__ import annotations

import json
import re
from typing import Any

from .. import issuer
from ..call import Call
from ..claims import audiences
from ..errors import ApiError, unauthorized
from ..login_table import Login, among, listed
from ..method_table import AuthMethod, Write, refusals_400
from ..schema import Field, comma_list, number, required, text, variant
from ..schema.values import is_url
from ..world import Row

DOMAIN = re.compile(r"[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?")
# What a sent distribution leaves out goes back to these (server-notes#spiffe-bundle).
PROFILES = {
    "static": {"bundle": required(text(trim=True, minimum=1))},
    "https_web_bundle": {
        "endpointUrl": required(
            text(trim=True, check=(lambda value: is_url(value) and value.startswith("https://"), "Invalid url"))
        ),
        "caCert": Field(text(trim=True), default=None),
        "refreshHintSeconds": Field(number(whole=True, minimum=0), default=3600),
    },
}


SHORTEST_HINT = 300


def store_hint(write: Write) -> None:
    """On attach, a hint of 0 becomes the shortest one (server-notes#spiffe-bundle)."""
    distribution = write.row["trustBundleDistribution"]
    if write.attaching and distribution.get("refreshHintSeconds") == 0:
        distribution["refreshHintSeconds"] = SHORTEST_HINT


def prove(call: Call, row: Row, body: Row) -> None:
    """A JWT-SVID of the trust domain; every refusal is the same (server-notes#spiffe-login)."""
    try:
        keys = issuer.keys_of(trust_bundle(call, row["trustBundleDistribution"]))
        claims = issuer.verify(call.world.clock, body["jwt"], keys)
    except ApiError:
        raise unauthorized("Access denied") from None
    subject = str(claims.get("sub"))
    in_domain = subject.startswith(f"spiffe://{row['trustDomain']}/")
    wanted = listed(row["allowedAudiences"])
    if not (in_domain and among(subject, listed(row["allowedSpiffeIds"])) and set(wanted) & set(audiences(claims))):
        raise unauthorized("Access denied")


def trust_bundle(call: Call, distribution: Row) -> Any:
    """The JWKS of the trust domain, as it is stored or as its endpoint publishes it."""
    if distribution["profile"] != "static":
        return call.world.outgoing.get(distribution["endpointUrl"], ca=distribution.get("caCert") or "")
    try:
        return json.loads(distribution["bundle"])
    except ValueError:
        raise unauthorized("Access denied") from None


TABLES = {
    "current": AuthMethod(
        slug="spiffe-auth",
        envelope="identitySpiffeAuth",
        refusals=refusals_400("SPIFFE Auth", "SPIFFE auth"),
        fields={
            "trustDomain": required(
                text(
                    trim=True,
                    minimum=1,
                    check=(lambda value: DOMAIN.fullmatch(value) is not None, "Invalid trust domain"),
                )
            ),
            "allowedSpiffeIds": required(
                comma_list(r"spiffe://.+", "Invalid SPIFFE ID pattern", drop_empty=True, minimum=1)
            ),
            "allowedAudiences": required(comma_list(drop_empty=True, minimum=1)),
            "trustBundleDistribution": required(variant("profile", PROFILES)),
        },
        after_write=store_hint,
        short_missing_on_revoke=True,
        checks_ttl_in_schema=False,
        ttl_falls_back_to="accessTokenTTL",
        login=Login("SPIFFE", prove, slow=True),
    )
}
