# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The declared credentials of one identity, of every type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._fleet.declaration import Declaration
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._issued.client_secret import (
    CLIENT_SECRET,
    ClientSecretApi,
)
from ansible_collections.machineid.infisical.plugins.module_utils._issued.credential import (
    CredentialApi,
    CredentialType,
    Listing,
)
from ansible_collections.machineid.infisical.plugins.module_utils._issued.delivery import CredentialStep, DeliveryRules
from ansible_collections.machineid.infisical.plugins.module_utils._issued.steps import CredentialSteps
from ansible_collections.machineid.infisical.plugins.module_utils._issued.store import CredentialStore
from ansible_collections.machineid.infisical.plugins.module_utils._issued.task import CREDENTIAL_TYPES
from ansible_collections.machineid.infisical.plugins.module_utils._issued.token import TOKEN, TokenApi
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Options, Wire


class IdentityCredentials:
    """The credentials that ``declared`` contains. ``client_id`` is known once universal auth has been read."""

    def __init__(self, client: Client, declared: Declaration, rules: DeliveryRules) -> None:
        self.client = client
        self.declared = declared
        self.rules = rules
        self.steps = CredentialSteps(rules)
        self.were_begun = False
        self.client_id: str | None = None
        self._token_ttl: int | None = None

    def method_was_read(self, slug: str, wire: Wire | None) -> None:
        """Notes what the answer about an auth method says about its credentials."""
        if slug == CLIENT_SECRET.slug and wire:
            self.client_id = wire.get("clientId")

    def plan(
        self, label: str, identity_id: str | None, attached: set[str], planned: Mapping[str, Options | None]
    ) -> None:
        """Plans every credential. ``attached`` are the slugs of the current methods, ``planned`` the state of each
        method after this run, None where it is revoked. Raises InfisicalError."""
        self._token_ttl = (planned.get(TOKEN.slug) or {}).get("access_token_ttl")
        for credential in CREDENTIAL_TYPES:
            desired = [one for one in self.declared.credentials if one.type is credential]
            if not desired:
                continue
            api = self._api(credential, identity_id or "")
            listing: Listing | None = None
            if identity_id and credential.slug in attached:
                listing = api.listed()
            attached_after = planned[credential.slug] if credential.slug in planned else listing
            if attached_after is None and any(one.present for one in desired):
                raise credential.not_attached(label)
            self.steps.plan(desired, api, listing)

    def _api(self, credential: CredentialType, identity_id: str) -> CredentialApi:
        if credential is TOKEN:
            return TokenApi(self.client, identity_id, self._token_ttl)
        return ClientSecretApi(self.client, identity_id, self.client_id)

    def carry_out(self, identity_id: str, attached: set[str]) -> None:
        self.were_begun = True
        stores = {one.noun: CredentialStore(self._api(one, identity_id)) for one in CREDENTIAL_TYPES}
        kept = {step.declared.type.noun: step.declared.type for step in self.steps.steps if step.declared.present}
        for credential in kept.values():
            if credential.slug in attached or not self.rules.check_mode:
                # A later failure would only strand the new credential.
                stores[credential.noun].api.prepare()
                self.client_id = stores[credential.noun].api.facts().get("client_id", self.client_id)
        if not self.rules.check_mode:
            self.steps.carry_out(lambda credential: stores[credential.noun])

    @property
    def changed_steps(self) -> list[CredentialStep]:
        """Returns the steps that have changed something so far, or in check mode would change it."""
        return [step for step in self.steps.steps if self.were_begun and self.steps.step_changed(step)]

    @property
    def changed(self) -> bool:
        return bool(self.changed_steps)

    def result(self) -> dict[str, Any]:
        """Returns what the result of the identity says about its credentials."""
        answer: dict[str, Any] = {"client_id": self.client_id} if self.client_id else {}
        for step in self.steps.steps if self.were_begun else []:
            made = step.result(check_mode=self.rules.check_mode)
            answer.setdefault(step.declared.type.list_option, []).append(made)
        return answer
