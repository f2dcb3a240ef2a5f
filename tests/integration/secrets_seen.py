# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Collects every secret that was transmitted, to search for it in Ansible's output."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

from tests.emulator import Emulator
from tests.emulator.call import Call

from .harness import Outcome

# A separate list, not the emulator's, so that a field that is missing there is found here.
SECRET_FIELDS = {
    "accessToken",
    "bindPass",
    "clientSecret",
    "iamRequestHeaders",
    "jwt",
    "password",
    "secretAccessKey",
    "secretValue",
    "Signature",
    "tokenReviewerJwt",
}
ONLY_NAMES = {"secretsMapping"}
"""Fields that contain the names of secrets under the names of secret fields."""

JWT = re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}")
SHORTEST = 8


class SecretsSeen:
    """Observes one emulator, and collects the values of secret fields in both directions."""

    def __init__(self, emulator: Emulator) -> None:
        self.values: set[str] = {emulator.client_secret}
        service = emulator.service
        answer = service.answer

        async def overheard(call: Call) -> Any:
            given = await answer(call)
            self.values.update(secrets_in(call.raw), secrets_in(given.body))
            self.values.add(call.headers.get("authorization", "").partition(" ")[2])
            return given

        service.answer = overheard  # type: ignore[method-assign]

    def leaks_of(self, outcome: Outcome) -> list[str]:
        """Returns the secrets in the output, and in the input of callback plugins."""
        results = json.dumps([record.result for record in outcome.records])
        return self.leaks(outcome.output) + self.leaks(results)

    def leaks(self, text: str) -> list[str]:
        """Returns the places where ``text`` contains a secret, plain, in Base64, or truncated to
        its first half; and any JWT."""
        found = [match.start() for match in JWT.finditer(text)]
        for value in self.values:
            if len(value) < SHORTEST:
                continue
            encoded = base64.b64encode(value.encode()).decode().rstrip("=")
            # All JWTs of one server begin alike, so their first half is not secret, but their second half is.
            for form in (value, encoded[:-1], value[len(value) // 2 :]):
                at = text.find(form)
                found += [at] if at >= 0 else []
        return [text[max(0, at - 200) : at + 30] for at in sorted(found)]


def secrets_in(raw: bytes) -> Iterator[str]:
    try:
        yield from under_secret_names(json.loads(raw or b"null"))
    except ValueError:
        return


def under_secret_names(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from under_secret_names(item)
    elif isinstance(node, dict):
        for name, item in node.items():
            if isinstance(item, str) and name in SECRET_FIELDS:
                yield item
            elif name not in ONLY_NAMES:
                yield from under_secret_names(item)
