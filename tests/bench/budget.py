# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The requests of one task with identity_id, counted by the emulator."""

from __future__ import annotations

import requests

from ansible_collections.machineid.infisical.plugins.module_utils._fleet.every_auth_method import AUTH_METHODS
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_method import auth_method_task
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_in_process
from tests.bench.report import Section
from tests.bench.server import Server, emulator
from tests.unit.strategies import smallest

BUDGET = {"attach": 2, "unchanged": 1, "update": 2, "revoke": 2, "already absent": 1}


def requests_of(server: Server, token: str, method: Resource, identity_id: str) -> dict[str, int]:
    desired = {"identity_id": identity_id, "url": server.url, "token": token, **smallest(method.name)}
    runs = {
        "attach": desired,
        "unchanged": desired,
        "update": {**desired, "access_token_ttl": 60},
        "revoke": {**desired, "state": "absent"},
        "already absent": {**desired, "state": "absent"},
    }
    counted = {}
    for name, arguments in runs.items():
        server.clear()
        result = run_in_process(auth_method_task(method), arguments, {}, check_mode=False, diff=False)
        assert result is not None and not result.get("failed"), result
        counted[name] = server.counts()["total"]
    return counted


def section() -> Section:
    table = Section("Requests per task", ("task", *BUDGET))
    with emulator() as server:
        token = server.login()
        body = {"name": "budget", "organizationId": server.organization_id}
        headers = {"Authorization": f"Bearer {token}"}
        made = requests.post(f"{server.url}/api/v1/identities", json=body, headers=headers, timeout=10).json()
        within = True
        for method in AUTH_METHODS:
            counted = requests_of(server, token, method, made["identity"]["id"])
            table.rows.append((method.name, *(str(counted[name]) for name in BUDGET)))
            within = within and all(counted[name] <= BUDGET[name] for name in BUDGET)
    table.bounds = [("with identity_id, no task makes more requests than allowed", within)]
    return table
