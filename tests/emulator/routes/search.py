# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The search for identities, a read although it is a POST."""

from __future__ import annotations

import re
from typing import Any

from ..call import Call
from ..permissions import require
from ..routing import Routes
from ..schema import Field, Issues, Path, Rule, array, number, one_of, refuse_type, shape, text
from ..world import Identity, Row
from .identities import listed, members

routes = Routes()

# Other characters are a 422, clients then fall back to the list (server-notes#identity-search).
ALLOWED = re.compile(r"[a-zA-Z0-9 _/-]*")
word = text(
    maximum=255,
    check=(
        lambda value: ALLOWED.fullmatch(value) is not None,
        "Invalid pattern: only alphanumeric characters, - and /",
    ),
)


def word_or(fields: dict[str, Field]) -> Rule:
    inner = shape(fields)

    def rule(value: Any, path: Path, issues: Issues) -> Any:
        return word(value, path, issues) if isinstance(value, str) else inner(value, path, issues)

    return rule


NAME = word_or({"$eq": Field(word), "$contains": Field(word), "$in": Field(array(word))})
ROLE = word_or({"$eq": Field(word), "$in": Field(array(word))})


def condition(value: Any, path: Path, issues: Issues) -> Any:
    """The search object, which may hold more of its kind under `$or`."""
    if not isinstance(value, dict):
        return refuse_type(issues, path, "object", value)
    fields = {"name": Field(NAME), "role": Field(ROLE), "$or": Field(array(condition))}
    return shape(fields)(value, path, issues)


SEARCH = shape(
    {
        "orderBy": Field(one_of("name", "role"), default="name"),
        "orderDirection": Field(one_of("asc", "desc"), default="asc"),
        "limit": Field(number(maximum=100), default=50),
        "offset": Field(number(), default=0),
        "search": Field(condition, default={}),
    }
)


@routes.add("POST", "/api/v1/identities/search", limit="read", only="current")
def search(call: Call) -> Row:
    body = call.read(SEARCH)
    identity = call.caller.identity
    org_id = identity.org_id if identity else call.world.organization.id
    require(call, org_id, "read", "identity")
    found = [identity for identity in members(call, org_id) if matches(body["search"], identity)]
    if body["orderDirection"] == "desc":
        found.reverse()
    page = found[body["offset"] : body["offset"] + body["limit"]]
    return {"identities": [listed(call, identity) for identity in page], "totalCount": len(found)}


def matches(wanted: Row, identity: Identity) -> bool:
    own = all(
        fits(wanted[key], value) for key, value in (("name", identity.name), ("role", identity.role)) if key in wanted
    )
    return own and ("$or" not in wanted or any(matches(part, identity) for part in wanted["$or"]))


def fits(wanted: Any, value: str) -> bool:
    if isinstance(wanted, str):
        return value == wanted
    return (
        wanted.get("$eq", value) == value
        and wanted.get("$contains", "").lower() in value.lower()
        and value in wanted.get("$in", [value])
    )
