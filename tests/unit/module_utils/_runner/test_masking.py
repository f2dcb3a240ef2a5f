# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A secret is masked in every spelling: escaped, quoted, encoded, cleaned."""

from __future__ import annotations

import json
import shlex
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

import pytest
import requests
import yaml
from ansible.module_utils.basic import remove_values
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.machineid.infisical.plugins.module_utils._http.printable import printable
from ansible_collections.machineid.infisical.plugins.module_utils._runner import masking
from ansible_collections.machineid.infisical.plugins.module_utils._runner.masking import register_secrets, spelled
from tests.conftest import Site
from tests.unit.servers import Reply, stub

ODD = "pä$$/wörd 'with' \"all\" <of> & it\\\n+%41 and a line more"


def of_invalid_header(secret: str) -> str:
    with pytest.raises(requests.exceptions.InvalidHeader) as raised:
        requests.Request("GET", "http://127.0.0.1", headers={"x": f"Bearer {secret}"}).prepare()
    return str(raised.value)


WAYS: dict[str, Any] = {
    "as-it-is": lambda secret: f"got {secret}!",
    "repr": lambda secret: f"got {secret!r}",
    "repr-among-others": lambda secret: repr(f"got {secret}"),
    "repr-in-double-quotes": lambda secret: repr(f"it's {secret.replace(chr(34), '')}"),
    "ascii": lambda secret: ascii(f"got {secret}"),
    "bytes": lambda secret: f"Invalid header value {f'Bearer {secret}'.encode()!r}",
    "json": lambda secret: json.dumps({"token": secret}),
    "json-unicode": lambda secret: json.dumps({"token": secret}, ensure_ascii=False),
    "unicode-escape": lambda secret: f"got {secret}".encode("unicode_escape").decode(),
    "url": lambda secret: f"/path/{quote(secret)}",
    "url-segment": lambda secret: f"/path/{quote(secret, safe='')}",
    "url-lower-case": lambda secret: f"/path/{quote(secret.replace('A', 'a'), safe='').lower()}",
    "form": lambda secret: urlencode({"token": secret}),
    "query": lambda secret: f"?token={quote_plus(secret)}",
    "shell": lambda secret: f"curl -H {shlex.quote(secret)}",
    "cleaned": lambda secret: printable(f"got {secret}!"),
    "blanks": lambda secret: " ".join(f"got {secret}".split()),
    "stripped": lambda secret: f"got {secret.strip()}!",
    "one-line": lambda secret: f"got {secret.splitlines()[0]}",
    "invalid-header": of_invalid_header,
}
PLAIN_PARTS = ("rd 'with'", "wörd", "with", "line more", "%41 and", "%2541", "%2541".lower(), "all", "w\\xf6rd")


@pytest.mark.parametrize("way", WAYS)
def test_a_secret_is_masked_in_every_spelling(way: str) -> None:
    secret = ODD
    if way == "repr-in-double-quotes":
        secret = secret.replace('"', "")
    if way == "url-lower-case":
        secret = secret.lower()
    text = WAYS[way](secret)
    masked = remove_values({"msg": text}, spelled([secret]))["msg"]
    assert masked != text
    assert not [part for part in PLAIN_PARTS if part in masked], masked


@given(st.text(min_size=8), st.sampled_from(["repr", "ascii", "json", "json-unicode", "url", "form", "as-it-is"]))
def test_of_any_secret_nothing_is_left(secret: str, way: str) -> None:
    if not secret.strip():
        return
    text = WAYS[way](secret)
    assert remove_values(text, spelled([secret])) != text


def test_yaml_quotes_are_known() -> None:
    secret = "it's a secret: one"
    text = yaml.safe_dump({"token": secret}, default_style="'", width=1000)
    assert "secret" not in remove_values(text, spelled([secret]))


def test_a_plain_secret_has_one_spelling() -> None:
    """The usual case, which costs no extra time."""
    assert spelled(["eyJhbGciOiJIUzI1NiJ9.e30.c2ln_-~", ""]) == {"eyJhbGciOiJIUzI1NiJ9.e30.c2ln_-~"}


def test_short_lines_of_a_secret_are_not_masked_on_their_own() -> None:
    assert "a" not in spelled(["a\nlonger-part-of-it\nb"])
    assert "longer-part-of-it" in spelled(["a\nlonger-part-of-it\nb"])


def test_a_core_that_masks_itself_receives_every_spelling(monkeypatch: pytest.MonkeyPatch) -> None:
    registered: list[str] = []
    expected = register_secrets([ODD, ""])
    monkeypatch.setattr(masking, "core_register_secrets", registered.extend)
    assert register_secrets([ODD, ""]) == expected == set(registered)


@pytest.mark.parametrize("execution_path", ["module", "process"])
def test_a_server_that_answers_with_the_secret_in_another_spelling(
    execution_path: str, current: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "pass/word 'of' \\ somebody"
    message = f"No user with {quote(secret)} or {json.dumps(secret)} or {secret!r}"
    options = {
        "auth_method": "ldap_auth",
        "auth_identity_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
        "ldap_username": "me",
        "ldap_password": secret,
    }
    with stub(Reply(400, {"message": message, "error": "BadRequest"})) as server:
        arguments: dict[str, Any] = {"name": "web", "url": server.url, "retries": 0, **options}
        if execution_path == "module":
            from tests.unit.module_utils._session.test_session import as_module

            result = as_module(current, capsys, "identity", check=False, **arguments)
        else:
            result = current.run("identity", **arguments)
    text = json.dumps(result)
    assert "No user with" in text
    assert not [part for part in ("somebody", "pass/word", "pass%2F") if part in text], text
