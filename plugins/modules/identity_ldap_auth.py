#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: identity_ldap_auth
short_description: Manage the LDAP auth method of a machine identity
version_added: 1.0.0
description:
  - Attaches, updates or revokes LDAP auth, which lets users of a directory log in as a machine identity.
  - Without allowed fields, every user that the search filter finds can log in. The module warns if they are empty after
    the task.
  - Requires a plan with LDAP. Servers of 2024 do not support it.
options:
  ldap_url:
    description:
      - The address of the directory, at most 255 characters. Required when the method is not attached yet, unless O(template_id) is given.
      - The option is not called C(url), because that is the address of the Infisical server.
    type: str
  bind_dn:
    description:
      - The distinguished name that the server binds with to search, at most 1024 characters. Required when the method
        is not attached yet, unless O(template_id) is given.
    type: str
  bind_pass:
    description:
      - The password of O(bind_dn), at most 1024 characters. Required when the method is not attached yet, unless O(template_id) is given.
      - It is never returned or displayed. It is compared with the value on the server, and written only if it differs.
    type: str
  search_base:
    description:
      - The entry below which users are searched, at most 255 characters. Required when the method is not attached yet, unless
        O(template_id) is given.
    type: str
  ldap_ca_certificate:
    description:
      - Certificate of the authority that the server uses to verify the directory, in PEM, at most 65536 characters.
      - It cannot be changed while the method is attached. Private keys are rejected.
    type: str
  template_id:
    description:
      - The id of the auth template that provides the connection to the directory.
      - It provides O(ldap_url), O(bind_dn), O(bind_pass), O(search_base) and O(ldap_ca_certificate), which cannot be
        set together with it.
      - An empty string unlinks the template and keeps the values that it provided.
    type: str
  search_filter:
    description:
      - The filter that finds a user, with C(username) in double braces as a placeholder for the name, at most 255
        characters. Mark it as C(!unsafe), or write the braces between C({% raw %}) and C({% endraw %}), so that Ansible
        does not treat them as a template.
      - The server sets V((uid={{username}}\)) when the method is attached without it.
    type: str
  allowed_fields:
    description:
      - Attributes that a user must have to log in. V([]) admits every user that is found.
      - If an attribute has several entries, it must have one value of each entry.
    type: list
    elements: dict
    suboptions:
      key:
        description: The name of the attribute.
        type: str
        required: true
      value:
        description: The attribute must have one of these values, given as a list or a comma-joined string. The server
          removes all spaces.
        type: raw
        required: true
  lockout_enabled:
    description:
      - Whether the method is locked after failed logins. The server sets V(true) when the method is attached without it.
      - Servers before September 2025 support none of the lockout options.
    type: bool
  lockout_threshold:
    description:
      - Number of failed logins after which the method is locked, V(1) to V(30). The server sets V(3).
    type: int
  lockout_duration_seconds:
    description:
      - Duration of a lockout in seconds, V(30) to V(86400). The server sets V(300).
    type: int
  lockout_counter_reset_seconds:
    description:
      - Seconds after which the counter of failed logins is reset, V(5) to V(3600). The server sets V(30).
    type: int
extends_documentation_fragment:
  - machineid.infisical.managed_identity
  - machineid.infisical.access_token
  - machineid.infisical.connection
  - machineid.infisical.attributes
seealso:
  - module: machineid.infisical.identity
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Trust the service accounts of a directory
  machineid.infisical.identity_ldap_auth:
    identity_name: billing-api
    ldap_url: ldaps://ldap.example.com
    bind_dn: cn=infisical,ou=services,dc=example,dc=com
    bind_pass: "{{ bind_password }}"
    search_base: ou=services,dc=example,dc=com
    search_filter: "(cn={% raw %}{{username}}{% endraw %})"
    allowed_fields:
      - key: departmentNumber
        value: [billing]

- name: Revoke LDAP auth
  machineid.infisical.identity_ldap_auth:
    identity_name: billing-api
    state: absent
"""

RETURN = r"""
identity_id:
  description: The id of the identity.
  returned: success
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
identity_ldap_auth:
  description: The auth method after the task, or in check mode as a run would leave it. Its keys can be passed as options.
  returned: success and O(state=present)
  type: dict
  contains:
    identity_id:
      description: The id of the identity.
      type: str
      sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
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
      sample: ou=services,dc=example,dc=com
    ldap_ca_certificate:
      description: Certificate of the trusted authority, in PEM.
      type: str
      sample: ""
    template_id:
      description: The id of the auth template.
      type: str
      sample: ""
    search_filter:
      description: The filter that finds a user.
      type: str
      sample: (cn=NAME)
    allowed_fields:
      description: Attributes that a user must have to log in.
      type: list
      elements: dict
      sample: [{key: departmentNumber, value: [billing]}]
    lockout_enabled:
      description: Whether the method is locked after failed logins.
      type: bool
      sample: true
    lockout_threshold:
      description: Number of failed logins after which the method is locked.
      type: int
      sample: 3
    lockout_duration_seconds:
      description: Duration of a lockout in seconds.
      type: int
      sample: 300
    lockout_counter_reset_seconds:
      description: Seconds after which the counter of failed logins is reset.
      type: int
      sample: 30
    access_token_ttl:
      description: Lifetime of an access token in seconds.
      type: int
      sample: 3600
    access_token_max_ttl:
      description: Maximum lifetime of an access token with all renewals, in seconds.
      type: int
      sample: 86400
    access_token_num_uses_limit:
      description: How many times an access token can be used.
      type: int
      sample: 0
    access_token_trusted_ips:
      description: Addresses and CIDR ranges from which access tokens can be used.
      type: list
      elements: str
      sample: [10.0.0.0/8]
failure:
  description:
    - Describes the failure in a form that tasks can evaluate. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) come from the server's answer, if there was one.
  returned: failure
  type: dict
  sample: {kind: plan, status: 400, error: BadRequest, message: Upgrade plan to add IP access range., request_id: req-1}
"""

from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_method import auth_method_task
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_methods.ldap_auth import (
    IDENTITY_LDAP_AUTH,
)
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = auth_method_task(IDENTITY_LDAP_AUTH)


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
