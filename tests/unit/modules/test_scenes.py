# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The main use cases of the collection, on servers of both releases."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from tests.conftest import Site
from tests.emulator.auth_methods import METHODS
from tests.unit.strategies import least_body, smallest
from tests.unit.tables import AUTH_METHODS, METHODS_AND_PROFILES, RESOURCES, served

Sites = Callable[..., Site]
ARN = "arn:aws:iam::123456789012:role/app"
UUID = "0d6c1f0a-9f1e-4a7b-8c2d-3e4f5a6b7c8d"
OLD_METHODS = [one for one in METHODS_AND_PROFILES if one[1] == "2024-10"]
every_method = pytest.mark.parametrize(("module", "profile"), METHODS_AND_PROFILES)


def stored(site: Site, module: str, identity_id: str) -> Any:
    return site.method(RESOURCES[module].slug, identity_id)


def patches(site: Site) -> list[Any]:
    return [request["body"] for request in site.requests() if request["method"] == "PATCH"]


@pytest.mark.parametrize(
    ("module", "profile", "lists"),
    [
        ("identity_aws_auth", "current", {"allowedPrincipalArns": ARN, "allowedAccountIds": "123456789012"}),
        ("identity_aws_auth", "2024-10", {"allowedPrincipalArns": ARN, "allowedAccountIds": "123456789012"}),
        ("identity_oci_auth", "current", {"allowedUsernames": "alice, bob"}),
        ("identity_azure_auth", "current", {"allowedServicePrincipalIds": UUID}),
        ("identity_azure_auth", "2024-10", {"allowedServicePrincipalIds": UUID}),
    ],
)
def test_changing_a_lifetime_opens_no_allowlist_at_any_moment(
    sites: Sites, module: str, profile: str, lists: dict[str, str]
) -> None:
    site = sites(profile=profile)
    identity_id = site.identity()
    required = {f.wire: smallest(module)[f.option] for f in RESOURCES[module].fields if f.required}
    site.attach(RESOURCES[module].slug, identity_id, **required, **lists, accessTokenTTL=100, accessTokenMaxTTL=1000)
    # The last one takes two writes, and both must contain the lists.
    for desired in (
        {"access_token_ttl": 50},
        {"access_token_max_ttl": 500},
        {"access_token_ttl": 0, "access_token_max_ttl": 10},
    ):
        site.clear_requests()
        assert site.ok(module, identity_id=identity_id, **desired)["changed"]
        bodies = patches(site)
        assert len(bodies) == (2 if len(desired) == 2 else 1)
        for body in bodies:
            for name, value in lists.items():
                assert body[name].replace(" ", "") == value.replace(" ", "")
        after = stored(site, module, identity_id)
        assert {name: after[name] for name in lists} == lists


@every_method
def test_lowering_the_maximum_alone(sites: Sites, module: str, profile: str) -> None:
    """The server rejects it, even where the lifetime would fit (server-notes#lowering-the-maximum)."""
    site = sites(profile=profile)
    options = {"identity_id": site.identity(), **smallest(module)}
    site.ok(module, access_token_ttl=1000, access_token_max_ttl=2000, **options)
    result = site.ok(module, access_token_max_ttl=1500, **options)
    assert result["diff"] == {"before": {"access_token_max_ttl": 2000}, "after": {"access_token_max_ttl": 1500}}
    after = stored(site, module, options["identity_id"])
    assert (after["accessTokenTTL"], after["accessTokenMaxTTL"]) == (1000, 1500)


@every_method
def test_no_end_together_with_a_lower_maximum(sites: Sites, module: str, profile: str) -> None:
    site = sites(profile=profile)
    options = {"identity_id": site.identity(), **smallest(module)}
    site.ok(module, access_token_ttl=1000, access_token_max_ttl=2000, **options)
    lifetime = next(one for one in RESOURCES[module].fields if one.option == "access_token_ttl")
    least = lifetime.former_minimum or 0 if profile == "2024-10" else 0
    desired = {"access_token_ttl": least, "access_token_max_ttl": 500}
    assert site.ok(module, **desired, **options)["changed"]
    after = stored(site, module, options["identity_id"])
    assert (after["accessTokenTTL"], after["accessTokenMaxTTL"]) == (least, 500)
    assert not site.ok(module, **desired, **options)["changed"]


@every_method
def test_a_limit_goes_back_to_none(sites: Sites, module: str, profile: str) -> None:
    site = sites(profile=profile)
    options = {"identity_id": site.identity(), **smallest(module)}
    site.ok(module, access_token_num_uses_limit=5, **options)
    result = site.ok(module, access_token_num_uses_limit=0, **options)
    assert result["diff"]["after"] == {"access_token_num_uses_limit": 0}
    assert stored(site, module, options["identity_id"])["accessTokenNumUsesLimit"] == 0


@pytest.mark.parametrize("module", AUTH_METHODS)
def test_absent_when_not_attached_is_unchanged(either: Site, module: str) -> None:
    """On each release, whether it answers 400, 404 or does not have the method at all
    (server-notes#methods-not-attached)."""
    options = {"identity_id": either.identity(), "state": "absent"}
    for check in (True, False):
        either.clear_requests()
        result = either.ok(module, check=check, **options)
        assert (result["changed"], result["diff"]) == (False, {"before": {}, "after": {}})
        assert either.counts()["writes"] == 0


@pytest.mark.parametrize("module", [name for name in AUTH_METHODS if not served(RESOURCES[name], "2024-10")])
def test_a_method_the_release_does_not_have_is_reported_as_such(old: Site, module: str) -> None:
    options = {"identity_id": old.identity(), **smallest(module)}
    for check in (True, False):
        failure = old.failure(module, check=check, **options)
        assert failure["kind"] == "unsupported_by_server" and RESOURCES[module].title in failure["msg"]


@pytest.mark.parametrize(("first", "second"), list(permutations((name for name, _profile in OLD_METHODS), 2)))
def test_a_second_method_on_2024_10_is_rejected_with_nothing_half_done(old: Site, first: str, second: str) -> None:
    identity_id = old.identity()
    old.ok(first, identity_id=identity_id, **smallest(first))
    before = stored(old, first, identity_id)
    for check in (True, False):
        failure = old.failure(second, check=check, identity_id=identity_id, **smallest(second))
        assert failure["kind"] == "unsupported_by_server"
        assert "one auth method per identity" in failure["msg"] and RESOURCES[first].slug in failure["msg"]
        assert stored(old, first, identity_id) == before
        assert stored(old, second, identity_id) is None


@pytest.mark.parametrize("module", AUTH_METHODS)
def test_several_methods_on_a_current_server(current: Site, module: str) -> None:
    identity_id = current.identity()
    for one in AUTH_METHODS:
        current.ok(one, identity_id=identity_id, **smallest(one))
    held = {one: stored(current, one, identity_id) for one in AUTH_METHODS}
    current.ok(module, identity_id=identity_id, state="absent")
    for one in AUTH_METHODS:
        assert stored(current, one, identity_id) == (None if one == module else held[one])


@every_method
def test_what_came_from_another_client_is_no_change(sites: Sites, module: str, profile: str) -> None:
    site = sites(profile=profile)
    identity_id = site.identity()
    trusted = ["10.0.0.1", "2001:DB8::/32", "10.0.0.1", "10.9.9.9/8"]
    ips = [{"ipAddress": text} for text in trusted]
    site.attach(RESOURCES[module].slug, identity_id, **{**least_body(module), "accessTokenTrustedIps": ips})
    for spelling in (
        ["10.0.0.0/8", "10.0.0.1/32", "2001:db8::/32"],
        "2001:0db8:0::/32, 10.0.0.1,10.0.0.0/8",
        [{"ip_address": "10.1.1.1/8"}, {"ip_address": "10.0.0.1"}, "2001:db8::/32"],
    ):
        assert not site.ok(module, identity_id=identity_id.upper(), access_token_trusted_ips=spelling)["changed"]


@pytest.mark.parametrize("module", AUTH_METHODS)
def test_a_gate_of_the_plan_is_one_failure_and_changes_nothing(free: Site, module: str) -> None:
    options = {"identity_id": free.identity(), **smallest(module), "access_token_trusted_ips": ["10.0.0.0/8"]}
    failure = free.failure(module, **options)
    assert failure["kind"] == "plan" and "plan" in failure["msg"]
    assert stored(free, module, options["identity_id"]) is None
    if METHODS["current"][RESOURCES[module].slug].plan_feature:
        return
    free.ok(module, **{**options, "access_token_trusted_ips": ["::/0", "0.0.0.0/0"]})
    before = stored(free, module, options["identity_id"])
    assert free.failure(module, access_token_ttl=60, **options)["kind"] == "plan"
    assert stored(free, module, options["identity_id"]) == before
