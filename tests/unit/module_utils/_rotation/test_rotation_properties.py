# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Properties of all current and desired states of a rotation, on a server with real keys."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from .conftest import Shop

SECRET_NAMES = st.lists(st.text("ABC_", min_size=1, max_size=3), min_size=2, max_size=2, unique=True)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "rotation_interval": st.integers(1, 400),
        "rotate_at_utc": st.builds("{}:{:02}".format, st.integers(0, 23), st.integers(0, 59)),
        "auto_rotation_enabled": st.booleans(),
        "description": st.sampled_from(["", "x", "Größe"]),
        "secrets_mapping": SECRET_NAMES.map(
            lambda names: dict(zip(("access_key_id", "secret_access_key"), names, strict=True))
        ),
        "parameters": st.sampled_from([{"region": ""}, {"region": "us-east-1"}, {"region": "eu-west-1"}]),
    },
)


@given(changes=st.lists(CHANGES, min_size=2, max_size=3))
def test_check_mode_predicts_what_the_run_does_and_a_second_run_does_nothing(
    shop: Shop, changes: list[dict[str, Any]]
) -> None:
    """No update costs a key, or changes options that are not given."""
    if not shop.rotations:
        shop.make()
    keys = shop.keys()
    for desired in changes:
        # Omitted on purpose: options that are not given.
        desired = {"rotation_interval": None, "secrets_mapping": None, "parameters": None, **desired}
        before = shop.keep(**{**desired, **dict.fromkeys(desired)})["aws_iam_rotation"]
        shop.site.clear_requests()
        checked = shop.keep(check=True, **desired)
        assert shop.site.counts()["writes"] == 0
        done = shop.keep(**desired)
        assert (done["changed"], done["diff"]) == (checked["changed"], checked["diff"])
        assert done["aws_iam_rotation"] == checked["aws_iam_rotation"]
        assert done["changed"] == (shop.site.counts()["writes"] > 0)
        mentioned = {option for option, value in desired.items() if value is not None}
        after = done["aws_iam_rotation"]
        assert {option: after[option] for option in after.keys() - mentioned} == {
            option: before[option] for option in before.keys() - mentioned
        }
        shop.site.clear_requests()
        assert not shop.keep(**desired)["changed"]
        assert shop.site.counts()["writes"] == 0
        assert set(shop.secrets()) == set(after["secrets_mapping"].values())
    assert shop.keys() == keys
