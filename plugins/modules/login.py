#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: login
short_description: Log in once for the following tasks
version_added: 1.0.0
description:
  - Obtains an access token, which the following tasks use with O(machineid.infisical.identity#module:login_data). One
    login costs the server as much as ten other requests, so a play should log in only once.
  - RV(login_data) also contains the connection options, such as O(ca_path) and O(timeout), so only this task has to set
    them.
  - The result contains the token. It is never displayed, as if the task had C(no_log).
extends_documentation_fragment:
  - machineid.infisical.connection
  - machineid.infisical.attributes.session
seealso:
  - module: machineid.infisical.logout
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Log in
  machineid.infisical.login:
    url: https://infisical.example.com
    timeout: 60
    universal_auth_client_id: 4f3c2e12-68d3-4676-93cb-94863e4ddcaf
    universal_auth_client_secret: "{{ infisical_client_secret }}"
  register: infisical

- name: Use the token and the connection options of the login
  machineid.infisical.identity:
    name: billing-api
    login_data: "{{ infisical.login_data }}"

- name: Log out
  machineid.infisical.logout:
    login_data: "{{ infisical.login_data }}"
"""

RETURN = r"""
login_data:
  description: The value for O(machineid.infisical.identity#module:login_data) of other modules, also of those of
    C(infisical.vault).
  returned: success
  type: dict
  contains:
    url:
      description: The address of the server.
      type: str
      sample: https://app.infisical.com
    access_token:
      description: The access token.
      type: str
      sample: eyJhbGciOi...
    connection:
      description:
        - The values of O(validate_certs), O(ca_path), O(client_cert), O(client_key), O(timeout) and O(retries), which
          the following tasks use, too.
        - It is one JSON text, because the modules of C(infisical.vault) treat every value in C(login_data) as a secret,
          and would mask a number such as O(retries) in everything that they return. P(ansible.builtin.from_json#filter)
          converts it to a dictionary.
      type: str
      sample: '{"ca_path": "/etc/ssl/infisical.pem", "retries": 5, "timeout": 30, "validate_certs": true}'
logged_in:
  description: Whether this task has obtained the token by a login, so that you have to revoke it. False if the token
    was given.
  returned: success
  type: bool
  sample: true
identity_id:
  description: The id of the identity that is logged in. Null for the token of a user.
  returned: success
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
failure:
  description:
    - Describes the failure in a form that tasks can evaluate. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) come from the server's answer, if there was one.
  returned: failure
  type: dict
  sample: {kind: plan, status: 400, error: BadRequest, message: Upgrade plan to add IP access range., request_id: req-1}
"""

from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module
from ansible_collections.machineid.infisical.plugins.module_utils._session.session import LOGIN_TASK

TASK = LOGIN_TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
