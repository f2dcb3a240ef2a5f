# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Client secrets and tokens: created, written to a file, renewed, revoked; and the session of a play."""

from __future__ import annotations

from tests.conftest import Site
from tests.faults.harness.play import Play
from tests.faults.harness.stage import Scenario
from tests.faults.scenarios.identities import NAME, SECRET, projects

DAY = 86400
TOKEN_NAME = "api"


def attached(site: Site) -> None:
    projects(site)
    site.ok("identities", identities=[{"name": NAME, "universal_auth": {}}])


def ending(site: Site) -> None:
    """A secret that expires in an hour."""
    attached(site)
    site.ok("identity_client_secret", identity_name=NAME, **SECRET)
    for secret in site.service.world.client_secrets.values():
        if secret.description == SECRET["description"]:
            secret.created_at -= DAY - 3600


def token_auth(site: Site) -> None:
    projects(site)
    identity_id = site.identity(NAME)
    site.attach("token-auth", identity_id, accessTokenTTL=DAY, accessTokenMaxTTL=DAY)


def ending_token(site: Site) -> None:
    """A token that expires in an hour."""
    token_auth(site)
    site.ok("identity_token", identity_name=NAME, name=TOKEN_NAME)
    for token in site.service.world.access_tokens.values():
        if token.name == TOKEN_NAME:
            token.created_at -= DAY - 3600


def make(play: Play) -> None:
    play.task("identity_client_secret", identity_name=NAME, **SECRET)


def make_file(play: Play) -> None:
    play.task("identity_client_secret", identity_name=NAME, dest=f"{play.scratch}/api.env", **SECRET)


def fleet_files(play: Play) -> None:
    """Each identity of a fleet has a separate file."""
    fleet = [
        {
            "name": f"fleet-{number}",
            "universal_auth": {},
            "client_secrets": [{"description": "fleet", "dest": f"{play.scratch}/{number}.env"}],
        }
        for number in range(3)
    ]
    play.task("identities", identities=fleet, concurrency=1)


def renew(play: Play) -> None:
    play.task("identity_client_secret", identity_name=NAME, renew_before=7200, **SECRET)


def revoke(play: Play) -> None:
    play.task("identity_client_secret", identity_name=NAME, description=SECRET["description"], state="absent")


def make_token(play: Play) -> None:
    play.task("identity_token", identity_name=NAME, name=TOKEN_NAME)


def make_token_file(play: Play) -> None:
    play.task("identity_token", identity_name=NAME, name=TOKEN_NAME, dest=f"{play.scratch}/token.env")


def renew_token(play: Play) -> None:
    play.task("identity_token", identity_name=NAME, name=TOKEN_NAME, renew_before=7200, overlap=0)


def revoke_token(play: Play) -> None:
    play.task("identity_token", identity_name=NAME, name=TOKEN_NAME, state="absent")


def session(play: Play) -> None:
    credentials = {
        "universal_auth_client_id": play.site.client_id,
        "universal_auth_client_secret": play.site.client_secret,
    }
    data = play.task("login", **credentials)["login_data"]
    try:
        play.task("identity", name=NAME, role="member", login_data=data)
    finally:
        play.task("logout", login_data=data)


SCENARIOS = (
    Scenario("secret-make", make, attached),
    Scenario("secret-file", make_file, attached),
    Scenario("secret-file-lost", make_file, ending),
    Scenario("secret-files", fleet_files),
    Scenario("secret-renew", renew, ending),
    Scenario("secret-revoke", revoke, ending),
    Scenario("token-make", make_token, token_auth),
    Scenario("token-file", make_token_file, token_auth),
    Scenario("token-file-lost", make_token_file, ending_token),
    Scenario("token-renew", renew_token, ending_token),
    Scenario("token-revoke", revoke_token, ending_token),
    Scenario("session", session, projects),
)
