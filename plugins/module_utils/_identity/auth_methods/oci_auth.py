# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""OCI auth: users of one Oracle Cloud tenancy that may log in."""

from __future__ import annotations

import re

from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.access_token import (
    access_token_fields,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import quoted
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists import CommaList
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Text


def tenancy_error(ocid: str) -> str | None:
    if re.match(r"ocid1\.tenancy\.oc1\.\S+\Z", ocid):
        return None
    return f"must be the OCID of a tenancy of the commercial realm, ocid1.tenancy.oc1..NAME, got {quoted(ocid)}"


def username_error(username: str) -> str | None:
    if re.match(r"[A-Za-z0-9._@-]+\Z", username):
        return None
    return "must be a user name of letters, digits and . _ @ - only"


IDENTITY_OCI_AUTH = Resource(
    name="identity_oci_auth",
    title="OCI auth",
    slug="oci-auth",
    path="/api/v1/auth/oci-auth/identities/{identity_id}",
    envelope="identityOciAuth",
    fields=(
        Field("tenancy_ocid", "tenancyOcid", Text(check=tenancy_error), required=True),
        Field(
            "allowed_usernames",
            "allowedUsernames",
            CommaList(username_error, maximum_length=500, empty=None),
            default=[],
        ),
        *access_token_fields(minimum_max_ttl_on_create=1),
    ),
    admits_all_when_empty=("allowed_usernames",),
    everybody="every user of the tenancy",
)
