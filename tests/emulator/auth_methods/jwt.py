# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of JWT auth, whose configuration comes in two variants that empty each other."""

from __future__ import annotations

from typing import Any

from ..method_table import AuthMethod, Row, refusals_400, token_fields
from ..profiles import CURRENT
from ..schema import (
    Field,
    Issues,
    Path,
    Rule,
    array,
    comma_list,
    one_of,
    record,
    refuse_type,
    required,
    shape,
    text,
    url,
)

CLAIMS = comma_list(drop_empty=True)
SHARED = {
    "boundIssuer": Field(text(trim=True), default=""),
    "boundAudiences": Field(CLAIMS, default=""),
    "boundClaims": required(record(CLAIMS)),
    "boundSubject": Field(text(trim=True), default=""),
}
# Each variant resets the fields of the other, on PATCH as well (server-notes#jwt-variants).
VARIANTS = {
    "jwks": {
        "jwksUrl": required(url),
        "jwksCaCert": Field(text(trim=True), default=""),
        "publicKeys": Field(array(text()), default=[]),
    },
    "static": {
        "jwksUrl": Field(text(), default=""),
        "jwksCaCert": Field(text(trim=True), default=""),
        "publicKeys": required(array(text(minimum=1), minimum=1)),
    },
}
KIND = {"configurationType": required(one_of(*VARIANTS))}


def by_kind(shared: dict[str, Field]) -> Rule:
    def rule(value: Any, path: Path, issues: Issues) -> Any:
        if not isinstance(value, dict):
            return refuse_type(issues, path, "object", value)
        own = VARIANTS.get(value.get("configurationType", ""), {})
        return shape({**KIND, **own, **shared})(value, path, issues)

    return rule


def join_keys(row: Row, sent: Row, stored: Row) -> None:
    """Keys are stored as one text, so an empty list comes back as one empty key (server-notes#empty-jwt-keys)."""
    row["publicKeys"] = ",".join(row["publicKeys"]).split(",")


TOKEN = token_fields(CURRENT, 0)
OPTIONAL = {name: entry.optional() for name, entry in {**SHARED, **TOKEN}.items()}

TABLES = {
    "current": AuthMethod(
        slug="jwt-auth",
        envelope="identityJwtAuth",
        refusals=refusals_400("JWT Auth", "JWT auth"),
        attach_shape=by_kind({**SHARED, **TOKEN}),
        update_shape=by_kind(OPTIONAL),
        after_write=join_keys,
        checks_ttl_in_schema=False,
        omitted_on_revoke=("jwksCaCert", "publicKeys"),
        short_missing_on_revoke=True,
        reports_period=True,
    )
}
