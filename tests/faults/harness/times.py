# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Simulated waits: clients sleep on a virtual clock, and a timeout is raised as soon as it is certain."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import requests

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from tests.conftest import Time

TIMED_OUT = "x-answered-too-late"
"""The header of an answer that the client must not receive: a timeout is raised instead."""

_threads = threading.local()
_common = Time()


class Clock(Protocol):
    """The clock of a client."""

    def now(self) -> float:
        """The time in seconds."""

    def sleep(self, seconds: float) -> None:
        """Advances the clock by this many seconds."""


def own_time() -> Clock:
    """Returns the clock of the run that this thread belongs to."""
    clock: Clock = getattr(_threads, "time", _common)
    return clock


def go_by(time: Clock) -> None:
    """Gives new clients of this thread a separate clock."""
    _threads.time = time


@contextmanager
def virtual_time() -> Iterator[None]:
    """A context in which no client really waits."""
    send, make = requests.adapters.HTTPAdapter.send, Client.__init__

    def send_in_time(adapter: Any, request: Any, *arguments: Any, **more: Any) -> Any:
        response = send(adapter, request, *arguments, **more)
        if TIMED_OUT in response.headers:
            response.close()
            raise requests.exceptions.ReadTimeout("Read timed out.", request=request)
        return response

    def make_in_time(client: Client, *arguments: Any, **more: Any) -> None:
        time = own_time()
        make(client, *arguments, **{"clock": time.now, "sleep": time.sleep, **more})

    patch(requests.adapters.HTTPAdapter, "send", send_in_time)
    patch(Client, "__init__", make_in_time)
    try:
        yield
    finally:
        patch(requests.adapters.HTTPAdapter, "send", send)
        patch(Client, "__init__", make)


def patch(holder: type, name: str, value: Callable[..., Any]) -> None:
    setattr(holder, name, value)
