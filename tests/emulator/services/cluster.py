# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The part of a Kubernetes API server that reviews the tokens of service accounts."""

from __future__ import annotations

from typing import Any

import jwt

from .signing import HOUR, SigningKey
from .web import Asked, WebService

REVIEWS = "/apis/authentication.k8s.io/v1/tokenreviews"
REVIEWER = ("kube-system", "reviewer")
AUDIENCE = "https://kubernetes.default.svc"


class Cluster(WebService):
    """Signs tokens of service accounts, and reviews them for the one account that may ask."""

    def __init__(self, *, encrypted: bool = False) -> None:
        self.key = SigningKey()
        super().__init__(encrypted=encrypted)

    def token(self, namespace: str, name: str, *, audience: str = AUDIENCE, expires_in: float = HOUR) -> str:
        """Returns a token as it is projected into a pod of the service account."""
        account = {"namespace": namespace, "serviceaccount": {"name": name}}
        subject = f"system:serviceaccount:{namespace}:{name}"
        claims = {"iss": AUDIENCE, "aud": [audience], "sub": subject, "kubernetes.io": account}
        return self.key.sign(claims, expires_in)

    @property
    def reviewer(self) -> str:
        return self.token(*REVIEWER)

    def answer(self, asked: Asked) -> tuple[int, Any]:
        bearer = asked.headers.get("authorization", "").removeprefix("Bearer ")
        caller = self._account(bearer, [AUDIENCE])
        if caller is None:
            return 401, status_of(401, "Unauthorized")
        if caller != f"system:serviceaccount:{':'.join(REVIEWER)}":
            return 403, status_of(403, f'User "{caller}" cannot create resource "tokenreviews"')
        if (asked.method, asked.path) != ("POST", REVIEWS):
            return 404, status_of(404, "the server could not find the requested resource")
        review = asked.json()
        audiences = review["spec"].get("audiences") or [AUDIENCE]
        user = self._account(review["spec"]["token"], audiences)
        if user is None:
            review["status"] = {"user": {}, "error": "[invalid bearer token, token lookup failed]"}
        else:
            review["status"] = {"authenticated": True, "user": {"username": user}, "audiences": audiences}
        return 201, review

    def _account(self, token: str, audiences: list[str]) -> str | None:
        """Returns the user name that belongs to a valid token."""
        try:
            claims = jwt.decode(token, self.key.private.public_key(), ["RS256"], audience=audiences)
        except jwt.InvalidTokenError:
            return None
        return str(claims["sub"])


def status_of(code: int, message: str) -> dict[str, Any]:
    return {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message, "code": code}
