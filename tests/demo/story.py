# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The demonstration of one workload, from one block of YAML to thirteen ways to log in. Every claim is checked."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import Any

from tests.emulator import Emulator

from .clouds import STRANGER, WORKLOAD, Clouds, client_of, private_file, token_of
from .ledger import Ledger, only, say
from .machines import Machines
from .run import PLAYBOOKS, Playbooks, Run
from .server import ALLOWLISTS, METHODS, Server

WAYS = 13
TOKEN = "token-auth"
"""The method without a login: its token is used as it is."""


class Story:
    """The scenes in order. Each continues where the previous one ended."""

    def __init__(self, emulator: Emulator, directory: Path, ledger: Ledger) -> None:
        self.emulator = emulator
        self.directory = directory
        self.ledger = ledger
        self.server = Server(emulator)
        self.clouds = Clouds(emulator, directory)
        self.playbooks = Playbooks(emulator, directory)
        self.handed_over = directory / f"{WORKLOAD}.env"
        self.token_file = directory / f"{WORKLOAD}-token.env"
        self.options: tuple[str, ...] = ("--extra-vars", f"handover={directory}")
        self.declared: dict[str, Any] = {}
        self.secrets: list[str] = []

    def run(self) -> None:
        self.onboard()
        self.run_again()
        self.find_drift()
        self.heal()
        self.lower_one_lifetime()
        with Machines(self.emulator, self.directory) as machines:
            self.log_in(machines)
            self.reject_strangers(machines)
            self.secrets += [*self.clouds.secrets, *machines.secrets]
        self.print_no_secret()

    def onboard(self) -> None:
        self.ledger.open("Onboard a workload: one identity, four ways to log in", *block_of_yaml())
        run = self.succeeded(self.playbooks.run("onboard", *self.options))
        hold = self.ledger.hold
        attached = self.server.attached()
        hold("the identity has all four auth methods", sorted(attached) == sorted(METHODS), attached)
        roles = self.server.roles()
        hold("it is a member of the project, with the role viewer", roles == ["viewer"], roles)
        mode = stat.S_IMODE(self.handed_over.stat().st_mode) if self.handed_over.exists() else 0
        hold("its client secret is in a file that only its owner can read", mode == 0o600, oct(mode))
        self.declared = self.server.everything()
        self.ledger.close(
            "Onboarded from one block: 4 auth methods, 1 project, 1 client secret", f"{run.counts['writes']} writes"
        )

    def run_again(self) -> None:
        self.ledger.open("Run the same again")
        run = self.succeeded(self.playbooks.run("onboard", *self.options))
        self.ledger.hold("Ansible counts changed=0", run.recap["changed"] == 0, run.recap)
        self.nothing_was_written(run)
        self.ledger.close("A second run changes nothing", f"changed=0, {reads_and_writes(run)}")

    def find_drift(self) -> None:
        self.ledger.open(
            "Somebody changes the server manually; check mode detects it",
            "   Three bare requests: PATCH aws-auth with one lifetime and nothing else, one more Azure principal,",
            "   and the project role admin. (The server empties both AWS allowlists, which the first left out.)",
        )
        self.server.interfere()
        emptied = [self.server.method("aws-auth")[name] for name in ALLOWLISTS]
        self.ledger.hold("a bare PATCH of one lifetime emptied both AWS allowlists", emptied == ["", ""], emptied)
        run = self.succeeded(self.playbooks.run("onboard", *self.options, "--check", "--diff"))
        found = diff_of(run)
        self.ledger.hold("the diff is what was changed manually, and nothing else", found == self.server.drift(), found)
        self.nothing_was_written(run)
        options = sum(len(part) for part in found["before"].values())
        self.ledger.close("Check mode reports exactly the drift", f"{options} options, {reads_and_writes(run)}")

    def heal(self) -> None:
        self.ledger.open("Repair the drift")
        drift = self.server.drift()
        run = self.succeeded(self.playbooks.run("onboard", *self.options, "--diff"))
        self.ledger.hold("the run did what check mode reported", diff_of(run) == drift, diff_of(run))
        healed = self.server.everything()
        self.ledger.hold("the state of the server is the same as after the first run", healed == self.declared, healed)
        writes = run.counts["writes"]
        self.ledger.hold("each of the three repairs took one write", writes == 3, run.counts)
        self.ledger.close("The same playbook repairs it", f"{writes} writes")

    def lower_one_lifetime(self) -> None:
        self.ledger.open("Lower one lifetime, with no other option")
        before = self.server.method("aws-auth")
        run = self.succeeded(self.playbooks.run("lower_one_lifetime", "--diff"))
        after = self.server.method("aws-auth")
        self.ledger.hold("the lifetime is the new one", after["accessTokenTTL"] == 900, after["accessTokenTTL"])
        untouched = after == {**before, "accessTokenTTL": 900}
        self.ledger.hold("both AWS allowlists, and everything else, are unchanged", untouched, after)
        bodies = [one["body"] for one in run.sent("PATCH")]
        whole = [{name: body.get(name) for name in ALLOWLISTS} for body in bodies]
        say(*(f"   sent:   PATCH with {name} '{value}'" for sent in whole for name, value in sent.items()))
        unopened = all(body == {name: before[name] for name in ALLOWLISTS} for body in whole)
        self.ledger.hold("every PATCH contained both complete lists", len(bodies) > 0 and unopened, bodies)
        self.ledger.close("One lifetime lowered; both AWS allowlists preserved", f"{len(bodies)} PATCH, both complete")

    def log_in(self, machines: Machines) -> None:
        self.ledger.open(
            "The workload logs in, in every way there is",
            "   One task attaches its other auth methods and delivers a token. The workload proves itself with",
            "   signatures of botocore (to moto's STS), the oci library and an Alibaba Cloud access key; with tokens",
            "   of Azure's and Google's metadata, a CI system, a cluster and a SPIFFE agent; with a TLS certificate, a",
            "   password of an LDAP directory, the delivered client secret and the token. Whoever issued a proof",
            "   verifies it.",
        )
        self.attach_the_rest(machines)
        run = self.succeeded(self.log_in_as(WORKLOAD, client_of(self.handed_over), machines))
        returned = [item.get("identity_id") for item in results(run)]
        self.ledger.hold("each login was made as billing-api", returned == [self.server.identity_id] * WAYS, returned)
        passed = logins(run, 200)
        proved = sorted({*METHODS, *machines.slugs} - {TOKEN})
        self.ledger.hold("the server accepted one login with each method", passed == proved, passed)
        accepted = len(passed) + 1
        self.ledger.close(
            "Real proofs log in: clouds, CI, cluster, directory, certificate", f"{accepted} of {WAYS} accepted"
        )

    def attach_the_rest(self, machines: Machines) -> None:
        variables = self.directory / "machines.json"
        private_file(variables, json.dumps({"methods": machines.methods(), "token_file": str(self.token_file)}))
        self.succeeded(self.playbooks.run("attach_the_rest", "--extra-vars", f"@{variables}"))
        attached = self.server.attached()
        everything = sorted({*METHODS, *machines.slugs})
        self.ledger.hold("the identity has all thirteen auth methods", sorted(attached) == everything, attached)
        mode = stat.S_IMODE(self.token_file.stat().st_mode)
        self.ledger.hold("its token is in a file that only its owner can read", mode == 0o600, oct(mode))

    def reject_strangers(self, machines: Machines) -> None:
        self.ledger.open(
            "Strangers try the same",
            "   Another role of the same AWS account, another pod of the same cluster, another person of the same",
            "   directory, another certificate of the same CA and so on, all with their own valid credentials; and a",
            "   guessed client secret and a forged token.",
        )
        client_id, _secret = client_of(self.handed_over)
        run = self.log_in_as(STRANGER, (client_id, self.clouds.guess()), machines)
        kinds = [(item.get("failure") or {}).get("kind") for item in results(run)]
        reasons = {"authentication", "permission"}
        self.ledger.hold("all logins failed with a reason", len(kinds) == WAYS and set(kinds) <= reasons, kinds)
        rejected = sorted(logins(run, 401) + logins(run, 403))
        proved = sorted({*METHODS, *machines.slugs} - {TOKEN})
        self.ledger.hold("the server rejected one login with each method", rejected == proved, rejected)
        self.ledger.hold("and accepted none", logins(run, 200) == [], logins(run, 200))
        self.ledger.close("Strangers are rejected", f"{len(rejected) + 1} of {WAYS} rejected")

    def print_no_secret(self) -> None:
        self.ledger.open("No secret was printed")
        output = "".join(self.playbooks.output)
        known = [self.emulator.client_secret, client_of(self.handed_over)[1], *self.secrets]
        printed = [index for index, secret in enumerate(known) if secret in output]
        self.ledger.hold("no secret of this run is in any output of Ansible", not printed, f"{len(printed)} secrets")
        tokens = re.findall(r"eyJ[\w-]+\.", output)
        self.ledger.hold("and nothing that looks like a token", not tokens, f"{len(tokens)} tokens")
        self.ledger.close("No secret and no token in any output", f"{len(output) // 1024} KiB searched")

    def log_in_as(self, name: str, client: tuple[str, str], machines: Machines) -> Run:
        identity_id = self.server.identity_id
        environment = {
            **self.clouds.environment(name, identity_id, client),
            **machines.environment(name, token_of(self.token_file)),
        }
        return self.playbooks.run("log_in", environment=environment)

    def succeeded(self, run: Run) -> Run:
        self.ledger.hold("the playbook ran without a failure", run.outcome.code == 0, run.outcome.output)
        return run

    def nothing_was_written(self, run: Run) -> None:
        writes = run.counts["writes"]
        self.ledger.hold("the server counted no write", writes == 0, run.counts)


def block_of_yaml() -> list[str]:
    """Returns the part of the playbook that describes the workload."""
    text = (PLAYBOOKS / "onboard.yml").read_text()
    return [f" {line}" for line in text.partition("vars:\n")[2].splitlines()]


def diff_of(run: Run) -> dict[str, Any]:
    """Returns the role's diff of the identity, in terms of options."""
    found = only(run.task("identities").result["diff"], "diff")
    return {side: found[side] for side in ("before", "after")}


def results(run: Run) -> list[dict[str, Any]]:
    """Returns the results of the loop over the methods."""
    found: list[dict[str, Any]] = run.task("caller_info").result["results"]
    return found


def reads_and_writes(run: Run) -> str:
    return f"{run.counts['GET']} reads, {run.counts['writes']} writes"


def logins(run: Run, status: int) -> list[str]:
    """Returns the sorted methods of the logins that the server answered with this status."""
    found = [re.fullmatch(r"/api/v1/auth/([a-z-]+)/login", one["path"]) for one in with_status(run, status)]
    return sorted(match.group(1) for match in found if match)


def with_status(run: Run, status: int) -> list[dict[str, Any]]:
    return [one for one in run.requests if one["status"] == status]
