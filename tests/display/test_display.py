# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""On every ansible-core, no secret is displayed, and everything that is not secret is displayed.

One large play for each core and verbosity, because starting ansible-playbook takes longer than a task.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.effort import EFFORT
from tests.emulator import Emulator
from tests.integration.harness import Outcome, Runner, Variables, play
from tests.integration.stage import Actor

from .cores import OWN, bin_of, chosen
from .day import day, elsewhere

HERE = Path(__file__).resolve().parent
PATHS = ("in_process", "module")

FAILING = {
    "rejected login",
    "rejected access key",
    "rejected JWT-SVID",
    "waited for",
    "not a result",
    "one fails",
    "one fails in silence",
    "tried again",
    "failed by condition",
    "to be rescued",
    "an item fails",
    "password in the url",
    "beside an unknown option",
    "beside a wrong type",
    "password in login_data",
    "password in the environment",
    "one fails by ssh",
}
TASK_OF = {"one": "one fails", "tried": "tried again", "rescued": "to be rescued"}
"""Fleets with an identity that fails, each with its task. The failure has to be displayed."""


class Session:
    """Runs plays, and finds secrets in what was printed, recorded and logged."""

    def __init__(self, core: str, directory: Path, actors: dict[str, Actor]) -> None:
        self.runner = Runner(directory, bin_of(core))
        self.actors = actors
        self.directory = directory
        self.python = self.runner.bin / "python"

    def hosts(self, *names: str) -> dict[str, Variables]:
        given = {name: self.variables(name) for name in names}
        ssh = {"ansible_connection": "ssh", "ansible_ssh_executable": str(HERE / "fake_ssh")}
        return {name: {**variables, **(ssh if name == "ssh" else {})} for name, variables in given.items()}

    def variables(self, name: str) -> Variables:
        actor = self.actors[name]
        own = {"wrong_secret": secrets.token_hex(32), "url_password": secrets.token_hex(16)}
        actor.secrets.values |= set(own.values())
        return {
            **actor.variables(),
            **own,
            "own_token": actor.token(),
            "ansible_python_interpreter": str(self.python),
        }

    def run(self, plays: list[dict[str, object]], hosts: dict[str, Variables], *options: str, **env: str) -> Outcome:
        return self.runner.playbook(
            plays,
            hosts,
            "--diff",
            *options,
            PYTHONPATH=str(HERE / "python"),
            SYSTEM_LOG=str(self.directory / "system.log"),
            ANSIBLE_LOG_PATH=str(self.directory / "ansible.log"),
            ANSIBLE_CALLBACKS_ENABLED="recorder,ansible.builtin.junit",
            JUNIT_OUTPUT_DIR=str(self.directory / "junit"),
            **env,
        )

    def leaks(self, outcome: Outcome) -> list[str]:
        written = [*self.directory.glob("*.log"), *self.directory.glob("junit/*.xml")]
        assert {path.suffix for path in written} == {".log", ".xml"}
        texts = [path.read_text(errors="replace") for path in written]
        return [
            leak
            for actor in self.actors.values()
            for found in (actor.secrets.leaks_of(outcome), *map(actor.secrets.leaks, texts))
            for leak in found
        ]


@pytest.fixture(scope="module")
def emulators() -> Iterator[dict[str, Actor]]:
    names = (*PATHS, "ssh")
    running = {name: Emulator(profile="current", seed=name).start() for name in names}
    yield {name: Actor(emulator, "current", name if name in PATHS else "module") for name, emulator in running.items()}
    for emulator in running.values():
        emulator.stop()


@pytest.fixture(params=chosen())
def session(request: pytest.FixtureRequest, tmp_path: Path, emulators: dict[str, Actor]) -> Session:
    for actor in emulators.values():
        actor.emulator.reset()
    return Session(request.param, tmp_path, emulators)


def words(text: str) -> str:
    return " ".join(text.split())


def outcomes(outcome: Outcome) -> dict[tuple[str, str], str]:
    return {(record.host, str(record.label)): record.outcome for record in outcome.records if record.label}


def expected(outcome: Outcome, failing: set[str]) -> dict[tuple[str, str], str]:
    """Checks the result of each task that ran here."""
    ran = {key: value for key, value in outcomes(outcome).items() if value != "skipped"}
    return {(host, label): "failed" if label in failing else "ok" for host, label in ran}


@pytest.mark.extent
def test_what_a_user_sees(session: Session) -> None:
    """Without -v: no secret, all failures, and the diff of tasks that create a secret."""
    looped = PATHS if EFFORT.everywhere else PATHS[:1]
    plays = day(loops_everywhere=EFFORT.everywhere)
    outcome = session.run(plays, session.hosts(*PATHS), ANSIBLE_CALLBACK_RESULT_FORMAT="yaml")
    assert outcome.code == 0, outcome.output
    ran = {key: value for key, value in outcomes(outcome).items() if value != "skipped"}
    assert ran == expected(outcome, FAILING), outcome.output
    assert len(ran) > 30 and len(session.actors["in_process"].secrets.values) > 15
    assert session.leaks(outcome) == []
    text = words(outcome.output)
    for path in PATHS:
        for name in TASK_OF:
            if (path, TASK_OF[name]) in ran:
                assert f"1 of 2 identities failed. {name}-failed-{path}: " in text, outcome.output
    assert "2.19" <= core_of(session) or "silent-failed" not in text, "the task has no_log: true"
    for name, paths in (("made", PATHS), ("a", looped), ("b", looped)):
        assert text.count(f"--- before: {name} +++ after: {name} ") == len(paths), outcome.output
    assert text.count("before: planned") == 1 and "before: silent" not in text
    assert text.count('"good": [] + "good": [ + "(new)"') == len(looped), outcome.output


@pytest.mark.thorough
def test_what_a_debugger_sees(session: Session) -> None:
    """With maximum verbosity, and a connection that prints all data."""
    hosts = session.hosts(*PATHS, "ssh")
    everything = {
        "ANSIBLE_DEBUG": "1",
        "ANSIBLE_KEEP_REMOTE_FILES": "1",
        "ANSIBLE_PIPELINING": "false",
        "ANSIBLE_DISPLAY_OK_HOSTS": "1",
    }
    for host in ("module", "ssh"):
        hosts[host]["ansible_pipelining"] = True
    plays = day(loops_everywhere=False, debugged=True) + elsewhere()
    outcome = session.run(plays, hosts, "-vvvv", **everything)
    assert outcome.code == 0, outcome.output[-3000:]
    ran = {key: value for key, value in outcomes(outcome).items() if value != "skipped"}
    assert ran == expected(outcome, {*FAILING, "waited for in silence"}), outcome.output[-3000:]
    assert session.leaks(outcome) == []
    text = words(outcome.output)
    assert "ESTABLISH SSH CONNECTION" in text and "RUNNING CLEANUP" in text
    assert text.count("rc=0, stdout and stderr censored due to no log") >= 1


def core_of(session: Session) -> str:
    version = session.runner.bin.parent.name
    return OWN if version == ".venv" else version


def test_the_search_finds_a_secret(session: Session) -> None:
    """A play prints a token on purpose. Otherwise, the tests above would prove nothing."""
    print_it = [{"name": "Print", "ansible.builtin.debug": {"msg": "{{ own_token }}"}}]
    if session.runner.bin != Path(sys.executable).parent:
        pytest.skip("the search is the same for all cores")
    outcome = session.run([play(print_it)], session.hosts("module"))
    assert len(session.leaks(outcome)) >= 4, "printed, recorded, logged, and in the report of junit"
