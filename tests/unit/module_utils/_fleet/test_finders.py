# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Finding the identities of a fleet in the complete list."""

from __future__ import annotations

from ansible_collections.machineid.infisical.plugins.module_utils._fleet.declaration import Declaration
from ansible_collections.machineid.infisical.plugins.module_utils._fleet.finders import IdentityFinder
from ansible_collections.machineid.infisical.plugins.module_utils._http.client import Client, Server
from ansible_collections.machineid.infisical.plugins.module_utils._identity.naming import FEW
from ansible_collections.machineid.infisical.plugins.module_utils._identity.scope import OrganizationScope
from tests.conftest import Site, Time


def test_duplicates_get_a_moment_to_agree_on_one_of_them(either: Site) -> None:
    """Another run may be creating the same fleet at the same time."""
    ids = [either.identity("web") for _turn in range(2)]
    time = Time()
    scope = OrganizationScope(Client(Server(either.url), either.token, clock=time.now, sleep=time.sleep))
    finder = IdentityFinder(scope, FEW + 1)

    def agree(seconds: float) -> None:
        assert 0 < seconds < 1
        either.api("DELETE", f"/api/v1/identities/{ids[1]}")

    scope.client.sleep = agree
    found = finder.find(Declaration(0, None, {"name": "web"}, present=True))
    assert found is not None and found["identity"]["id"] == ids[0]
