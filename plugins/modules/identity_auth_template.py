#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: identity_auth_template
short_description: Manage an auth template that machine identities share
version_added: 1.0.0
description:
  - Creates, updates or deletes an auth template, which holds the connection of LDAP auth or Kubernetes auth. Identities
    use it with O(machineid.infisical.identity_ldap_auth#module:template_id) or
    O(machineid.infisical.identity_kubernetes_auth#module:template_id).
  - The server copies a change of the template to every identity that uses it. RV(usages) lists them, in check mode too.
  - Names are not unique on the server. This module never creates a second template with the same name, and fails if
    several templates share the name.
  - Requires a plan with auth templates. Servers of 2024 do not support them, and Kubernetes templates came in 2026.
options:
  name:
    description:
      - The name of the template, at most 64 characters. The template is looked up by its name unless O(template_id) is
        given.
    type: str
  template_id:
    description:
      - The id of an existing template. Use it to rename the template, or to identify it independently of its name.
    type: str
  state:
    description:
      - V(present) creates the template, or updates it to the desired state. An option that is not given keeps its value.
      - V(absent) deletes it, unless identities use it.
    type: str
    choices: [present, absent]
    default: present
  delete_used:
    description:
      - Whether O(state=absent) deletes a template that identities use. They then keep a copy of the connection, which
        nothing updates any more.
    type: bool
    default: false
  template_type:
    description:
      - The auth method that the template is for. Required when the template does not exist yet. It cannot be changed.
    type: str
    choices: [ldap, kubernetes]
  ldap_url:
    description:
      - The address of the directory, at most 255 characters. Required with O(template_type=ldap) when the template does
        not exist yet, and it is only for that type.
    type: str
  bind_dn:
    description:
      - The distinguished name that the server binds with to search, at most 1024 characters. Required with
        O(template_type=ldap) when the template does not exist yet, and it is only for that type.
    type: str
  bind_pass:
    description:
      - The password of O(bind_dn), at most 1024 characters. Required with O(template_type=ldap) when the template does not
        exist yet, and it is only for that type.
      - It is never returned or displayed. It is compared with the value on the server, and written only if it differs.
    type: str
  search_base:
    description:
      - The entry below which users are searched, at most 255 characters. Required with O(template_type=ldap) when the
        template does not exist yet, and it is only for that type.
    type: str
  ldap_ca_certificate:
    description:
      - Certificate of the authority that the server uses to verify the directory, in PEM, at most 65536 characters. Only with O(template_type=ldap).
      - An empty string removes it. Private keys are rejected.
    type: str
  kubernetes_host:
    description:
      - The address of the cluster's API server, at most 255 characters, such as V(https://10.0.0.1:6443).
      - Required with O(token_review_mode=api). Only with O(template_type=kubernetes). An empty string removes it.
    type: str
  ca_certificate:
    description:
      - Certificate of the authority that the server uses to verify the cluster's API server, in PEM, at most 65536
        characters. Only with O(template_type=kubernetes).
      - An empty string removes it. Private keys are rejected.
    type: str
  verify_tls_certificate:
    description:
      - Whether the server verifies the certificate of the cluster's API server. Only with O(template_type=kubernetes).
      - With O(token_review_mode=api), it requires O(ca_certificate), and follows whether that is set.
    type: bool
  token_reviewer_jwt:
    description:
      - The token of a service account that may review other tokens, at most 16384 characters. An empty string removes
        it. Only with O(template_type=kubernetes).
      - It is never returned or displayed. It is compared with the value on the server, and written only if it differs.
    type: str
  token_review_mode:
    description:
      - Whether the server or a gateway in the cluster reviews tokens. The server sets V(api) when the template is created
        without it. Only with O(template_type=kubernetes).
    type: str
    choices: [api, gateway]
  gateway_id:
    description:
      - The id of the gateway to the cluster. It replaces O(gateway_pool_id). An empty string removes it. Only with O(template_type=kubernetes).
    type: str
  gateway_pool_id:
    description:
      - The id of the pool of gateways to the cluster. It replaces O(gateway_id). An empty string removes it. Only with O(template_type=kubernetes).
    type: str
  allowed_audience:
    description:
      - The audience that tokens must have, at most 255 characters. An empty string admits every audience. Only with O(template_type=kubernetes).
    type: str
extends_documentation_fragment:
  - machineid.infisical.connection
  - machineid.infisical.attributes
seealso:
  - module: machineid.infisical.identity_ldap_auth
  - module: machineid.infisical.identity_kubernetes_auth
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Hold the connection to the directory in one place
  machineid.infisical.identity_auth_template:
    name: corporate directory
    template_type: ldap
    ldap_url: ldaps://ldap.example.com
    bind_dn: cn=infisical,ou=services,dc=example,dc=com
    bind_pass: "{{ bind_password }}"
    search_base: ou=people,dc=example,dc=com
  register: directory

- name: Use it
  machineid.infisical.identity_ldap_auth:
    identity_name: billing-api
    template_id: "{{ directory.template_id }}"

- name: Move the directory for every identity that uses the template
  machineid.infisical.identity_auth_template:
    name: corporate directory
    ldap_url: ldaps://ldap2.example.com

- name: Delete the template, although identities use it
  machineid.infisical.identity_auth_template:
    name: corporate directory
    state: absent
    delete_used: true
"""

RETURN = r"""
template_id:
  description: The id of the template.
  returned: success, except when check mode would create it, and if it does not exist
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
identity_auth_template:
  description: The template after the task, or in check mode as a run would leave it, without its secrets. Its keys can be
    passed as options. It has only the options of its type.
  returned: success and O(state=present)
  type: dict
  contains:
    template_id:
      description: The id of the template.
      type: str
      sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
    name:
      description: Its name.
      type: str
      sample: corporate directory
    template_type:
      description: The auth method that it is for.
      type: str
      sample: ldap
    ldap_url:
      description: The address of the directory.
      type: str
      sample: ldaps://ldap.example.com
    bind_dn:
      description: The distinguished name that the server binds with.
      type: str
      sample: cn=infisical,ou=services,dc=example,dc=com
    search_base:
      description: The entry below which users are searched.
      type: str
      sample: ou=people,dc=example,dc=com
    ldap_ca_certificate:
      description: The certificate of the directory's authority.
      type: str
      sample: ""
    kubernetes_host:
      description: The address of the cluster's API server.
      type: str
      sample: https://10.0.0.1:6443
    ca_certificate:
      description: The certificate of the cluster's authority.
      type: str
      sample: ""
    verify_tls_certificate:
      description: Whether that certificate is verified.
      type: bool
      sample: false
    token_review_mode:
      description: Who reviews tokens.
      type: str
      sample: api
    gateway_id:
      description: The id of the gateway.
      type: str
      sample: ""
    gateway_pool_id:
      description: The id of the pool of gateways.
      type: str
      sample: ""
    allowed_audience:
      description: The audience that tokens must have.
      type: str
      sample: ""
usages:
  description: The identities that used the template before the task, each with C(identity_id) and C(name).
  returned: if the task updates or deletes the template, or in check mode would do so
  type: list
  elements: dict
  sample: [{identity_id: 3c90c3cc-0d44-4b50-8888-8dd25736052a, name: billing-api}]
failure:
  description:
    - Describes the failure in a form that tasks can evaluate. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) come from the server's answer, if there was one.
  returned: failure
  type: dict
  sample: {kind: plan, status: 400, error: BadRequest, message: Upgrade plan to add IP access range., request_id: req-1}
"""

from ansible_collections.machineid.infisical.plugins.module_utils._identity.template_task import (
    IDENTITY_AUTH_TEMPLATE_TASK,
)
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = IDENTITY_AUTH_TEMPLATE_TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
