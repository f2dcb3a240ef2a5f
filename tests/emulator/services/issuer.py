# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An issuer of OIDC: a discovery document, a JWKS, and tokens that its key signs."""

from __future__ import annotations

from typing import Any

from .signing import HOUR, SigningKey
from .web import Asked, WebService


class Issuer(WebService):
    """Stands for a CI system or any other issuer that publishes its keys."""

    def __init__(self, *, encrypted: bool = False) -> None:
        self.key = SigningKey()
        super().__init__(encrypted=encrypted)

    @property
    def jwks_url(self) -> str:
        return f"{self.url}/keys"

    def token(self, *, expires_in: float = HOUR, **claims: Any) -> str:
        return self.key.sign({"iss": self.url, **claims}, expires_in)

    def answer(self, asked: Asked) -> tuple[int, Any]:
        if asked.path == "/.well-known/openid-configuration":
            return 200, {"issuer": self.url, "jwks_uri": self.jwks_url}
        if asked.path == "/keys":
            return 200, {"keys": [self.key.jwk()]}
        return 404, {"error": "not found"}
