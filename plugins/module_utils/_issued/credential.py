# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A credential that the server issues and returns only once, and what its types have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ansible_collections.machineid.infisical.plugins.module_utils._http.answers import Answer
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import Misshapen, integer
from ansible_collections.machineid.infisical.plugins.module_utils._issued.file import VALUE
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import uuid_error
from ansible_collections.machineid.infisical.plugins.module_utils._model.times import moment_of


@dataclass(frozen=True)
class CredentialType:
    """A type of issued credential.

    ``noun`` is its name in messages, ``key`` the result key of its text, ``name_option`` and ``id_option`` its options,
    ``list_option`` the list of declared ones in ``identities``. ``slug`` and ``method`` are the auth method that
    issues it, ``module`` attaches that method. ``settings`` are the fields that a declaration
    chooses; the server cannot change them later. ``values`` are the names in the file of ``dest``, the address first.
    """

    noun: str
    key: str
    name_option: str
    id_option: str
    list_option: str
    slug: str
    method: str
    module: str
    values: tuple[str, ...]
    settings: tuple[Field, ...]

    @property
    def title(self) -> str:
        return self.noun[0].upper() + self.noun[1:]

    @property
    def by_id(self) -> str:
        return f"state: absent with {self.id_option}"

    def not_attached(self, identity: str) -> InfisicalError:
        return InfisicalError(
            "not_found",
            f"Identity {identity} has no {self.method}, so it can have no {self.noun}.",
            advice=f"Attach it first with {self.module}.",
        )


@dataclass(frozen=True)
class Issued:
    """A credential in the list of the server, without its text. ``created_at`` and ``ends_at`` are in seconds since
    1970, ``ends_at`` is None if it never ends; 0 uses mean no limit. ``prefix`` is the beginning of the text, if the
    server returns it. ``settings`` are the values of :attr:`CredentialType.settings`."""

    id: str
    name: str
    created_at: float
    ends_at: float | None
    num_uses: int
    num_uses_limit: int
    revoked: bool = False
    prefix: str = ""
    settings: Mapping[str, int] = field(default_factory=dict)

    def is_usable(self, now: float) -> bool:
        """Returns whether the credential works. The server lists expired ones until somebody uses them
        (server-notes#dead-client-secrets, server-notes#ended-tokens)."""
        used_up = bool(self.num_uses_limit) and self.num_uses >= self.num_uses_limit
        return not self.revoked and not used_up and (self.ends_at is None or self.ends_at > now)

    def age_key(self) -> tuple[float, str]:
        """A sort key by age, oldest first, with the same order in every run."""
        return self.created_at, self.id


@dataclass(frozen=True)
class Listing:
    """The credentials of one identity that are not revoked. ``complete`` is False if the server has more of them than
    it lists."""

    credentials: Sequence[Issued] = ()
    complete: bool = True


@dataclass(frozen=True)
class NewCredential:
    """A created credential and its text, which the server returns only once."""

    id: str
    text: str


@dataclass(frozen=True)
class DeclaredCredential:
    """The desired state of the credentials with one name, or of the one with ``credential_id``, which can only be
    absent. Times are in seconds. With ``overlap`` None, old ones work until they expire. ``option`` is the prefix of
    option names in messages, such as ``identities[0].client_secrets[1].``.
    """

    type: CredentialType
    name: str = ""
    settings: Mapping[str, int] = field(default_factory=dict)
    renew_before: int = 0
    overlap: int | None = None
    present: bool = True
    credential_id: str | None = None
    dest: str | None = None
    renew_now: bool = False
    option: str = ""

    @property
    def label(self) -> str:
        return self.credential_id or self.name


class CredentialApi(Protocol):
    """The requests for one type of credential of one identity. Each method is one attempt and raises InfisicalError."""

    client: Client
    type: CredentialType

    def listed(self, credential_id: str | None = None) -> Listing | None:
        """Returns what is not revoked, and if it exists ``credential_id``. None if the auth method is not attached."""

    def prepare(self) -> None:
        """Reads what :meth:`file_values` needs, so that it cannot fail once a credential exists."""

    def create(self, declared: DeclaredCredential) -> Answer:
        """Creates a credential. Returns the answer, which :meth:`id_in` and :meth:`text_in` interpret."""

    def id_in(self, answer: Answer, declared: DeclaredCredential) -> str:
        """Returns the id of the created credential."""

    def text_in(self, answer: Answer) -> str:
        """Returns the text of the created credential."""

    def revoke(self, credential_id: str) -> None:
        """Revokes a credential, and checks that the server confirms it."""

    def lifetime(self, declared: DeclaredCredential) -> int:
        """Returns the lifetime of a new credential in seconds, 0 if it never ends."""

    def file_values(self, text: str) -> Mapping[str, str]:
        """Returns the content of the file after the address."""

    def matching(self, values: Mapping[str, str], listed: Sequence[Issued]) -> list[Issued]:
        """Returns which of the listed credentials may be the one in a file with these values."""

    def facts(self) -> Mapping[str, Any]:
        """Returns what a result says about every credential of the identity."""


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


def is_not_attached(error: InfisicalError) -> bool:
    """Returns whether the list of credentials could not be read because the auth method is not attached
    (server-notes#methods-not-attached)."""
    unknown_identity = (error.server_message or "").startswith("Failed to find identity")
    return error.status in (400, 404) and error.kind in ("validation", "conflict", "not_found") and not unknown_identity
