#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: identities_info
short_description: Read machine identities in the form that identities takes
version_added: 1.0.0
description:
  - Reads the identities of an organisation with their auth methods and project memberships.
  - To report drift, store RV(identities) in a file, and later pass it to M(machineid.infisical.identities) in check
    mode with diff.
options:
  names:
    description:
      - The names of the identities to read. Without it, all identities of the organisation are read.
    type: list
    elements: str
  organization_id:
    description:
      - The id (a UUID) of the organisation to read. Defaults to the organisation of the identity that logs in.
    type: str
  project_id:
    description:
      - The id of a project. Only the identities that belong to it are read. Without it, the identities of the organisation
        are read, which include those of its projects.
      - Mutually exclusive with O(organization_id) and O(project_slug). Servers without identities of projects fail with
        the kind V(unsupported_by_server).
    type: str
  project_slug:
    description:
      - The slug of that project, instead of O(project_id).
    type: str
  include_projects:
    description:
      - Whether to read project memberships, which costs one more request per identity.
    type: bool
    default: true
  include_client_secrets:
    description:
      - Whether to read the descriptions of client secrets, which costs one more request per identity that has universal
        auth. The secrets themselves cannot be read. A description that several secrets share is left out.
    type: bool
    default: false
  include_tokens:
    description:
      - Whether to read the names of the tokens of token auth, which costs one or two more requests per identity that
        has token auth. The tokens themselves cannot be read. A name that several tokens share is left out.
      - The server lists only the 200 tokens of an identity that were changed last. The module warns if there are more.
    type: bool
    default: false
  include_privileges:
    description:
      - Whether to read the additional privileges in the projects, which costs one more request per membership, and one per
        privilege.
    type: bool
    default: false
  include_groups:
    description:
      - Whether to read the groups of the identities, which costs one request for the list of groups, and one per group and 100
        identities of the organisation.
    type: bool
    default: false
  concurrency:
    description:
      - How many identities are read at a time, V(1) to V(100).
    type: int
    default: 4
extends_documentation_fragment:
  - machineid.infisical.connection
  - machineid.infisical.attributes.info
seealso:
  - module: machineid.infisical.identities
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Read all identities
  machineid.infisical.identities_info:
  register: estate

- name: Store them in a file
  ansible.builtin.copy:
    content: "{{ {'identities': estate.identities} | machineid.infisical.to_vars_yaml }}"
    dest: "{{ export_directory }}/identities.yml"
    mode: "0600"

- name: Apply the identities that were read, which changes nothing
  machineid.infisical.identities:
    identities: "{{ estate.identities }}"
"""

RETURN = r"""
identities:
  description: The identities sorted by name, each in the form of O(machineid.infisical.identities#module:identities).
    Only identities that share a name contain C(identity_id).
  returned: success
  type: list
  elements: dict
  sample: [{name: billing-api, role: member, metadata: {}, delete_protection: false, universal_auth: {access_token_ttl: 3600}}]
identity_ids:
  description: The ids of the identities whose name is unique, by name.
  returned: success
  type: dict
  sample: {billing-api: 3c90c3cc-0d44-4b50-8888-8dd25736052a}
unmanaged_auth_methods:
  description: By identity, the auth methods that this collection does not manage and that RV(identities) therefore
    omits.
  returned: success
  type: dict
  sample: {reports: [tls-cert-auth]}
failure:
  description:
    - Describes the failure in a form that tasks can evaluate. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) come from the server's answer, if there was one.
  returned: failure
  type: dict
  sample: {kind: plan, status: 400, error: BadRequest, message: Upgrade plan to add IP access range., request_id: req-1}
"""

from ansible_collections.machineid.infisical.plugins.module_utils._fleet.export import IDENTITIES_INFO_TASK
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = IDENTITIES_INFO_TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
