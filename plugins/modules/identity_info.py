#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: identity_info
short_description: Read one machine identity with all its settings
version_added: 1.0.0
description:
  - Reads an identity with its auth methods, project memberships, the descriptions of its client secrets and the names of
    its tokens, in the form that M(machineid.infisical.identities) takes.
options:
  include_privileges:
    description:
      - Whether to read the additional privileges in the projects, which costs one more request per membership, and one per
        privilege.
    type: bool
    default: false
  include_groups:
    description:
      - Whether to read the groups of the identity, which costs one request for the list of groups, and usually one per
        group.
    type: bool
    default: false
  effective_access:
    description:
      - Whether to report what the identity reaches, by itself and through groups, see RV(effective_access).
      - Takes one request for the additional privileges in each project of the identity, and one for each of them; one for the
        list of groups, and one for each group; and for each group of the identity, one for each 100 projects of the
        organisation and one for each project of the group.
    type: bool
    default: false
extends_documentation_fragment:
  - machineid.infisical.managed_identity
  - machineid.infisical.connection
  - machineid.infisical.attributes.info
seealso:
  - module: machineid.infisical.identities_info
  - module: machineid.infisical.identity
  - module: machineid.infisical.group_identity
  - module: machineid.infisical.project_identity_privilege
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Read who may log in as the billing API
  machineid.infisical.identity_info:
    identity_name: billing-api
  register: billing

- name: Read what it reaches, also through groups
  machineid.infisical.identity_info:
    identity_name: billing-api
    effective_access: true
  register: reached

- name: List the projects
  ansible.builtin.debug:
    msg: "{{ reached.effective_access.projects | map(attribute='project_id') | unique }}"
"""

RETURN = r"""
identity_id:
  description: The id of the identity.
  returned: success
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
identity:
  description: The identity, in the form of an element of O(machineid.infisical.identities#module:identities).
  returned: success
  type: dict
  sample: {name: billing-api, role: member, metadata: {}, delete_protection: false, universal_auth: {access_token_ttl: 3600}}
auth_methods:
  description: The auth methods of the identity, including those that this collection does not manage.
  returned: success
  type: list
  elements: str
  sample: [aws-auth, universal-auth]
effective_access:
  description:
    - What the identity reaches, and where that comes from. C(source) is V(identity) for its own roles and additional
      privileges, and V(group) for those of a group, which C(group_id), C(group_slug) and C(group_name) say.
    - C(active) says of a role or privilege whether it counts now. The server lists temporary ones before they start and after
      they have ended.
  returned: success and O(effective_access=true)
  type: dict
  contains:
    organization_roles:
      description: The role in the organisation, and those of the groups, with C(role) and C(source).
      type: list
      elements: dict
      sample: [{role: no-access, source: identity}]
    projects:
      description:
        - The access to projects, with C(project_id), C(source) and C(roles), and C(privileges) if C(source) is V(identity).
          A project is listed once for each source.
        - C(roles) or C(privileges) are null if the identity that logs in may not read them, or the server cannot list them.
      type: list
      elements: dict
      sample: [{project_id: 9b0494f2-339f-4617-ad58-c49dcb2afdfa, source: identity, roles: [{role: viewer, active: true}], privileges: []}]
    complete:
      description: Whether everything could be read.
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

from ansible_collections.machineid.infisical.plugins.module_utils._fleet.export import IDENTITY_INFO_TASK
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = IDENTITY_INFO_TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
