# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a token of an issuer claims, held against the bounds of a method."""

from __future__ import annotations

from .errors import ApiError, forbidden, unauthorized
from .login_table import among, listed
from .world import Row


def denied(what: str) -> ApiError:
    return unauthorized(f"Access denied: {what} not allowed.")


def audiences(claims: Row) -> list[str]:
    audience = claims.get("aud", [])
    return [audience] if isinstance(audience, str) else list(audience)


def check_bounds(row: Row, claims: Row, name: str) -> None:
    """Issuer, subject, audience and claims, in this order; an empty bound admits everything."""
    if row["boundIssuer"] and claims.get("iss") != row["boundIssuer"]:
        raise denied(f"{name} issuer")
    if row["boundSubject"] and not among(claims.get("sub"), listed(row["boundSubject"])):
        # The subject is a 403, the others are a 401 (server-notes#rejections-of-claims).
        raise forbidden(f"Access denied: {name} subject not allowed.")
    wanted = listed(row["boundAudiences"])
    if wanted and not any(among(audience, wanted) for audience in audiences(claims)):
        raise denied(f"{name} audience")
    for claim, values in row["boundClaims"].items():
        if not among(claims.get(claim), listed(values)):
            raise denied(f"{name} claim")
