# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An export has every setting of every auth method, and changes nothing when it is applied."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_method import option_of
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Options
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from tests.conftest import PROFILES, Result, Site
from tests.emulator.auth_methods import METHODS
from tests.emulator.profiles import CURRENT
from tests.unit.drivers import Subject, subject
from tests.unit.strategies import desired_states, foreign_body
from tests.unit.tables import AUTH_METHODS, RESOURCES, served


def attach(site: Site, subjects: list[Subject], resource: Resource, state: Options, data: st.DataObject) -> None:
    """Attaches a method to the one identity, or to one of its own where identities keep one method."""
    one = subject(site, resource)
    if subjects and site.service.settings.profile is CURRENT:
        one.gone()
        one.identity_id = subjects[0].identity_id
    subjects.append(one)
    one.create(data.draw(foreign_body(resource, state)))


def assert_exported(resource: Resource, state: Options, exported: Options) -> None:
    for field in (field for field in resource.fields if field.option in state and not field.secret):
        errors: list[str] = []
        value = field.type.parse(field.option, exported.get(field.option), errors)
        assert not errors and field.type.same(value, state[field.option]), field.option


@pytest.mark.parametrize("profile", PROFILES)
@given(data=st.data())
def test_an_export_has_every_setting_and_changes_nothing(
    started_sites: Callable[..., Site], profile: str, data: st.DataObject
) -> None:
    """With as many settings as can be given together, each with another value than its default."""
    site = started_sites(profile=profile)
    # Another test may have left it with faults.
    site.reset()
    methods = [RESOURCES[name] for name in AUTH_METHODS if served(RESOURCES[name], profile)]
    states = {resource.name: data.draw(desired_states(resource, profile, whole=True)) for resource in methods}
    subjects: list[Subject] = []
    for resource in methods:
        attach(site, subjects, resource, states[resource.name], data)
    exported: dict[str, Result] = {
        one.identity_id: site.ok("identity_info", identity_id=one.identity_id)["identity"] for one in subjects
    }
    for one in subjects:
        assert_exported(one.resource, states[one.resource.name], exported[one.identity_id][option_of(one.resource)])
    site.clear_requests()
    applied = site.ok("identities", identities=list(exported.values()), allow_open_methods=True)
    assert not applied["changed"], applied["diff"]
    assert site.counts()["writes"] == 0


def test_every_method_of_the_server_is_managed() -> None:
    assert {RESOURCES[name].slug for name in AUTH_METHODS} == set(METHODS["current"])
