# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A play that creates, uses and loses secrets in every way that Ansible offers."""

from __future__ import annotations

from typing import Any

from tests.integration.harness import Tasks, play, task

Options = dict[str, Any]

HOST = "{{ inventory_hostname }}"
WRONG = {"ignore_errors": True}
KEPT: dict[str, Any] = {"register": "somewhere"}
"""For a task whose secret is not used: without ``register``, it fails."""
HERE = {"when": "inventory_hostname == 'in_process'"}
"""For tasks that behave the same on every execution path, or that select the module path themselves."""

CLIENT = {
    "url": "{{ infisical_url }}",
    "login_data": "{{ omit }}",
    "universal_auth_client_id": "{{ infisical_client_id }}",
    "universal_auth_client_secret": "{{ infisical_client_secret }}",
}
NOBODY = {
    "url": "{{ infisical_url }}",
    "login_data": "{{ omit }}",
    "auth_identity_id": "00000000-0000-4000-8000-000000000000",
}
ACCESS_KEY = {
    **NOBODY,
    "auth_method": "alicloud_auth",
    "alicloud_access_key_id": "LTAI",
    "alicloud_access_key_secret": "{{ wrong_secret }}",
}
SVID = {**NOBODY, "auth_method": "spiffe_auth", "jwt": "{{ wrong_secret }}"}
PASSWORD_IN_URL = {
    "url": "http://somebody:{{ url_password }}@127.0.0.1:1",
    "login_data": "{{ omit }}",
    "token": "{{ own_token }}",
    "retries": 0,
}
BY_ENVIRONMENT = {"login_data": "{{ omit }}", "token": "{{ own_token }}", "name": "web"}


def fleet(name: str, *, failing: bool = False) -> Options:
    """Returns options of ``identities``: one creates a client secret and a token and, if requested, another one fails,
    so that the task revokes them."""
    credentials = {"client_secrets": [{"description": "made"}], "tokens": [{"name": "made"}]}
    made = {"name": name, "universal_auth": {}, "token_auth": {}, **credentials}
    failed = {"name": f"{name}-failed-{HOST}", "role": "no-such-role"}
    return {"identities": [made, failed] if failing else [made]}


def secret(description: str, **options: Any) -> Options:
    return {"identity_name": "made", "description": description, **options}


def held(register: str, value: str) -> dict[str, Any]:
    """Checks that the registered result contains a secret. Otherwise, its absence in the output would prove nothing."""
    return {
        "name": f"See that {register} holds it",
        "ansible.builtin.assert": {"that": [f"{value} | length > 20"], "quiet": True},
    }


def of_fleet(register: str) -> dict[str, Any]:
    return held(register, f"{register}.identities[0].client_secrets[0].client_secret")


def sessions() -> Tasks:
    rejected = {**CLIENT, "universal_auth_client_secret": "{{ wrong_secret }}"}
    return [
        task("login", CLIENT, "login", register="infisical"),
        held("infisical", "infisical.login_data.access_token"),
        task("login", ACCESS_KEY, "rejected access key", **WRONG),
        task("login", SVID, "rejected JWT-SVID", **WRONG, **HERE),
        task("login", CLIENT, "login in a loop", loop=["one", "two"], **HERE),
        task("login", rejected, "rejected login", **WRONG),
        task("login", CLIENT, "waited for", **WRONG, **HERE, **{"async": 30, "poll": 1}),
        task("login", CLIENT, "waited for in silence", no_log=True, **WRONG, **HERE, **{"async": 30, "poll": 1}),
        task("login", CLIENT, "not a result", environment={"PRINT_FIRST": "{ noise"}, **WRONG, **HERE),
        task("identity", {"name": "env"}, "token by environment", environment={"INFISICAL_TOKEN": "{{ own_token }}"}),
    ]


def fleets(loops: Options) -> Tasks:
    return [
        task("identities", fleet("made"), "fleet", register="fleet", notify="Make another"),
        of_fleet("fleet"),
        {"name": "Run the handlers", "ansible.builtin.meta": "flush_handlers"},
        task("identities", fleet("planned"), "planned", check_mode=True, **KEPT, **HERE),
        task("identities", fleet("one", failing=True), "one fails", **KEPT, **WRONG),
        task("identities", fleet("silent", failing=True), "one fails in silence", no_log=True, **KEPT, **WRONG, **HERE),
        task("identities", fleet("{{ item }}"), "fleets in a loop", loop=["a", "b"], register="fleets", **loops),
        {**of_fleet("fleets.results[1]"), **loops},
        task(
            "identities",
            fleet("tried", failing=True),
            "tried again",
            until="tried is success",
            retries=1,
            delay=0,
            register="tried",
            **WRONG,
            **loops,
        ),
        task("identities", fleet("failed"), "failed by condition", failed_when=True, **KEPT, **WRONG, **HERE),
        {
            "name": "Rescue",
            "block": [task("identities", fleet("rescued", failing=True), "to be rescued", **KEPT)],
            "rescue": [{"name": "Look at it", "ansible.builtin.debug": {"var": "ansible_failed_result"}}],
            **HERE,
        },
    ]


def client_secrets(loops: Options) -> Tasks:
    too_short = secret("{{ item }}", ttl="{{ -1 if item == 'worse' else omit }}")
    labels = {"loop_control": {"label": "as {{ item }}", "extended": True}}
    return [
        task(
            "identity_client_secret",
            too_short,
            "an item fails",
            loop=["good", "worse"],
            register="secrets",
            **WRONG,
            **loops,
        ),
        {**held("secrets", "secrets.results[0].client_secret"), **loops},
        task("identity_client_secret", secret("in {{ item }}"), "labels", loop=["c"], **labels, **KEPT, **HERE),
        task("identity_client_secret", secret("silent"), "secret in silence", no_log=True, **KEPT, **HERE),
        task("identity_client_secret", secret("in c"), "kept secret", **KEPT, **HERE),
        task("identity_token", {"identity_name": "made", "name": "kept"}, "token", register="token"),
        held("token", "token.access_token"),
    ]


def urls() -> Tasks:
    """Addresses that contain a password, and are rejected or ignored."""
    login_data = {"url": PASSWORD_IN_URL["url"], "access_token": "{{ own_token }}"}
    environment = {"INFISICAL_URL": PASSWORD_IN_URL["url"]}
    return [
        task("identity", {**PASSWORD_IN_URL, "name": "web"}, "password in the url", **WRONG),
        task("identity", {**PASSWORD_IN_URL, "no_such_option": 1}, "beside an unknown option", **WRONG, **HERE),
        task("login", {**PASSWORD_IN_URL, "timeout": "an hour"}, "beside a wrong type", **WRONG, **HERE),
        task("identity", {"name": "web", "login_data": login_data}, "password in login_data", **WRONG, **HERE),
        task("identity", BY_ENVIRONMENT, "password in the environment", environment=environment, **WRONG, **HERE),
    ]


def role() -> dict[str, Any]:
    return {
        "name": "Onboard",
        "ansible.builtin.include_role": {"name": "machineid.infisical.onboard"},
        "vars": {
            "onboard_identity": {"name": "onboarded"},
            "onboard_connection": {option: value for option, value in CLIENT.items() if option != "login_data"},
            "onboard_universal_auth": {},
            "onboard_client_secrets": [{"description": "by the role"}],
        },
        **HERE,
    }


def defaults() -> dict[str, Any]:
    return {"module_defaults": {"group/machineid.infisical.infisical": {"login_data": "{{ login_data }}"}}}


def day(*, loops_everywhere: bool, debugged: bool = False) -> list[dict[str, Any]]:
    """Returns a play on this machine for both execution paths. Loops use only one path unless ``loops_everywhere``:
    each item runs like a task, and the input of callbacks does not depend on the verbosity. ``debugged`` adds the
    role."""
    loops = {} if loops_everywhere else HERE
    tasks = [*sessions(), *fleets(loops), *client_secrets(loops), *urls()]
    if debugged:
        tasks.append(role())
    tasks.append(task("logout", {"login_data": "{{ infisical.login_data }}"}, "logout"))
    handler = task("identity_client_secret", secret("by a handler"), "handler", **KEPT, **HERE)
    handler["name"] = "Make another"
    return [play(tasks, handlers=[handler], hosts="in_process:module", **defaults())]


def elsewhere() -> list[dict[str, Any]]:
    """Returns a play with the ssh plugin, which prints the output of commands."""
    tasks = [
        task("login", CLIENT, "login by ssh"),
        task("identities", fleet("made", failing=True), "one fails by ssh", **KEPT, **WRONG),
    ]
    return [play(tasks, hosts="ssh", **defaults())]
