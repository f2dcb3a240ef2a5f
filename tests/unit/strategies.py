# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Hypothesis strategies made from the tables: what can be desired, how a user may spell it, and what it means."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import find
from hypothesis import strategies as st

from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.aws_auth import (
    account_error,
    arn_error,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.oci_auth import (
    tenancy_error,
    username_error,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.identity_table import role_error
from ansible_collections.machineid.infisical.plugins.module_utils._identity.membership_table import Roles
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field, Options, Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.key_values import KeyValues
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists import CommaList, Networks
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import (
    Boolean,
    Integer,
    Text,
    ValueType,
)
from tests.conftest import PROFILES
from tests.unit.tables import RESOURCES, known_fields

Values = st.SearchStrategy[Any]

WORD = st.text("abcXYZ019-_", min_size=1, max_size=12)
ACCOUNT = st.integers(0, 10**12 - 1).map("{:012}".format)
TENANCY = st.text("abcdefghij0123456789", min_size=1, max_size=20).map("ocid1.tenancy.oc1..{}".format)
USERNAME = st.text("abcXYZ019._@-", min_size=1, max_size=12)
UUIDS = st.uuids().map(str)
BIG = 2**63 - 1


def arns(profile: str) -> Values:
    """ARNs that the release takes; 2024-10 knows neither paths nor sessions
    (server-notes#forms-of-an-aws-principal)."""
    simple = st.builds("arn:aws:iam::{}:{}/{}".format, ACCOUNT, st.sampled_from(["user", "role"]), WORD)
    every = simple | st.builds("arn:aws:iam::{}:*".format, ACCOUNT)
    if profile != "current":
        return every
    return (
        every
        | st.builds("arn:aws:iam::{}:role/{}/{}".format, ACCOUNT, WORD, WORD)
        | st.builds("arn:{}:sts::{}:assumed-role/{}".format, st.sampled_from(["aws", "aws-us-gov"]), ACCOUNT, WORD)
    )


FORMS: dict[Callable[[str], str | None], Callable[[str], Values]] = {
    arn_error: arns,
    account_error: lambda profile: ACCOUNT,
    tenancy_error: lambda profile: TENANCY,
    username_error: lambda profile: USERNAME,
    role_error: lambda profile: st.sampled_from(["admin", "member", "no-access"]),
}
"""Texts that each form check of the tables accepts. A new check needs its line here."""


def texts(fault: Callable[[str], str | None] | None, profile: str) -> Values:
    if fault is None:
        return WORD | UUIDS
    if fault not in FORMS:
        raise LookupError(f"desired states.FORMS has no strategy for what {fault.__qualname__} accepts: add one")
    return FORMS[fault](profile)


@st.composite
def networks(draw: st.DrawFn) -> str:
    """A network in the spelling that the collection returns."""
    address = draw(st.ip_addresses())
    bits = address.max_prefixlen
    prefix = draw(st.sampled_from([0, 8, bits - 1, bits]) | st.integers(0, bits))
    network = ipaddress.ip_network(f"{address}/{prefix}", strict=False)
    return str(network.network_address) if prefix == bits else str(network)


def integers(kind: Integer) -> Values:
    top = BIG if kind.maximum is None else kind.maximum
    return st.sampled_from([kind.minimum, kind.minimum + 1, top]) | st.integers(kind.minimum, min(top, 10_000))


def values(kind: ValueType, profile: str) -> Values:
    """Normal forms of one kind."""
    if isinstance(kind, Integer):
        return integers(kind)
    if isinstance(kind, Boolean):
        return st.booleans()
    if isinstance(kind, Text):
        return texts(kind.check, profile)
    if isinstance(kind, CommaList):
        # Short enough for the 255 characters that a column of 2024-10 holds (server-notes#column-lengths).
        return st.lists(texts(kind.check, profile), max_size=3, unique=True)
    if isinstance(kind, Networks):
        return st.just(["0.0.0.0/0", "::/0"]) | st.lists(networks(), min_size=1, max_size=4, unique=True)
    if isinstance(kind, KeyValues):
        return st.dictionaries(WORD, WORD, max_size=3)
    if isinstance(kind, Roles):
        slugs = st.lists(st.sampled_from(["admin", "member", "viewer", "no-access"]), min_size=1, unique=True)
        return slugs.map(lambda chosen: [{"role": slug} for slug in chosen])
    raise LookupError(f"desired states.values does not know the kind {type(kind).__name__}: add it")


@dataclass(frozen=True)
class Change:
    """A thing's state, None when it is absent, and a desired state that the server can fulfil from there."""

    before: Options | None
    desired: Options

    @property
    def after(self) -> Options:
        return {**(self.before or {}), **self.desired}


@st.composite
def desired_states(draw: st.DrawFn, resource: Resource, profile: str, held: Options | None = None) -> Options:
    """Some of a thing's options, that can be desired while ``held`` is what the server holds (None: nothing)."""
    fields = known_fields(resource, profile)
    required = {field.option for field in fields if field.required and held is None}
    optional = sorted({field.option for field in fields} - required)
    chosen = required | draw(st.sets(st.sampled_from(optional)) if optional else st.just(set()))
    desired: Options = {}
    for field in fields:
        if field.option in chosen:
            again = held is not None and field.option in held and draw(st.booleans())
            desired[field.option] = held[field.option] if again and held else draw(values(field.type, profile))
    for field in fields:
        if field.never_above:
            bound_pair(draw, resource, field, desired, held, profile)
    return desired


def bound_pair(
    draw: st.DrawFn, resource: Resource, low: Field, desired: Options, held: Options | None, profile: str
) -> None:
    """Brings what is desired of a bounded pair under the documented rule: not above its bound unless that is 0."""
    high = next(field for field in resource.fields if field.option == low.never_above)
    assert isinstance(low.type, Integer) and isinstance(high.type, Integer)
    start = {low.option: low.default, high.option: high.default} if held is None else held
    # 2024-10 has no maximum of 0 at all, and no lifetime of 0 on attach (server-notes#lifetime-bounds).
    if profile != "current" and desired.get(high.option) == 0:
        desired[high.option] = high.type.maximum
    if profile != "current" and held is None and desired.get(low.option) == 0:
        desired[low.option] = 1
    value, bound = (desired.get(one, start[one]) for one in (low.option, high.option))
    if not bound or value <= bound:
        return
    if low.option in desired:
        desired[low.option] = draw(st.integers(1, bound))
    else:
        desired[high.option] = draw(st.integers(value, high.type.maximum))


@st.composite
def changes(draw: st.DrawFn, resource: Resource, profile: str, *, absent: bool = True) -> Change:
    """A state and a desired state."""
    before = None if absent and draw(st.booleans()) else draw(desired_states(resource, profile))
    if before is None:
        return Change(None, draw(desired_states(resource, profile)))
    defaults = {one.option: one.default for one in known_fields(resource, profile) if one.default is not None}
    return Change(before, draw(desired_states(resource, profile, {**defaults, **before})))


@cache
def smallest(name: str) -> Options:
    """The least that a thing of a table is created with."""
    fields = [field for field in RESOURCES[name].fields if field.required]
    return {field.option: find(values(field.type, PROFILES[-1]), lambda value: True) for field in fields}
