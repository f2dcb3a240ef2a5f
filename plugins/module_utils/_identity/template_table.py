# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The table of an auth template: the connection that identities share (server-notes#auth-templates)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    identifier,
    mapping,
    record,
    text,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.kubernetes_auth import (
    IDENTITY_KUBERNETES_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.kubernetes_auth import (
    state_errors as kubernetes_errors,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.ldap_auth import (
    IDENTITY_LDAP_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field, Options, Wire
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Text

TEMPLATE_TYPE = "template_type"
"""Not ``auth_method``, the server's name in snake case, because that is a connection option."""
METHODS = {"ldap": IDENTITY_LDAP_AUTH, "kubernetes": IDENTITY_KUBERNETES_AUTH}
"""The methods that have templates, by their names in the API."""


def fields_of(name: str, method: Resource) -> Iterator[Field]:
    """Yields the fields that a template provides to a method, without the words about how the method sends them. The
    server changes a template key by key, so a text is cleared by an empty one."""
    for one in method.fields:
        if not one.provided_by:
            continue
        value_type: Any = one.type
        if isinstance(value_type, Text) and value_type.cleared_by == "omitted":
            value_type = replace(value_type, cleared_by="empty")
        if one.secret and isinstance(value_type, Text) and not one.required:
            value_type = replace(value_type, cleared_by="empty")
        yield replace(
            one,
            type=value_type,
            variant=(TEMPLATE_TYPE, name),
            # What the fields of the other type have.
            default="" if one.required else one.default if one.absent_means is None else one.absent_means,
            provided_by="",
            immutable="",
            absent_means=None,
            former_required=False,
            always_sent=False,
            only_when_changed=False,
            unanswered=False,
            omitted_when_none=False,
        )


def flat_template(wire: Wire) -> Wire:
    """Returns a template as one flat dictionary. What it does not contain, it does not set."""
    own = (TEMPLATE_TYPE, wire["authMethod"])
    blank = {
        one.wire: one.type.to_wire(one.default) for one in TEMPLATE_FIELDS if not one.required or one.variant != own
    }
    about = {key: wire[key] for key in ("id", "name", "authMethod", "createdAt") if key in wire}
    return {**blank, **wire["templateFields"], **about}


def state_errors(state: Options) -> list[str]:
    return kubernetes_errors(state) if state.get(TEMPLATE_TYPE) == "kubernetes" else []


TEMPLATE_FIELDS = tuple(one for name, method in METHODS.items() for one in fields_of(name, method))
TEMPLATE_SHAPE = record({"id": identifier, "name": text, "authMethod": text, "templateFields": mapping})

IDENTITY_AUTH_TEMPLATE = Resource(
    name="identity_auth_template",
    title="auth template",
    path="/api/v1/identity-templates",
    envelope="",
    shape=TEMPLATE_SHAPE,
    flatten=flat_template,
    fields=(
        Field("name", "name", Text(maximum_length=64), required=True, always_sent=True),
        Field(
            TEMPLATE_TYPE,
            "authMethod",
            Text(choices=tuple(METHODS)),
            required=True,
            immutable="a template is for one auth method. Create another template.",
        ),
        *TEMPLATE_FIELDS,
    ),
    state_errors=state_errors,
)
