# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a module is, apart from Ansible: its options, and what it does with them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Callable

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InvalidOptions
from ansible_collections.machineid.infisical.plugins.module_utils._http.printable import printable
from ansible_collections.machineid.infisical.plugins.module_utils._login.connection import CONNECTION_SPEC, Connection

LONGEST_WARNING = 4000


class Run:
    """One run of one task. ``client`` logs in at its first use, so that errors are found before any request.

    ``clients`` keeps what is logged in already, for the items of a loop that run in one process. ``progress`` shows
    one line to whoever waits. ``result_is_read`` says whether the result is registered: else a secret in it is lost.
    """

    def __init__(
        self,
        params: Mapping[str, Any],
        *,
        check_mode: bool,
        clients: dict[Hashable, Client] | None = None,
        progress: Callable[[str], None] | None = None,
        result_is_read: bool = True,
    ) -> None:
        self.params = params
        self.result_is_read = result_is_read
        self.check_mode = check_mode
        show = progress or silent
        self.progress: Callable[[str], None] = lambda line: show(printable(line, LONGEST_WARNING))
        self.warnings: list[str] = []
        self.secrets: list[str] = []
        self.returned: set[str] = set()
        self._clients: dict[Hashable, Client] = {} if clients is None else clients
        self._writes_before = self._writes

    @cached_property
    def connection(self) -> Connection:
        return Connection(self.params)

    @property
    def client(self) -> Client:
        key = self.connection.key()
        if key not in self._clients:
            self._clients[key] = self.connection.client(self.mask)
        client = self._clients[key]
        self.mask(client.token)
        return client

    @property
    def _writes(self) -> int:
        client = self._clients.get(self.connection.key())
        return 0 if client is None else client.writes

    @property
    def has_written(self) -> bool:
        """Whether this run has made a write, or may have made one, that the server carried out."""
        return self._writes > self._writes_before

    def forget_client(self) -> None:
        """Lets nothing that comes after use this run's client."""
        self._clients.pop(self.connection.key(), None)

    def warn(self, message: str) -> None:
        self.warnings.append(printable(message, LONGEST_WARNING))

    def mask(self, value: str | None) -> None:
        """Keeps ``value`` out of everything that is printed."""
        if value:
            self.secrets.append(value)

    def unmask(self, value: str | None) -> None:
        """Lets ``value`` stay in the result, though it is secret: the result is what is kept from being displayed."""
        if value:
            self.returned.add(value)

    @property
    def hidden(self) -> list[str]:
        """What must not be in the result."""
        return [secret for secret in self.secrets if secret not in self.returned]

    def refuse(self, errors: list[str]) -> None:
        """Raises all errors of the task's options, the connection's among them, in one InvalidOptions."""
        # A field of a table may also be among the options that name a thing, which are checked for many tables at once.
        every = list(dict.fromkeys(errors + self.connection.errors()))
        if every:
            raise InvalidOptions(every)
        for warning in self.connection.warnings():
            self.warn(warning)


def no_secret(_result: Mapping[str, Any]) -> bool:
    return False


def silent(_line: str) -> None:
    """Where nobody is watching."""


Rules = Mapping[str, Any]
"""Ansible's rules between options, such as ``required_one_of``, as AnsibleModule takes them."""


def merged_rules(*several: Rules) -> dict[str, Any]:
    """The rules of ``several``, together."""
    merged: dict[str, Any] = {}
    for name, rule in (item for rules in several for item in rules.items()):
        merged[name] = {**merged.get(name, {}), **rule} if isinstance(rule, Mapping) else [*merged.get(name, []), *rule]
    return merged


@dataclass(frozen=True)
class Task:
    """A module's own options and rules, and what it does: ``execute`` answers the result or raises InfisicalError.

    ``holds_a_secret`` answers whether a result must never be displayed.
    """

    argument_spec: dict[str, dict[str, Any]]
    execute: Callable[[Run], dict[str, Any]]
    rules: Rules = field(default_factory=dict)
    holds_a_secret: Callable[[Mapping[str, Any]], bool] = no_secret

    def __post_init__(self) -> None:
        for name, spec in self.argument_spec.items():
            for option in CONNECTION_SPEC:
                shared = {name, *spec.get("aliases", ())} & {option, *CONNECTION_SPEC[option].get("aliases", ())}
                if shared:
                    raise ValueError(f"{name} and the connection option {option} share the name {shared.pop()}")
