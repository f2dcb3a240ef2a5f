# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A resource: one kind of object on the server, as a table of its fields."""

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
    """One kind of object, addressed by ``path`` and answered under ``envelope``. docs/architecture.md explains each
    word.

    ``name`` is the module's name and the key of its result, ``title`` the name in messages, ``slug`` an auth method's
    name in ``authMethods``.
    ``merged_whole``: an update sends every field, because the server resets what is left out
    (server-notes#keys-left-out-of-a-patch); otherwise it sends what changes and what is ``always_sent``.
    ``shape`` is what a read answers under the envelope has to look like, the fields apart, and ``flatten`` brings it
    into the form of the fields. ``also_returned`` pairs result keys with wire names that are no options.
    ``rules`` are Ansible's own rules between options (``mutually_exclusive`` …), where the options alone decide;
    ``state_errors`` answers what is wrong with a resulting state, where they do not.
    ``admits_all_when_empty`` names the options that, all empty, let ``everybody`` log in. ``warnings`` answers what is
    allowed but cannot be meant.
    """

    name: str
    title: str
    path: str
    envelope: str
    fields: tuple[Field, ...]
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
        """The spec of every field, and of ``update_secrets`` where a secret cannot be compared."""
        spec = {one.option: one.argument_spec() for one in self.fields}
        if self.write_only_secrets:
            spec["update_secrets"] = {"type": "str", "choices": ["always", "on_create"], "default": "on_create"}
        return spec

    @property
    def write_only_secrets(self) -> tuple[str, ...]:
        """The options that are written again only where the task says so."""
        return tuple(one.option for one in self.fields if one.secret and one.write_only)

    def resent(self, params: Mapping[str, Any]) -> tuple[str, ...]:
        """The options that ``params`` ask to write again although no difference can be seen."""
        return self.write_only_secrets if params.get("update_secrets") == "always" else ()

    def parse(self, params: Mapping[str, Any], errors: list[str], *, prefix: str = "") -> Options:
        """The desired state: the normal form of each given option. Options left out, or None, are not in it."""
        return {
            one.option: one.type.parse(prefix + one.option, params[one.option], errors)
            for one in self.fields
            if params.get(one.option) is not None
        }

    def read(self, wire: Wire) -> Options:
        """The normal form of what the server holds; a field that this server does not know is not in it.

        Raises InfisicalError of kind ``server`` for what the server cannot hold.
        """
        try:
            return read_fields(self.fields, wire)
        except Misshapen as wrong:
            raise misshapen_answer(Answer({}, "GET", self.path), wrong.inside(self.envelope)) from None

    def received(self, answer: Answer, shape: Shape | None = None) -> Wire:
        """The flat wire form of the one thing that an answer holds under the envelope, once it has been checked.

        ``shape`` is what it has to look like where that is not how a read shows it.
        """
        wire: Wire = answer.get(self.envelope, MISSING)
        try:
            inside(self.envelope, shape or self.shape, wire)
        except Misshapen as wrong:
            raise misshapen_answer(answer, wrong) from None
        return self.flat(wire, answer)

    def flat(self, wire: Wire, answer: Answer) -> Wire:
        """The flat form of a thing in ``answer`` that has its shape, once all of its fields have been checked."""
        flat = {**{one.wire: None for one in self.fields if one.omitted_when_none}, **self.flatten(wire)}
        try:
            read_fields(self.fields, flat)
        except Misshapen as wrong:
            raise misshapen_answer(answer, wrong.inside(self.envelope)) from None
        return flat

    def returned(self, options: Options) -> Options:
        """The options as a result returns them: without secrets, and without what the server only takes."""
        fields = {one.option: one for one in self.fields}
        return {
            name: fields[name].type.returned(value)
            for name, value in options.items()
            if not (fields[name].secret or fields[name].write_only)
        }

    def secrets(self, options: Options | None) -> list[str]:
        """The values of secret fields in ``options``."""
        return [str(options[one.option]) for one in self.fields if one.secret and options and options.get(one.option)]

    def name_options(self, message: str) -> str:
        """A message about wire names in snake case, with the options that are named otherwise."""
        for one in self.fields:
            if option_name(one.wire) != one.option:
                message = re.sub(rf"(?<![\w.]){option_name(one.wire)}(?=[:.])", one.option, message)
        return message

    def admits_everybody(self, options: Mapping[str, Any]) -> bool:
        lists = self.admits_all_when_empty
        return bool(lists) and not any(options.get(option) for option in lists)
