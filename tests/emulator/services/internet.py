# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Everything that the server can reach and that no test has started: one service that plays all other hosts.

Its tokens are those of the control plane (``POST /_emulator/jwt``), whose key it publishes in whatever form it is asked
for: by discovery document, as a JWKS, as Google's certificates, or by reviewing tokens as a cluster.
"""

from __future__ import annotations

from typing import Any

from .. import issuer
from ..clock import Clock
from ..errors import ApiError
from .cluster import REVIEWS
from .signing import x509_of
from .web import Asked, WebService

GOOGLE = "www.googleapis.com"
ACCOUNT = "/service_accounts/v1/metadata/x509/"


class Internet(WebService):
    """``accounts`` are the public keys of Google's service accounts, by e-mail address and key id."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.accounts: dict[str, dict[str, Any]] = {}
        super().__init__()

    def answer(self, asked: Asked) -> tuple[int, Any]:
        host, path = asked.headers["host"], asked.path
        if path.endswith("/.well-known/openid-configuration"):
            return 200, {"issuer": f"https://{host}", "jwks_uri": f"https://{host}/keys"}
        if path.endswith(REVIEWS):
            return self._reviewed(asked)
        if host == GOOGLE and path.startswith(ACCOUNT):
            keys = self.accounts.get(path.removeprefix(ACCOUNT), {})
            certificates = {key_id: x509_of(public, "account") for key_id, public in keys.items()}
            return (200, certificates) if keys else (404, {"error": "Not found"})
        return 200, issuer.key_set()

    def _reviewed(self, asked: Asked) -> tuple[int, Any]:
        """Reviews a token for any reviewer."""
        review = asked.json()
        wanted = set(review["spec"].get("audiences") or [])
        try:
            claims = issuer.verify(self.clock, review["spec"]["token"])
        except ApiError:
            return 201, {**review, "status": {"error": "invalid bearer token"}}
        audience = claims.get("aud", [])
        audiences = {audience} if isinstance(audience, str) else set(audience)
        if wanted and not wanted & audiences:
            return 201, {**review, "status": {"error": "token audiences do not match"}}
        account = claims.get("kubernetes.io", {})
        name = f"{account.get('namespace')}:{account.get('serviceaccount', {}).get('name')}"
        user = {"username": f"system:serviceaccount:{name}"}
        status = {"authenticated": True, "user": user, "audiences": sorted(wanted or audiences)}
        return 201, {**review, "status": status}
