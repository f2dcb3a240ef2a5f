# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Workloads: onboarded task by task and with one task, changed and offboarded, on the current server and on 2024-10."""

from __future__ import annotations

from typing import Any

from tests.conftest import Site
from tests.faults.harness.play import Play
from tests.faults.harness.stage import Scenario

NAME = "billing-api"
IDENTITY = {"name": NAME, "role": "member", "metadata": {"team": "payments"}}
AWS = {
    "allowed_principal_arns": ["arn:aws:iam::123456789012:role/billing-api"],
    "allowed_account_ids": ["123456789012"],
    "access_token_ttl": 3600,
}
AZURE = {"tenant_id": "tenant-1", "resource": "https://example.com/", "allowed_service_principal_ids": ["principal-1"]}
OCI = {"tenancy_ocid": "ocid1.tenancy.oc1..aaaa", "allowed_usernames": ["billing-api"]}
UNIVERSAL = {"access_token_ttl": 600, "access_token_trusted_ips": ["10.0.0.0/8"]}
METHODS: dict[str, dict[str, Any]] = {
    "universal_auth": UNIVERSAL,
    "aws_auth": AWS,
    "azure_auth": AZURE,
    "oci_auth": OCI,
}
SECRET = {"description": "billing-api on host app1", "ttl": 86400}
PROJECTS = [{"project_slug": "billing", "roles": ["viewer"]}, {"project_slug": "reports", "roles": ["member"]}]
WHOLE = {**IDENTITY, **METHODS, "client_secrets": [SECRET], "projects": PROJECTS}

CHANGED_METHODS: dict[str, dict[str, Any]] = {
    "universal_auth": {"access_token_ttl": 300},
    "aws_auth": {"access_token_ttl": 1800},
    "azure_auth": {"access_token_ttl": 900},
    "oci_auth": {"access_token_ttl": 900},
}
"""Only lifetimes: an update without the allowlists would empty them."""
CHANGED_LISTS: dict[str, dict[str, Any]] = {
    "aws_auth": {"allowed_account_ids": ["210987654321"], "allowed_principal_arns": []},
    "azure_auth": {"allowed_service_principal_ids": ["principal-2"]},
    "oci_auth": {"allowed_usernames": ["reports"]},
}


def projects(site: Site) -> None:
    """The initial state of every scenario."""
    for slug in ("billing", "reports"):
        site.api("POST", "/api/v1/projects", {"projectName": slug.title(), "slug": slug})


def onboarded(site: Site) -> None:
    projects(site)
    site.ok("identities", identities=[WHOLE])


PRIVILEGE = {"identity_name": NAME, "project_slug": "billing", "slug": "deploy"}
READ = {"subject": "secrets", "action": ["read", "edit"]}
NOT_IN_PRODUCTION = {"subject": "secrets", "action": ["edit"], "conditions": {"environment": "prod"}, "inverted": True}


def joined(site: Site) -> None:
    """A member of a project, beside a group."""
    projects(site)
    site.ok("identities", identities=[{**IDENTITY, "projects": PROJECTS}])
    site.api("POST", "/api/v1/groups", {"name": "Services", "slug": "services", "role": "no-access"})


def fleet(size: int, **more: Any) -> list[dict[str, Any]]:
    return [{"name": f"fleet-{number:02}", "aws_auth": AWS, **more} for number in range(size)]


def onboard(play: Play) -> None:
    identity_id = play.task("identity", **IDENTITY)["identity_id"]
    for method, options in METHODS.items():
        play.task(f"identity_{method}", identity_id=identity_id, **options)
    for project in PROJECTS:
        play.task("project_identity", identity_id=identity_id, **project)
    play.task("identity_client_secret", identity_id=identity_id, **SECRET)


def onboard_by_name(play: Play) -> None:
    play.task("identity", **IDENTITY)
    play.task("identity_aws_auth", identity_name=NAME, **AWS)
    play.task("identity_universal_auth", identity_name=NAME, **UNIVERSAL)
    play.task("identity_client_secret", identity_name=NAME, **SECRET)


def onboard_whole(play: Play) -> None:
    play.task("identities", identities=[WHOLE], concurrency=1, allow_open_methods=False)


def onboard_fleet(play: Play) -> None:
    secret = [{"description": "fleet"}]
    play.task("identities", identities=fleet(3, universal_auth={}, client_secrets=secret), concurrency=1)


def onboard_large_fleet(play: Play) -> None:
    play.task("identities", identities=[{"name": one["name"]} for one in fleet(12)], concurrency=1)


def change_methods(play: Play) -> None:
    for changed in (CHANGED_METHODS, CHANGED_LISTS):
        for method, options in changed.items():
            play.task(f"identity_{method}", identity_name=NAME, **options)


def change_lifetimes(play: Play) -> None:
    play.task("identity", name=NAME, role="no-access", metadata={"team": "ledger"})
    for method, options in CHANGED_METHODS.items():
        play.task(f"identity_{method}", identity_name=NAME, **options)
    play.task("project_identity", identity_name=NAME, project_slug="billing", roles=["member"])


def change_lists(play: Play) -> None:
    for method, options in CHANGED_LISTS.items():
        play.task(f"identity_{method}", identity_name=NAME, **options)


def change_whole(play: Play) -> None:
    changed = {"name": NAME, "role": "no-access", **CHANGED_METHODS, "client_secrets": [{"description": "second"}]}
    play.task("identities", identities=[changed], concurrency=1, allow_open_methods=False)


def prune(play: Play) -> None:
    play.task("identities", identities=[{"name": NAME, "aws_auth": AWS}], concurrency=1, prune_auth_methods=True)


def offboard_parts(play: Play) -> None:
    play.task("identity_client_secret", identity_name=NAME, description=SECRET["description"], state="absent")
    for method in METHODS:
        play.task(f"identity_{method}", identity_name=NAME, state="absent")
    for project in PROJECTS:
        play.task("project_identity", identity_name=NAME, project_slug=project["project_slug"], state="absent")


def offboard(play: Play) -> None:
    play.task("identity", name=NAME, state="absent")


def grant_access(play: Play) -> None:
    play.task("project_identity_privilege", **PRIVILEGE, permissions=[READ, NOT_IN_PRODUCTION])
    play.task("group_identity", identity_name=NAME, group_slug="services")


def granted(site: Site) -> None:
    joined(site)
    site.ok("project_identity_privilege", **PRIVILEGE, permissions=[READ, NOT_IN_PRODUCTION])
    site.ok("group_identity", identity_name=NAME, group_slug="services")


def change_access(play: Play) -> None:
    fewer = {**NOT_IN_PRODUCTION, "conditions": {"environment": {"$in": ["prod", "staging"]}}}
    play.task("project_identity_privilege", **PRIVILEGE, permissions=[READ, fewer])


def withdraw_access(play: Play) -> None:
    play.task("project_identity_privilege", **PRIVILEGE, state="absent")
    play.task("group_identity", identity_name=NAME, group_slug="services", state="absent")


def onboard_old(play: Play) -> None:
    identity_id = play.task("identity", **IDENTITY)["identity_id"]
    play.task("identity_aws_auth", identity_id=identity_id, **AWS)


def onboard_old_whole(play: Play) -> None:
    whole = {**IDENTITY, "universal_auth": UNIVERSAL, "client_secrets": [SECRET]}
    play.task("identities", identities=[whole], concurrency=1)


def prepare_old(site: Site) -> None:
    site.ok("identities", identities=[{**IDENTITY, "aws_auth": AWS}])


def change_old(play: Play) -> None:
    play.task("identity_aws_auth", identity_name=NAME, access_token_ttl=1800)
    play.task("identity", name=NAME, metadata={"team": "ledger"})


SCENARIOS = (
    Scenario("onboard", onboard, projects),
    Scenario("onboard-by-name", onboard_by_name, projects),
    Scenario("onboard-whole", onboard_whole, projects),
    Scenario("onboard-fleet", onboard_fleet, projects),
    Scenario("onboard-large-fleet", onboard_large_fleet),
    Scenario("change-lifetimes", change_lifetimes, onboarded),
    Scenario("change-lists", change_lists, onboarded),
    Scenario("change-whole", change_whole, onboarded),
    Scenario("prune", prune, onboarded),
    Scenario("offboard-parts", offboard_parts, onboarded),
    Scenario("offboard", offboard, onboarded),
    Scenario("grant-access", grant_access, joined),
    Scenario("change-access", change_access, granted),
    Scenario("withdraw-access", withdraw_access, granted),
    Scenario("onboard-2024-10", onboard_old, profile="2024-10"),
    Scenario("onboard-whole-2024-10", onboard_old_whole, profile="2024-10"),
    Scenario("change-2024-10", change_old, prepare_old, profile="2024-10"),
)
