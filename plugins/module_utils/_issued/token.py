# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Tokens of token auth (server-notes#tokens-of-token-auth)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.answers import Answer
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, segment
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    Misshapen,
    boolean,
    checked,
    listing,
    misshapen_answer,
    nullable,
    record,
    text,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.caller import token_payload
from ansible_collections.machineid.infisical.plugins.module_utils._issued.credential import (
    CredentialType,
    DeclaredCredential,
    Issued,
    Listing,
    count,
    is_not_attached,
    moment,
    plain,
    uuid,
)
from ansible_collections.machineid.infisical.plugins.module_utils._issued.file import URL
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import lower_uuid, uuid_error
from ansible_collections.machineid.infisical.plugins.module_utils._model.times import seconds_of_answer

TOKEN_VALUE = "INFISICAL_TOKEN"

TOKEN = CredentialType(
    noun="token",
    key="access_token",
    name_option="name",
    id_option="token_id",
    list_option="tokens",
    slug="token-auth",
    method="token auth",
    module="identity_token_auth",
    values=(URL, TOKEN_VALUE),
    settings=(),
)

PAGE = 100
PAGES = 2
"""The server lists no more pages: it accepts an offset of at most 100."""

ROW = record(
    {
        "id": uuid,
        "createdAt": moment,
        "accessTokenTTL": count,
        "accessTokenMaxTTL": count,
        "accessTokenNumUses": count,
        "accessTokenNumUsesLimit": count,
        "identityId": uuid,
    },
    {"name": nullable(text), "isAccessTokenRevoked": boolean, "accessTokenLastRenewedAt": nullable(moment)},
)
LIST = record({"tokens": listing(ROW)})
ONE = record({"token": ROW})
NEW = record({"accessToken": plain}, {"tokenData": ROW})
REVOKED = record({"message": text})
METHOD = record({"identityTokenAuth": record({"accessTokenTTL": count})})
ID_CLAIM = "identityAccessTokenId"


def token_of(wire: Wire) -> Issued:
    """Converts a token of a validated answer."""
    created_at = seconds_of_answer(wire["createdAt"], "the creation time of a token")
    return Issued(
        id=lower_uuid(wire["id"]),
        name=wire.get("name") or "",
        created_at=created_at,
        ends_at=end_of(wire, created_at),
        num_uses=wire["accessTokenNumUses"],
        num_uses_limit=wire["accessTokenNumUsesLimit"],
        revoked=wire.get("isAccessTokenRevoked", False),
    )


def end_of(wire: Wire, created_at: float) -> float | None:
    """Returns when the token ends unless it is renewed, in seconds since 1970. None if it never does."""
    ttl: int = wire["accessTokenTTL"]
    max_ttl: int = wire["accessTokenMaxTTL"]
    if ttl:
        renewed = wire.get("accessTokenLastRenewedAt")
        return (seconds_of_answer(renewed, "the renewal time of a token") if renewed else created_at) + ttl
    # Only servers of 2024-10, whose tokens do not name their auth method, let a token without a lifetime end
    # (server-notes#end-of-a-token).
    return created_at + max_ttl if max_ttl and "authMethod" not in wire else None


def id_of(token: str) -> str | None:
    """Returns the id that a token contains (server-notes#claims-of-a-token). None if it contains none."""
    found = token_payload(token).get(ID_CLAIM)
    return lower_uuid(found) if isinstance(found, str) and not uuid_error(lower_uuid(found)) else None


class TokenApi:
    """The tokens of one identity. ``ttl`` is their lifetime in seconds, if token auth has already been read."""

    type = TOKEN

    def __init__(self, client: Client, identity_id: str, ttl: int | None = None) -> None:
        self.client = client
        self.identity_id = identity_id
        self.method_path = f"/api/v1/auth/token-auth/identities/{segment(identity_id)}"
        self.path = f"{self.method_path}/tokens"
        self._ttl = ttl

    def listed(self, credential_id: str | None = None) -> Listing | None:
        found: dict[str, Issued] = {}
        complete = False
        for page in range(PAGES):
            try:
                answer = self.client.get(self.path, {"limit": PAGE, "offset": page * PAGE})
            except InfisicalError as error:
                if is_not_attached(error):
                    return None
                raise
            rows = [token_of(one) for one in checked(answer, LIST)["tokens"]]
            found.update({one.id: one for one in rows})
            if len(rows) < PAGE:
                complete = True
                break
        if credential_id and not complete and credential_id not in found:
            one = self._read(credential_id)
            found.update({one.id: one} if one else {})
        return Listing([one for one in found.values() if not one.revoked], complete)

    def _read(self, token_id: str) -> Issued | None:
        """Returns a token of this identity that the list is too short for. None if it does not exist."""
        try:
            answer = checked(self.client.get(f"/api/v1/auth/token-auth/tokens/{segment(token_id)}"), ONE)
        except InfisicalError as error:
            if error.kind != "not_found":
                raise
            return None
        return token_of(answer["token"]) if lower_uuid(answer["token"]["identityId"]) == self.identity_id else None

    def prepare(self) -> None:
        """The file contains nothing but the token."""

    def create(self, declared: DeclaredCredential) -> Answer:
        answer: Answer = self.client.post(self.path, {"name": declared.name})
        return answer

    def id_in(self, answer: Answer, declared: DeclaredCredential) -> str:
        checked(answer, NEW)
        if "tokenData" not in answer:
            # Servers of 2024-10 answer nothing but the token (server-notes#tokens-of-token-auth).
            found = id_of(answer["accessToken"])
            if found is None:
                raise misshapen_answer(answer, Misshapen("a token that contains its id", "", "accessToken"))
            return found
        made = token_of(answer["tokenData"])
        if made.name != declared.name or lower_uuid(answer["tokenData"]["identityId"]) != self.identity_id:
            raise misshapen_answer(answer, Misshapen("the requested token", {}, "tokenData"))
        return made.id

    def text_in(self, answer: Answer) -> str:
        return str(checked(answer, NEW)["accessToken"])

    def revoke(self, credential_id: str) -> None:
        checked(self.client.post(f"/api/v1/auth/token-auth/tokens/{segment(credential_id)}/revoke", {}), REVOKED)

    def lifetime(self, declared: DeclaredCredential) -> int:
        if self._ttl is None:
            self._ttl = int(checked(self.client.get(self.method_path), METHOD)["identityTokenAuth"]["accessTokenTTL"])
        return self._ttl

    def file_values(self, text: str) -> Mapping[str, str]:
        return {TOKEN_VALUE: text}

    def matching(self, values: Mapping[str, str], listed: Sequence[Issued]) -> list[Issued]:
        held = id_of(values[TOKEN_VALUE])
        return [one for one in listed if one.id == held]

    def facts(self) -> Mapping[str, Any]:
        return {}
