#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: logout
short_description: Revoke an access token
version_added: 1.0.0
description:
  - Revokes the access token of O(login_data) or O(token), so that nobody can use it any more. The task also succeeds if
    the token has already expired or was revoked.
extends_documentation_fragment:
  - machineid.infisical.connection
  - machineid.infisical.attributes.session
seealso:
  - module: machineid.infisical.login
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Work with one access token and revoke it at the end, even after a failure
  block:
    - name: Log in
      machineid.infisical.login:
      register: infisical

    - name: Use the token
      machineid.infisical.identity:
        name: billing-api
        login_data: "{{ infisical.login_data }}"
  always:
    - name: Log out
      machineid.infisical.logout:
        login_data: "{{ infisical.login_data }}"
      when: infisical.login_data is defined
"""

RETURN = r"""
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
from ansible_collections.machineid.infisical.plugins.module_utils._session.session import LOGOUT_TASK

TASK = LOGOUT_TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
