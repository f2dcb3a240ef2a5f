# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The steps of one credential: created, then delivered to its file or the result, or revoked again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._issued.credential import (
    DeclaredCredential,
    Listing,
    NewCredential,
)
from ansible_collections.machineid.infisical.plugins.module_utils._issued.file import URL, CredentialFile, Draft
from ansible_collections.machineid.infisical.plugins.module_utils._issued.plan import CredentialPlan
from ansible_collections.machineid.infisical.plugins.module_utils._issued.store import CredentialStore


def file_of(declared: DeclaredCredential) -> CredentialFile | None:
    """Returns the file of ``dest``, if there is one."""
    if declared.dest is None:
        return None
    return CredentialFile(declared.dest, declared.type.values, declared.type.noun)


@dataclass(frozen=True)
class DeliveryRules:
    """Settings for every credential of a task. ``url`` is the server's address, for files. ``result_is_read`` says
    whether the result is registered. ``mask`` keeps a text out of everything that is displayed."""

    check_mode: bool
    url: str
    result_is_read: bool
    mask: Callable[[str], None]


@dataclass
class CredentialStep:
    """One plan and the progress of its execution. ``revoked`` are the ids of old credentials that this run has
    revoked."""

    planned: CredentialPlan
    new: NewCredential | None = None
    draft: Draft | None = None
    delivered: bool = False
    withdrawn: bool = False
    stranded: bool = False
    revoked: list[str] = field(default_factory=list)

    @property
    def declared(self) -> DeclaredCredential:
        return self.planned.declared

    @property
    def pending(self) -> NewCredential | None:
        """The new credential until it has been written to a file or revoked."""
        return None if self.delivered or self.withdrawn or self.stranded else self.new

    @property
    def changed(self) -> bool:
        return bool(self.revoked) or (self.new is not None and not self.withdrawn)

    def make(self, store: CredentialStore) -> None:
        declared, file = self.declared, file_of(self.declared)
        if file is not None:
            # Everything that can fail without the new credential fails before it is created.
            store.api.prepare()
            try:
                self.draft = file.draft()
            except OSError as error:
                raise InfisicalError(
                    "validation",
                    f"{declared.option}dest '{declared.dest}' cannot be written: {error.strerror or error}. No"
                    f" {declared.type.noun} was created.",
                ) from error
        try:
            self.new = store.make(declared, self.planned.before)
        finally:
            if self.new is None and self.draft is not None:
                self.draft.discard()

    def deliver(self, store: CredentialStore, rules: DeliveryRules) -> None:
        """Writes the new credential to its file, if there is one. If that fails, revokes it and raises
        InfisicalError."""
        if self.new is None or self.draft is None:
            return
        rules.mask(self.new.text)
        try:
            self.draft.deliver({URL: rules.url, **store.api.file_values(self.new.text)})
        except OSError as error:
            text = f"{self.declared.type.title} '{self.declared.name}' could not be written to {self.declared.dest}:"
            raise InfisicalError("validation", f"{text} {error.strerror or error}. {self.withdraw(store)}") from error
        self.delivered = True

    def revoke_old(self, store: CredentialStore) -> None:
        for credential_id in self.planned.revoke:
            if credential_id not in self.revoked:
                store.revoke(credential_id)
                self.revoked.append(credential_id)

    def withdraw(self, store: CredentialStore) -> str:
        """Revokes the new credential, which nobody will read. Returns a sentence about the outcome."""
        if self.draft is not None:
            self.draft.discard()
        if self.pending is None or self.new is None:
            return ""
        named = f"{self.declared.type.noun} '{self.declared.name}' ({self.new.id})"
        try:
            store.revoke(self.new.id)
        except InfisicalError as error:
            self.stranded = True
            return (
                f"The new {named} could not be revoked again, and its value is lost: {error.message.rstrip('.')}."
                f" Revoke it: {self.declared.type.by_id}."
            )
        self.withdrawn = True
        return f"The new {named} was revoked again."

    def conflict_with(self, listing: Listing | None, now: float) -> str | None:
        """Returns a sentence about another run that has changed the same credential at the same time, if this run's
        credential therefore has to be revoked."""
        if self.new is None:
            return None
        noun, name, listing = self.declared.type.noun, self.declared.name, listing or Listing()
        ours = [one for one in listing.credentials if one.name == name]
        mine = [one for one in ours if one.id == self.new.id]
        if not mine and not listing.complete:
            return None
        if not mine:
            return f"Another client revoked {noun} '{name}' ({self.new.id}) right after it was created."
        older = [
            one.id
            for one in ours
            if one.id not in self.planned.before and one.age_key() < mine[0].age_key() and one.is_usable(now)
        ]
        if older:
            return f"Another run created {noun} '{name}' ({', '.join(older)}) at the same time."
        return None

    def result(self, *, check_mode: bool) -> dict[str, Any]:
        """Returns the result of the step, with the text of a new credential that has no file."""
        declared, credential = self.declared, self.declared.type
        answer: dict[str, Any] = {}
        if declared.name:
            answer[credential.name_option] = declared.name
        if declared.present:
            answer["created"] = self.planned.create if check_mode else self.new is not None and not self.withdrawn
            if declared.dest:
                answer["dest"] = declared.dest
        kept_id = self.planned.kept.id if self.planned.kept else declared.credential_id
        found_id = self.new.id if self.new and not self.withdrawn else kept_id
        if found_id is not None:
            answer[credential.id_option] = found_id
        if self.pending is not None and not declared.dest:
            answer[credential.key] = self.pending.text
        return answer
