# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of SPIFFE auth."""

from __future__ import annotations

import re
from typing import Any

from ..method_table import AuthMethod, refusals_400
from ..schema import Field, Issues, Path, comma_list, number, one_of, refuse_type, required, shape, text, url

DOMAIN = re.compile(r"[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?")
# What a sent distribution leaves out goes back to these (server-notes#spiffe-bundle).
PROFILES = {
    "static": {"bundle": required(text(trim=True, minimum=1))},
    "https_web_bundle": {
        "endpointUrl": required(url),
        "caCert": Field(text(trim=True), default=None),
        "refreshHintSeconds": Field(number(whole=True, minimum=0), default=3600),
    },
}


def distribution(value: Any, path: Path, issues: Issues) -> Any:
    if not isinstance(value, dict):
        return refuse_type(issues, path, "object", value)
    profile = value.get("profile")
    own = PROFILES.get(profile, {}) if isinstance(profile, str) else {}
    return shape({"profile": required(one_of(*PROFILES)), **own})(value, path, issues)


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
            "trustBundleDistribution": required(distribution),
        },
        short_missing_on_revoke=True,
        checks_ttl_in_schema=False,
        ttl_falls_back_to="accessTokenTTL",
    )
}
