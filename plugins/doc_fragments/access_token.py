# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The options that every auth method has, beside ``module_utils/_resources/_access_token.py``."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  state:
    description:
      - V(present) attaches the method, or updates it to the desired state. An option that is not given keeps its value
        on the server.
      - V(absent) revokes the method, and with it every access token that it has issued.
    type: str
    choices: [present, absent]
    default: present
  access_token_ttl:
    description:
      - Lifetime of an access token in seconds, V(0) to V(315360000). With V(0), a token does not expire.
      - Must not be greater than O(access_token_max_ttl) unless that is V(0).
      - Servers of 2024 do not accept V(0) when the method is attached.
      - The server sets V(2592000) when the method is attached without it.
    type: int
  access_token_max_ttl:
    description:
      - Maximum lifetime of an access token with all renewals, in seconds, V(0) to V(315360000). V(0) means no limit.
      - Servers of 2024 do not accept V(0).
      - The server sets V(2592000) when the method is attached without it.
    type: int
  access_token_num_uses_limit:
    description:
      - Number of uses that an access token allows, V(0) to V(9007199254740991). V(0) means no limit, and is what the
        server sets when the method is attached without it.
    type: int
  access_token_trusted_ips:
    description:
      - Addresses and CIDR ranges from which access tokens can be used, as strings or as dictionaries with C(ip_address).
      - Anything other than V(0.0.0.0/0) and V(::/0) needs a plan with IP allow-listing.
      - The server sets V(0.0.0.0/0) and V(::/0) when the method is attached without it.
    type: list
    elements: raw
"""
