# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The demonstration succeeds, and detects claims that do not hold."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.emulator import Emulator

from .ledger import Broken, Ledger
from .run import essential
from .story import Story

ROOT = Path(__file__).resolve().parents[2]
FAILURE = """
TASK [Log in] ******************************************************************
[ERROR]: Task failed: Module failed: rejected
fatal: [localhost]: FAILED! =>
    changed: false
    failure:
        kind: authentication
        message: Invalid credentials
    msg: rejected

TASK [machineid.infisical.onboard : Log out] ***********************************
ok: [localhost]

PLAY RECAP *********************************************************************
localhost                  : ok=1    changed=0    unreachable=0    failed=1
"""


@pytest.mark.thorough
def test_everything_is_proved() -> None:
    command = [sys.executable, "-m", "tests.demo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    summary = done.stdout.partition("What was proved: ")[2].splitlines()
    assert [line[0] for line in summary[2:]] == list("12345678")
    assert int(summary[0].split()[0]) == len(re.findall(r"^   proved: ", done.stdout, re.M))


def test_unexpected_drift_is_detected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Emulator() as emulator:
        story = Story(emulator, tmp_path, Ledger())
        story.onboard()
        expected = story.server.drift()
        expected["before"]["aws_auth"]["access_token_ttl"] = 1
        story.server.drift = lambda: expected  # type: ignore[method-assign]
        with pytest.raises(Broken, match="the diff is what was changed manually.*\n.*'access_token_ttl': 7200"):
            story.find_drift()


def test_a_playbook_that_fails_is_detected(tmp_path: Path) -> None:
    with Emulator() as emulator:
        story = Story(emulator, tmp_path, Ledger())
        story.options += ("--extra-vars", "onboard_state=sideways")
        with pytest.raises(Broken, match=r"the playbook ran without a failure.*\n.*") as caught:
            story.onboard()
        assert "sideways" in str(caught.value)


def test_a_failure_is_displayed_in_short() -> None:
    assert essential(FAILURE) == [
        "TASK [Log in]",
        "fatal: [localhost]: FAILED! =>",
        "        kind: authentication",
        "        message: Invalid credentials",
        "localhost                  : ok=1    changed=0    unreachable=0    failed=1",
    ]


def test_the_summary_counts_claims() -> None:
    ledger = Ledger()
    ledger.open("First")
    ledger.hold("one is one", True)
    ledger.close("Numbers are themselves", "1 number")
    assert ledger.summary(2.4).splitlines()[1] == "What was proved: 1 claims, each checked by code, in 2 s"
    assert ledger.summary(2.4).splitlines()[-1] == "1  Numbers are themselves  1 number"
    with pytest.raises(Broken, match="This does not hold: one is two.\nWhat was found instead: 1"):
        ledger.hold("one is two", False, 1)
