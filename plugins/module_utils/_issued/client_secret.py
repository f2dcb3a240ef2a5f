# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Client secrets of universal auth (server-notes#client-secret-life-cycle)."""

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
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.access_token import (
    LONGEST_LIFETIME,
)
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
from ansible_collections.machineid.infisical.plugins.module_utils._issued.file import URL, VALUE
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import LARGEST_COUNT
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field, Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.identifiers import lower_uuid
from ansible_collections.machineid.infisical.plugins.module_utils._model.times import seconds_of_answer
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Integer

CLIENT_ID_VALUE = "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID"
CLIENT_SECRET_VALUE = "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET"

CLIENT_SECRET = CredentialType(
    noun="client secret",
    key="client_secret",
    name_option="description",
    id_option="client_secret_id",
    list_option="client_secrets",
    slug="universal-auth",
    method="universal auth",
    module="identity_universal_auth",
    values=(URL, CLIENT_ID_VALUE, CLIENT_SECRET_VALUE),
    settings=(
        Field("ttl", "ttl", Integer(0, LONGEST_LIFETIME, "seconds"), default=0),
        Field(
            "num_uses_limit",
            "numUsesLimit",
            Integer(0, LARGEST_COUNT, "uses"),
            default=0,
            aliases=("number_of_uses_limit",),
        ),
    ),
)

ROW = record(
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
LIST = record({"clientSecretData": listing(ROW)})
ONE = record({"clientSecretData": ROW})
NEW = record({"clientSecret": plain})
METHOD = record({"identityUniversalAuth": record({"clientId": plain})})


def client_secret_of(wire: Wire) -> Issued:
    """Converts a client secret of a validated answer."""
    created_at = seconds_of_answer(wire["createdAt"], "the creation time of a client secret")
    ttl, limit = wire["clientSecretTTL"], wire["clientSecretNumUsesLimit"]
    return Issued(
        id=lower_uuid(wire["id"]),
        name=wire.get("description") or "",
        created_at=created_at,
        ends_at=created_at + ttl if ttl else None,
        num_uses=wire["clientSecretNumUses"],
        num_uses_limit=limit,
        revoked=wire.get("isClientSecretRevoked", False),
        prefix=wire["clientSecretPrefix"],
        settings={"ttl": ttl, "num_uses_limit": limit},
    )


class ClientSecretApi:
    """The client secrets of one identity. ``client_id`` is known if universal auth has already been read."""

    type = CLIENT_SECRET

    def __init__(self, client: Client, identity_id: str, client_id: str | None = None) -> None:
        self.client = client
        self.method_path = f"/api/v1/auth/universal-auth/identities/{segment(identity_id)}"
        self.path = f"{self.method_path}/client-secrets"
        # A client id that cannot be written to a file is read again.
        self._client_id = client_id if isinstance(client_id, str) and VALUE.match(client_id) else None

    def client_id(self) -> str:
        """The client id for all secrets of the identity."""
        if self._client_id is None:
            answer = checked(self.client.get(self.method_path), METHOD)
            self._client_id = str(answer["identityUniversalAuth"]["clientId"])
        return self._client_id

    def listed(self, credential_id: str | None = None) -> Listing | None:
        try:
            answer = self.client.get(self.path)
        except InfisicalError as error:
            if is_not_attached(error):
                return None
            raise
        found = [client_secret_of(one) for one in checked(answer, LIST)["clientSecretData"]]
        return Listing([one for one in found if not one.revoked])

    def prepare(self) -> None:
        self.client_id()

    def create(self, declared: DeclaredCredential) -> Answer:
        settings = {one.wire: declared.settings[one.option] for one in CLIENT_SECRET.settings}
        answer: Answer = self.client.post(self.path, {"description": declared.name, **settings})
        return answer

    def id_in(self, answer: Answer, declared: DeclaredCredential) -> str:
        made = client_secret_of(checked(answer, ONE)["clientSecretData"])
        if made.name != declared.name:
            raise misshapen_answer(answer, Misshapen("the requested secret", {}, "clientSecretData"))
        return made.id

    def text_in(self, answer: Answer) -> str:
        value: str = checked(answer, NEW)["clientSecret"]
        if not value.startswith(answer["clientSecretData"]["clientSecretPrefix"]):
            raise misshapen_answer(answer, Misshapen("the secret with that prefix", value, "clientSecret"))
        return value

    def revoke(self, credential_id: str) -> None:
        answer = self.client.post(f"{self.path}/{segment(credential_id)}/revoke", {})
        revoked = client_secret_of(checked(answer, ONE)["clientSecretData"])
        if revoked.id != credential_id or not revoked.revoked:
            raise misshapen_answer(answer, Misshapen("the revoked secret", {}, "clientSecretData"))

    def lifetime(self, declared: DeclaredCredential) -> int:
        return declared.settings["ttl"]

    def file_values(self, text: str) -> Mapping[str, str]:
        return {CLIENT_ID_VALUE: self.client_id(), CLIENT_SECRET_VALUE: text}

    def matching(self, values: Mapping[str, str], listed: Sequence[Issued]) -> list[Issued]:
        """Compares the first characters, which are all that the server lists of a secret."""
        found = [one for one in listed if values[CLIENT_SECRET_VALUE].startswith(one.prefix)]
        return found if found and values[CLIENT_ID_VALUE] == self.client_id() else []

    def facts(self) -> Mapping[str, Any]:
        return {"client_id": self.client_id()}
