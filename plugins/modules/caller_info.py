#!/usr/bin/python
# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: caller_info
short_description: Log in and return the identity of the caller
version_added: 1.0.0
description:
  - Logs in, or uses an existing token, and asks the server which identity it belongs to. A token that this task
    obtained itself is revoked again.
  - Use it to verify that a workload can log in, or to see which identity the credentials of a job belong to.
extends_documentation_fragment:
  - machineid.infisical.connection
  - machineid.infisical.attributes.info
seealso:
  - module: machineid.infisical.login
author:
  - machineid.infisical contributors (@machineid)
"""

EXAMPLES = r"""
- name: Read which identity the credentials in the environment belong to
  machineid.infisical.caller_info:
  register: caller

- name: Verify that a client secret works
  machineid.infisical.caller_info:
    auth_method: universal_auth
    universal_auth_client_id: "{{ client_id }}"
    universal_auth_client_secret: "{{ client_secret }}"
"""

RETURN = r"""
identity_id:
  description: The id of the identity. Null for the token of a user.
  returned: success
  type: str
  sample: 3c90c3cc-0d44-4b50-8888-8dd25736052a
organization:
  description: Its organisation, with C(id), C(name) and C(slug). Empty on servers of 2024, which do not return it.
  returned: success
  type: dict
  sample: {id: 180870b7-f464-4740-8ffe-9d11c9245ea7, name: Example, slug: example}
failure:
  description:
    - Describes the failure in a form that tasks can evaluate. C(kind) is one of V(validation), V(authentication), V(permission), V(plan),
      V(not_found), V(conflict), V(rate_limited), V(unsupported_by_server), V(server), V(network), V(tls).
    - C(status), C(error), C(message) and C(request_id) come from the server's answer, if there was one.
  returned: failure
  type: dict
  sample: {kind: plan, status: 400, error: BadRequest, message: Upgrade plan to add IP access range., request_id: req-1}
"""

from ansible_collections.machineid.infisical.plugins.module_utils._identity.session import CALLER_INFO_TASK
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_module

TASK = CALLER_INFO_TASK


def main() -> None:
    run_module(TASK)


if __name__ == "__main__":
    main()
