# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""An auth template: its store and its task."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.answers import Answer
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, segment
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, reworded
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    checked,
    integer,
    listing,
    record,
    text,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.template_table import (
    IDENTITY_AUTH_TEMPLATE,
    TEMPLATE_FIELDS,
    TEMPLATE_SHAPE,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.options import (
    STATE,
    id_errors,
    id_given,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import Plan, option_errors
from ansible_collections.machineid.infisical.plugins.module_utils._model.reconcile import (
    Store,
    converge,
    no_mask,
    remove,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.removal import nothing_removed
from ansible_collections.machineid.infisical.plugins.module_utils._runner.task import Run, Task

BASE = "/api/v1/identity-templates"
PAGE = 100
FOUND = record({"templates": listing(TEMPLATE_SHAPE)}, {"totalCount": integer})
USAGE = record({"usages": listing(record({"identityId": text, "identityName": text}))})
REMOVED = record({"message": text})


class TemplateStore(Store):
    """Reads and writes a template, which is found by its id, or by its name. ``delete_used`` is whether one that
    identities use may be deleted."""

    resource = IDENTITY_AUTH_TEMPLATE

    def __init__(
        self,
        client: Client,
        template_id: str | None,
        name: str,
        *,
        delete_used: bool = False,
        mask: Callable[[str], None] = no_mask,
    ) -> None:
        self.client = client
        self.mask = mask
        self.template_id = template_id
        self.name = name
        self.delete_used = delete_used
        self.usages: list[dict[str, str]] = []
        self.sleep = client.sleep
        self._by_name = template_id is None

    def read(self) -> Wire | None:
        try:
            if self.template_id is None:
                found = self._named()
                if len(found) > 1:
                    raise ambiguous_name(self.name, found)
                if not found:
                    return None
                self.template_id = str(found[0]["id"])
            return self._flat(self.client.get(self._path()))
        except InfisicalError as error:
            if error.kind != "not_found":
                raise unsupported(error) from error
            if self._by_name:
                self.template_id = None
            return None

    def check_creatable(self) -> None:
        if not self._by_name:
            raise InfisicalError(
                "not_found",
                f"Auth template {self.template_id} does not exist.",
                advice="To create a template, omit template_id, because the server chooses the id.",
            )

    def review(self, planned: Plan, current: Wire | None, *, check_mode: bool) -> None:
        if planned.action not in ("update", "delete"):
            return
        self.usages = self._used_by()
        if planned.action == "delete" and self.usages and not self.delete_used:
            names = ", ".join(f"{one['name']} ({one['identity_id']})" for one in self.usages)
            raise InfisicalError(
                "conflict",
                f"{len(self.usages)} identities use auth template '{(current or {}).get('name', self.name)}': {names}.",
                advice="Nothing was changed. Unlink them first, or set delete_used: true. They then keep a copy of the"
                " connection, which nothing updates any more.",
            )

    def create(self, body: Wire) -> Wire:
        try:
            made = self._flat(self.client.post(BASE, in_wire_form(body, cleared=False)))
        except InfisicalError as error:
            raise unsupported(error) from error
        self.template_id = str(made["id"])
        self._back_off()
        return made

    def update(self, body: Wire) -> Wire:
        sent = in_wire_form(body, cleared=True)
        del sent["authMethod"]
        return self._flat(self.client.patch(self._path(), sent, self.recheck))

    def delete(self) -> None:
        answer = self.client.delete(self._path())
        if not isinstance(answer.get("message"), str):
            raise nothing_removed(answer)

    def _back_off(self) -> None:
        """Removes the template that this store has just created if another one with its name is older. Then raises
        InfisicalError of kind ``conflict``. Names are not unique on the server."""
        first = min(self._named(), key=lambda one: (one.get("createdAt", ""), one["id"]), default=None)
        if first is None or first["id"] == self.template_id:
            return
        conflict = InfisicalError(
            "conflict",
            f"Another client created an auth template named '{self.name}' ({first['id']}) at the same time.",
            status=409,
        )
        ours = self.template_id
        try:
            remove(self)
        except InfisicalError as error:
            conflict.changed, conflict.status = True, None
            conflict.message += f" The template of this task ({ours}) could not be removed again: {error.message}"
            conflict.advice = f"Delete template {ours}, then run the task again."
            raise conflict from error
        self.template_id = None
        conflict.changed = False
        conflict.message += " The template of this task was removed again."
        raise conflict

    def _named(self) -> list[Wire]:
        found: dict[str, Wire] = {}
        offset = 0
        while True:
            query = {"search": self.name, "limit": PAGE, "offset": offset}
            answer = checked(self.client.get(f"{BASE}/search", query), FOUND)
            page = answer["templates"]
            offset += len(page)
            known = len(found)
            found.update({one["id"]: one for one in page})
            # The loop also ends if a server repeats the same page or miscounts.
            if len(found) == known or offset >= answer.get("totalCount", offset):
                return [one for one in found.values() if one["name"] == self.name]

    def _used_by(self) -> list[dict[str, str]]:
        answer = checked(self.client.get(f"{self._path()}/usage", array_as="usages"), USAGE)
        found = [{"identity_id": one["identityId"], "name": one["identityName"]} for one in answer["usages"]]
        return sorted(found, key=lambda one: (one["name"], one["identity_id"]))

    def _flat(self, answer: Answer) -> Wire:
        """Returns the flat form of an answer, which has no envelope."""
        flat = self.resource.flat(dict(checked(answer, TEMPLATE_SHAPE)), answer)
        for secret in self.resource.secrets(self.resource.read(flat)):
            self.mask(secret)
        return flat

    def _path(self) -> str:
        return f"{BASE}/{segment(self.template_id or '')}"


def in_wire_form(body: Wire, *, cleared: bool) -> Wire:
    """Returns a planned body in the form of the API. Without ``cleared``, only what is set is sent. A template is
    changed key by key, so what is displaced is cleared with it."""
    own = {"name": body["name"], "authMethod": body.get("authMethod")}
    wires = {one.option: one.wire for one in TEMPLATE_FIELDS}
    displaced = {wires[one.displaces]: None for one in TEMPLATE_FIELDS if one.displaces and body.get(one.wire)}
    fields = {
        key: value
        for key, value in {**body, **displaced}.items()
        if key not in own and (cleared or value not in ("", None))
    }
    return {**own, "templateFields": fields}


def ambiguous_name(name: str, found: Sequence[Wire]) -> InfisicalError:
    ids = ", ".join(sorted(one["id"] for one in found))
    return InfisicalError(
        "conflict", f"{len(found)} auth templates are named '{name}': {ids}.", advice="Set template_id instead."
    )


def unsupported(error: InfisicalError) -> InfisicalError:
    """Returns the same error, or in words if the server does not have the routes at all."""
    if error.kind != "unsupported_by_server":
        return error
    return reworded(
        error,
        "unsupported_by_server",
        "This server has no auth templates.",
        advice="Nothing was changed. Upgrade the Infisical server.",
    )


def reconcile_template(run: Run) -> dict[str, Any]:
    errors = id_errors(run.params, "template_id")
    desired = IDENTITY_AUTH_TEMPLATE.parse(run.params, errors)
    errors += option_errors(IDENTITY_AUTH_TEMPLATE, desired)
    run.check_options(errors)
    for secret in IDENTITY_AUTH_TEMPLATE.secrets(desired):
        run.mask(secret)
    store = TemplateStore(
        run.client,
        id_given(run.params, "template_id"),
        desired.get("name", ""),
        delete_used=run.params["delete_used"],
        mask=run.mask,
    )
    outcome = converge(store, desired, present=run.params["state"] == "present", check_mode=run.check_mode)
    result: dict[str, Any] = {"changed": outcome.plan.changed, "diff": outcome.plan.diff()}
    if store.template_id:
        result["template_id"] = store.template_id
    if outcome.options is not None:
        found = IDENTITY_AUTH_TEMPLATE.exported(outcome.options)
        known = {"template_id": store.template_id} if store.template_id else {}
        result[IDENTITY_AUTH_TEMPLATE.name] = {**known, **found}
    if outcome.plan.action in ("update", "delete"):
        result["usages"] = store.usages
    return result


IDENTITY_AUTH_TEMPLATE_TASK = Task(
    argument_spec={
        "template_id": {"type": "str"},
        "state": STATE,
        "delete_used": {"type": "bool", "default": False},
        **IDENTITY_AUTH_TEMPLATE.argument_spec(),
    },
    rules={"required_one_of": [["template_id", "name"]]},
    execute=reconcile_template,
)
