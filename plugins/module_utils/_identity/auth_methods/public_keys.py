# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Value types of public keys: a list of keys in PEM, and a JSON Web Key Set. The server returns both in clear, so a
private key is rejected, without quoting it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import listing, text
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import (
    LINE_BREAKS,
    got,
    length_error,
    line_error,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import (
    Errors,
    ValueType,
    with_bare_lines,
)

LONGEST_KEY = 16384
LONGEST_KEY_SET = 65536
"""Maximum lengths in characters. The server has no limit of its own; it accepts bodies up to 1 MiB
(server-notes#unparsable-requests)."""
PUBLIC_BLOCK = re.compile(r"-----BEGIN (PUBLIC KEY|RSA PUBLIC KEY|CERTIFICATE)-----.*?-----END \1-----", re.DOTALL)
PRIVATE_MEMBERS = ("d", "k", "p", "q", "dp", "dq", "qi", "oth")
"""The members of a JSON Web Key that make it a private or a shared one (RFC 7518, section 6)."""


def public_key_error(pem: str) -> str | None:
    if "PRIVATE KEY-----" in pem:
        return "contains a private key; give its public key only"
    if PUBLIC_BLOCK.search(pem):
        return None
    return "must be a public key in PEM, from -----BEGIN PUBLIC KEY----- to -----END PUBLIC KEY-----"


@dataclass(frozen=True)
class PublicKeys(ValueType):
    """A list of keys in PEM, compared as a set. An element with several keys is split, because the server verifies
    with the first key of an element only. The server returns an empty list as one empty key
    (server-notes#empty-jwt-keys)."""

    spec: dict[str, Any] = field(default_factory=lambda: {"type": "list", "elements": "str"})

    def parse(self, option: str, value: Any, errors: Errors) -> Any:
        wrong = length_error(value) if isinstance(value, (list, tuple)) else f"must be a list, got {got(value)}"
        if wrong:
            errors.append(f"{option} {wrong}")
            return []
        keys: list[str] = []
        for index, element in enumerate(value):
            wrong = line_error(element, LONGEST_KEY, allowed=LINE_BREAKS) or public_key_error(element)
            if wrong:
                errors.append(f"{option}[{index}] {wrong}")
                continue
            keys += [with_bare_lines(block.group()) for block in PUBLIC_BLOCK.finditer(element)]
        return list(dict.fromkeys(keys))

    def from_wire(self, value: Any) -> Any:
        listing(text)(value)
        # Elements are not split: sent back apart, keys that did not verify would do so.
        return [with_bare_lines(key) for key in value if key.strip()]

    def same(self, one: Any, other: Any) -> bool:
        return set(one) == set(other)

    def displayed(self, value: Any) -> Any:
        return sorted(value)


@dataclass(frozen=True)
class KeySet(ValueType):
    """A JSON Web Key Set, given as a dictionary or as JSON. The API keeps JSON as text; how that is written means
    nothing."""

    spec: dict[str, Any] = field(default_factory=lambda: {"type": "raw"})

    def parse(self, option: str, value: Any, errors: Errors) -> Any:
        try:
            written = value if isinstance(value, str) else json.dumps(value, allow_nan=False)
            # What JSON makes of the dictionary, such as of keys that are no texts.
            parsed = json.loads(written, parse_constant=no_json) if len(written) <= LONGEST_KEY_SET else None
        except (ValueError, TypeError, RecursionError):
            written, parsed = "", None
        if len(written) > LONGEST_KEY_SET:
            errors.append(f"{option} must be at most {LONGEST_KEY_SET} characters of JSON, got {len(written)}")
        elif not isinstance(parsed, dict) or not isinstance(parsed.get("keys"), list):
            errors.append(
                f"{option} must be a JSON Web Key Set, an object with a list of keys, as a dictionary or JSON"
            )
        else:
            errors.extend(f"{option}.keys[{index}] {wrong}" for index, wrong in key_errors(parsed["keys"]))
            return parsed
        return {}

    def from_wire(self, value: Any) -> Any:
        text(value)
        try:
            parsed = json.loads(value)
        except (ValueError, RecursionError):
            parsed = None
        # Other text logs nobody in, and is kept as it is until a key set is desired.
        return parsed if isinstance(parsed, dict) else value

    def to_wire(self, value: Any) -> Any:
        return value if isinstance(value, str) else json.dumps(value, sort_keys=True)

    def same(self, one: Any, other: Any) -> bool:
        return bool(canonical(one) == canonical(other))

    def displayed(self, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("keys"), list):
            return {**value, "keys": sorted(value["keys"], key=lambda key: json.dumps(key, sort_keys=True))}
        return value


def no_json(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def key_errors(keys: list[Any]) -> list[tuple[int, str]]:
    """Returns what is wrong with the elements of a key set, by their indexes."""
    errors = []
    for index, key in enumerate(keys):
        if not isinstance(key, dict) or not isinstance(key.get("kty"), str):
            errors.append((index, "must be a JSON Web Key, an object with kty"))
        elif any(member in key for member in PRIVATE_MEMBERS):
            errors.append((index, "contains a private key; give its public key only"))
    return errors


def canonical(value: Any) -> Any:
    """Returns a form of a key set in which neither the order of keys nor that of members matters."""
    if isinstance(value, dict) and isinstance(value.get("keys"), list):
        keys = sorted({json.dumps(key, sort_keys=True) for key in value["keys"]})
        return {**value, "keys": keys}
    return value
