# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Every auth method that the collection manages, for the tasks that handle all of them."""

from __future__ import annotations

from ansible_collections.machineid.infisical.plugins.module_utils._fields import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._resources.identity_aws_auth import IDENTITY_AWS_AUTH
from ansible_collections.machineid.infisical.plugins.module_utils._resources.identity_azure_auth import (
    IDENTITY_AZURE_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._resources.identity_oci_auth import IDENTITY_OCI_AUTH
from ansible_collections.machineid.infisical.plugins.module_utils._resources.identity_universal_auth import (
    IDENTITY_UNIVERSAL_AUTH,
)

AUTH_METHODS = (IDENTITY_UNIVERSAL_AUTH, IDENTITY_AWS_AUTH, IDENTITY_AZURE_AUTH, IDENTITY_OCI_AUTH)


def option_of(method: Resource) -> str:
    """The option that holds a method in the declaration of an identity: ``identity_aws_auth`` is ``aws_auth`` there."""
    return method.name[len("identity_") :]


def unmanaged_method(slug: str) -> Resource:
    """A method that has no table here, as far as pruning needs it."""
    path = f"/api/v1/auth/{slug}/identities/{{identity_id}}"
    return Resource(name=f"identity_{slug.replace('-', '_')}", title=slug, path=path, envelope="", fields=(), slug=slug)
