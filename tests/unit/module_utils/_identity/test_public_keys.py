# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Public keys and certificates: what is taken for one, and that a private key is rejected without displaying it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.certificate import (
    certificate_error,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.public_keys import (
    KeySet,
    PublicKeys,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import ValueType
from tests.unit.generators import certificate, public_key

ONE, OTHER = public_key(1), public_key(2)
PRIVATE = (
    Ed25519PrivateKey.from_private_bytes(bytes([9]) * 32)
    .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    .decode()
)
EC = {"kty": "EC", "crv": "P-256", "kid": "one", "x": "f83OJ3D2", "y": "x_FEzRu9"}


def parsed(value_type: ValueType, value: Any) -> tuple[Any, list[str]]:
    errors: list[str] = []
    return value_type.parse("option", value, errors), errors


def test_an_element_with_several_keys_is_split_and_what_surrounds_them_is_dropped() -> None:
    assert parsed(PublicKeys(), [f"Signing keys\n{ONE}\r\n{OTHER}\n", ONE]) == ([ONE, OTHER], [])
    assert parsed(PublicKeys(), [certificate(1)]) == ([certificate(1)], [])
    assert parsed(PublicKeys(), []) == ([], [])


def test_keys_of_the_server_are_neither_split_nor_lost() -> None:
    """The second key of an element verifies nothing, and must not begin to."""
    both = f"{ONE}\n{OTHER}"
    assert PublicKeys().from_wire([both, "a secret word", ""]) == [both, "a secret word"]
    assert not PublicKeys().same([both], [ONE, OTHER])
    assert PublicKeys().from_wire([""]) == []


@pytest.mark.parametrize(
    ("element", "error"),
    [
        (PRIVATE, "option[0] contains a private key; give its public key only"),
        (f"{ONE}\n{PRIVATE}", "option[0] contains a private key; give its public key only"),
        ("swordfish", "option[0] must be a public key in PEM, from "),
        (ONE[:-5], "option[0] must be a public key in PEM, from "),
        (" ", "option[0] must not be empty"),
        (7, "option[0] must be text, got 7"),
        (ONE + "\0", "option[0] must not contain control characters"),
        (ONE + "x" * 16384, "option[0] must be at most 16384 characters"),
    ],
)
def test_what_is_no_public_key(element: Any, error: str) -> None:
    (found,) = parsed(PublicKeys(), [element])[1]
    assert found.startswith(error) and "swordfish" not in found and PRIVATE.splitlines()[1] not in found


@pytest.mark.parametrize("spelling", [{"keys": [EC]}, json.dumps({"keys": [EC]}), json.dumps({"keys": [EC]}, indent=4)])
def test_a_key_set_is_a_dictionary_or_json(spelling: Any) -> None:
    assert parsed(KeySet(), spelling) == ({"keys": [EC]}, [])
    assert KeySet().from_wire(KeySet().to_wire({"keys": [EC]})) == {"keys": [EC]}


@pytest.mark.parametrize("member", ["d", "k", "p", "q", "dp", "dq", "qi", "oth"])
def test_a_private_member_is_rejected(member: str) -> None:
    for spelling in (
        {"keys": [EC, {**EC, member: "swordfish"}]},
        json.dumps({"keys": [EC, {**EC, member: "swordfish"}]}),
    ):
        assert parsed(KeySet(), spelling)[1] == ["option.keys[1] contains a private key; give its public key only"]


@pytest.mark.parametrize(
    "value",
    ["", "swordfish", '"swordfish"', "[]", "{}", '{"keys": {}}', '{"keys": NaN}', "[" * 100_000, {"keys": {1, 2}},
     {"keys": b"x"}, 7, {"keys": [float("inf")]}, "{" * 70_000],
)  # fmt: skip
def test_what_is_no_key_set(value: Any) -> None:
    (error,) = parsed(KeySet(), value)[1]
    assert error.startswith("option must be ") and "swordfish" not in error
    if isinstance(value, str) and len(value) < 65536:
        # Kept as it is when the server has it, so that an update of something else does not alter it.
        assert KeySet().to_wire(KeySet().from_wire(value)) == value


@pytest.mark.parametrize("key", ["x", 7, {}, {"kty": 1}])
def test_an_element_of_a_key_set_has_a_type(key: Any) -> None:
    assert parsed(KeySet(), {"keys": [key]})[1] == ["option.keys[0] must be a JSON Web Key, an object with kty"]


def test_a_key_set_is_the_same_in_any_order() -> None:
    other = {**EC, "kid": "two"}
    assert KeySet().same({"keys": [EC, other]}, {"keys": [other, dict(reversed(EC.items())), EC]})
    assert not KeySet().same({"keys": [EC]}, {"keys": [EC, other]})
    assert not KeySet().same({"keys": [EC]}, {"keys": [EC], "spiffe_refresh_hint": 60})
    assert not KeySet().same("no JSON", {"keys": []})


def test_certificates() -> None:
    assert certificate_error(certificate(1)) is certificate_error(f"The CA\n{certificate(1)}\n{certificate(2)}") is None
    for pem in (PRIVATE, certificate(1) + "\n" + PRIVATE):
        assert certificate_error(pem) == "contains a private key; give the certificate only"
    for pem in (ONE, "swordfish", certificate(1)[:-5]):
        error = certificate_error(pem)
        assert error is not None and error.startswith("must be a certificate in PEM") and "swordfish" not in error
