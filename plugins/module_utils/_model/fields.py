# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The words that the tables in ``_resources`` are written in: what a field is, and what a thing of Infisical is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Callable

from ansible_collections.machineid.infisical.plugins.module_utils._http.answers import Answer
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    MISSING,
    Misshapen,
    Shape,
    inside,
    mapping,
    misshapen_answer,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import ValueType

Options = dict[str, Any]
"""Option names to normal forms."""
Wire = dict[str, Any]
"""What the API sends and takes."""


@dataclass(frozen=True)
class Field:
    """One field of a thing.

    ``default``: what the server sets on create when the field is not sent, None where it sets nothing.
    ``required``: must be given on create. ``resent_on_update``: goes into every update, changed or not.
    ``absent_means``: what a server behaves as that does not know the field; a field with this word is sent only when
    desired. ``unanswered``: no answer to a write carries it. ``never_above``: the option that is its upper bound
    unless that is 0. ``minimum_on_create``: what the server demands at least on create, where an update may go lower.
    ``former_minimum``, ``former_minimum_on_create``: what a server that keeps one auth method per identity demands at
    least, on an update and on create.
    ``immutable``: why it cannot be changed on a thing that is there. ``write_only``: the server takes it and never
    tells it, so that it cannot be compared. ``secret``: it must never be shown.
    """

    option: str
    wire: str
    type: ValueType
    default: Any = None
    required: bool = False
    aliases: tuple[str, ...] = ()
    resent_on_update: bool = False
    absent_means: Any = None
    unanswered: bool = False
    never_above: str | None = None
    minimum_on_create: int | None = None
    former_minimum: int | None = None
    former_minimum_on_create: int | None = None
    immutable: str = ""
    write_only: bool = False
    secret: bool = False

    @property
    def newer(self) -> bool:
        """Whether older servers do not know this field."""
        return self.absent_means is not None

    def argument_spec(self) -> dict[str, Any]:
        """This field's entry of an argument spec. What is not ``secret`` says so, where its name looks like it."""
        spec: dict[str, Any] = dict(self.type.spec)
        if self.aliases:
            spec["aliases"] = list(self.aliases)
        if self.secret or re.search(r"pass(?!ive)|secret|token|key", self.option):
            spec["no_log"] = self.secret
        return spec

    def immutable_errors(self, before: Any, desired: Any, prefix: str = "") -> list[str]:
        """Why ``before`` cannot become ``desired`` on an object that exists; empty where it can."""
        option = prefix + self.option
        if self.immutable and not self.type.same(before, desired):
            return [f"{option} is {self.type.displayed(before)!r} and cannot become {desired!r}: {self.immutable}"]
        return self.type.immutable_errors(option, before, desired)


def no_warnings(_wanted: Mapping[str, Any]) -> list[str]:
    return []


def as_it_is(wire: Wire) -> Wire:
    return wire


def read_fields(fields: Iterable[Field], wire: Wire) -> Options:
    """The normal forms of those fields that ``wire`` has. Raises Misshapen for what the server cannot hold."""
    options = {}
    for one in fields:
        if one.wire in wire:
            try:
                options[one.option] = one.type.from_wire(wire[one.wire])
            except Misshapen as wrong:
                raise wrong.inside(one.wire) from None
    return options


@dataclass(frozen=True)
class Resource:
    """One thing that Infisical has, addressed by ``path`` and answered under ``envelope``.

    ``name`` is the module's name and the key of its result, ``title`` the name in messages. ``merged_whole``: an
    update sends every field, because the server resets what is left out (server-notes#keys-left-out-of-a-patch);
    otherwise it sends what changes and what is ``resent_on_update``. ``shape`` is what a read answers under the
    envelope has to look like, the fields apart, and ``flatten`` brings it into the form of the fields.
    ``slug`` is an auth method's name in ``authMethods``. ``admits_all_when_empty`` names the lists that, all
    empty, let ``everybody`` log in. ``also_returned`` pairs result keys with wire names that are no options.
    ``warnings`` tells what is allowed but cannot be meant.
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
    admits_all_when_empty: tuple[str, ...] = ()
    everybody: str = ""
    also_returned: tuple[tuple[str, str], ...] = ()
    warnings: Callable[[Mapping[str, Any]], list[str]] = no_warnings

    def argument_spec(self) -> dict[str, Any]:
        return {field.option: field.argument_spec() for field in self.fields}

    def parse(self, params: Mapping[str, Any], errors: list[str], *, prefix: str = "") -> Options:
        """The desired state: the normal form of each given option. Options left out, or None, are not in it."""
        return {
            field.option: field.type.parse(prefix + field.option, params[field.option], errors)
            for field in self.fields
            if params.get(field.option) is not None
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
        flat = self.flatten(wire)
        try:
            read_fields(self.fields, flat)
        except Misshapen as wrong:
            raise misshapen_answer(answer, wrong.inside(self.envelope)) from None
        return flat

    def returned(self, options: Options) -> Options:
        """The options as a result holds them: without what the server only takes."""
        kinds = {field.option: field.type for field in self.fields}
        return {option: kinds[option].returned(value) for option, value in options.items()}

    def admits_everybody(self, options: Mapping[str, Any]) -> bool:
        lists = self.admits_all_when_empty
        return bool(lists) and not any(options.get(option) for option in lists)
