# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Shared by the tests of all login methods: a login with the options of a user, and its result."""

from __future__ import annotations

import json
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tests.conftest import Result, Site

from .conftest import Neighbour

Body = dict[str, Any]

NOBODY = "00000000-0000-4000-8000-000000000000"


def who(site: Site, auth_method: str, **options: Any) -> str:
    """Logs in and returns the id of the identity."""
    # A worker keeps its clients between loop items. Here, every login is a real one.
    site.clients.clear()
    result = site.ok("login", auth_method=auth_method, **options)
    claims = jwt.decode(result["login_data"]["access_token"], options={"verify_signature": False})
    return str(claims["identityId"])


def rejection(site: Site, auth_method: str, *, secrets: tuple[str, ...] = (), **options: Any) -> Result:
    """Returns the failure of a login, which must be of kind ``authentication`` and contain none of ``secrets``."""
    site.clients.clear()
    failure: Result = site.failure("login", auth_method=auth_method, **options)
    assert failure["kind"] == "authentication", failure
    for secret in secrets:
        assert secret not in json.dumps(failure), secret
    return failure


def proof(site: Site, recorder: Neighbour, auth_method: str, *, secrets: tuple[str, ...] = (), **options: Any) -> Body:
    """Returns the body of the login request. The server quotes it in its error, but no ``secrets`` may be displayed."""
    rejection(site, auth_method, secrets=secrets, url=recorder.direct_url, **options)
    asked = recorder.asked[-1]
    assert asked.method == "POST"
    body: Body = json.loads(asked.body)
    return body


def logins(site: Site) -> int:
    """Returns the number of login requests."""
    return sum(request["path"].endswith("/login") for request in site.requests())


def signed(site: Site, **claims: Any) -> str:
    """Returns a token of the emulator's own issuer."""
    return str(site.api("POST", "/_emulator/jwt", {"claims": claims})["jwt"])


def new_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def private_pem(key: RSAPrivateKey, password: str = "") -> str:
    encryption = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption).decode()


def public_pem(key: RSAPrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
