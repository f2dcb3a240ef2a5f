# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Lists, creates and revokes the credentials of one identity, and handles lost answers."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, is_lost
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import Misshapen, misshapen_answer
from ansible_collections.machineid.infisical.plugins.module_utils._issued.credential import (
    CredentialApi,
    DeclaredCredential,
    Listing,
    NewCredential,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.reconcile import PAUSES_AFTER_A_LOST_ANSWER


class CredentialStore:
    """The credentials behind ``api``."""

    def __init__(self, api: CredentialApi) -> None:
        self.api = api
        self.type = api.type
        self.sleep = api.client.sleep

    def now(self) -> float:
        return self.api.client.now()

    def make(self, declared: DeclaredCredential, known: Sequence[str], *, tries: int = 2) -> NewCredential:
        """Creates a credential. ``known`` are the ids of the existing ones.

        If the answer is lost, the credential is revoked, because nobody can know its text, and another one is created.
        The failure of the last attempt reports what may remain; its ``changed`` is true if that is a usable credential.
        """
        made_id = None
        try:
            answer = self.api.create(declared)
            found = self.api.id_in(answer, declared)
            if found in known:
                raise misshapen_answer(answer, Misshapen(f"the requested {self.type.noun}", {}, "id"))
            made_id = found
            return NewCredential(made_id, self.api.text_in(answer))
        except InfisicalError as error:
            if not (is_lost(error) or error.kind == "server"):
                raise
            if not self._revoke_unreadable(error, declared.name, known, made_id):
                raise
            if tries == 1:
                error.message += f" The new {self.type.noun} '{declared.name}' was revoked again."
                raise
        return self.make(declared, known, tries=tries - 1)

    def revoke(self, credential_id: str) -> None:
        """Revokes a credential. Succeeds if it is already revoked, or was deleted with its auth method."""
        # A second revocation changes nothing (server-notes#client-secret-life-cycle,
        # server-notes#tokens-of-token-auth), so this POST may be repeated like a DELETE.
        in_doubt = False
        for pause in (*PAUSES_AFTER_A_LOST_ANSWER[1:], None):
            try:
                self.api.revoke(credential_id)
                return
            except InfisicalError as error:
                lost = is_lost(error)
                in_doubt = in_doubt or lost or error.kind == "server"
                if not in_doubt and error.kind in ("authentication", "permission", "rate_limited", "tls", "network"):
                    raise
                if not lost or pause is None:
                    self._excuse(error, credential_id, in_doubt)
                    return
                self.sleep(pause)

    def _excuse(self, error: InfisicalError, credential_id: str, in_doubt: bool) -> None:
        """Raises the ``error`` of a revocation unless the credential no longer exists. ``in_doubt`` says that this or
        an earlier attempt may have been carried out."""
        try:
            left = self.api.listed(credential_id) or Listing()
        except InfisicalError:
            error.changed = in_doubt
            raise error from None
        if any(one.id == credential_id for one in left.credentials):
            raise error

    def _revoke_unreadable(self, error: InfisicalError, name: str, known: Sequence[str], made_id: str | None) -> bool:
        """Revokes the credential whose text was lost with the answer. Returns whether it existed. If the revocation
        fails, completes ``error`` and raises it."""
        noun = self.type.noun
        for pause in PAUSES_AFTER_A_LOST_ANSWER:
            self.sleep(pause)
            try:
                listed = self.api.listed() or Listing()
            except InfisicalError:
                error.changed = True
                named = f" ({made_id})" if made_id else ""
                error.message += (
                    f" A {noun} '{name}'{named} may have been created, or may still be created later; its"
                    f" value is lost. The list of {noun}s could not be read."
                )
                error.advice = (
                    f"Run the task again with renew: now, then revoke {noun}s that nobody uses: {self.type.by_id}."
                )
                raise error from None
            # A credential that has already been used belongs to another client, which created it at the same time.
            appeared = {
                one.id
                for one in listed.credentials
                if one.name == name and one.id not in known and (one.id == made_id or not one.num_uses)
            } | ({made_id} if made_id else set())
            for credential_id in sorted(appeared):
                self._revoke_or_name(error, name, credential_id)
            if appeared:
                return True
        if is_lost(error) or (error.status or 200) < 400:
            error.message += (
                f" No {noun} '{name}' has been created so far. One may still be created later, with its value lost."
            )
            error.advice = (
                f"Run the task again. If a later run warns about a {noun} that was never used, revoke it:"
                f" {self.type.by_id}."
            )
        return False

    def _revoke_or_name(self, error: InfisicalError, name: str, credential_id: str) -> None:
        try:
            self.revoke(credential_id)
        except InfisicalError as second:
            error.changed = True
            error.message += (
                f" {self.type.title} '{name}' ({credential_id}) was created, its value is lost, and it could"
                f" not be revoked again: {second.message}"
            )
            error.advice = f"Revoke it: {self.type.by_id}: {credential_id}."
            raise error from None
