# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A lookup of the ids of identities, for options and API calls that take an id and not a name."""

from __future__ import annotations

DOCUMENTATION = r"""
name: identity_id
short_description: Look up the ids of machine identities by name
version_added: 1.0.0
description:
  - Returns the id of the machine identity with each of the given names.
  - The modules of this collection look up names by themselves. Use this lookup for the options and requests of other
    software that take an id, such as the configuration of a workload that logs in.
  - Each evaluation of the lookup logs in once, for all names, and revokes the token at the end. A token that is given,
    by O(token) or O(login_data), is not revoked. Ansible evaluates a variable that contains a lookup wherever the
    variable is used.
  - Up to 10 names take a request each. For more, the complete list is read, 100 identities per request.
options:
  _terms:
    description:
      - The names of the identities, or lists of names, at most 1000 in all. A name is matched exactly.
      - Names are not unique. The lookup fails if no identity, or more than one, has a name.
    type: list
    elements: str
    required: true
  organization_id:
    description:
      - The id (a UUID) of the organisation in which the names are looked up. Defaults to the organisation of the
        identity that logs in.
    type: str
  project_id:
    description:
      - The id of the project whose own identities are looked up. Mutually exclusive with O(organization_id) and
        O(project_slug). Servers of 2024 do not have identities of projects.
    type: str
  project_slug:
    description:
      - The slug of that project, instead of O(project_id).
    type: str
notes:
  - The lookup runs on the controller, where it needs the Python package C(requests). It reads the files and environment
    variables of the controller, and C(module_defaults), C(environment) and C(delegate_to) have no effect on it.
  - In check mode, the lookup reads as well. An identity that an earlier task would only have created does not exist.
  - It fails with the messages of the modules, which contain no secrets. With C(errors='ignore') it returns nothing
    instead, and with C(errors='warn') it also warns.
  - Do not write secrets into the expression, because Ansible displays the expression when it fails. Pass variables, or
    set environment variables.
extends_documentation_fragment:
  - machineid.infisical.connection
seealso:
  - module: machineid.infisical.identity_info
  - module: machineid.infisical.identities_info
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Write the configuration of a workload that logs in with its AWS role
  ansible.builtin.copy:
    content: |
      INFISICAL_AUTH_METHOD=aws-iam
      INFISICAL_MACHINE_IDENTITY_ID={{ lookup('machineid.infisical.identity_id', 'billing-api') }}
    dest: "{{ playbook_dir }}/billing-api.conf"
    mode: "0644"

- name: Look up several identities with one login
  ansible.builtin.debug:
    msg: "{{ query('machineid.infisical.identity_id', 'billing-api', 'reports') }}"

- name: Pass connection options, with a secret that is in a variable
  ansible.builtin.debug:
    msg: "{{ lookup('machineid.infisical.identity_id', 'billing-api', **infisical) }}"
  vars:
    infisical:
      url: https://infisical.example.com
      universal_auth_client_id: 4f3c2e12-68d3-4676-93cb-94863e4ddcaf
      universal_auth_client_secret: "{{ infisical_client_secret }}"

- name: Log in once for several lookups and modules
  machineid.infisical.login:
  register: infisical

- name: Look up an identity with this login
  ansible.builtin.debug:
    msg: "{{ lookup('machineid.infisical.identity_id', 'billing-api', login_data=infisical.login_data) }}"
"""

RETURN = r"""
_raw:
  description: The id of each identity, in the order of the names.
  type: list
  elements: str
  sample: [3c90c3cc-0d44-4b50-8888-8dd25736052a]
"""

from typing import Any

from ansible.plugins.lookup import LookupBase

from ansible_collections.machineid.infisical.plugins.module_utils._session.ids_task import IDENTITY_IDS_TASK
from ansible_collections.machineid.infisical.plugins.plugin_utils._lookup import looked_up

OF_CORE = ("wantlist",)
"""Keywords that ansible-core passes itself, with ``with_machineid.infisical.identity_id``."""


class LookupModule(LookupBase):  # type: ignore[misc]
    """Returns the id of each of the named identities."""

    def run(self, terms: list[Any], variables: Any = None, **kwargs: Any) -> list[str]:
        names = self._flatten(terms)
        if not names:
            return []
        options = {name: value for name, value in kwargs.items() if name not in OF_CORE}
        ids: list[str] = looked_up(IDENTITY_IDS_TASK, {**options, "_terms": names})["ids"]
        return ids
