# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Injects the faults of a run into an emulator, and observes the emulator."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt

from tests.emulator.app import Service
from tests.emulator.call import Call
from tests.emulator.delivery import Answer
from tests.emulator.faults import Fault
from tests.emulator.journal import READ_ONLY_POSTS, Entry

Spec = Mapping[str, Any]
"""The settings of a fault of the emulator, except its time."""


@dataclass(frozen=True)
class Plan:
    """The faults of a run by the number of the request, from 0; ``rest`` is the fault of every later request."""

    at: Mapping[int, Spec] = field(default_factory=dict)
    rest: Spec | None = None

    def faults(self) -> list[Fault]:
        planned = [Fault(**spec, request=number + 1) for number, spec in sorted(self.at.items())]
        if self.rest is not None:
            planned.append(Fault(**self.rest, request=min(self.at) + 2, times=None))
        return planned


NOTHING = Plan()


class Observer:
    """One per emulator. ``written`` is called after each write, ``credentials`` are the texts
    of the created ones by id."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.written: Callable[[], None] = lambda: None
        self.credentials: dict[str, str] = {}
        self.answers: dict[int, Any] = {}
        self._answer = service.answer
        self._loop: asyncio.AbstractEventLoop | None = None
        service.answer = self.answer  # type: ignore[method-assign]

    def begin(self, plan: Plan) -> None:
        self.service.journal.clear()
        self.service.faults.clear()
        self.answers = {}
        for fault in plan.faults():
            self.service.faults.add(fault)

    def end(self) -> list[Entry]:
        """Removes all faults and returns the requests since ``begin``."""
        self.service.faults.clear()
        return list(self.service.journal.entries)

    async def answer(self, call: Call) -> Answer:
        self._loop = asyncio.get_running_loop()
        answer = await self._answer(call)
        self.answers[call.entry.number] = answer.content
        if call.method != "GET":
            self._keep_credential(call, answer)
            self.written()
        return answer

    def _keep_credential(self, call: Call, answer: Answer) -> None:
        if answer.status != 200 or not call.path.endswith(("/client-secrets", "/tokens")):
            return
        made = json.loads(answer.body)
        if "clientSecret" in made:
            self.credentials[made["clientSecretData"]["id"]] = made["clientSecret"]
        else:
            claims = jwt.decode(made["accessToken"], options={"verify_signature": False})
            self.credentials[claims["identityAccessTokenId"]] = made["accessToken"]

    def carry_out_late(self) -> int:
        """Makes the server carry out the delayed requests. Returns their number."""
        if self._loop is None:
            return 0
        return len(asyncio.run_coroutine_threadsafe(self.service.late.release(), self._loop).result())


def is_write(entry: Entry) -> bool:
    """Returns whether a request is a write that scenarios compare, which excludes tokens."""
    route = entry.route or entry.path
    if entry.method == "GET" or route in READ_ONLY_POSTS:
        return False
    return not route.endswith(("/login", "/token/revoke"))
