# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A fleet in one task: create, unchanged and one field changed, compared with the bare client on the same server."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._fleet.task import IDENTITIES_TASK
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import run_in_process
from tests.bench.bare import BareClient
from tests.bench.report import Section
from tests.bench.server import Server, emulator

IDENTITIES = 200
METHODS = 2
ROUNDS = 3
GROWTH_ROUNDS = 7
SLOW_MS = 5
RATE_BOUND = 0.8
KNEE = 4
GROWTH = (50, 100, 200, 400, 800)
GROWTH_BOUND = 0.15
PAGE = 100
STEPS = ("create", "unchanged", "one field changed")


def names(number: int) -> list[str]:
    return [f"fleet-{index:04}" for index in range(number)]


def declared(number: int, ttl: int = 3600) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "universal_auth": {"access_token_ttl": 3600, "access_token_max_ttl": 86400},
            "aws_auth": {
                "allowed_account_ids": ["123456789012"],
                "access_token_ttl": ttl,
                "access_token_max_ttl": 86400,
            },
        }
        for name in names(number)
    ]


def converge(server: Server, token: str, identities: list[dict[str, Any]], concurrency: int) -> None:
    arguments = {
        "url": server.url,
        "token": token,
        # The bare client has it, too.
        **({"organization_id": server.organization_id} if server.organization_id else {}),
        "identities": identities,
        "concurrency": concurrency,
    }
    result = run_in_process(IDENTITIES_TASK, arguments, {}, check_mode=False, diff=False)
    assert result is not None and not result.get("failed"), result


def rate(server: Server, work: Callable[[], Any]) -> tuple[float, dict[str, int]]:
    """Returns the requests per second of ``work``, and the number of its requests by method."""
    server.clear()
    started = time.perf_counter()
    work()
    taken = time.perf_counter() - started
    counts = server.counts()
    return counts["total"] / taken, counts


@dataclass(frozen=True)
class Step:
    """One step of one round: requests per second of ``identities`` and of the bare client,
    and the requests of the former."""

    ours: float
    bare: float
    counts: dict[str, int]


def one_round(server: Server, concurrency: int) -> dict[str, Step]:
    server.reset()
    token = server.login()
    bare = BareClient(server, token, concurrency)
    ids: list[str] = []
    bare_rates = [rate(server, lambda: ids.extend(bare.create(names(IDENTITIES))))[0]]
    bare_rates.append(rate(server, lambda: bare.unchanged(ids))[0])
    bare_rates.append(rate(server, lambda: bare.change(ids))[0])
    server.reset()
    token = server.login()
    desired_states = (declared(IDENTITIES), declared(IDENTITIES), declared(IDENTITIES, ttl=1800))
    ours = [rate(server, partial(converge, server, token, desired, concurrency)) for desired in desired_states]
    return {step: Step(our[0], bare_rate, our[1]) for step, our, bare_rate in zip(STEPS, ours, bare_rates, strict=True)}


def compare(title: str, latency_ms: int, bound: float | None) -> Section:
    columns = ("step", "concurrency", "identities, requests/s", "bare client, requests/s", "ratio", "requests")
    table = Section(title, columns)
    with emulator("--latency-ms", latency_ms) as server:
        for concurrency in (1, 4, 16):
            rounds = [one_round(server, concurrency) for _round in range(ROUNDS)]
            for step in STEPS:
                ours, bare = median(one[step].ours for one in rounds), median(one[step].bare for one in rounds)
                ratio = median(one[step].ours / one[step].bare for one in rounds)
                counts = rounds[0][step].counts
                asked = ", ".join(f"{counts[verb]} {verb}" for verb in ("GET", "POST", "PATCH") if counts[verb])
                table.rows.append((step, str(concurrency), f"{ours:.0f}", f"{bare:.0f}", f"{ratio:.2f}", asked))
                if bound and concurrency == KNEE and step != STEPS[2]:
                    table.bounds.append((f"{step}: at least {bound:.0%} of the bare client's rate", ratio >= bound))
        table.bounds.append(("no more requests than needed", needs_no_more(rounds[0])))
    return table


def needs_no_more(steps: dict[str, Step]) -> bool:
    """Create: a POST per created object, the list before, and a look for duplicates in the list after. Unchanged: a GET
    per method and one per page of the list."""
    create, unchanged = steps["create"].counts, steps["unchanged"].counts
    pages = -(-(IDENTITIES + 1) // PAGE)
    return (
        create["POST"] == IDENTITIES * (1 + METHODS)
        and create["GET"] <= 1 + pages
        and unchanged["GET"] <= IDENTITIES * METHODS + pages
        and unchanged["writes"] == 0
    )


def growth() -> Section:
    """Measures each size in a separate organisation, alternating between sizes, so that a
    slow minute affects all alike."""
    table = Section("Growth", ("identities", "ms per identity, unchanged"))
    times: dict[int, list[float]] = {number: [] for number in GROWTH}
    with ExitStack() as stack:
        servers = {number: stack.enter_context(emulator("--latency-ms", SLOW_MS)) for number in GROWTH}
        tokens = {number: server.login() for number, server in servers.items()}
        for number, server in servers.items():
            converge(server, tokens[number], declared(number), KNEE)
        for _round in range(GROWTH_ROUNDS):
            for number, server in servers.items():
                started = time.perf_counter()
                converge(server, tokens[number], declared(number), KNEE)
                times[number].append((time.perf_counter() - started) / number * 1000)
    medians = {number: median(taken) for number, taken in times.items()}
    table.rows = [(str(number), f"{value:.2f}") for number, value in medians.items()]
    spread = max(medians.values()) / min(medians.values()) - 1
    table.bounds = [(f"flat within {GROWTH_BOUND:.0%} (spread {spread:.0%})", spread <= GROWTH_BOUND)]
    return table


def sections() -> list[Section]:
    return [
        compare(f"Fleets of {IDENTITIES}, server answering in {SLOW_MS} ms", SLOW_MS, RATE_BOUND),
        compare(f"Fleets of {IDENTITIES}, server at full speed", 0, None),
        growth(),
    ]
