# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Values that a server of 2024-10 rejects are detected before the first write, also in check mode."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Site, Time
from tests.unit.strategies import smallest
from tests.unit.tables import AUTH_METHODS, RESOURCES, served

FORMER = [name for name in AUTH_METHODS if served(RESOURCES[name], "2024-10")]
REJECTED_ON_ATTACH: list[dict[str, Any]] = [
    {"access_token_ttl": 0},
    {"access_token_max_ttl": 0},
    {"access_token_ttl": 0, "access_token_max_ttl": 0},
    {"access_token_ttl": 100, "access_token_max_ttl": 0},
]


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("module", FORMER)
@pytest.mark.parametrize("lifetimes", REJECTED_ON_ATTACH, ids=str)
def test_an_attach_that_cannot_be(old: Site, module: str, check: bool, lifetimes: dict[str, Any]) -> None:
    identity_id = old.identity()
    old.clear_requests()
    failure = old.failure(module, check=check, identity_id=identity_id, **smallest(module), **lifetimes)
    assert failure["kind"] == "unsupported_by_server" and "at least 1" in failure["msg"]
    assert all(option in failure["msg"] for option, value in lifetimes.items() if value == 0)
    assert old.counts()["writes"] == 0 and old.method(RESOURCES[module].slug, identity_id) is None


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("module", FORMER)
@pytest.mark.parametrize("before", [(100, 200), (100, 100)])
def test_an_update_that_cannot_be(old: Site, module: str, check: bool, before: tuple[int, int]) -> None:
    """One of them would take two writes, and the second would be rejected."""
    identity_id = old.identity()
    ttl, maximum = before
    lifetimes = {"access_token_ttl": ttl, "access_token_max_ttl": maximum}
    old.ok(module, identity_id=identity_id, **smallest(module), **lifetimes)
    held = old.method(RESOURCES[module].slug, identity_id)
    old.clear_requests()
    wanted = {"access_token_ttl": 900, "access_token_max_ttl": 0}
    failure = old.failure(module, check=check, identity_id=identity_id, **wanted)
    assert failure["kind"] == "unsupported_by_server" and "access_token_max_ttl of at least 1" in failure["msg"]
    assert old.counts()["writes"] == 0 and old.method(RESOURCES[module].slug, identity_id) == held


@pytest.mark.parametrize("module", FORMER)
def test_what_an_update_may_set_is_set(old: Site, module: str) -> None:
    identity_id = old.identity()
    old.ok(module, identity_id=identity_id, **smallest(module))
    field = next(one for one in RESOURCES[module].fields if one.option == "access_token_ttl")
    least = field.former_minimum or 0
    assert old.ok(module, check=True, identity_id=identity_id, access_token_ttl=least)["changed"]
    assert old.ok(module, identity_id=identity_id, access_token_ttl=least)["changed"]
    assert old.method(RESOURCES[module].slug, identity_id)["accessTokenTTL"] == least


@pytest.mark.parametrize("check", [True, False], ids=["check", "run"])
@pytest.mark.parametrize("there", [True, False], ids=["there", "new"])
def test_a_fleet_is_kept_from_it_as_well(old: Site, waits: Time, check: bool, there: bool) -> None:
    if there:
        old.identity("web")
    old.clear_requests()
    elements = [{"name": "web", "aws_auth": {"access_token_max_ttl": 0, "allowed_account_ids": ["123456789012"]}}]
    failure = old.failure("identities", check=check, identities=elements)
    assert failure["kind"] == "unsupported_by_server" and "access_token_max_ttl" in failure["msg"]
    assert old.counts()["writes"] == 0


@pytest.mark.parametrize("module", AUTH_METHODS)
def test_today_it_is_set_at_the_price_of_one_look(current: Site, module: str) -> None:
    identity_id = current.identity()
    required = smallest(module)
    current.ok(module, identity_id=identity_id, **required)
    assert current.ok(module, identity_id=identity_id, access_token_max_ttl=0)["changed"]
    current.clear_requests()
    assert not current.ok(module, identity_id=identity_id, access_token_max_ttl=0)["changed"]
    assert current.counts()["total"] == 1, "an unchanged run sends no more requests"
