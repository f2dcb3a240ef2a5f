# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The invariants of every trial. A rule is a function that yields violations, and is listed in the RULES of its
module."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from tests.faults.harness.trial import Trial
from tests.faults.invariants import ends, failures, keys, openness, secrets

Rule = Callable[[Trial], Iterator[str]]

RULES: tuple[Rule, ...] = (*failures.RULES, *ends.RULES, *openness.RULES, *secrets.RULES, *keys.RULES)


def broken(trial: Trial, rules: Iterable[Rule] = RULES) -> list[tuple[str, str]]:
    """Returns the rules that a trial violates, each with a description."""
    return [(rule.__name__, "; ".join(wrong)) for rule in rules for wrong in [list(rule(trial))] if wrong]
