# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Identities by name, and the failures if there is none or more than one."""

from __future__ import annotations

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, Server
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._identity.naming import (
    identity_id_of,
    only_identity_named,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.scope import OrganizationScope
from tests.conftest import Site, Time


def scope(site: Site) -> OrganizationScope:
    time = Time()
    return OrganizationScope(Client(Server(site.url, retries=0), site.token, clock=time.now, sleep=time.sleep))


def test_a_name_is_matched_whole_and_by_case(either: Site) -> None:
    wanted = either.identity("web")
    for other in ("Web", "web-2", "my web", "we"):
        either.identity(other)
    found = only_identity_named(scope(either), "web")
    assert found is not None and found["identity"]["id"] == wanted
    assert only_identity_named(scope(either), "eb") is None


@pytest.mark.parametrize("name", ["a&b=c", "50%", "a/b", "ü ß", "a+b", "#1", "a_b", "x'y\"z"])
def test_any_character_can_be_part_of_a_name(either: Site, name: str) -> None:
    wanted = either.identity(name)
    assert identity_id_of(scope(either), name) == wanted


def test_several_of_one_name_are_listed_and_none_is_guessed(either: Site) -> None:
    ids = sorted(either.identity("web") for _turn in range(3))
    with pytest.raises(InfisicalError) as raised:
        only_identity_named(scope(either), "web")
    assert raised.value.kind == "conflict"
    assert f"3 identities are named 'web': {', '.join(ids)}." in str(raised.value)
    assert "identity_id" in str(raised.value)


def test_duplicates_get_a_moment_to_agree_on_one_of_them(either: Site) -> None:
    """It is common that ten hosts of a play create the same identity at the same time."""
    ids = [either.identity("web") for _turn in range(2)]
    one = scope(either)

    def agree(seconds: float) -> None:
        assert 0 < seconds < 1
        either.api("DELETE", f"/api/v1/identities/{ids[1]}")

    one.client.sleep = agree
    assert identity_id_of(one, "web") == ids[0]


def test_a_name_nobody_has_is_reported_with_what_is_near(either: Site) -> None:
    either.identity("billing-api")
    either.identity("unrelated")
    with pytest.raises(InfisicalError) as raised:
        identity_id_of(scope(either), "biling-api")
    text = str(raised.value)
    assert raised.value.kind == "not_found"
    assert "'biling-api'" in text and "There is 'billing-api'." in text and "unrelated" not in text


def test_a_name_like_no_other_gets_no_hint(either: Site) -> None:
    with pytest.raises(InfisicalError) as raised:
        identity_id_of(scope(either), "zzz")
    assert "There is" not in str(raised.value)


@pytest.mark.parametrize("many", [False, True], ids=["one", "identities"])
def test_a_listed_identity_that_a_read_denies_is_not_created_again(old: Site, many: bool) -> None:
    """2024-10 needs the read for the metadata (server-notes#lists-of-identities)."""
    identity_id = old.identity("web")
    gone = {"error": "NotFound", "message": "Failed to find identity"}
    old.inject(method="GET", path=f"/api/v1/identities/{identity_id}$", status=404, body=gone)
    desired = {"name": "web", "metadata": {"a": "b"}}
    options = {"identities": [desired]} if many else desired
    result = old.run("identities" if many else "identity", **options)
    assert result["failure"]["kind"] == "server" and "but the server answers that it does not exist" in result["msg"]
    assert [one["name"] for one in old.state()["identities"]].count("web") == 1
