# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The client secrets of one identity on the server: lists, creates and revokes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._client_secret.file import VALUE
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, segment
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, is_lost
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    Misshapen,
    boolean,
    checked,
    integer,
    listing,
    misshapen_answer,
    nullable,
    record,
    text,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import lower_uuid, uuid_error
from ansible_collections.machineid.infisical.plugins.module_utils._model.reconcile import PAUSES_AFTER_A_LOST_ANSWER
from ansible_collections.machineid.infisical.plugins.module_utils._model.times import moment_of, seconds_of_answer

NOT_ATTACHED = ("validation", "conflict", "not_found")
BY_ID = "state: absent with client_secret_id"


@dataclass(frozen=True)
class ClientSecret:
    """A client secret in the list of the server, without its text. Times are in seconds, ``created_at`` since 1970; 0
    means no limit. ``prefix`` is the beginning of the text."""

    id: str
    description: str
    prefix: str
    created_at: float
    ttl: int
    num_uses_limit: int
    num_uses: int
    revoked: bool = False

    @property
    def ends_at(self) -> float | None:
        """The time when the secret expires, in seconds since 1970. None if it never does."""
        return self.created_at + self.ttl if self.ttl else None

    def is_usable(self, now: float) -> bool:
        """Returns whether a login with the secret works. The server lists expired ones until somebody uses them
        (server-notes#dead-client-secrets)."""
        used_up = bool(self.num_uses_limit) and self.num_uses >= self.num_uses_limit
        return not self.revoked and not used_up and (self.ends_at is None or self.ends_at > now)

    def age_key(self) -> tuple[float, str]:
        """A sort key by age, oldest first, with the same order in every run."""
        return self.created_at, self.id


@dataclass(frozen=True)
class NewSecret:
    """A created secret and its text, which the server returns only once."""

    about: ClientSecret
    text: str


def uuid(value: Any) -> None:
    """A UUID that becomes part of the path of later requests."""
    if not isinstance(value, str) or uuid_error(value):
        raise Misshapen("a UUID", value)


def count(value: Any) -> None:
    integer(value)
    if value < 0:
        raise Misshapen("a number that is not negative", value)


def plain(value: Any) -> None:
    """A text that is valid in an environment file and has no special meaning for shells."""
    if not isinstance(value, str) or not VALUE.match(value):
        raise Misshapen("letters and digits", value)


def moment(value: Any) -> None:
    if not isinstance(value, str) or moment_of(value) is None:
        raise Misshapen("a time", value)


CLIENT_SECRET = record(
    {
        "id": uuid,
        "clientSecretPrefix": plain,
        "createdAt": moment,
        "clientSecretTTL": count,
        "clientSecretNumUses": count,
        "clientSecretNumUsesLimit": count,
    },
    {"description": nullable(text), "isClientSecretRevoked": boolean},
)
LIST = record({"clientSecretData": listing(CLIENT_SECRET)})
ONE = record({"clientSecretData": CLIENT_SECRET})
NEW = record({"clientSecret": plain})
METHOD = record({"identityUniversalAuth": record({"clientId": plain})})


def client_secret_of(wire: Wire) -> ClientSecret:
    """Converts a secret of a validated answer."""
    return ClientSecret(
        id=lower_uuid(wire["id"]),
        description=wire.get("description") or "",
        prefix=wire["clientSecretPrefix"],
        created_at=seconds_of_answer(wire["createdAt"], "the creation time of a client secret"),
        ttl=wire["clientSecretTTL"],
        num_uses_limit=wire["clientSecretNumUsesLimit"],
        num_uses=wire["clientSecretNumUses"],
        revoked=wire.get("isClientSecretRevoked", False),
    )


class ClientSecretStore:
    """Lists, creates and revokes the client secrets of one identity."""

    def __init__(self, client: Client, identity_id: str, client_id: str | None = None) -> None:
        self.client = client
        self.path = f"/api/v1/auth/universal-auth/identities/{segment(identity_id)}"
        # A client id that cannot be written to a file is read again.
        self._client_id = client_id if isinstance(client_id, str) and VALUE.match(client_id) else None

    def listed(self) -> list[ClientSecret] | None:
        """Returns the secrets that are not revoked, None if universal auth is not attached."""
        path = f"{self.path}/client-secrets"
        try:
            answer = self.client.get(path)
        except InfisicalError as error:
            unknown = (error.server_message or "").startswith("Failed to find identity")
            if error.status in (400, 404) and error.kind in NOT_ATTACHED and not unknown:
                return None
            raise
        found = [client_secret_of(one) for one in checked(answer, LIST)["clientSecretData"]]
        return [one for one in found if not one.revoked]

    def client_id(self) -> str:
        """The client id for all secrets of the identity."""
        if self._client_id is None:
            answer = checked(self.client.get(self.path), METHOD)
            self._client_id = str(answer["identityUniversalAuth"]["clientId"])
        return self._client_id

    def make(
        self, description: str, ttl: int, num_uses_limit: int, known: Sequence[str], *, tries: int = 2
    ) -> NewSecret:
        """Creates a secret. ``known`` are the ids of the existing secrets.

        If the answer is lost, the secret is revoked, because nobody can know its text, and another one is created. The
        failure of the last attempt reports what may remain; its ``changed`` is true if that is a usable secret.
        """
        body = {"description": description, "ttl": ttl, "numUsesLimit": num_uses_limit}
        path = f"{self.path}/client-secrets"
        made_id = None
        try:
            answer = self.client.post(path, body)
            about = client_secret_of(checked(answer, ONE)["clientSecretData"])
            if about.id in known or about.description != description:
                raise misshapen_answer(answer, Misshapen("the requested secret", {}, "clientSecretData"))
            made_id = about.id
            value: str = checked(answer, NEW)["clientSecret"]
            if not value.startswith(about.prefix):
                raise misshapen_answer(answer, Misshapen("the secret with that prefix", value, "clientSecret"))
            return NewSecret(about, value)
        except InfisicalError as error:
            if not (is_lost(error) or error.kind == "server"):
                raise
            if not self._revoke_unreadable(error, description, known, made_id):
                raise
            if tries == 1:
                error.message += f" The new client secret '{description}' was revoked again."
                raise
        return self.make(description, ttl, num_uses_limit, known, tries=tries - 1)

    def revoke(self, client_secret_id: str) -> None:
        """Revokes a secret. Succeeds if it is already revoked, or was deleted with its auth method."""
        # A second revocation succeeds (server-notes#client-secret-life-cycle), so this POST may be repeated like a
        # DELETE.
        path = f"{self.path}/client-secrets/{segment(client_secret_id)}/revoke"
        in_doubt = False
        for pause in (*PAUSES_AFTER_A_LOST_ANSWER[1:], None):
            try:
                answer = self.client.post(path, {})
                about = client_secret_of(checked(answer, ONE)["clientSecretData"])
                if about.id != client_secret_id or not about.revoked:
                    raise misshapen_answer(answer, Misshapen("the revoked secret", {}, "clientSecretData"))
                return
            except InfisicalError as error:
                lost = is_lost(error)
                in_doubt = in_doubt or lost or error.kind == "server"
                if not in_doubt and error.kind in ("authentication", "permission", "rate_limited", "tls", "network"):
                    raise
                if not lost or pause is None:
                    self._excuse(error, client_secret_id, in_doubt)
                    return
                self.client.sleep(pause)

    def _excuse(self, error: InfisicalError, client_secret_id: str, in_doubt: bool) -> None:
        """Raises the ``error`` of a revocation unless the secret no longer exists. ``in_doubt`` says that this or an
        earlier attempt may have been carried out."""
        try:
            left = self.listed() or []
        except InfisicalError:
            error.changed = in_doubt
            raise error from None
        if any(one.id == client_secret_id for one in left):
            raise error

    def _revoke_unreadable(
        self, error: InfisicalError, description: str, known: Sequence[str], made_id: str | None
    ) -> bool:
        """Revokes the secret whose text was lost with the answer. Returns whether it existed. If the revocation fails,
        completes ``error`` and raises it."""
        for pause in PAUSES_AFTER_A_LOST_ANSWER:
            self.client.sleep(pause)
            try:
                listed = self.listed() or []
            except InfisicalError:
                error.changed = True
                named = f" ({made_id})" if made_id else ""
                error.message += (
                    f" A client secret '{description}'{named} may have been created, or may still be created later; its"
                    f" value is lost. The list of client secrets could not be read."
                )
                error.advice = f"Run the task again with renew: now, then revoke secrets that nobody uses: {BY_ID}."
                raise error from None
            # A secret that has already been used belongs to another client, which created it at the same time.
            appeared = {
                one.id
                for one in listed
                if one.description == description and one.id not in known and (one.id == made_id or not one.num_uses)
            } | ({made_id} if made_id else set())
            for client_secret_id in sorted(appeared):
                self._revoke_or_name(error, description, client_secret_id)
            if appeared:
                return True
        if is_lost(error) or (error.status or 200) < 400:
            error.message += (
                f" No client secret '{description}' has been created so far. One may still be created later, with its"
                " value lost."
            )
            error.advice = (
                f"Run the task again. If a later run warns about a secret that was never used, revoke it: {BY_ID}."
            )
        return False

    def _revoke_or_name(self, error: InfisicalError, description: str, client_secret_id: str) -> None:
        try:
            self.revoke(client_secret_id)
        except InfisicalError as second:
            error.changed = True
            error.message += (
                f" Client secret '{description}' ({client_secret_id}) was created, its value is lost, and it could"
                f" not be revoked again: {second.message}"
            )
            error.advice = f"Revoke it: {BY_ID}: {client_secret_id}."
            raise error from None
