# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Value types of lists that are compared as sets: texts that the server stores as one string, and networks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import Misshapen, listing, text
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import (
    character_error,
    got,
    length_error,
    quoted,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import lower_uuid
from ansible_collections.machineid.infisical.plugins.module_utils._model.networks import (
    canonical_network,
    network_error,
    spelled_out_error,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import (
    NETWORK,
    Check,
    Errors,
    ValueType,
)

SEPARATOR = re.compile(r",(?![^{}]*\})")
"""A comma that is not inside braces, which is the server's separator (server-notes#comma-lists)."""


def split(joined: str) -> list[str]:
    """Returns the trimmed, non-empty elements of a comma-joined string."""
    return [item.strip() for item in SEPARATOR.split(joined) if item.strip()]


class ListType(ValueType):
    """A list that is compared as a set. A comma-joined string is accepted; blank elements and duplicates are
    removed."""

    @property
    def instead(self) -> str:
        """The hint in the error about a list of only blank elements."""
        return "to clear the list, set an empty list, []"

    def items(self, option: str, value: list[Any], errors: Errors) -> list[tuple[str, str]]:
        """Returns the non-blank elements, each with its name in messages."""
        found: list[tuple[str, str]] = []
        wrong = length_error(value) if isinstance(value, (list, tuple)) else f"must be a list, got {got(value)}"
        if wrong:
            errors.append(f"{option} {wrong}")
            return found
        known = len(errors)
        for index, element in enumerate(value):
            wrong = self.element_error(element)
            if wrong:
                errors.append(f"{option}[{index}] {wrong}")
                continue
            found += [(f"{option}[{index}]", item) for item in split(str(self.element_text(element)))]
        if value and not found and len(errors) == known:
            # A template with an empty result must not open an identity: only an explicit [] clears a list.
            errors.append(f"{option} contains only blank elements; {self.instead}")
        return found

    def element_text(self, element: Any) -> Any:
        return element

    def element_error(self, element: Any) -> str | None:
        """Returns an error about an element that has no valid text, otherwise None."""
        text = self.element_text(element)
        if isinstance(text, bool) or not isinstance(text, (str, int)):
            return f"must be text, got {got(element)}"
        return character_error(str(text).strip())

    def same(self, one: Any, other: Any) -> bool:
        return {self.key(item) for item in one} == {self.key(item) for item in other}

    def displayed(self, value: Any) -> Any:
        return sorted(value, key=self.key)

    def key(self, item: str) -> str:
        return item


@dataclass(frozen=True)
class CommaList(ListType):
    """A list that the API stores as one comma-joined string (server-notes#comma-lists). ``empty`` is the API's form of
    an empty list, ``nullable``: answers may have null for it, too. ``never_empty``: the server rejects that."""

    check: Check | None = None
    examples: tuple[str, ...] = ()
    maximum_length: int | None = None
    empty: str | None = ""
    nullable: bool = False
    never_empty: bool = False
    spec: dict[str, Any] = field(default_factory=lambda: {"type": "list", "elements": "str"})

    @property
    def instead(self) -> str:
        return "it must not be empty" if self.never_empty else super().instead

    def parse(self, option: str, value: Any, errors: Errors) -> Any:
        items = []
        for name, item in self.items(option, value, errors):
            wrong = self.check(item) if self.check else None
            if wrong:
                errors.append(f"{name} {wrong}, got {quoted(item)}")
            items.append(lower_uuid(item))
        if self.never_empty and isinstance(value, (list, tuple)) and not value:
            errors.append(f"{option} must not be empty")
        unique = list(dict.fromkeys(items))
        length = len(self.to_wire(unique) or "")
        if self.maximum_length is not None and length > self.maximum_length:
            errors.append(f"{option} must be at most {self.maximum_length} characters in all, got {length}")
        return unique

    def from_wire(self, value: Any) -> Any:
        if value is None and (self.nullable or self.empty is None):
            return []
        text(value)
        items = split(value)
        if not items and (value or self.never_empty):
            # Treated as an empty list and sent back, it would admit everybody.
            raise Misshapen("a list of names", value)
        return items

    def to_wire(self, value: Any) -> Any:
        return ",".join(value) if value else self.empty

    def key(self, item: str) -> str:
        # Older servers also split inside braces, and join the elements with a space.
        return re.sub(r"\s*,\s*", ",", lower_uuid(item))


@dataclass(frozen=True)
class Networks(ListType):
    """Trusted addresses and CIDR ranges, compared by value; the API takes them as ``[{ipAddress: text}]``."""

    spec: dict[str, Any] = field(default_factory=lambda: {"type": "list", "elements": "raw"})

    @property
    def instead(self) -> str:
        return "to trust every address, set ['0.0.0.0/0', '::/0']"

    def parse(self, option: str, value: Any, errors: Errors) -> Any:
        if not value:
            errors.append(f"{option} must not be empty; {self.instead}")
            return []
        networks = []
        for name, item in self.items(option, value, errors):
            wrong = network_error(item)
            if wrong:
                errors.append(f"{name} {wrong}, got {quoted(item)}")
            else:
                networks.append(canonical_network(item))
        return list(dict.fromkeys(networks))

    def element_text(self, element: Any) -> Any:
        """Returns the text of a string, of Terraform's ``{ip_address: …}``, or of the API's stored form."""
        if not isinstance(element, dict):
            return element
        address = element.get("ip_address", element.get("ipAddress", ""))
        prefix = element.get("prefix")
        return address if prefix is None else f"{address}/{prefix}"

    def element_error(self, element: Any) -> str | None:
        wrong = spelled_out_error(element) if isinstance(element, dict) else None
        return wrong or super().element_error(element)

    def from_wire(self, value: Any) -> Any:
        # The prefix is stored separately and must be joined to the address again. Otherwise, the next write turns a
        # network into a single host (server-notes#networks-sent-back-as-read).
        listing(NETWORK)(value)
        if not value:
            raise Misshapen("a list of addresses", value)
        return [canonical_network(str(self.element_text(element))) for element in value]

    def to_wire(self, value: Any) -> Any:
        return [{"ipAddress": network} for network in value]
