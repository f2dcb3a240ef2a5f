# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The kinds of values: how each is validated, normalised, compared and encoded."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Callable, Optional

from ansible_collections.machineid.infisical.plugins.module_utils._networks import canonical_network, network_fault
from ansible_collections.machineid.infisical.plugins.module_utils._shapes import (
    LARGEST_INTEGER,
    Misshapen,
    boolean,
    integer,
    listing,
    record,
    text,
)

NETWORK = record({"ipAddress": text}, {"prefix": integer})

Faults = list[str]
ItemFault = Callable[[str], Optional[str]]
"""Tells what is wrong with one element of a list, or None."""


class Kind:
    """How values of one type behave. ``option`` is what a playbook holds, ``wire`` what the API holds.

    ``spec`` is the kind's part of an Ansible argument spec.
    """

    spec: dict[str, Any] = {"type": "str"}

    def parse(self, option: str, value: Any, faults: Faults) -> Any:
        """The normal form of a wished value; what is wrong with it goes to ``faults``, named by option and element."""
        raise NotImplementedError

    def from_wire(self, value: Any) -> Any:
        """The normal form of what the server holds. Raises Misshapen for what it cannot hold, as an update may have to
        carry it."""
        return value

    def to_wire(self, value: Any) -> Any:
        """What to send for a normal form."""
        return value

    def same(self, one: Any, other: Any) -> bool:
        """Whether two normal forms mean the same."""
        return bool(one == other)

    def settled(self, before: Any, wished: Any) -> Any:
        """The wish, completed by what the server holds already."""
        return wished

    def shown(self, value: Any) -> Any:
        """A normal form as a diff shows it."""
        return value

    def told(self, value: Any) -> Any:
        """A normal form as a result holds it: what the server tells, and nothing that it only takes."""
        return value

    def missing(self, option: str, wished: Any) -> list[str]:
        """The options inside ``option`` that a thing cannot be created without."""
        return []

    def immovable(self, option: str, before: Any, wished: Any) -> Faults:
        """What inside ``option`` would have to change and cannot, each with the reason."""
        return []


@dataclass(frozen=True)
class Integer(Kind):
    minimum: int
    maximum: int | None = None
    unit: str = ""
    spec: dict[str, Any] = field(default_factory=lambda: {"type": "int"})

    def parse(self, option: str, value: Any, faults: Faults) -> Any:
        if value < self.minimum or (self.maximum is not None and value > self.maximum):
            unit = f" {self.unit}" if self.unit else ""
            allowed = f"at least {self.minimum}" if self.maximum is None else f"{self.minimum} to {self.maximum}"
            faults.append(f"{option} must be {allowed}{unit}, got {value}")
        return value

    def from_wire(self, value: Any) -> Any:
        if isinstance(value, str) and re.match(r"-?\d{1,19}\Z", value):
            value = int(value)
        elif isinstance(value, float):
            # A fraction that the API takes somewhere (quirks.md §14) must not pass for the whole number below it.
            value = int(value) if value.is_integer() else value
            if isinstance(value, float) and abs(value) < LARGEST_INTEGER:
                return value
        integer(value)
        return value


@dataclass(frozen=True)
class Boolean(Kind):
    spec: dict[str, Any] = field(default_factory=lambda: {"type": "bool"})

    def parse(self, option: str, value: Any, faults: Faults) -> Any:
        return value

    def from_wire(self, value: Any) -> Any:
        boolean(value)
        return value


@dataclass(frozen=True)
class Text(Kind):
    """A string, trimmed at both ends as the server does; ``fault`` tells what is wrong with its form.

    ``clearable``: an empty one stands for none, which the API takes as null. ``uuid``: it may be one, whose case means
    nothing.
    """

    maximum_length: int | None = None
    fault: ItemFault | None = None
    clearable: bool = False
    uuid: bool = False
    spec: dict[str, Any] = field(default_factory=lambda: {"type": "str"})

    def parse(self, option: str, value: Any, faults: Faults) -> Any:
        trimmed = value.strip()
        if not trimmed:
            faults.extend([] if self.clearable else [f"{option} must not be empty"])
        elif self.maximum_length is not None and len(trimmed) > self.maximum_length:
            faults.append(f"{option} must be at most {self.maximum_length} characters, got {len(trimmed)}")
        elif self.fault is not None:
            wrong = self.fault(trimmed)
            if wrong:
                faults.append(f"{option} {wrong}")
        return lower_uuid(trimmed) if self.uuid else trimmed

    def from_wire(self, value: Any) -> Any:
        if value is None and self.clearable:
            return ""
        text(value)
        return lower_uuid(value) if self.uuid else value

    def to_wire(self, value: Any) -> Any:
        return None if self.clearable and not value else value


class ListKind(Kind):
    """A list compared as a set. A comma-joined string is accepted, blanks and duplicates are dropped.

    ``instead`` says how to wish for what somebody who gives nothing but blanks may mean.
    """

    instead = "to clear the list give an empty list, []"

    def items(self, option: str, value: list[Any], faults: Faults) -> list[tuple[str, str]]:
        """The non-blank elements, each with the name that an error message calls it by."""
        found = []
        for index, element in enumerate(value):
            parts = str(self.element_text(element)).split(",")
            found += [(f"{option}[{index}]", part.strip()) for part in parts if part.strip()]
        if value and not found:
            # A template that came out empty must not open an identity: only an explicit [] clears a list.
            faults.append(f"{option} holds nothing but blanks; {self.instead}")
        return found

    def element_text(self, element: Any) -> Any:
        return element

    def same(self, one: Any, other: Any) -> bool:
        return {self.key(item) for item in one} == {self.key(item) for item in other}

    def shown(self, value: Any) -> Any:
        return sorted(value, key=self.key)

    def key(self, item: str) -> str:
        return item


@dataclass(frozen=True)
class CommaList(ListKind):
    """A list that the API keeps as one comma-joined string (quirks.md §3)."""

    fault: ItemFault | None = None
    maximum_length: int | None = None
    empty: str | None = ""
    spec: dict[str, Any] = field(default_factory=lambda: {"type": "list", "elements": "str"})

    def parse(self, option: str, value: Any, faults: Faults) -> Any:
        items = []
        for name, item in self.items(option, value, faults):
            wrong = self.fault(item) if self.fault else None
            if wrong:
                faults.append(f"{name} {wrong}, got '{item}'")
            items.append(lower_uuid(item))
        unique = list(dict.fromkeys(items))
        length = len(self.to_wire(unique) or "")
        if self.maximum_length is not None and length > self.maximum_length:
            faults.append(f"{option} must be at most {self.maximum_length} characters in all, got {length}")
        return unique

    def from_wire(self, value: Any) -> Any:
        if value is None and self.empty is None:
            return []
        text(value)
        items = [item.strip() for item in value.split(",") if item.strip()]
        if value and not items:
            # Sent back as the empty list that it looks like, it would let everybody in.
            raise Misshapen("a list of names", value)
        return items

    def to_wire(self, value: Any) -> Any:
        return ",".join(value) if value else self.empty

    def key(self, item: str) -> str:
        return lower_uuid(item)


@dataclass(frozen=True)
class Networks(ListKind):
    """Trusted addresses and CIDR ranges, compared by value; the API takes them as ``[{ipAddress: text}]``."""

    instead = "to trust every address give ['0.0.0.0/0', '::/0']"
    spec: dict[str, Any] = field(default_factory=lambda: {"type": "list", "elements": "raw"})

    def parse(self, option: str, value: Any, faults: Faults) -> Any:
        if not value:
            faults.append(f"{option} must not be empty; {self.instead}")
            return []
        for index, element in enumerate(value):
            # Dropped without a word, a misspelt key would shorten the list.
            if isinstance(element, dict) and not self.element_text(element):
                faults.append(f"{option}[{index}] must have an ip_address, got {element!r}")
        networks = []
        for name, item in self.items(option, value, faults):
            wrong = network_fault(item)
            if wrong:
                faults.append(f"{name} {wrong}, got '{item}'")
            else:
                networks.append(canonical_network(item))
        return list(dict.fromkeys(networks))

    def element_text(self, element: Any) -> Any:
        """The text of a string, of Terraform's ``{ip_address: …}``, or of the API's own stored form."""
        if not isinstance(element, dict):
            return element
        address = element.get("ip_address", element.get("ipAddress", ""))
        prefix = element.get("prefix")
        return address if prefix is None else f"{address}/{prefix}"

    def from_wire(self, value: Any) -> Any:
        # The prefix is stored apart from the address and must be joined to it again, or the next write turns a
        # network into a single host (measured-2024-10.md fact 22).
        listing(NETWORK)(value)
        if not value:
            raise Misshapen("a list of addresses", value)
        return [canonical_network(str(self.element_text(element))) for element in value]

    def to_wire(self, value: Any) -> Any:
        return [{"ipAddress": network} for network in value]


@dataclass(frozen=True)
class KeyValues(Kind):
    """A dictionary that the API keeps as a list of ``{key, value}``."""

    spec: dict[str, Any] = field(default_factory=lambda: {"type": "dict"})

    def parse(self, option: str, value: Any, faults: Faults) -> Any:
        pairs = {str(key).strip(): "" if item is None else str(item).strip() for key, item in value.items()}
        faults.extend(f"{option}: a key must not be empty" for key in pairs if not key)
        faults.extend(f"{option}.{key} must not be empty" for key, item in pairs.items() if not item)
        return pairs

    def from_wire(self, value: Any) -> Any:
        listing(record({"key": text, "value": text}))(value)
        return {pair["key"]: pair["value"] for pair in value}

    def to_wire(self, value: Any) -> Any:
        return [{"key": key, "value": item} for key, item in value.items()]


UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")


def lower_uuid(text: str) -> str:
    """A UUID in lower case, as Infisical and the clouds write them; any other text as it is."""
    return text.lower() if UUID.match(text) else text


def uuid_fault(text: str) -> str | None:
    return None if UUID.match(text) else "must be a UUID such as 3c90c3cc-0d44-4b50-8888-8dd25736052a"


SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


def slug_fault(text: str) -> str | None:
    if SLUG.match(text):
        return None
    return f"must be lower-case letters and digits, with single hyphens between them, got '{text}'"
