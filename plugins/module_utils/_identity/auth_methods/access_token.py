# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The four fields that every auth method has: lifetimes, uses and trusted networks of its access tokens."""

from __future__ import annotations

from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import LARGEST_COUNT
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists import Networks
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Integer

LONGEST_LIFETIME = 315360000
DEFAULT_LIFETIME = 2592000
EVERY_ADDRESS = ["0.0.0.0/0", "::/0"]


def access_token_fields(minimum_max_ttl_on_create: int, former_minimum_ttl: int = 0) -> tuple[Field, ...]:
    """Returns the fields. On attach, some methods require a maximum lifetime of at least 1, and a former server
    requires a lifetime of at least ``former_minimum_ttl`` on every update (server-notes#lifetime-bounds)."""
    return (
        Field(
            "access_token_ttl",
            "accessTokenTTL",
            Integer(0, LONGEST_LIFETIME, "seconds"),
            default=DEFAULT_LIFETIME,
            never_above="access_token_max_ttl",
            former_minimum=former_minimum_ttl,
            former_minimum_on_create=1,
        ),
        Field(
            "access_token_max_ttl",
            "accessTokenMaxTTL",
            Integer(0, LONGEST_LIFETIME, "seconds"),
            default=DEFAULT_LIFETIME,
            minimum_on_create=minimum_max_ttl_on_create,
            former_minimum=1,
            former_minimum_on_create=1,
        ),
        Field("access_token_num_uses_limit", "accessTokenNumUsesLimit", Integer(0, LARGEST_COUNT, "uses"), default=0),
        Field("access_token_trusted_ips", "accessTokenTrustedIps", Networks(), default=EVERY_ADDRESS),
    )
