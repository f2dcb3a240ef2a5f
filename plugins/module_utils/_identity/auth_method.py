# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""One auth method of one identity: its store and its task."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, segment
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, reworded
from ansible_collections.machineid.infisical.plugins.module_utils._identity.caller import (
    own_identity_id,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.former_limits import check_former_limits
from ansible_collections.machineid.infisical.plugins.module_utils._identity.identity_table import IDENTITY
from ansible_collections.machineid.infisical.plugins.module_utils._identity.naming import (
    IDENTITY_RULES,
    identity_errors,
    identity_options,
    resolve_identity,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import STATE
from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import Plan, option_errors
from ansible_collections.machineid.infisical.plugins.module_utils._model.reconcile import (
    Outcome,
    Store,
    converge,
    no_mask,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.removal import nothing_removed
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run, Task, merged_rules


class AuthMethodStore(Store):
    """Reads and writes one method with ``GET``, ``POST``, ``PATCH`` and ``DELETE`` of its path."""

    def __init__(
        self, client: Client, resource: Resource, identity_id: str, mask: Callable[[str], None] = no_mask
    ) -> None:
        self.client = client
        self.mask = mask
        self.resource = resource
        self.identity_id = identity_id
        self.path = resource.path.format(identity_id=segment(identity_id))
        self.sleep = client.sleep
        self._missing_route: InfisicalError | None = None

    def read(self) -> Wire | None:
        """Returns the method, or None if it is not attached, which is answered with 400 or 404, depending on method and
        release (server-notes#methods-not-attached)."""
        try:
            current = self.resource.received(self.client.get(self.path))
            # A later failure may quote what the server holds.
            for secret in self.resource.secrets(self.resource.read(current)):
                self.mask(secret)
            return current
        except InfisicalError as error:
            if error.kind == "unsupported_by_server":
                self._missing_route = error
                return None
            if error.status == 404 and (error.server_message or "").startswith("Failed to find identity"):
                raise self._unknown_identity(error) from error
            if error.status in (400, 404) and error.kind in ("validation", "conflict", "not_found"):
                return None
            raise

    def review(self, planned: Plan, current: Wire | None, *, check_mode: bool) -> None:
        if planned.action == "create":
            self._require_route()
            if check_mode:
                # A run gets the error from the POST, check mode has to look for it.
                self._require_no_other_method()
        check_former_limits(planned, current, self._is_former)
        used = self.client.login_slug
        if planned.action == "delete" and self.identity_id == own_identity_id(self.client):
            # The method that issued a given token is unknown.
            if used is None or used == self.resource.slug:
                raise InfisicalError(
                    "conflict",
                    f"This task is logged in as identity {self.identity_id}, and revoking its"
                    f" {self.resource.title} would end the session.",
                    advice="Nothing was changed. Log in as another identity or with another method to revoke it.",
                )

    def _is_former(self) -> bool:
        """Returns whether the server allows only one method per identity. False if that cannot be determined."""
        with self.client.learning:
            if self.client.keeps_one_method is None:
                try:
                    own = IDENTITY.received(self.client.get(f"/api/v1/identities/{segment(self.identity_id)}"))
                except InfisicalError as error:
                    if error.kind not in ("permission", "not_found"):
                        raise
                    return False
                self.client.keeps_one_method = "authMethods" not in own
            return self.client.keeps_one_method

    def create(self, body: Wire) -> Wire:
        try:
            return self.resource.received(self.client.post(self.path, body))
        except InfisicalError as error:
            if error.kind == "conflict":
                self._require_no_other_method()
            raise

    def update(self, body: Wire) -> Wire:
        return self.resource.received(self.client.patch(self.path, body, self.recheck))

    def delete(self) -> None:
        answer = self.client.delete(self.path)
        if not any(isinstance(inner, dict) for inner in answer.values()):
            raise nothing_removed(answer)

    def _require_route(self) -> None:
        if self._missing_route is not None:
            raise reworded(
                self._missing_route,
                "unsupported_by_server",
                f"This server has no {self.resource.title}.",
                advice="Nothing was changed. Upgrade the Infisical server.",
            )

    def _require_no_other_method(self) -> None:
        """Raises InfisicalError if the server allows only one method per identity (2024-10: ``authMethod``, no
        ``authMethods``) and the identity has another one."""
        try:
            identity = IDENTITY.received(self.client.get(f"/api/v1/identities/{segment(self.identity_id)}"))
        except InfisicalError as error:
            if error.kind == "not_found":
                raise self._unknown_identity(error) from error
            raise
        attached = identity.get("authMethod")
        if "authMethods" not in identity and attached and attached != self.resource.slug:
            raise InfisicalError(
                "unsupported_by_server",
                f"This server allows only one auth method per identity, and identity {self.identity_id} already has"
                f" {attached}, so {self.resource.title} cannot be attached.",
                advice="Nothing was changed. Upgrade the Infisical server, or use one identity per method.",
            )

    def _unknown_identity(self, error: InfisicalError) -> InfisicalError:
        return reworded(
            error,
            "not_found",
            f"Identity {self.identity_id} does not exist.",
        )


def attached_slugs(flat: Wire) -> list[str]:
    """Returns the slugs of the methods of an identity: from a list, or on 2024-10 from a single value
    (server-notes#one-method-per-identity)."""
    single = flat.get("authMethod")
    return sorted(flat["authMethods"] if "authMethods" in flat else [single] if single else [])


def option_of(method: Resource) -> str:
    """Returns the option of a method in the declaration of an identity: ``aws_auth`` for ``identity_aws_auth``."""
    return method.name[len("identity_") :]


def auth_method_task(resource: Resource) -> Task:
    """Returns the task of an auth method's module."""

    def reconcile_auth_method(run: Run) -> dict[str, Any]:
        errors = identity_errors(run.params)
        desired = resource.parse(run.params, errors)
        run.check_options(errors + option_errors(resource, desired))
        for warning in resource.warnings(desired):
            run.warn(warning)
        identity_id = resolve_identity(run)
        store = AuthMethodStore(run.client, resource, identity_id, run.mask)
        for secret in resource.secrets(desired):
            run.mask(secret)
        outcome = converge(
            store,
            desired,
            present=run.params["state"] == "present",
            check_mode=run.check_mode,
            resent=resource.resent(run.params),
        )
        after = outcome.plan.after or {}
        if outcome.plan.action in ("create", "update"):
            for warning in resource.unchecked(after):
                run.warn(warning)
            if resource.admits_everybody(after):
                lists = " and ".join(resource.admitting(after))
                run.warn(f"{lists} empty: {resource.everybody} can log in as identity {identity_id}.")
        return result_of(outcome, identity_id)

    return Task(
        argument_spec={
            **identity_options(),
            "state": STATE,
            **resource.argument_spec(),
        },
        rules=merged_rules(IDENTITY_RULES, resource.rules),
        execute=reconcile_auth_method,
    )


def result_of(outcome: Outcome, identity_id: str | None) -> dict[str, Any]:
    """Returns the result of the task. The value under the module's own name can be passed as options."""
    resource = outcome.plan.resource
    result: dict[str, Any] = {"changed": outcome.plan.changed, "diff": outcome.plan.diff(), "identity_id": identity_id}
    if outcome.options is not None:
        result[resource.name] = {"identity_id": identity_id, **resource.returned(outcome.options)}
        for key, wire_name in resource.also_returned:
            if outcome.wire and wire_name in outcome.wire:
                result[key] = outcome.wire[wire_name]
    return result
