# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The definition of a module independent of Ansible: its options, and the function that it runs."""

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
    """One run of one task. ``client`` logs in when it is first used, so that options are validated before any request.

    ``clients`` caches logged-in clients for the items of a loop that run in one process. ``progress`` displays one line
    to a waiting user. ``result_is_read`` says whether the result is registered; if not, a secret in it would be lost.
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
        """Returns whether the server has carried out, or may have carried out, a write of this run."""
        return self._writes > self._writes_before

    def forget_client(self) -> None:
        """Removes the client from the cache, so that no later run uses it."""
        self._clients.pop(self.connection.key(), None)

    def warn(self, message: str) -> None:
        self.warnings.append(printable(message, LONGEST_WARNING))

    def mask(self, value: str | None) -> None:
        """Removes ``value`` from everything that is displayed."""
        if value:
            self.secrets.append(value)

    def unmask(self, value: str | None) -> None:
        """Keeps the secret ``value`` in the result. The complete result must then not be displayed."""
        if value:
            self.returned.add(value)

    @property
    def hidden(self) -> list[str]:
        """Returns the secrets to remove from the result."""
        return [secret for secret in self.secrets if secret not in self.returned]

    def check_options(self, errors: list[str]) -> None:
        """Raises InvalidOptions with ``errors`` and those of the connection options, if there are any."""
        # A field of a table may also be an option that names an object, and then its error was found twice.
        every = list(dict.fromkeys(errors + self.connection.errors()))
        if every:
            raise InvalidOptions(every)
        for warning in self.connection.warnings():
            self.warn(warning)


def no_secret(_result: Mapping[str, Any]) -> bool:
    return False


def silent(_line: str) -> None:
    """The default ``progress``, which displays nothing."""


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
    """A module's own options and rules, and the function ``execute``, which returns the result or raises
    InfisicalError.

    ``holds_a_secret`` returns whether a result must never be displayed.
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
