# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The metadata server of a Google Cloud instance, which issues identity tokens of the instance's account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .web import Asked, WebService

PATH = "/computeMetadata/v1/instance/service-accounts/default/identity"


class GoogleMetadata(WebService):
    """``sign`` is Google's signature; ``project`` is the project that the instance belongs to."""

    def __init__(self, sign: Callable[[dict[str, Any]], str], project: str) -> None:
        self.sign = sign
        self.project = project
        super().__init__()

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    def answer(self, asked: Asked) -> tuple[int, Any]:
        address = urlsplit(asked.path)
        query = parse_qs(address.query)
        if address.path != PATH or asked.headers.get("metadata-flavor") != "Google" or "audience" not in query:
            return 403, "Forbidden"
        email = f"runner@{self.project}.iam.gserviceaccount.com"
        claims: dict[str, Any] = {
            "iss": "https://accounts.google.com",
            "aud": query["audience"][0],
            "email": email,
            "sub": "1" * 21,
        }
        if query.get("format") == ["full"]:
            claims["google"] = {"compute_engine": {"project_id": self.project, "zone": "europe-west1-b"}}
        return 200, self.sign(claims)
