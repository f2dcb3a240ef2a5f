# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The steps of one client secret: created, then delivered to its file or the result, or revoked again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._client_secret.file import (
    Credentials,
    Draft,
    SecretFile,
)
from ansible_collections.machineid.infisical.plugins.module_utils._client_secret.plan import DeclaredSecret, SecretPlan
from ansible_collections.machineid.infisical.plugins.module_utils._client_secret.store import (
    BY_ID,
    ClientSecret,
    ClientSecretStore,
    NewSecret,
)
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError


@dataclass(frozen=True)
class SecretRules:
    """Settings for every client secret of a task. ``url`` is the server's address, for files. ``result_is_read`` says
    whether the result is registered. ``mask`` keeps a text out of everything that is displayed."""

    check_mode: bool
    url: str
    result_is_read: bool
    mask: Callable[[str], None]


@dataclass
class SecretStep:
    """One plan and the progress of its execution. ``revoked`` are the ids of old secrets that this run has revoked."""

    planned: SecretPlan
    new: NewSecret | None = None
    draft: Draft | None = None
    delivered: bool = False
    withdrawn: bool = False
    stranded: bool = False
    revoked: list[str] = field(default_factory=list)

    @property
    def declared(self) -> DeclaredSecret:
        return self.planned.declared

    @property
    def pending(self) -> NewSecret | None:
        """The new secret until it has been written to a file or revoked."""
        return None if self.delivered or self.withdrawn or self.stranded else self.new

    @property
    def changed(self) -> bool:
        return bool(self.revoked) or (self.new is not None and not self.withdrawn)

    def make(self, store: ClientSecretStore) -> None:
        declared = self.declared
        if declared.dest:
            # Everything that can fail without the new secret fails before it is created.
            store.client_id()
            try:
                self.draft = SecretFile(declared.dest).draft()
            except OSError as error:
                raise InfisicalError(
                    "validation",
                    f"{declared.option}dest '{declared.dest}' cannot be written: {error.strerror or error}. No client"
                    " secret was created.",
                ) from error
        try:
            self.new = store.make(declared.description, declared.ttl, declared.num_uses_limit, self.planned.before)
        finally:
            if self.new is None and self.draft is not None:
                self.draft.discard()

    def deliver(self, store: ClientSecretStore, rules: SecretRules) -> None:
        """Writes the new secret to its file, if there is one. If that fails, revokes it and raises InfisicalError."""
        if self.new is None or self.draft is None:
            return
        rules.mask(self.new.text)
        try:
            self.draft.deliver(Credentials(rules.url, store.client_id(), self.new.text))
        except OSError as error:
            text = f"Client secret '{self.declared.name}' could not be written to {self.declared.dest}:"
            raise InfisicalError("validation", f"{text} {error.strerror or error}. {self.withdraw(store)}") from error
        self.delivered = True

    def revoke_old(self, store: ClientSecretStore) -> None:
        for client_secret_id in self.planned.revoke:
            if client_secret_id not in self.revoked:
                store.revoke(client_secret_id)
                self.revoked.append(client_secret_id)

    def withdraw(self, store: ClientSecretStore) -> str:
        """Revokes the new secret, which nobody will read. Returns a sentence about the outcome."""
        if self.draft is not None:
            self.draft.discard()
        if self.pending is None or self.new is None:
            return ""
        named = f"client secret '{self.declared.name}' ({self.new.about.id})"
        try:
            store.revoke(self.new.about.id)
        except InfisicalError as error:
            self.stranded = True
            return (
                f"The new {named} could not be revoked again, and its value is lost: {error.message.rstrip('.')}."
                f" Revoke it: {BY_ID}."
            )
        self.withdrawn = True
        return f"The new {named} was revoked again."

    def conflict_with(self, listed: Sequence[ClientSecret] | None, now: float) -> str | None:
        """Returns a sentence about another run that has changed the same secret at the same time, if this run's secret
        therefore has to be revoked."""
        if self.new is None:
            return None
        mine, name = self.new.about, self.declared.name
        ours = [one for one in listed or [] if one.description == self.declared.description]
        if mine.id not in [one.id for one in ours]:
            return f"Another client revoked client secret '{name}' ({mine.id}) right after it was created."
        older = [
            one.id
            for one in ours
            if one.id not in self.planned.before and one.age_key() < mine.age_key() and one.is_usable(now)
        ]
        if older:
            return f"Another run created client secret '{name}' ({', '.join(older)}) at the same time."
        return None

    def result(self, *, check_mode: bool) -> dict[str, Any]:
        """Returns the result of the step, with the text of a new secret that has no file."""
        answer: dict[str, Any] = {}
        if self.declared.description:
            answer["description"] = self.declared.description
        if self.declared.present:
            answer["created"] = self.planned.create if check_mode else self.new is not None and not self.withdrawn
            if self.declared.dest:
                answer["dest"] = self.declared.dest
        found = self.new.about if self.new and not self.withdrawn else self.planned.kept
        if found is not None:
            answer["client_secret_id"] = found.id
        elif self.declared.client_secret_id:
            answer["client_secret_id"] = self.declared.client_secret_id
        if self.pending is not None and not self.declared.dest:
            answer["client_secret"] = self.pending.text
        return answer
