# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A server of one thing that does what the words of its table say a server does; what it is sent decides, and nothing
that the plan says."""

from __future__ import annotations

from collections.abc import Container, Mapping

from ansible_collections.machineid.infisical.plugins.module_utils._http.answers import Answer
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field, Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.reconcile import Store
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import LEFT_OUT, Text


class WordServer(Store):
    """``lacks`` are wire names that it does not know, ``alters`` what it makes of what it stores, ``leaves_out`` what
    its answers to writes lack beside what is ``unanswered``, ``fails_with`` how every write ends instead."""

    def __init__(self, resource: Resource, held: Wire | None = None, lacks: tuple[str, ...] = ()) -> None:
        self.resource = resource
        self.held = held
        self.fields = [one for one in resource.fields if one.wire not in lacks]
        self.calls: list[str] = []
        self.bodies: list[Wire] = []
        self.templates: Mapping[str, Wire] = {}
        self.alters: Wire = {}
        self.leaves_out: tuple[str, ...] = ()
        self.fails_with: InfisicalError | None = None
        self.sleep = lambda seconds: None

    def read(self) -> Wire | None:
        self.calls.append("read")
        return None if self.held is None else self.answer(self.held)

    def create(self, body: Wire) -> Wire:
        defaults = {one.wire: one.type.to_wire(one.default) for one in self.fields if one.default is not None}
        defaults.update({one.wire: one.absent_means for one in self.fields if one.newer})
        held = {name: None if value is LEFT_OUT else value for name, value in defaults.items()}
        for one in self.fields:
            if one.derived and one.wire not in body:
                held[one.wire] = one.derived.value({**self.resource.read({**held, **body}), one.option: None})
        return self.write("create", body, held)

    def update(self, body: Wire) -> Wire:
        if self.held is None:
            raise InfisicalError("not_found", "It is not there.", status=404)
        immutable = [one.wire for one in self.fields if one.immutable and one.wire in body]
        assert not immutable, f"{immutable} cannot be in an update"
        held = dict(self.held)
        for one in self.fields:
            if self.cleared_by(one) == "omitted" and not one.immutable:
                held[one.wire] = None
        return self.write("update", body, held)

    def delete(self) -> None:
        self.calls.append("delete")
        self.held = None

    def write(self, verb: str, body: Wire, held: Wire) -> Wire:
        """What is left of ``held`` once the body has been stored over it."""
        self.calls.append(verb)
        self.bodies.append(body)
        if self.fails_with is not None:
            raise self.fails_with
        for one in self.fields:
            if one.wire in body:
                if one.displaces:
                    held[next(other.wire for other in self.fields if other.option == one.displaces)] = None
                held[one.wire] = body[one.wire]
        self.empty_other_variants(body, held)
        known = {one.wire for one in self.fields}
        kept = {**held, **self.provided(body), **self.alters}
        self.held = {name: value for name, value in kept.items() if name in known}
        hidden = {one.wire for one in self.fields if one.unanswered} | set(self.leaves_out)
        return self.answer(self.held, hidden)

    def empty_other_variants(self, body: Wire, held: Wire) -> None:
        """Every write names the variant and what it requires; what belongs to another one is emptied, sent or not."""
        wires = {one.option: one.wire for one in self.fields}
        for one in (one for one in self.fields if one.variant):
            option, value = one.variant or ("", "")
            assert wires[option] in body, f"{option} is required in every write"
            if body[wires[option]] != value:
                assert one.wire not in body, f"{one.wire} belongs to another variant"
                held[one.wire] = one.type.to_wire(one.default)
            else:
                assert body.get(one.wire) or not one.required, f"{one.wire} is required with {value}"

    def provided(self, body: Wire) -> Wire:
        """What the template that a body names provides; beside it, the body must have none of that."""
        for one in self.fields:
            link = next((other.wire for other in self.fields if other.option == one.provided_by), "")
            if body.get(link):
                assert one.wire not in body, f"{one.wire} is provided by {link}"
        linked = [template for template in self.templates if template in body.values()]
        return dict(self.templates[linked[0]]) if linked else {}

    def answer(self, held: Wire, hidden: Container[str] = ()) -> Wire:
        """The flat form of an answer, from which ``hidden`` is left out, and so is what it never has."""
        left_out = {
            one.wire for one in self.fields if one.write_only or (one.omitted_when_none and not held.get(one.wire))
        }
        answered = {name: value for name, value in held.items() if not (name in left_out or name in hidden)}
        return self.resource.flat(answered, Answer({}, "GET", self.resource.path))

    @staticmethod
    def cleared_by(one: Field) -> str:
        return one.type.cleared_by if isinstance(one.type, Text) else ""
