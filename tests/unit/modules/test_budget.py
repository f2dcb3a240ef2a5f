# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The maximum number of requests of tasks, counted by the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Site
from tests.unit.strategies import smallest
from tests.unit.tables import AUTH_METHODS, METHODS_AND_PROFILES, RESOURCES, served

every_method = pytest.mark.parametrize(("module", "profile"), METHODS_AND_PROFILES)
Sites = Callable[..., Site]


def verbs(site: Site, module: str, **options: Any) -> list[str]:
    """Returns the number of requests of one task."""
    site.clear_requests()
    site.ok(module, **options)
    return [request["method"] for request in site.requests()]


@every_method
def test_a_methods_life(sites: Sites, module: str, profile: str) -> None:
    site = sites(profile=profile)
    options = {"identity_id": site.identity(), **smallest(module)}
    shorter = {**options, "access_token_ttl": 60}
    assert verbs(site, module, state="absent", identity_id=options["identity_id"]) == ["GET"], "already absent"
    assert verbs(site, module, **options) == ["GET", "POST"], "attach"
    assert verbs(site, module, **options) == ["GET"], "unchanged"
    assert verbs(site, module, check=True, **shorter) == ["GET"], "an update in check mode"
    assert verbs(site, module, **shorter) == ["GET", "PATCH"], "update"
    assert verbs(site, module, check=True, state="absent", **options) == ["GET"], "a revocation in check mode"
    assert verbs(site, module, state="absent", **options) == ["GET", "DELETE"], "revoke"
    assert verbs(site, module, state="absent", **options) == ["GET"], "absent again"


@every_method
def test_check_mode_of_an_attach_asks_once_more_at_most(sites: Sites, module: str, profile: str) -> None:
    """A run gets the error about a second method from the POST, check mode has to look for it."""
    site = sites(profile=profile)
    requests = verbs(site, module, check=True, identity_id=site.identity(), **smallest(module))
    assert requests == ["GET", "GET"]


@pytest.mark.parametrize("module", [name for name in AUTH_METHODS if not served(RESOURCES[name], "2024-10")])
def test_a_method_the_server_does_not_have_is_absent_already(old: Site, module: str) -> None:
    assert verbs(old, module, state="absent", identity_id=old.identity()) == ["GET"]


@pytest.mark.parametrize("module", AUTH_METHODS[:1])
def test_a_name_costs_one_look_up_more(current: Site, module: str) -> None:
    """Two if the organisation has to be determined first."""
    current.identity("billing-api")
    options = {"identity_name": "billing-api", **smallest(module)}
    current.ok(module, **options)
    assert verbs(current, module, organization_id=current.organization_id, **options) == ["GET"] * 2
    assert verbs(current, module, **options) == ["GET"] * 3


def test_an_identitys_life(current: Site) -> None:
    by_name = {"name": "web", "organization_id": current.organization_id}
    assert verbs(current, "identity", state="absent", **by_name) == ["GET"]
    # The second GET looks for a duplicate that another client created at the same time.
    assert verbs(current, "identity", **by_name) == ["GET", "POST", "GET"]
    assert verbs(current, "identity", **by_name) == ["GET"]
    by_id = {"identity_id": current.ok("identity", **by_name)["identity_id"]}
    assert verbs(current, "identity", **by_id) == ["GET"]
    assert verbs(current, "identity", role="member", **by_id) == ["GET", "PATCH"]
    assert verbs(current, "identity", state="absent", **by_id) == ["GET", "DELETE"]
    assert verbs(current, "identity", state="absent", **by_id) == ["GET"]
