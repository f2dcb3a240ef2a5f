# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Expands the tasks of a target to check, run, check, run, and reports violations of the expectations."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .harness import Outcome, Record, Tasks

PHASES = {"c1": True, "r1": False, "c2": True, "r2": False}
"""The phases of a step, and whether they use check mode."""

REGISTERED = {"c1": "{}_check", "r1": "{}", "c2": "{}_check_again", "r2": "{}_again"}
KEEPING = ("machineid.infisical.identities", "machineid.infisical.aws_iam_rotation")
INCLUDES = ("ansible.builtin.include_role", "ansible.builtin.include_tasks")


@dataclass(frozen=True)
class Step:
    """A task of a target that runs in several phases. ``tags`` define the expectations (see README.md)."""

    label: str
    name: str
    tags: frozenset[str]
    is_role: bool = False
    once: bool = False
    """Whether there is no second pair."""

    @property
    def fails(self) -> bool:
        return "fails" in self.tags

    @property
    def phases(self) -> tuple[str, ...]:
        # Without a change, a second pair would test nothing new.
        return ("c1", "r1") if self.once or self.tags & {"fails", "unchanged"} else tuple(PHASES)

    def faults(self, outcome: Outcome, host: str) -> Iterator[str]:
        """Yields violations in the runs on ``host``."""
        runs = [[r for r in outcome.of(host) if self._concerns(r, phase)] for phase in self.phases]
        where = f"{host}: {self.name}"
        lengths = [len(records) for records in runs]
        if len(set(lengths)) != 1 or not lengths[0]:
            yield f"{where}: {self.phases} ran {lengths} tasks"
            return
        for records in zip(*runs, strict=True):
            if {record.outcome for record in records} == {"skipped"}:
                continue
            found = self._faults_of_failing(*records) if self.fails else self._faults_of_working(*records)
            yield from (f"{where}: {fault}" for fault in found)

    def _concerns(self, record: Record, phase: str) -> bool:
        """Of a role that logs in, delivers and verifies, returns only the modules that manage something."""
        if record.label != f"{self.label}.{phase}":
            return False
        return not self.is_role or (record.action in KEEPING and record.outcome != "skipped")

    def _faults_of_failing(self, *runs: Record) -> Iterator[str]:
        for phase, record in zip(self.phases, runs, strict=True):
            if record.outcome != "failed":
                yield f"{phase} was to fail and is {record.outcome}"
            # In a run, the server may be what rejects the task.
            if phase == "c1" and record.requests.get("writes"):
                yield f"{phase} failed after {record.requests['writes']} writes"
            if plain(record.result) != plain(runs[0].result):
                yield f"{phase} fails in another way than c1: {record.msg} | {runs[0].msg}"

    def _faults_of_working(self, c1: Record, r1: Record, *again: Record) -> Iterator[str]:
        runs = dict(zip(self.phases, (c1, r1, *again), strict=True))
        broken = [
            f"{phase} {r.outcome}: {r.msg or text_of(r.result)}" for phase, r in runs.items() if r.outcome != "ok"
        ]
        yield from broken
        if broken:
            return
        if changed(r1) == ("unchanged" in self.tags):
            yield f"r1 says changed={changed(r1)}"
        if changed(c1) != changed(r1):
            yield f"check said changed={changed(c1)}, run says {changed(r1)}"
        if timeless(diffs(c1)) != timeless(diffs(r1)) and "censored" not in r1.result:
            yield f"check mode reported {text_of(diffs(c1))}, the run did {text_of(diffs(r1))}"
        if bool(r1.requests.get("writes")) != changed(r1):
            yield f"r1 says changed={changed(r1)} after {r1.requests.get('writes')} writes"
        for phase, record in runs.items():
            if phase != "r1" and record.requests.get("writes"):
                yield f"{phase} made {record.requests['writes']} writes"
        for phase, record in zip(self.phases[2:], again, strict=True):
            if changed(record):
                yield f"{phase} says changed, with {text_of(diffs(record))}"


def expanded(tasks: Tasks, *, only_first: bool = False) -> tuple[Tasks, list[Step]]:
    """Returns the tasks to run, and the steps among them. Tasks of other collections, and tasks with the tag ``once``,
    are not expanded. With ``only_first`` they end with the first pair of the first step."""
    made: Tasks = []
    steps: list[Step] = []
    for number, task in enumerate(tasks, start=1):
        tags = frozenset(task.get("tags", []))
        label = str(number)
        if not concerns_collection(task):
            made.append(task)
        elif "once" in tags:
            made.append(labelled(task, f"{label}.once"))
        else:
            step = Step(label, task["name"], tags, any(key.endswith(("_role", "roles")) for key in task), only_first)
            steps.append(step)
            made += [phase_of(task, label, phase) for phase in step.phases]
            if only_first:
                break
    return made, steps


def concerns_collection(node: Any) -> bool:
    if isinstance(node, list):
        return any(concerns_collection(item) for item in node)
    if not isinstance(node, dict):
        return False
    role = str(node.get("name", ""))
    return role.startswith("machineid.infisical.") or any(
        str(key).startswith("machineid.infisical.") or (key != "vars" and concerns_collection(value))
        for key, value in node.items()
    )


def phase_of(task: dict[str, Any], label: str, phase: str) -> dict[str, Any]:
    """Returns the task for one phase. A block sets the mode, because roles and blocks cannot set it themselves."""
    task = copy.deepcopy(task)
    modes = {"check_mode": PHASES[phase], "diff": True}
    if "register" in task:
        task["register"] = REGISTERED[phase].format(task["register"])
    for include in INCLUDES:
        if include in task:
            task[include]["apply"] = modes
    block = {"name": f"{task['name']} ({phase})", "block": [task], **modes}
    if "fails" in task.get("tags", []):
        block["rescue"] = [{"name": "Go on, as that was to fail", "ansible.builtin.meta": "noop"}]
    return labelled(block, f"{label}.{phase}")


def labelled(task: dict[str, Any], label: str) -> dict[str, Any]:
    return {**task, "vars": {**task.get("vars", {}), "recorded_as": label}}


def changed(record: Record) -> bool:
    return bool(record.result.get("changed"))


def diffs(record: Record) -> list[Any]:
    """Returns the diff of a task, or of each item of its loop."""
    if "results" in record.result:
        return [item.get("diff") for item in record.result["results"]]
    return [record.result.get("diff")]


def timeless(value: Any) -> str:
    """Returns a value as text, without the time of the run, at which a temporary role starts."""
    return TIME.sub("<time>", text_of(value))


TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")
UUID = re.compile(r"(?i:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
VOLATILE = re.compile(
    rf"{UUID.pattern}"
    rf"|(?P<time>{TIME.pattern})"
    r"|(?P<key>\bAKIA[A-Z0-9]{16}\b)"
    r"|(?P<request>req-\w+)"
    r"|(?P<jwt>eyJ[\w-]+\.[\w-]+\.[\w-]+)"
    r"|(?P<port>(?<=://127\.0\.0\.1:)\d+)"
    r"|(?P<secret>\b[0-9a-f]{64}\b)"
)


def plain(result: Any, names: dict[str, str] | None = None) -> str:
    """Returns a result as text, with each id, time and address replaced by its type and the
    order of its first occurrence."""
    known = {} if names is None else names

    def name(match: re.Match[str]) -> str:
        kind = match.lastgroup or "id"
        # Two moments can be in the same millisecond on one execution path, but not on the other.
        return "<time>" if kind == "time" else known.setdefault(match.group(), f"<{kind} {len(known)}>")

    return VOLATILE.sub(name, text_of(without_internals(result)))


def without_internals(result: Any) -> Any:
    if not isinstance(result, dict):
        return result
    return {key: value for key, value in result.items() if not key.startswith("_ansible_")}


def text_of(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)
