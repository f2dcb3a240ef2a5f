# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The same value said otherwise: by a user in a playbook, by somebody else on the server; and what both mean."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from hypothesis import strategies as st

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

Wire = dict[str, Any]

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
BLANKS = st.sampled_from(["", " ", "  "])


@st.composite
def padded(draw: st.DrawFn, text: str) -> str:
    return draw(BLANKS) + text + draw(BLANKS)


@st.composite
def repeated(draw: st.DrawFn, items: list[str]) -> list[str]:
    """The items in another order, some of them more than once."""
    again = draw(st.lists(st.sampled_from(items), max_size=2)) if items else []
    return draw(st.permutations([*items, *again]))


@st.composite
def network_text(draw: st.DrawFn, network: str, *, by_value: bool = True) -> str:
    """One network in any of its spellings; with ``by_value`` also by another address in it."""
    parsed = ipaddress.ip_network(network)
    address = parsed.network_address
    if by_value and parsed.num_addresses > 1 and draw(st.booleans()):
        address = draw(st.sampled_from([parsed[1], parsed[-1]]))
    text = str(address)
    if parsed.version == 6:
        text = draw(st.sampled_from([text, text.upper(), address.exploded]))
    if parsed.num_addresses == 1 and draw(st.booleans()):
        return text
    return f"{text}/{parsed.prefixlen}"


@st.composite
def network_element(draw: st.DrawFn, network: str) -> Any:
    """An element as a user, Terraform or the API itself would write it."""
    text = draw(network_text(network))
    form = draw(st.sampled_from(["text", "terraform", "wire", "stored"]))
    if form == "text":
        return draw(padded(text))
    if form == "stored" and "/" in text:
        address, _slash, prefix = text.partition("/")
        return {"ipAddress": address, "prefix": int(prefix), "type": "ipv6" if ":" in text else "ipv4"}
    return {"ip_address" if form == "terraform" else "ipAddress": text}


def upper_uuid(text: str) -> str:
    return text.upper() if UUID.fullmatch(text) else text


@st.composite
def spelled(draw: st.DrawFn, kind: ValueType, value: Any) -> Any:
    """A normal form in any spelling that means the same, as a playbook may hold it."""
    if isinstance(kind, Integer):
        return draw(st.sampled_from([value, str(value)]))
    if isinstance(kind, Boolean):
        return draw(st.sampled_from([value, *(["yes", "true", "on", 1] if value else ["no", "false", "off", 0])]))
    if isinstance(kind, Text):
        return draw(padded(draw(st.sampled_from([value, upper_uuid(value) if kind.uuid else value]))))
    if isinstance(kind, CommaList):
        items = [draw(padded(draw(st.sampled_from([item, upper_uuid(item)])))) for item in draw(repeated(value))]
        forms = [items, ",".join(items), [",".join(items)]] if items else [[]]
        return draw(st.sampled_from(forms))
    if isinstance(kind, Networks):
        if draw(st.booleans()):
            return ",".join(draw(padded(draw(network_text(item)))) for item in draw(repeated(value)))
        return [draw(network_element(item)) for item in draw(repeated(value))]
    if isinstance(kind, KeyValues):
        return {draw(padded(key)): draw(padded(value[key])) for key in draw(st.permutations(sorted(value)))}
    if isinstance(kind, Roles):
        slugs = draw(repeated([role["role"] for role in value]))
        return [draw(st.sampled_from([slug, {"role": slug}, {"role": slug, "is_temporary": False}])) for slug in slugs]
    raise LookupError(f"spellings.spelled does not know the kind {type(kind).__name__}: add it")


@st.composite
def respelled(draw: st.DrawFn, resource: Resource, options: Options) -> Options:
    """All options of a state, each in some spelling."""
    kinds = {field.option: field.type for field in resource.fields}
    return {option: draw(spelled(kinds[option], value)) for option, value in options.items()}


@st.composite
def foreign(draw: st.DrawFn, kind: ValueType, value: Any) -> Any:
    """A normal form as another client may have sent it: the server keeps order, duplicates and spelling."""
    if isinstance(kind, CommaList):
        return draw(st.sampled_from([",", ", ", " ,"])).join(draw(repeated(value))) or kind.empty
    if isinstance(kind, Networks):
        return [{"ipAddress": draw(network_text(item))} for item in draw(repeated(value))]
    if isinstance(kind, Text) and kind.uuid:
        return draw(st.sampled_from([value, upper_uuid(value)]))
    if isinstance(kind, KeyValues):
        return [{"key": key, "value": value[key]} for key in draw(st.permutations(sorted(value)))]
    if isinstance(kind, Roles):
        return [{"role": role["role"], "isTemporary": False} for role in draw(st.permutations(value))]
    return value


@st.composite
def foreign_body(draw: st.DrawFn, resource: Resource, options: Options) -> Wire:
    """A create body as another client may have sent it."""
    body = {
        field.wire: draw(foreign(field.type, options[field.option]))
        for field in resource.fields
        if field.option in options
    }
    for low in (field for field in resource.fields if field.never_above):
        high = next(field for field in resource.fields if field.option == low.never_above)
        body.setdefault(low.wire, min(low.default, body.get(high.wire) or low.default))
        body.setdefault(high.wire, max(high.default, body[low.wire]))
    return body


def meaning(field: Field, wire: Any) -> Any:
    """What a value of the API means, found without the collection's own code."""
    if isinstance(field.type, CommaList):
        return frozenset(item.strip().lower() for item in (wire or "").split(",") if item.strip())
    if isinstance(field.type, Networks):
        texts = (f"{one['ipAddress']}/{one['prefix']}" if "prefix" in one else one["ipAddress"] for one in wire)
        return frozenset(ipaddress.ip_network(text, strict=False) for text in texts)
    if isinstance(field.type, KeyValues):
        return {pair["key"]: pair["value"] for pair in wire or []}
    if isinstance(field.type, Roles):
        return frozenset(role["role"] for role in wire)
    return wire.lower() if isinstance(field.type, Text) and field.type.uuid and UUID.fullmatch(wire) else wire


def meaning_of_desired(field: Field, value: Any) -> Any:
    """The same of a normal form."""
    if isinstance(field.type, CommaList):
        return frozenset(item.lower() for item in value)
    if isinstance(field.type, Networks):
        return frozenset(ipaddress.ip_network(item) for item in value)
    if isinstance(field.type, Roles):
        return frozenset(role["role"] for role in value)
    return value


def meanings(resource: Resource, wire: Wire) -> dict[str, Any]:
    """What each field of the API's flat form means, by option."""
    return {field.option: meaning(field, wire[field.wire]) for field in resource.fields if field.wire in wire}
