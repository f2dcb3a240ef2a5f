# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The client secrets of one identity on the server: listed, made and revoked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
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

REFUSALS = ("validation", "conflict", "not_found")
BY_ID = "state: absent with client_secret_id"


@dataclass(frozen=True)
class ClientSecret:
    """A client secret as the server lists it, without its text. Times are seconds, ``created_at`` since 1970; 0 is
    no limit. ``prefix`` is how the text begins."""

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
        """When its lifetime is over, None when it has no end."""
        return self.created_at + self.ttl if self.ttl else None

    def is_usable(self, now: float) -> bool:
        """Whether a login with it works. The server lists dead ones until somebody tries
        (server-notes#dead-client-secrets)."""
        used_up = bool(self.num_uses_limit) and self.num_uses >= self.num_uses_limit
        return not self.revoked and not used_up and (self.ends_at is None or self.ends_at > now)

    def age_key(self) -> tuple[float, str]:
        """What older ones have less of; the same for every run that compares."""
        return self.created_at, self.id


@dataclass(frozen=True)
class NewSecret:
    """A secret that was made, and its text, which the server returns only once."""

    about: ClientSecret
    text: str


def uuid(value: Any) -> None:
    """What stands in the paths of later requests."""
    if not isinstance(value, str) or uuid_error(value):
        raise Misshapen("a UUID", value)


def count(value: Any) -> None:
    integer(value)
    if value < 0:
        raise Misshapen("a number from 0 on", value)


def plain(value: Any) -> None:
    """What can stand in an environment file, and means nothing to a shell that reads it."""
    if not isinstance(value, str) or not VALUE.match(value):
        raise Misshapen("letters and digits", value)


def moment(value: Any) -> None:
    try:
        seconds_of(value)
    except (AttributeError, TypeError, ValueError):
        raise Misshapen("a time", value) from None


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


def seconds_of(text_of_time: str) -> float:
    """A time of the API in seconds since 1970."""
    found = datetime.fromisoformat(text_of_time.replace("Z", "+00:00"))
    return (found if found.tzinfo else found.replace(tzinfo=timezone.utc)).timestamp()


def client_secret_of(wire: Wire) -> ClientSecret:
    """One secret of an answer that has the shape."""
    return ClientSecret(
        id=lower_uuid(wire["id"]),
        description=wire.get("description") or "",
        prefix=wire["clientSecretPrefix"],
        created_at=seconds_of(wire["createdAt"]),
        ttl=wire["clientSecretTTL"],
        num_uses_limit=wire["clientSecretNumUsesLimit"],
        num_uses=wire["clientSecretNumUses"],
        revoked=wire.get("isClientSecretRevoked", False),
    )


class ClientSecretStore:
    """The client secrets of one identity."""

    def __init__(self, client: Client, identity_id: str, client_id: str | None = None) -> None:
        self.client = client
        self.path = f"/api/v1/auth/universal-auth/identities/{segment(identity_id)}"
        # One that was read elsewhere is asked for again unless it can stand in a file.
        self._client_id = client_id if isinstance(client_id, str) and VALUE.match(client_id) else None

    def listed(self) -> list[ClientSecret] | None:
        """The secrets that are not revoked, None when universal auth is not attached."""
        path = f"{self.path}/client-secrets"
        try:
            answer = self.client.get(path)
        except InfisicalError as error:
            unknown = (error.server_message or "").startswith("Failed to find identity")
            if error.status in (400, 404) and error.kind in REFUSALS and not unknown:
                return None
            raise
        found = [client_secret_of(one) for one in checked(answer, LIST)["clientSecretData"]]
        return [one for one in found if not one.revoked]

    def client_id(self) -> str:
        """The client id that goes with every secret of the identity."""
        if self._client_id is None:
            answer = checked(self.client.get(self.path), METHOD)
            self._client_id = str(answer["identityUniversalAuth"]["clientId"])
        return self._client_id

    def make(
        self, description: str, ttl: int, num_uses_limit: int, known: Sequence[str], *, tries: int = 2
    ) -> NewSecret:
        """A new secret; ``known`` are the ids that were there.

        When its answer is lost, what appeared is revoked, as nobody can know its text, and another one is made. The
        failure of the last try says what may be left; its ``changed`` is true when that is a usable secret.
        """
        body = {"description": description, "ttl": ttl, "numUsesLimit": num_uses_limit}
        path = f"{self.path}/client-secrets"
        made_id = None
        try:
            answer = self.client.post(path, body)
            about = client_secret_of(checked(answer, ONE)["clientSecretData"])
            if about.id in known or about.description != description:
                raise misshapen_answer(answer, Misshapen("the secret that was asked for", {}, "clientSecretData"))
            made_id = about.id
            value: str = checked(answer, NEW)["clientSecret"]
            if not value.startswith(about.prefix):
                raise misshapen_answer(answer, Misshapen("the secret of that beginning", value, "clientSecret"))
            return NewSecret(about, value)
        except InfisicalError as error:
            if not (is_lost(error) or error.kind == "server"):
                raise
            if not self._revoke_unreadable(error, description, known, made_id):
                raise
            if tries == 1:
                error.message += f" The client secret '{description}' that was made was revoked again."
                raise
        return self.make(description, ttl, num_uses_limit, known, tries=tries - 1)

    def revoke(self, client_secret_id: str) -> None:
        """Revokes it; to be revoked already, or gone with its method, is no failure."""
        # Revoking again succeeds (server-notes#client-secret-life-cycle), so this POST may be repeated like a DELETE.
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
        """Raises ``error`` of a revocation unless the secret is not there any more. ``in_doubt``: it, or an earlier
        attempt, may have been carried out."""
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
        """Revokes the secret whose text was lost with the answer; whether there was one. Completes and raises ``error``
        when that cannot be done."""
        for pause in PAUSES_AFTER_A_LOST_ANSWER:
            self.client.sleep(pause)
            try:
                listed = self.listed() or []
            except InfisicalError:
                error.changed = True
                named = f" ({made_id})" if made_id else ""
                error.message += (
                    f" A client secret '{description}'{named} may have been made, or may still be made later; its"
                    f" value is lost. Whether it is there could not be looked up."
                )
                error.advice = f"Run again with renew: now, then revoke what nobody uses: {BY_ID}."
                raise error from None
            # A secret that was used already is somebody's who made it at the same time.
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
                f" No client secret '{description}' was made so far. One may still be made later, and nobody will know"
                " its value."
            )
            error.advice = f"Run again. If a later run warns of a secret that was never used, revoke it: {BY_ID}."
        return False

    def _revoke_or_name(self, error: InfisicalError, description: str, client_secret_id: str) -> None:
        try:
            self.revoke(client_secret_id)
        except InfisicalError as second:
            error.changed = True
            error.message += (
                f" Client secret '{description}' ({client_secret_id}) was made, nobody knows its value, and it could"
                f" not be revoked again: {second.message}"
            )
            error.advice = f"Revoke it: {BY_ID}: {client_secret_id}."
            raise error from None
