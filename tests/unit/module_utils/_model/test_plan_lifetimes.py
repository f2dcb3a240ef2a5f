# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Both lifetimes in every combination, against the server's own rules of attach and update
(server-notes#lowering-the-maximum)."""

from __future__ import annotations

from itertools import product

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Options, Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import Plan, plan, to_wire
from tests.unit.strategies import smallest
from tests.unit.tables import AUTH_METHODS, RESOURCES

TTL, MAX = "accessTokenTTL", "accessTokenMaxTTL"
NUMBERS = (0, 1, 50, 100, 200)
PAIRS = [(ttl, bound) for ttl, bound in product(NUMBERS, NUMBERS) if bound == 0 or ttl <= bound]

# Which methods compare a stored maximum where a lifetime is not sent (server-notes#lowering-the-maximum), and which
# reject a maximum of 0 (server-notes#lifetime-bounds).
COMPARES_STORED_TTL = {"oci-auth", "tls-cert-auth", "ldap-auth", "alicloud-auth", "spiffe-auth"}
NO_ZERO_MAXIMUM_ON_ATTACH = {"aws-auth", "oci-auth", "tls-cert-auth", "ldap-auth", "alicloud-auth"}


def defaults(name: str) -> Wire:
    """A method as the server shows it, with what nobody gave."""
    resource = RESOURCES[name]
    given = {field.option: field.default for field in resource.fields if field.default is not None}
    left_out = {one.wire: None for one in resource.fields if getattr(one.type, "cleared_by", "") == "omitted"}
    return {**left_out, **to_wire(resource, {**given, **smallest(name)})}


def attached(slug: str, body: Wire) -> Wire:
    """What the server stores, or an AssertionError where it would reject it."""
    ttl, bound = body.get(TTL, 2592000), body.get(MAX, 2592000)
    assert bound >= (1 if slug in NO_ZERO_MAXIMUM_ON_ATTACH else 0)
    assert ttl <= bound, "422: compared as numbers on attach"
    return {TTL: ttl, MAX: bound}


def updated(slug: str, stored: Wire, body: Wire) -> Wire:
    ttl, bound = body.get(TTL), body.get(MAX)
    assert not (ttl and bound) or ttl <= bound, "422: both sent and not 0"
    left = ttl or stored[TTL if slug in COMPARES_STORED_TTL else MAX]
    right = bound or stored[MAX]
    assert right == 0 or left <= right, f"400: {left} is compared with {right}"
    return {**stored, **{key: body[key] for key in (TTL, MAX) if key in body}}


def carried_out(slug: str, stored: Wire | None, planned: Plan) -> Wire | None:
    for body in planned.bodies:
        assert (TTL in body) == (MAX in body), "one without the other is compared with what nobody meant"
        stored = attached(slug, body) if stored is None else updated(slug, stored, body)
    return stored


@pytest.mark.parametrize("name", AUTH_METHODS)
def test_every_allowed_pair_is_reached_from_every_allowed_pair(name: str) -> None:
    resource = RESOURCES[name]
    longest = 0
    for (ttl, bound), (new_ttl, new_bound) in product(PAIRS, PAIRS):
        stored = {TTL: ttl, MAX: bound}
        before = {**defaults(name), **stored}
        for desired in (
            {"access_token_ttl": new_ttl, "access_token_max_ttl": new_bound},
            {"access_token_ttl": new_ttl},
            {"access_token_max_ttl": new_bound},
        ):
            goal = (desired.get("access_token_ttl", ttl), desired.get("access_token_max_ttl", bound))
            if goal not in PAIRS:
                continue
            planned = plan(resource, before, desired)
            assert carried_out(resource.slug, stored, planned) == {TTL: goal[0], MAX: goal[1]}, (stored, desired)
            longest = max(longest, len(planned.bodies))
    assert longest == 2, "the pair that needs two writes is among them, and none needs three"


@pytest.mark.parametrize("name", AUTH_METHODS)
def test_every_allowed_pair_can_be_attached(name: str) -> None:
    resource = RESOURCES[name]
    for ttl, bound in PAIRS:
        planned = plan(resource, None, {**smallest(name), "access_token_ttl": ttl, "access_token_max_ttl": bound})
        assert carried_out(resource.slug, None, planned) == {TTL: ttl, MAX: bound}
        zero_needs_two = bound == 0 and (ttl > 0 or resource.slug in NO_ZERO_MAXIMUM_ON_ATTACH)
        assert len(planned.bodies) == (2 if zero_needs_two else 1)


@pytest.mark.parametrize("name", AUTH_METHODS)
@pytest.mark.parametrize(
    ("before", "desired", "bodies"),
    [
        pytest.param((100, 200), {"access_token_max_ttl": 150}, [(100, 150)], id="lower-maximum-alone"),
        pytest.param((100, 200), {"access_token_ttl": 0}, [(0, 200)], id="zero-lifetime-alone"),
        pytest.param(
            (100, 200), {"access_token_ttl": 0, "access_token_max_ttl": 50}, [(50, 50), (0, 50)], id="zero-and-lower"
        ),
        pytest.param((0, 200), {"access_token_max_ttl": 50}, [(50, 50), (0, 50)], id="lower-under-zero"),
        pytest.param((0, 200), {"access_token_max_ttl": 300}, [(0, 300)], id="raise-under-zero"),
        pytest.param((100, 200), {"access_token_max_ttl": 0}, [(100, 0)], id="no-maximum"),
        pytest.param(
            (100, 200), {"access_token_ttl": 900, "access_token_max_ttl": 0}, [(900, 900), (900, 0)], id="longer-none"
        ),
        pytest.param((100, 0), {"access_token_max_ttl": 100}, [(100, 100)], id="a-maximum-again"),
        pytest.param((0, 0), {"access_token_ttl": 60}, [(60, 0)], id="a-lifetime-under-no-maximum"),
    ],
)
def test_the_writes_of_each_case(
    name: str, before: tuple[int, int], desired: Options, bodies: list[tuple[int, int]]
) -> None:
    resource = RESOURCES[name]
    held = {**defaults(name), TTL: before[0], MAX: before[1]}
    assert [(body[TTL], body[MAX]) for body in plan(resource, held, desired).bodies] == bodies
