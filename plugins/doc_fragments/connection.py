# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The options of every module that say where the server is and how to log in."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
requirements:
  - requests
notes:
  - The environment variables are read where the module runs.
  - Requests are repeated after connection errors and when the server says to wait, but never in a way that could make a thing twice.
options:
  url:
    description:
      - The address of the Infisical server, without a path. Use V(https://eu.infisical.com) for the EU region.
      - Read from E(INFISICAL_URL), E(INFISICAL_HOST), E(INFISICAL_DOMAIN) or E(INFISICAL_API_URL) when not given.
    type: str
    default: https://app.infisical.com
  validate_certs:
    description:
      - Whether the server's TLS certificate is checked.
      - Read from E(INFISICAL_VALIDATE_CERTS) when not given.
    type: bool
    default: true
  ca_path:
    description:
      - A file or directory of certificate authorities that the server's certificate is checked with.
      - Read from E(INFISICAL_CA_PATH) when not given.
    type: path
    aliases: [ca_cert]
  client_cert:
    description:
      - A TLS client certificate (PEM), with its key unless O(client_key) is given.
      - Read from E(INFISICAL_CLIENT_CERT) when not given.
    type: path
  client_key:
    description:
      - The key of O(client_cert).
      - Read from E(INFISICAL_CLIENT_KEY) when not given.
    type: path
  timeout:
    description:
      - Seconds to wait for one answer.
      - Read from E(INFISICAL_TIMEOUT) when not given.
    type: int
    default: 30
  retries:
    description:
      - How often a request is repeated after a failure of the network or the server. V(0) also turns off waiting for a rate limit.
      - Read from E(INFISICAL_RETRIES) or E(INFISICAL_RETRY_MAX_RETRIES) when not given.
    type: int
    default: 5
  organization_slug:
    description:
      - The sub-organisation to log in to.
      - Read from E(INFISICAL_AUTH_ORGANIZATION_SLUG) when not given.
    type: str
  login_data:
    description:
      - What M(machineid.infisical.login) or P(infisical.vault.login#module) returned as RV(machineid.infisical.login#module:login_data).
        It takes the place of O(url) and of every login option.
    type: dict
    suboptions:
      url:
        description: The address of the server.
        type: str
      access_token:
        description: The access token.
        type: str
        required: true
  auth_method:
    description:
      - How to log in. V(universal_auth) by O(universal_auth_client_id) and O(universal_auth_client_secret), V(token_auth) by O(token).
      - Without it, V(token_auth) when O(token) is given and O(universal_auth_client_id) is not, else V(universal_auth).
      - The spellings of Terraform and of the Infisical CLI, such as V(universal-auth) or V(universal), are understood.
      - Read from E(INFISICAL_AUTH_METHOD) when not given.
    type: str
  token:
    description:
      - A ready access token.
      - Read from E(INFISICAL_TOKEN) or E(INFISICAL_ACCESS_TOKEN) when not given.
    type: str
  universal_auth_client_id:
    description:
      - The client id of the identity that logs in.
      - Read from E(INFISICAL_UNIVERSAL_AUTH_CLIENT_ID) or E(UNIVERSAL_AUTH_MACHINE_IDENTITY_CLIENT_ID) when not given.
    type: str
  universal_auth_client_secret:
    description:
      - A client secret of the identity that logs in.
      - Read from E(INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET) or E(UNIVERSAL_AUTH_MACHINE_IDENTITY_CLIENT_SECRET) when not given.
    type: str
"""
