#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: identity
short_description: Manage a machine identity
version_added: 1.0.0
description:
  - Creates, updates or deletes a machine identity of an organisation, or of one of its projects.
  - Names are not unique on the server. This module never creates a second identity with the same name, and fails if
    several identities share the name.
options:
  name:
    description:
      - The name of the identity, at most 255 characters. The identity is looked up by its name unless O(identity_id) is
        given.
    type: str
    aliases: [identity_name]
  identity_id:
    description:
      - The id of an existing identity. Use it to rename the identity, or to identify it independently of its name.
    type: str
  organization_id:
    description:
      - The id (a UUID) of the organisation of the identity. Defaults to the organisation of the identity that logs in.
    type: str
  project_id:
    description:
      - The id of the project that the identity belongs to. It is then created in this project, looked up in it, and can be a
        member of no other; it has no O(role) in the organisation.
      - Mutually exclusive with O(organization_id) and O(project_slug). Servers without identities of projects fail with
        the kind V(unsupported_by_server).
    type: str
  project_slug:
    description:
      - The slug of that project, instead of O(project_id).
    type: str
  state:
    description:
      - V(present) creates the identity, or updates it to the desired state. An option that is not given keeps its value
        on the server.
      - V(absent) deletes it, unless it has delete protection.
    type: str
    choices: [present, absent]
    default: present
  role:
    description:
      - The slug of its role in the organisation, such as V(no-access), V(member), V(admin) or the slug of a custom
        role, at most 255 characters.
      - The server sets V(no-access) when the identity is created without a role.
    type: str
  metadata:
    description:
      - Custom keys and values, at most 1000 pairs. The metadata is replaced as a whole. V({}) clears it.
      - Each key and each value has 1 to 255 characters. Numbers are converted to strings. Quote words such as V(yes) or
        V(no).
    type: dict
  delete_protection:
    description:
      - Whether the identity is protected against deletion. Servers of 2024 do not support it.
    type: bool
    aliases: [has_delete_protection]
extends_documentation_fragment:
  - machineid.infisical.connection
  - machineid.infisical.attributes
seealso:
  - module: machineid.infisical.identity_aws_auth
  - module: machineid.infisical.identity_azure_auth
  - module: machineid.infisical.identity_oci_auth
  - module: machineid.infisical.identity_universal_auth
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Create an identity for the billing API
  machineid.infisical.identity:
    name: billing-api
    role: member
    metadata:
      team: payments
    delete_protection: true
  register: billing

- name: Rename it
  machineid.infisical.identity:
    identity_id: "{{ billing.identity_id }}"
    name: billing-service

- name: Remove its delete protection
  machineid.infisical.identity:
    name: billing-service
    delete_protection: false

- name: Create an identity that belongs to a project
  machineid.infisical.identity:
    name: billing-ci
    project_slug: billing

- name: Delete it
  machineid.infisical.identity:
    name: billing-service
    state: absent
"""

RETURN = r"""
identity_id:
  description: The id of the identity.
  returned: success, except when check mode would create it
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
identity:
  description: The identity after the task, or in check mode as a run would leave it. Its keys can be passed as options.
  returned: success and O(state=present)
  type: dict
  contains:
    identity_id:
      description: The id of the identity.
      type: str
      sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
    name:
      description: Its name.
      type: str
      sample: billing-api
    role:
      description: The slug of its role in the organisation. Not returned with O(project_id).
      type: str
      sample: member
    metadata:
      description: Its keys and values.
      type: dict
      sample: {team: payments}
    delete_protection:
      description: Whether it is protected against deletion, if the server supports that.
      type: bool
      sample: true
failure:
  description:
    - Describes the failure in a form that tasks can evaluate. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) come from the server's answer, if there was one.
  returned: failure
  type: dict
  sample: {kind: plan, status: 400, error: BadRequest, message: Upgrade plan to add IP access range., request_id: req-1}
"""

from ansible_collections.machineid.infisical.plugins.module_utils._identity.identity_task import IDENTITY_TASK
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = IDENTITY_TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
