# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The lookup of ids by name: few requests, the messages of the modules, and nothing secret in them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible.errors import AnsibleLookupError

from ansible_collections.machineid.infisical.plugins.lookup.identity_id import LookupModule
from ansible_collections.machineid.infisical.plugins.module_utils._identity.naming import FEW
from ansible_collections.machineid.infisical.plugins.module_utils._session import ids_task
from ansible_collections.machineid.infisical.plugins.plugin_utils import _lookup
from tests.conftest import Site, Time
from tests.unit.servers import Reply, closed_port, stub

SECRET = "sentinel-7f3a9c51e2"


def ids_of(site: Site, *terms: Any, **options: Any) -> list[str]:
    found: list[str] = LookupModule().run(list(terms), {}, **site.arguments(options))
    return found


def message_of(site: Site, *terms: Any, **options: Any) -> str:
    with pytest.raises(AnsibleLookupError) as raised:
        ids_of(site, *terms, **options)
    return str(raised.value)


def credentials(site: Site) -> dict[str, str]:
    return {"universal_auth_client_id": site.client_id, "universal_auth_client_secret": site.client_secret}


def test_the_ids_are_in_the_order_of_the_names(either: Site) -> None:
    web, reports = either.identity("web"), either.identity("reports")
    either.identity("web-2")
    assert ids_of(either, "web", ["reports", " web "], "reports") == [web, reports, web, reports]


def test_one_login_for_all_names_which_is_ended(either: Site) -> None:
    names = [f"web-{number}" for number in range(3)]
    ids = [either.identity(name) for name in names]
    either.clear_requests()
    assert ids_of(either, *names, **credentials(either)) == ids
    paths = [request["path"].rpartition("/")[2] for request in either.requests()]
    assert (paths[0], paths[-1], paths.count("login")) == ("login", "revoke", 1)
    assert paths.count("identity-memberships") == len(names)


def test_a_token_that_is_given_is_not_revoked(either: Site) -> None:
    either.identity("web")
    for options in ({}, {"login_data": either.ok("login", token=either.token)["login_data"]}):
        ids_of(either, "web", **options)
    assert not [request for request in either.requests() if request["path"].endswith("revoke")]


def test_many_names_are_looked_up_in_one_list(either: Site) -> None:
    names = [f"web-{number}" for number in range(FEW + 1)]
    ids = [either.identity(name) for name in names]
    either.clear_requests()
    assert ids_of(either, *names, organization_id=either.organization_id) == ids
    assert len(either.requests()) == 1
    assert "No identity is named 'web-x'" in message_of(either, *names, "web-x")


def test_the_environment_is_read_as_by_modules(current: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    web = current.identity("web")
    monkeypatch.setenv("INFISICAL_URL", current.url)
    monkeypatch.setenv("INFISICAL_TOKEN", current.token)
    assert LookupModule().run(["web"], {}) == [web]


def test_identities_of_a_project(current: Site) -> None:
    project_id = current.api("POST", "/api/v2/workspace", {"projectName": "Billing", "slug": "billing"})["project"][
        "id"
    ]
    current.identity("ci")
    made = current.ok("identity", name="ci", project_id=project_id)["identity_id"]
    assert ids_of(current, "ci", project_slug="billing") == ids_of(current, "ci", project_id=project_id) == [made]
    current.identity("elsewhere")
    assert f"in project {project_id}" in message_of(current, "elsewhere", project_id=project_id)


def test_without_names_nothing_is_asked(current: Site) -> None:
    current.clear_requests()
    assert ids_of(current) == ids_of(current, []) == []
    assert not current.requests()


@pytest.mark.parametrize("name", ["biling-api", "nothing like it", "duplicate"])
def test_the_messages_are_those_of_the_modules(either: Site, waits: Time, name: str) -> None:
    for made in ("billing-api", "duplicate", "duplicate"):
        either.identity(made)
    assert message_of(either, name) == either.failure("identity_info", identity_name=name)["msg"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"organization_id": "x"}, "organization_id must be"),
        ({"timeout": "an hour"}, "timeout must be a whole number"),
        ({"project_id": "a", "project_slug": "b"}, "mutually exclusive"),
        ({"no_such_option": 1}, "there is no option no_such_option"),
        ({"login_data": SECRET}, "login_data must be a dictionary"),
        ({"token": f"a {SECRET}"}, "token must consist of"),
        ({"client_key": "/dev/null"}, "required by 'client_key'"),
        ({"no_such_option": 1, "universal_auth_client_secret": SECRET}, "there is no option no_such_option"),
    ],
)
def test_invalid_options_fail_before_the_first_request(current: Site, options: dict[str, Any], message: str) -> None:
    given = {"token": current.token, **options}
    current.clear_requests()
    failed = message_of(current, "web", **given)
    assert message in failed and failed.startswith("Invalid option") and not current.requests()
    assert SECRET not in failed and current.token not in failed


ODD = {"empty": "", "true": True, "dictionary": {"name": "web"}, "nul": "a\0b", "long": "x" * 256, "longest": 10**5000}


@pytest.mark.parametrize("term", ODD.values(), ids=ODD)
def test_a_name_that_is_none_is_an_error(current: Site, term: Any) -> None:
    current.identity("web")
    assert "_terms[1]" in message_of(current, "web", term)


def test_there_can_be_too_many(current: Site) -> None:
    assert "_terms must have at most 1000 elements" in message_of(current, ["web"] * 1001)


def test_a_login_that_is_rejected_displays_no_secret(either: Site) -> None:
    failed = message_of(either, "web", universal_auth_client_id=either.client_id, universal_auth_client_secret=SECRET)
    assert "was rejected" in failed and SECRET not in failed


def test_a_server_that_sends_the_secret_back_displays_none(current: Site) -> None:
    echo = Reply(400, {"error": "BadRequest", "message": f"No {SECRET}."})
    with stub(echo) as server:
        failed = message_of(current, "web", url=server.url, token=SECRET, retries=0)
    assert "answered 400" in failed and SECRET not in failed


def test_nobody_there(current: Site) -> None:
    assert "refused" in message_of(current, "web", url=f"http://127.0.0.1:{closed_port()}", retries=0)


@pytest.mark.parametrize("odd", ["{{ lookup('ansible.builtin.env', 'HOME') }}", "x", "", None, 7])
def test_an_id_that_is_none_is_not_returned(current: Site, odd: Any) -> None:
    page = Reply(200, {"identityMemberships": [{"identity": {"id": odd, "name": "web"}}], "totalCount": 1})
    with stub(page) as server:
        options = {"url": server.url, "token": "a-token", "organization_id": current.organization_id, "retries": 0}
        failed = message_of(current, "web", **options)
    assert "Check that `url` is the address" in failed


def test_an_unforeseen_error_is_no_traceback(current: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: Any) -> list[str]:
        raise RuntimeError(f"broken {current.token}")

    monkeypatch.setattr(ids_task, "identity_ids_of", broken)
    failed = message_of(current, "web")
    assert "unforeseen" in failed and "Traceback" not in failed and current.token not in failed


def test_warnings_are_displayed(current: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    current.identity("web")
    warnings: list[str] = []
    monkeypatch.setattr(_lookup.display, "warning", warnings.append)
    data = current.ok("login", token=current.token)["login_data"]
    ids_of(current, "web", login_data=data, validate_certs=False)
    assert len(warnings) == 1 and re.search("validate_certs: false has no effect", warnings[0])


def test_without_requests_the_message_says_so(current: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_lookup, "HAS_REQUESTS", False)
    assert "Python library (requests)" in message_of(current, "web")


def test_what_core_adds_in_loops_is_no_option(current: Site) -> None:
    web = current.identity("web")
    assert ids_of(current, "web", wantlist=True) == [web]
