# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The store of a rotation of an IAM user's keys, which is found by its id or by its name in a folder."""

from __future__ import annotations

from typing import Any, Callable

from ansible_collections.machineid.infisical.plugins.module_utils._http.backoff import Pauses
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, segment
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError, is_lost
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import checked, listing, record
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Options, Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.reconcile import Store, Undone
from ansible_collections.machineid.infisical.plugins.module_utils._model.removal import confirm_removal
from ansible_collections.machineid.infisical.plugins.module_utils._rotation.rotation_table import (
    AWS_IAM_ROTATION,
    ROTATION,
)

LISTED = record({"secretRotations": listing(ROTATION)})
ALL_TYPES = "/api/v2/secret-rotations"
SHORTEST_TIMEOUT = 120.0
"""Seconds. The server calls AWS before it answers."""

PLACE = {"projectId": "project_id", "environment": "environment", "secretPath": "secret_path"}

MAY_BE_BURNT = (
    "The server may have issued an access key for IAM user {user}, and deleted the older of two, without finishing."
    " Check the user's keys before you run the task again."
)
ADOPTED = (
    "The answer to the create was lost. The rotation exists as declared. If another run created it at the same time,"
    " its key may have been deleted. If the key does not work, rotate it (rotate: true)."
)
BEFORE_ANY_KEY = ("Could not find folder", "Project version does not support")
"""Prefixes of the server's errors before it calls AWS (server-notes#rejections-that-cost-no-key). The error for a used
name is not among them: the name was free a moment ago, so another run is creating the same rotation, and a key may have
been issued for both."""


class RotationStore(Store):
    """Reads and writes a rotation. ``desired`` identifies it by name and place if there is no id. ``final_check`` is
    called with the options of the rotation immediately before the POST, and raises InfisicalError if something now
    prevents the creation."""

    resource = AWS_IAM_ROTATION

    def __init__(
        self,
        client: Client,
        *,
        rotation_id: str | None,
        desired: Options,
        wait_seconds: float = 0.0,
        final_check: Callable[[Options], None] = lambda after: None,
    ) -> None:
        self.client = client
        self.rotation_id = rotation_id
        self.desired = desired
        self.final_check = final_check
        self.adopted = False
        self.pauses = Pauses(wait_seconds)
        self.sleep = client.sleep
        self.timeout = max(client.server.timeout, SHORTEST_TIMEOUT)

    def read(self) -> Wire | None:
        """Returns the rotation. None if it, or its folder, does not exist."""
        if self.rotation_id is None:
            path = f"{self.resource.path}/rotation-name/{segment(self.desired['name'])}"
            query: Wire | None = {wire: self.desired[option] for wire, option in PLACE.items()}
        else:
            path, query = self._path(), None
        try:
            return self._flat(self.client.get(path, query))
        except InfisicalError as error:
            if error.kind == "not_found" or "Could not find folder" in (error.server_message or ""):
                return None
            raise explained(error) from error

    def create(self, body: Wire) -> Wire:
        """Creates the rotation with one POST, which is never repeated, because each may cost the IAM user a key
        (server-notes#creating-a-rotation-costs-a-key)."""
        self.final_check(self.resource.read(body))
        try:
            return self._flat(self.client.post(self.resource.path, body, timeout=self.timeout))
        except InfisicalError as error:
            if may_have_cost_a_key(error):
                error.message = f"{error.message} {MAY_BE_BURNT.format(user=body['parameters']['userName'])}"
                error.changed = True
            raise explained(error) from error

    def update(self, body: Wire) -> Wire:
        try:
            return self._flat(self.client.patch(self._path(), body))
        except InfisicalError as error:
            raise explained(error) from error

    def remove(self, *, delete_secrets: bool, revoke_generated_credentials: bool) -> None:
        flags = {"deleteSecrets": delete_secrets, "revokeGeneratedCredentials": revoke_generated_credentials}
        query = {name: "true" if flag else "false" for name, flag in flags.items()}
        try:
            answer = self.client.call("DELETE", self._path(), query=query, timeout=self.timeout)
            confirm_removal(answer, self.resource.envelope, self.resource.title, self.read)
        except InfisicalError as error:
            if error.kind != "not_found":
                raise explained(error) from error
        self.rotation_id = None

    def may_adopt(self, error: InfisicalError) -> bool:
        """Returns True only if no answer came. Any other error means that the server rejected this create, possibly
        after it issued a key for it and deleted one in use."""
        self.adopted = is_lost(error)
        return self.adopted

    def undo(self) -> Undone:
        sentence = (
            "The rotation was left as the server created it, because deleting it would cost or strand its new key."
        )
        return Undone(sentence, False)

    def rotate(self) -> Wire:
        """Rotates the keys now. Like a create, this is never repeated."""
        path = f"{self._path()}/rotate-secrets"
        return self._flat(self.client.post(path, {}, timeout=self.timeout))

    def _flat(self, answer: Any) -> Wire:
        flat = self.resource.received(answer)
        self.rotation_id = flat["id"]
        return flat

    def _path(self) -> str:
        return f"{self.resource.path}/{segment(self.rotation_id or '')}"


def may_have_cost_a_key(error: InfisicalError) -> bool:
    if error.kind == "plan" or (error.server_message or "").startswith(BEFORE_ANY_KEY):
        return False
    return is_lost(error) or error.status in (400, 409) or (error.status or 0) >= 500


def listed_rotations(client: Client, project_id: str, path: str = ALL_TYPES) -> list[Wire]:
    """Returns the visible rotations of a project in flat wire form, by default of every type."""
    try:
        found = checked(client.get(path, {"projectId": project_id}), LISTED)["secretRotations"]
    except InfisicalError as error:
        raise explained(error) from error
    return [AWS_IAM_ROTATION.flatten(one) for one in found]


def explained(error: InfisicalError) -> InfisicalError:
    """Returns the error, with a message and advice specific to rotations if possible."""
    text = error.server_message or ""
    if error.kind == "unsupported_by_server":
        error.message = f"This server does not support secret rotations (v2). {error.message}"
        error.advice = "Nothing was changed. Upgrade the Infisical server."
    elif error.kind == "plan":
        error.advice = (
            "Nothing was changed and no key was touched. Secret rotations need a plan or licence that includes them."
        )
    elif error.status == 400 and "is not configured for" in text:
        error.kind = "conflict"
        error.advice = "Nothing was changed. That name or id belongs to a rotation of another type. Choose another."
    return error
