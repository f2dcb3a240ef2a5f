# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan of a credential as a pure function of the listed secrets, the content of the file, and the time."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from ansible_collections.machineid.infisical.plugins.module_utils._http.answers import Answer
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import InfisicalError
from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import checked
from ansible_collections.machineid.infisical.plugins.module_utils._issued import client_secret, token
from ansible_collections.machineid.infisical.plugins.module_utils._issued.client_secret import CLIENT_SECRET
from ansible_collections.machineid.infisical.plugins.module_utils._issued.credential import (
    DeclaredCredential,
    Issued,
    Listing,
)
from ansible_collections.machineid.infisical.plugins.module_utils._issued.plan import (
    CredentialPlan,
    plan_credential,
    plan_warnings,
)

NOW = 1_000_000.0
OLD = ("old", "older")


def secret(secret_id: str, age: float = 100, ttl: int = 0, **changes: Any) -> Issued:
    given = {"num_uses_limit": 0, "num_uses": 1, "name": "app", "prefix": "a1b2", **changes}
    ends_at = NOW - age + ttl if ttl else None
    settings = {"ttl": ttl, "num_uses_limit": given["num_uses_limit"]}
    return Issued(id=secret_id, created_at=NOW - age, ends_at=ends_at, settings=settings, **given)


def planned(
    *listed: Issued, delivered: set[str] | None = None, ttl: int = 0, complete: bool = True, **declared: Any
) -> CredentialPlan:
    settings = {"ttl": ttl, "num_uses_limit": 0}
    desired = DeclaredCredential(CLIENT_SECRET, **{"name": "app", "settings": settings, **declared})
    return plan_credential(desired, Listing(listed, complete), NOW, None if delivered is None else frozenset(delivered))


def test_the_newest_usable_one_is_kept_without_a_file() -> None:
    plan = planned(secret("old", 200), secret("new", 100), secret("other", 1, name="App"))
    assert not plan.changed and plan.kept is not None and plan.kept.id == "new"


def test_the_file_decides_which_one_is_kept() -> None:
    plan = planned(secret("old", 200), secret("new", 100), delivered={"old"}, dest="/x")
    assert not plan.changed and plan.kept is not None and plan.kept.id == "old"
    assert plan.others == ("new",) and "new" in plan_warnings(plan)[0]


@pytest.mark.parametrize("overlap", [None, 50, 1000])
def test_what_is_in_no_file_is_not_delivered(overlap: int | None) -> None:
    plan = planned(secret("lost"), secret("lost-too", 200), delivered=set(), dest="/x", overlap=overlap)
    assert plan.create and not plan.revoke and plan.kept is None
    assert all(words in plan_warnings(plan)[0] for words in ("lost", "lost-too", "/x does not contain it"))


def test_without_a_usable_one_a_file_does_not_help() -> None:
    plan = planned(secret("dead", 200, ttl=100), delivered={"dead"}, dest="/x")
    assert plan.create and plan.revoke == ("dead",)


@pytest.mark.parametrize(
    ("overlap", "revoked"), [(None, ()), (150, ()), (100, ("old", "older")), (0, ("old", "older"))]
)
def test_old_ones_go_when_the_overlap_is_over(overlap: int | None, revoked: tuple[str, ...]) -> None:
    listed = secret("older", 300), secret("old", 200), secret("new", 100)
    for delivered, dest in ((None, None), ({"new"}, "/x")):
        plan = planned(*listed, delivered=delivered, dest=dest, overlap=overlap)
        assert sorted(plan.revoke) == sorted(revoked) and not plan.create


def test_old_ones_stay_while_nobody_has_used_the_new_one() -> None:
    """The answer with the new one may have been lost, so that only the old one is usable."""
    listed = secret("old", 200), secret("new", 100, num_uses=0)
    assert planned(*listed, overlap=0).revoke == ()
    assert "never used" in plan_warnings(planned(*listed, overlap=0))[0]
    assert planned(*listed, overlap=0, delivered={"new"}, dest="/x").revoke == ("old",), "a file proves it"


@pytest.mark.parametrize("dest", [None, "/x"])
def test_one_is_made_on_demand_and_the_one_in_force_stays_for_the_overlap(dest: str | None) -> None:
    delivered = {"new"} if dest else None
    listed = secret("dead", 900, ttl=10), secret("old", 200), secret("new", 100)
    plan = planned(*listed, renew_now=True, overlap=50, delivered=delivered, dest=dest)
    assert plan.create and sorted(plan.revoke) == ["dead", "old"], "the overlap of its predecessor is over"
    plan = planned(*listed, renew_now=True, overlap=0, delivered=delivered, dest=dest)
    assert plan.create and sorted(plan.revoke) == sorted(["dead", "old", *(["new"] if dest else [])])
    plan = planned(*listed, renew_now=True, delivered=delivered, dest=dest)
    assert plan.create and plan.revoke == ("dead",)


def test_one_is_revoked_by_its_id_and_no_other() -> None:
    listed = secret("by-hand", name=""), secret("app")
    plan = planned(*listed, name="", credential_id="by-hand", present=False)
    assert plan.revoke == ("by-hand",) and plan.diff() == {"before": {"by-hand": ["by-hand"]}, "after": {"by-hand": []}}
    assert not planned(*listed, name="", credential_id="gone", present=False).changed


def test_a_renewal_explains_an_old_one_and_nothing_else_does() -> None:
    due = secret("due", 1000, ttl=5000), secret("new", 100)
    assert planned(*due, ttl=5000, renew_before=4500).others == ()
    assert planned(*due, ttl=5000, renew_before=100).others == ("due",)
    assert planned(secret("old", 200), secret("new", 100), overlap=1000).others == (), "it will be revoked"


GIVEN: dict[str, Any] = {
    "id": "6f1f0d9a-3b0e-4d0f-9d35-6f8b6f1a2c3d",
    "createdAt": "2024-10-01T12:00:00.123Z",
    "description": "app",
    "clientSecretPrefix": "a1b2",
    "clientSecretTTL": 60,
    "clientSecretNumUses": 1,
    "clientSecretNumUsesLimit": 2,
    "isClientSecretRevoked": False,
}
NO_NUMBERS: list[Any] = [None, [], {}, "", "\n", "../x", True, "yesterday", "x" * 5000, {"a": []}]
ODD = [*NO_NUMBERS, -1, 1.5, float("nan"), 10**30]
FINE = [("clientSecretPrefix", "yesterday"), ("clientSecretPrefix", "../x"), ("isClientSecretRevoked", True)]


def read(wire: Any) -> Issued:
    answer = checked(Answer({"clientSecretData": wire}, "GET", "/x"), client_secret.ONE)
    return client_secret.client_secret_of(answer["clientSecretData"])


def test_an_answer_is_read() -> None:
    settings = {"ttl": 60, "num_uses_limit": 2}
    moment = 1727784000.123
    assert read(GIVEN) == Issued(GIVEN["id"], "app", moment, moment + 60, 1, 2, prefix="a1b2", settings=settings)
    without = {key: value for key, value in GIVEN.items() if key != "isClientSecretRevoked"}
    assert not read({**without, "description": None}).revoked


@pytest.mark.parametrize("key", GIVEN)
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:10])
def test_an_odd_answer_names_route_and_field(key: str, odd: Any) -> None:
    if (key == "description" and (odd is None or isinstance(odd, str))) or (key, odd) in FINE:
        return
    with pytest.raises(InfisicalError, match=rf"^GET /x answered .* clientSecretData\.{key}") as raised:
        read({**GIVEN, key: odd})
    assert raised.value.kind == "server"


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:10])
def test_what_is_no_object_is_an_odd_answer(odd: Any) -> None:
    with pytest.raises(InfisicalError) as raised:
        read(odd)
    assert raised.value.kind == "server"


TOKEN_ROW: dict[str, Any] = {
    "id": "6f1f0d9a-3b0e-4d0f-9d35-6f8b6f1a2c3d",
    "identityId": "6f1f0d9a-3b0e-4d0f-9d35-6f8b6f1a2c3e",
    "createdAt": "2024-10-01T12:00:00.000Z",
    "name": None,
    "accessTokenTTL": 60,
    "accessTokenMaxTTL": 100,
    "accessTokenNumUses": 1,
    "accessTokenNumUsesLimit": 2,
    "accessTokenLastRenewedAt": None,
    "isAccessTokenRevoked": False,
}


@pytest.mark.parametrize(
    ("wire", "lasts"),
    [
        ({}, 60),
        ({"accessTokenLastRenewedAt": "2024-10-01T12:00:30.000Z"}, 90),
        ({"accessTokenTTL": 0}, 100),
        ({"accessTokenTTL": 0, "authMethod": "token-auth"}, None),
        ({"accessTokenTTL": 0, "accessTokenMaxTTL": 0}, None),
    ],
)
def test_a_token_ends_a_lifetime_after_its_creation_or_renewal(wire: dict[str, Any], lasts: int | None) -> None:
    found = token.token_of({**TOKEN_ROW, **wire})
    assert found.ends_at == (None if lasts is None else 1727784000 + lasts)


@pytest.mark.parametrize("key", TOKEN_ROW)
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:10])
def test_an_odd_answer_about_a_token_names_route_and_field(key: str, odd: Any) -> None:
    allowed = {"name": (None, str), "accessTokenLastRenewedAt": (None,), "isAccessTokenRevoked": (bool,)}
    if any(odd is one or (isinstance(one, type) and isinstance(odd, one)) for one in allowed.get(key, ())):
        return
    answer = Answer({"token": {**TOKEN_ROW, key: odd}}, "GET", "/x")
    with pytest.raises(InfisicalError, match=rf"^GET /x answered .* token\.{key}") as raised:
        checked(answer, token.ONE)
    assert raised.value.kind == "server"


def test_an_incomplete_list_proves_no_absence() -> None:
    with pytest.raises(InfisicalError, match="may already exist") as raised:
        planned(complete=False)
    assert raised.value.kind == "conflict"
    assert planned(complete=False, renew_now=True).create
    assert not planned(secret("app"), complete=False).changed
    gone = planned(secret("app"), complete=False, present=False)
    assert gone.revoke == ("app",) and "Older ones" in plan_warnings(gone)[0]


ages = st.integers(0, 500)
secrets = st.builds(
    secret,
    st.uuids().map(str),
    ages,
    ttl=st.sampled_from([0, 50, 200, 1000]),
    num_uses=st.integers(0, 3),
    num_uses_limit=st.sampled_from([0, 2]),
    name=st.sampled_from(["app", "app", "other"]),
)
desired_states = st.fixed_dictionaries(
    {
        "ttl": st.sampled_from([0, 1000]),
        "renew_before": st.sampled_from([0, 100]),
        "overlap": st.sampled_from([None, 0, 100]),
        "renew_now": st.booleans(),
    }
)


@given(st.lists(secrets, max_size=6), desired_states, st.booleans(), st.data())
def test_a_plan_never_takes_the_last_delivered_one_away(
    listed: list[Issued], desired: dict[str, Any], filed: bool, data: st.DataObject
) -> None:
    """Secrets with another description always remain, and so does the valid one, unless a
    file contains its successor."""
    delivered = {one.id for one in listed if data.draw(st.booleans())} if filed else None
    plan = planned(*listed, delivered=delivered, dest="/x" if filed else None, **desired)
    by_id = {one.id: one for one in listed}
    assert all(by_id[one].name == "app" for one in plan.revoke)
    assert plan.kept is None or plan.kept.id not in plan.revoke
    assert plan.create == (plan.kept is None)
    if plan.create and plan.current is not None and not (filed and desired["overlap"] == 0):
        assert plan.current.id not in plan.revoke
    if plan.kept is not None:
        assert plan.kept.is_usable(NOW) and (delivered is None or plan.kept.id in delivered)
    assert len(plan.revoke) == len(set(plan.revoke))
    usable_and_used = [one for one in listed if one.name == "app" and one.is_usable(NOW) and one.num_uses]
    if not filed and usable_and_used:
        left = [one for one in usable_and_used if one.id not in plan.revoke]
        assert left, "somebody may be using one of them"
