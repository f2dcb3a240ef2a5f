# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The kinds of values: how each is validated, normalised, compared and encoded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Optional

from ansible_collections.machineid.infisical.plugins.module_utils._checks import (
    LINE_BREAKS,
    LONGEST_LINE,
    character_fault,
    got,
    length_fault,
    line_fault,
    number_fault,
    quoted,
)
from ansible_collections.machineid.infisical.plugins.module_utils._networks import (
    canonical_network,
    network_fault,
    spelled_out_fault,
)
from ansible_collections.machineid.infisical.plugins.module_utils._shapes import (
    LARGEST_INTEGER,
    Misshapen,
    boolean,
    integer,
    listing,
    record,
    text,
)
from ansible_collections.machineid.infisical.plugins.module_utils._uuids import lower_uuid

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
        wrong = number_fault(value, self.minimum, self.maximum, self.unit)
        if wrong:
            faults.append(f"{option} {wrong}")
            return self.minimum
        return value

    def from_wire(self, value: Any) -> Any:
        if isinstance(value, float):
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
        if not isinstance(value, bool):
            faults.append(f"{option} must be true or false, got {got(value)}")
            return False
        return value

    def from_wire(self, value: Any) -> Any:
        boolean(value)
        return value


@dataclass(frozen=True)
class Text(Kind):
    """A string, trimmed at both ends as the server does; ``fault`` tells what is wrong with its form.

    ``clearable``: an empty one stands for none, which the API takes as null. ``uuid``: it may be one, whose case means
    nothing. ``several_lines``: it is prose, which may have line ends and tabs inside.
    """

    maximum_length: int = LONGEST_LINE
    fault: ItemFault | None = None
    clearable: bool = False
    uuid: bool = False
    several_lines: bool = False
    spec: dict[str, Any] = field(default_factory=lambda: {"type": "str"})

    def parse(self, option: str, value: Any, faults: Faults) -> Any:
        if self.clearable and isinstance(value, str) and not value.strip():
            return ""
        wrong = line_fault(value, self.maximum_length, allowed=LINE_BREAKS if self.several_lines else "")
        trimmed = value.strip() if isinstance(value, str) else ""
        if wrong is None and self.fault is not None:
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
        found: list[tuple[str, str]] = []
        wrong = length_fault(value) if isinstance(value, (list, tuple)) else f"must be a list, got {got(value)}"
        if wrong:
            faults.append(f"{option} {wrong}")
            return found
        known = len(faults)
        for index, element in enumerate(value):
            wrong = self.element_fault(element)
            if wrong:
                faults.append(f"{option}[{index}] {wrong}")
                continue
            parts = str(self.element_text(element)).split(",")
            found += [(f"{option}[{index}]", part.strip()) for part in parts if part.strip()]
        if value and not found and len(faults) == known:
            # A template that came out empty must not open an identity: only an explicit [] clears a list.
            faults.append(f"{option} holds nothing but blanks; {self.instead}")
        return found

    def element_text(self, element: Any) -> Any:
        return element

    def element_fault(self, element: Any) -> str | None:
        """What is wrong with an element before its text is looked at."""
        text = self.element_text(element)
        if isinstance(text, bool) or not isinstance(text, (str, int)):
            return f"must be text, got {got(element)}"
        return character_fault(str(text).strip())

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
                faults.append(f"{name} {wrong}, got {quoted(item)}")
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
        networks = []
        for name, item in self.items(option, value, faults):
            wrong = network_fault(item)
            if wrong:
                faults.append(f"{name} {wrong}, got {quoted(item)}")
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

    def element_fault(self, element: Any) -> str | None:
        wrong = spelled_out_fault(element) if isinstance(element, dict) else None
        return wrong or super().element_fault(element)

    def from_wire(self, value: Any) -> Any:
        # The prefix is stored apart from the address and must be joined to it again, or the next write turns a
        # network into a single host (measured-2024-10.md fact 22).
        listing(NETWORK)(value)
        if not value:
            raise Misshapen("a list of addresses", value)
        return [canonical_network(str(self.element_text(element))) for element in value]

    def to_wire(self, value: Any) -> Any:
        return [{"ipAddress": network} for network in value]
