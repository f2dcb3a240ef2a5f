# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Servers that allow only one auth method per identity, such as 2024-10: detected before the first write."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_method import (
    AuthMethodStore,
    attached_slugs,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.caller import own_identity_id
from ansible_collections.machineid.infisical.plugins.module_utils._identity.identity_table import IDENTITY
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import Plan


def require_single_method(client: Client, label: str, flat: Wire | None, plans: Sequence[Plan]) -> None:
    """Raises InfisicalError if the server allows only one method per identity (server-notes#one-method-per-identity)
    and the plans would result in more.

    ``flat`` is the current identity, None if it does not exist yet. ``label`` names it in messages.
    """
    creates = [one for one in plans if one.action == "create"]
    if not creates or not keeps_one_method(client, flat):
        return
    own_id = own_identity_id(client)
    for planned in creates:
        if own_id:
            probe = AuthMethodStore(client, planned.resource, own_id)
            probe.read()
            probe.review(planned, None, check_mode=False)
    deletes = {one.resource.slug for one in plans if one.action == "delete"}
    after = (set(attached_slugs(flat or {})) - deletes) | {one.resource.slug for one in creates}
    if len(after) > 1:
        raise InfisicalError(
            "unsupported_by_server",
            f"This server allows only one auth method per identity, and {label} would have {', '.join(sorted(after))}.",
            advice="Nothing was changed. Upgrade the Infisical server, or use one identity per method.",
        )


def keeps_one_method(client: Client, flat: Wire | None) -> bool:
    if flat is not None:
        return "authMethods" not in flat
    with client.learning:
        if client.keeps_one_method is None:
            own_id = own_identity_id(client)
            own = IDENTITY.received(client.get(f"/api/v1/identities/{own_id}")) if own_id else None
            client.keeps_one_method = own is not None and "authMethods" not in own
        return client.keeps_one_method
