# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plays one case against a server and says precisely where the answers differ."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tests.conformance.http_client import Reply, send
from tests.conformance.issues import issue, path_of
from tests.conformance.matching import differences, fill, look_up
from tests.conformance.sigv4 import signed_fields
from tests.conformance.table import Case, Shared, Step

NOTHING_SAID = object()
# What has to be deleted afterwards: the path it is made at, and where the answer has the name to go behind that.
CREATED = {
    "/api/v1/groups": "id",
    "/api/v1/identities": "identity.id",
    "/api/v1/identity-templates": "id",
    "/api/v1/projects": "project.id",
    "/api/v2/workspace": "project.slug",
}


class Server(Protocol):
    """What a case needs of the server it is played against."""

    url: str

    def variables(self) -> dict[str, Any]:
        """Variables of its own that a case can use."""

    def advance(self, seconds: float) -> None:
        """Lets that much time pass for the server."""


class Different(AssertionError):
    """An answer that is not the one the table states."""


@dataclass(frozen=True)
class Request:
    """One request, ready to be sent; `fields` is its body before it became text."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None
    fields: Any

    def __str__(self) -> str:
        headers = "".join(f"\n    {name}: {value[:120]}" for name, value in self.headers.items())
        body = "" if self.body is None else f"\n    {self.body[:2000].decode('utf-8')!r}"
        return f"  {self.method} {self.path}{headers}{body}"


def play_each(cases: Sequence[Case], shared: Shared, server_for: Callable[[Case], Server]) -> None:
    """Plays all cases of a sequence. Raises `Different` with all differences."""
    __tracebackhide__ = True
    found = []
    for case in cases:
        try:
            play(case, shared, server_for(case))
        except Different as different:
            found.append(str(different))
    if found:
        raise Different("\n\n".join(found))


def play(case: Case, shared: Shared, server: Server) -> None:
    """Raises `Different` at the first step whose answer is not the expected one."""
    __tracebackhide__ = True
    variables = {**server.variables(), **case.variables}
    try:
        for step in case.steps:
            _play_step(step, case, shared, server, variables)
    finally:
        _tidy(server, variables)


def _play_step(step: Step, case: Case, shared: Shared, server: Server, variables: dict[str, Any]) -> None:
    __tracebackhide__ = True
    if "advance" in step.words:
        server.advance(float(step.words["advance"]))
    request = _request(step.words, variables)
    for _turn in range(step.words.get("times", 1)):
        reply = send(server.url, request.method, request.path, request.headers, request.body)
    found = _compare(step.words, request, reply, shared, variables)
    if found:
        raise Different(_report(step, case, request, reply, found))
    for name, path in step.words.get("keep", {}).items():
        variables[name] = look_up(reply.body, fill(path, variables))
    for name, header in step.words.get("keep_header", {}).items():
        variables[name] = reply.headers[header]
    _remember_created(request, reply, variables)


def _request(words: Mapping[str, Any], variables: Mapping[str, Any]) -> Request:
    method, path = fill(words["do"], variables).split(" ", 1)
    headers = dict(_authorization(words.get("as", "admin"), variables))
    body: bytes | None = None
    fields: Any = None
    if "raw" in words:
        body = fill(words["raw"], variables).encode("utf-8")
    elif "body" in words or "base" in words or "sigv4" in words:
        fields = fill(words.get("body", {}), variables)
        if "base" in words:
            fields = {**fill(variables[words["base"]], variables), **fields}
        if "sigv4" in words:
            fields = {**signed_fields(fill(words["sigv4"], variables), variables), **fields}
        body = json.dumps(fields).encode("utf-8")
        headers["Content-Type"] = "application/json"
    if "type" in words:
        headers["Content-Type"] = words["type"]
    headers.update(fill(words.get("headers", {}), variables))
    return Request(method, path, headers, body, fields)


def _authorization(who: str, variables: Mapping[str, Any]) -> Mapping[str, str]:
    if who == "nobody":
        return {}
    token = variables["admin_token" if who == "admin" else who]
    return {"Authorization": f"Bearer {token() if callable(token) else token}"}


def _compare(
    words: Mapping[str, Any], request: Request, reply: Reply, shared: Shared, variables: Mapping[str, Any]
) -> list[str]:
    status, expected, exact = _expected(words, request, shared, variables)
    found = [] if reply.status == status else [f"status: expected {status}, got {reply.status}"]
    if expected is not NOTHING_SAID:
        found += differences(expected, reply.body, exact=exact)
    paths = [word for word in fill(words.get("invalid", []), variables) if isinstance(word, str)]
    found += _unnamed_issues(paths, reply)
    if "lists" in words and not found:
        found += _listed(fill(words["lists"], variables), reply.body)
    for name, value in fill(words.get("response_headers", {}), variables).items():
        found += differences(value, reply.headers.get(name, "<no such header>"), exact=True, at=f"header {name}")
    return found


def _expected(
    words: Mapping[str, Any], request: Request, shared: Shared, variables: Mapping[str, Any]
) -> tuple[int, Any, bool]:
    """Status and body the answer must have, and whether the body may have more fields than these."""
    if "refused" in words:
        refused = fill(words["refused"], variables)
        status = refused["status"]
        return status, {**shared.envelope, "statusCode": status, **_without(refused, "status")}, shared.exact
    if "invalid" in words:
        status = shared.invalid_status
        named = [issue(word) for word in words["invalid"] if not isinstance(word, str)]
        message = fill(named, variables) if named else "<any>"
        expected = {**shared.envelope, "statusCode": status, "error": "ValidationFailure", "message": message}
        return status, expected, shared.exact
    if "like" in words:
        envelope, thing = variables["envelope"], dict(fill(variables[words["like"]], variables))
        unsent = fill(variables.get(words.get("omitted", ""), {}), variables)
        thing.update({key: value for key, value in unsent.items() if key not in (request.fields or {})})
        thing.update({"updatedAt": "<time>"}, **fill(words.get("but", {}), variables))
        return 200, {envelope: thing}, True
    status = words.get("status", 200)
    return status, fill(words.get("answer", words.get("has", NOTHING_SAID)), variables), "answer" in words


def _unnamed_issues(paths: list[str], reply: Reply) -> list[str]:
    message = reply.body.get("message") if isinstance(reply.body, Mapping) else None
    got = list(_paths(message)) if isinstance(message, list) else message
    return [
        f"body.message: expected an issue at {path!r}, got {got!r}"
        for path in paths
        if not isinstance(got, list) or path_of(path) not in got
    ]


def _paths(issues: list[Any]) -> Iterator[Any]:
    """The paths of all issues, those that a body of several forms has for each of its forms included."""
    for entry in issues:
        yield entry.get("path")
        for form in entry.get("unionErrors", ()):
            yield from _paths(form["issues"])


def _listed(words: Mapping[str, Any], body: Any) -> list[str]:
    """The entries whose key is named must come in that order, each of the stated shape; others may lie between them."""
    entries = [entry for entry in look_up(body, words["at"]) if look_up(entry, words["by"]) in words["are"]]
    found = differences(words["are"], [look_up(entry, words["by"]) for entry in entries], exact=True, at=words["at"])
    for entry in entries if "each" in words else ():
        found += differences(words["each"], entry, exact=True, at=f"{words['at']}[{look_up(entry, words['by'])!r}]")
    return found


def _without(mapping: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if name != key}


def _report(step: Step, case: Case, request: Request, reply: Reply, found: list[str]) -> str:
    lines = [f"{case.id} / {step.title}", f"source: {case.source}", "request:", str(request), "expected, but got:"]
    body = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
    return "\n".join([*lines, *(f"  {line}" for line in found), f"whole answer: {reply.status} {body[:2000]}"])


def _remember_created(request: Request, reply: Reply, variables: dict[str, Any]) -> None:
    if (request.method, reply.status) == ("POST", 200) and request.path in CREATED:
        name = look_up(reply.body, CREATED[request.path])
        variables.setdefault("created", []).append(f"{request.path}/{name}")


def _tidy(server: Server, variables: Mapping[str, Any]) -> None:
    """A server that is not thrown away afterwards must not fill up; what a case deleted itself is simply not found."""
    for path in reversed(variables.get("created", ())):
        send(server.url, "DELETE", path, _authorization("admin", variables), None)
