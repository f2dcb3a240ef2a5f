# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A store of one object in memory that behaves like a server, with failures of calls that a test selects."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, LostAnswer
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field, Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists import CommaList
from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import Plan
from ansible_collections.machineid.infisical.plugins.module_utils._model.reconcile import Store
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Integer, Text
from tests.conftest import Time

THING = Resource(
    name="thing",
    title="thing",
    path="/",
    envelope="thing",
    fields=(
        Field("name", "name", Text(), required=True),
        Field("list", "list", CommaList(), default=[]),
        Field("low", "low", Integer(0, 1000), default=10, never_above="high"),
        Field("high", "high", Integer(0, 1000), default=10, minimum_on_create=1),
        Field("newer", "newer", Integer(0), absent_means=0),
        Field("untold", "untold", Text(), unanswered=True),
    ),
)
DESIRED = {"name": "a", "list": ["x"]}
HELD: Wire = {"name": "a", "list": "", "low": 10, "high": 10, "untold": ""}

Trouble = Callable[["Shelf"], None]


class Shelf(Store):
    """Stores one object like a server. ``before`` and ``after`` are failures by call, such as ``create 1``."""

    resource = THING

    def __init__(self, held: Wire | None = None) -> None:
        self.held = held
        self.calls: list[str] = []
        self.before: dict[str, Trouble] = {}
        self.after: dict[str, Trouble] = {}
        self.time = Time()
        self.sleep = self.time.sleep
        self.known = {field.wire for field in THING.fields if not field.newer}
        self.reviewed: list[str] = []

    def read(self) -> Wire | None:
        self._call("read", lambda: None)
        return None if self.held is None else dict(self.held)

    def review(self, planned: Plan, current: Wire | None, *, check_mode: bool) -> None:
        self.reviewed.append(planned.action)

    def create(self, body: Wire) -> Wire:
        def act() -> None:
            if self.held is not None:
                raise InfisicalError("conflict", "It is there already.", status=400)
            self.held = {"list": "", "low": 10, "high": 10, "untold": "", **self._kept(body)}

        return self._call("create", act)

    def update(self, body: Wire) -> Wire:
        def act() -> None:
            if self.held is None:
                raise InfisicalError("not_found", "It is not there.", status=404)
            self.held = {**self.held, **self._kept(body)}

        return self._call("update", act)

    def delete(self) -> None:
        def act() -> None:
            if self.held is None:
                raise InfisicalError("validation", "It is not there.", status=400)
            self.held = None

        self._call("delete", act)

    def _kept(self, body: Wire) -> Wire:
        return {key: value for key, value in body.items() if key in self.known}

    def _call(self, verb: str, act: Callable[[], None]) -> Wire:
        self.calls.append(verb)
        call = f"{verb} {self.calls.count(verb)}"
        self.before.get(call, nothing)(self)
        act()
        self.after.get(call, nothing)(self)
        return {key: value for key, value in (self.held or {}).items() if key != "untold" or verb == "read"}

    @property
    def writes(self) -> list[str]:
        return [call for call in self.calls if call != "read"]


def nothing(shelf: Shelf) -> None:
    pass


def fails(error: InfisicalError) -> Trouble:
    def trouble(shelf: Shelf) -> None:
        raise error

    return trouble


def becomes(held: Wire | None, error: InfisicalError | None = None) -> Trouble:
    def trouble(shelf: Shelf) -> None:
        shelf.held = held
        if error:
            raise error

    return trouble


def lost() -> LostAnswer:
    return LostAnswer("network", "The connection broke.")


def server_error(status: int = 500) -> InfisicalError:
    return InfisicalError("server", "Something went wrong.", status=status)
