# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A resource: one type of object on the server, as a table of its fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Callable

from ansible_collections.machineid.infisical.plugins.module_utils._http.answers import Answer, option_name
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    MISSING,
    Misshapen,
    Shape,
    inside,
    mapping,
    misshapen_answer,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field, Options, Wire, read_fields


def no_warnings(_desired: Mapping[str, Any]) -> list[str]:
    return []


def as_it_is(wire: Wire) -> Wire:
    return wire


def no_errors(_options: Options) -> list[str]:
    return []


@dataclass(frozen=True)
class Resource:
    """One type of object, with its ``path``, and its ``envelope`` in answers. docs/architecture.md explains each word.

    ``name`` is the module's name and the key of its result, ``title`` the name in messages, ``slug`` an auth method's
    name in ``authMethods``.
    ``merged_whole``: an update sends every field, because the server resets what is left out
    (server-notes#keys-left-out-of-a-patch); otherwise it sends changed and ``always_sent`` fields. ``shape`` is the
    shape of a read's answer inside the envelope, except the fields, and ``flatten`` converts it to the flat form of the
    fields. ``also_returned`` are pairs of result keys and wire names that are not options. ``rules`` are Ansible's own
    rules between options (``mutually_exclusive`` …), which depend only on the options; ``state_errors`` returns errors
    that depend on the resulting state. ``admits_all_when_empty`` are the options that let ``everybody`` log in if all
    that the server checks are empty. ``warnings`` returns warnings about values that are valid but probably mistakes.
    """

    name: str
    title: str
    envelope: str
    fields: tuple[Field, ...]
    path: str = ""
    merged_whole: bool = True
    shape: Shape = mapping
    flatten: Callable[[Wire], Wire] = as_it_is
    slug: str = ""
    rules: Mapping[str, Any] = field(default_factory=dict)
    state_errors: Callable[[Options], list[str]] = no_errors
    admits_all_when_empty: tuple[str, ...] = ()
    everybody: str = ""
    also_returned: tuple[tuple[str, str], ...] = ()
    warnings: Callable[[Mapping[str, Any]], list[str]] = no_warnings

    def argument_spec(self) -> dict[str, Any]:
        """Returns the spec of every field, and of ``update_secrets`` if a secret cannot be compared."""
        spec = {one.option: one.argument_spec() for one in self.fields}
        if self.write_only_secrets:
            spec["update_secrets"] = {"type": "str", "choices": ["always", "on_create"], "default": "on_create"}
        return spec

    @property
    def write_only_secrets(self) -> tuple[str, ...]:
        """Returns the options that are only written again if the task requests it."""
        return tuple(one.option for one in self.fields if one.secret and one.write_only)

    def resent(self, params: Mapping[str, Any]) -> tuple[str, ...]:
        """Returns the options that ``params`` request to write again even without a visible difference."""
        return self.write_only_secrets if params.get("update_secrets") == "always" else ()

    def parse(self, params: Mapping[str, Any], errors: list[str], *, prefix: str = "") -> Options:
        """Returns the desired state: the normal forms of all given options. Omitted or null options are not in it."""
        return {
            one.option: one.type.parse(prefix + one.option, params[one.option], errors)
            for one in self.fields
            if params.get(one.option) is not None
        }

    def read(self, wire: Wire) -> Options:
        """Returns the current state in normal form, without fields that this server does not support.

        Raises InfisicalError of kind ``server`` for a value that the server cannot have.
        """
        try:
            return read_fields(self.fields, wire)
        except Misshapen as wrong:
            raise misshapen_answer(Answer({}, "GET", self.path or self.title), wrong.inside(self.envelope)) from None

    def received(self, answer: Answer, shape: Shape | None = None) -> Wire:
        """Validates the object inside the envelope of an answer and returns its flat wire form.

        ``shape`` is its shape if that differs from the shape of a read.
        """
        wire: Wire = answer.get(self.envelope, MISSING)
        try:
            inside(self.envelope, shape or self.shape, wire)
        except Misshapen as wrong:
            raise misshapen_answer(answer, wrong) from None
        return self.flat(wire, answer)

    def flat(self, wire: Wire, answer: Answer) -> Wire:
        """Validates all fields of an object in ``answer`` and returns its flat form."""
        flat = {**{one.wire: None for one in self.fields if one.omitted_when_none}, **self.flatten(wire)}
        try:
            read_fields(self.fields, flat)
        except Misshapen as wrong:
            raise misshapen_answer(answer, wrong.inside(self.envelope)) from None
        return flat

    def returned(self, options: Options) -> Options:
        """Returns the options for a result: without secrets and write-only values."""
        fields = {one.option: one for one in self.fields}
        return {
            name: fields[name].type.returned(value)
            for name, value in options.items()
            if not (fields[name].secret or fields[name].write_only)
        }

    def exported(self, options: Options) -> Options:
        """The options that make the same again: what is returned, without what another option provides and what belongs
        to another variant."""
        own = {one.option for one in self.fields if one.is_in_variant(options) and not one.is_provided(options)}
        return self.returned({name: value for name, value in options.items() if name in own})

    def secrets(self, options: Options | None) -> list[str]:
        """Returns the values of secret fields in ``options``."""
        return [str(options[one.option]) for one in self.fields if one.secret and options and options.get(one.option)]

    def name_options(self, message: str) -> str:
        """Replaces wire names in snake_case in a message by the options with other names."""
        options = {option_name(one.wire): one.option for one in self.fields if option_name(one.wire) != one.option}
        if not options:
            return message
        return re.sub(rf"(?<![\w.])({'|'.join(options)})(?=[:.])", lambda found: options[found[1]], message)

    def admitting(self, options: Mapping[str, Any]) -> list[str]:
        """Returns the options of ``admits_all_when_empty`` that the server checks in a state."""
        checked = {one.option for one in self.fields if one.is_checked(options)}
        return [option for option in self.admits_all_when_empty if option in checked]

    def admits_everybody(self, options: Mapping[str, Any]) -> bool:
        lists = self.admitting(options)
        return bool(lists) and not any(options.get(option) for option in lists)

    def unchecked(self, options: Mapping[str, Any]) -> list[str]:
        """Returns a warning for each option of a state that is given, but that the server does not check."""
        return [
            f"{one.option} has no effect with {one.checked_with[0]} {options[one.checked_with[0]]}:"
            f" the server checks it with {one.checked_with[1]} only."
            for one in self.fields
            if one.checked_with and one.checked_with[0] in options and options.get(one.option)
            if not one.is_checked(options)
        ]
