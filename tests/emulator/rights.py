# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the roles of an organisation allow, and what is said of things above the caller's rights, by release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Rules = tuple[tuple[str, str], ...]

# The server names every action and subject; whoever has them all is all the emulator needs to know.
EVERYTHING: Rules = (("*", "*"),)


def all_four(subject: str) -> Rules:
    return tuple((action, subject) for action in ("read", "create", "edit", "delete"))


COMMON_MEMBER: Rules = (
    ("create", "workspace"),
    *(("read", subject) for subject in ("member", "groups", "role", "settings", "billing", "incident-contact")),
    *all_four("secret-scanning"),
    # A member may do all four (server-notes#privilege-boundary).
    *all_four("identity"),
    ("read", "audit-logs"),
)
OLD_MEMBER: Rules = (("read", "workspace"), *COMMON_MEMBER)
CURRENT_MEMBER: Rules = (
    ("create", "project"),
    *COMMON_MEMBER,
    ("connect", "app-connections"),
    *((f"{action}-gateways", "gateway") for action in ("list", "create", "attach")),
    *((f"{action}-templates", "machine-identity-auth-template") for action in ("list", "unlink", "attach")),
)


@dataclass(frozen=True)
class Boundary:
    """How a release refuses what is above the caller's rights: the `error`, and the text for each act."""

    error: str
    texts: Mapping[str, str]


CURRENT_BOUNDARY = Boundary(
    "PermissionBoundaryError",
    {
        "create identity": "Failed to create identity",
        "change role": "Failed to update identity",
        "update identity": "Failed to update identity",
        "delete identity": "Failed to delete identity",
        "revoke method": "Failed to revoke {method} of identity with more privileged role",
        "create client secret": "Failed to create client secret for identity.",
        "list client secrets": "Failed to get identity client secret with more privileged role",
        "get client secret": "Failed to get identity client secret with more privileged role",
        "revoke client secret": "Failed to get identity client secret with more privileged role",
        "create token": "Failed to create token for identity.",
        "change token": "Failed to access token of identity with more privileged role",
    },
)
# [sic]: the texts speak of other acts than the one that is refused.
OLD_BOUNDARY = Boundary(
    "ForbiddenError",
    {
        "create identity": "Failed to create a more privileged identity",
        "change role": "Failed to create a more privileged identity",
        "update identity": "Failed to delete more privileged identity",
        "delete identity": "Failed to delete more privileged identity",
        "revoke method": "Failed to revoke {method} of identity with more privileged role",
        "create client secret": "Failed to add identity to project with more privileged role",
        "list client secrets": "Failed to add identity to project with more privileged role",
        "get client secret": "Failed to read identity client secret of project with more privileged role",
        "revoke client secret": "Failed to revoke identity client secret with more privileged role",
        "create token": "Failed to create token for identity with more privileged role",
        "change token": "Failed to update token for identity with more privileged role",
    },
)
