# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The table of a machine identity."""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    identifier,
    listing,
    nullable,
    record,
    text,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field, Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.key_values import KeyValues
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Boolean, Text


def role_error(role: str) -> str | None:
    if role == "custom":
        # Sending it creates an identity that nobody can change or delete (server-notes#role-named-custom).
        return "must be the slug of a role; 'custom' is only a placeholder in answers"
    return None


WRITTEN = record({"id": identifier, "name": text}, {"authMethods": listing(text), "authMethod": nullable(text)})
"""An identity in the answers to writes (server-notes#answers-to-identity-writes)."""

MEMBERSHIP = record(
    {"identity": WRITTEN},
    {"role": text, "customRole": nullable(record({"slug": text})), "orgId": text, "createdAt": text},
)
"""An identity in the answers to reads: nested in its membership of the organisation."""


def flat_membership(membership: Wire) -> Wire:
    """Returns the identity and its fields of the organisation membership as one flat dictionary
    (server-notes#identities-read-as-memberships). Returns an identity from the answer to a write unchanged."""
    flat = dict(membership.get("identity", membership))
    if "role" in membership:
        flat["role"] = (membership.get("customRole") or {}).get("slug") or membership["role"]
    if "metadata" in membership:
        flat["metadata"] = membership["metadata"]
    return flat


IDENTITY = Resource(
    name="identity",
    title="identity",
    path="/api/v1/identities/{identity_id}",
    envelope="identity",
    merged_whole=False,
    shape=MEMBERSHIP,
    flatten=flat_membership,
    fields=(
        # delete_protection: false is ignored unless the name is sent too (server-notes#lifting-delete-protection).
        Field("name", "name", Text(maximum_length=255), required=True, always_sent=True, aliases=("identity_name",)),
        Field(
            "role",
            "role",
            Text(check=role_error, examples=("admin", "member", "no-access")),
            default="no-access",
            unanswered=True,
        ),
        Field("metadata", "metadata", KeyValues(), default={}),
        Field(
            "delete_protection",
            "hasDeleteProtection",
            Boolean(),
            absent_means=False,
            aliases=("has_delete_protection",),
        ),
    ),
)

IDENTITY_OF_PROJECT = replace(IDENTITY, fields=tuple(one for one in IDENTITY.fields if one.option != "role"))
"""An identity of a project has no role in the organisation that could be chosen
(server-notes#identities-of-a-project)."""
