# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every word of the table language, each on a table that has little else, and all of them together on one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.machineid.infisical.plugins.module_utils._fleet import declaration
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import (
    InfisicalError,
    InvalidOptions,
    LostAnswer,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.auth_method import (
    auth_method_task,
    option_of,
)
from ansible_collections.machineid.infisical.plugins.module_utils._identity.former_limits import former_errors
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import (
    MASKED,
    MASKED_CHANGE,
    Derived,
    Field,
    Options,
    Wire,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.lists import CommaList
from ansible_collections.machineid.infisical.plugins.module_utils._model.nested import nested
from ansible_collections.machineid.infisical.plugins.module_utils._model.plan import option_errors, plan
from ansible_collections.machineid.infisical.plugins.module_utils._model.reconcile import converge
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Boolean, Integer, Text
from tests.unit.module_utils._model.word_server import WordServer

HUSH, OTHER_HUSH = "swordfish-5c1f70e2", "marlin-88e0b4d1"
NAME = Field("name", "name", Text(), required=True)
SIZE = Field("size", "size", Integer(0), default=1)


def table(*fields: Field, **words: Any) -> Resource:
    return Resource(name="thing", title="thing", path="/things", envelope="thing", fields=fields, **words)


def errors_of(resource: Resource, current: Wire | None, desired: Options) -> list[str]:
    """What a plan says is wrong with the desired state."""
    with pytest.raises(InvalidOptions) as raised:
        plan(resource, current, desired)
    return list(raised.value.errors)


def body(resource: Resource, current: Wire | None, desired: Options, resent: tuple[str, ...] = ()) -> Wire:
    """The one write of a plan."""
    (only,) = plan(resource, current, desired, resent=resent).bodies
    return only


def parsed(resource: Resource, params: Options) -> list[str]:
    errors: list[str] = []
    resource.parse(params, errors)
    return errors


def in_identities(monkeypatch: pytest.MonkeyPatch, resource: Resource, options: Options) -> list[str]:
    """What core's validator, then the declaration, says of a method of ``resource`` inside ``identities``."""
    monkeypatch.setattr(declaration, "AUTH_METHODS", (resource,))
    spec = {"identities": {"type": "list", "elements": "dict", "options": declaration.declaration_spec()}}
    element = {"name": "billing", option_of(resource): options}
    validated = ModuleArgumentSpecValidator(spec).validate({"identities": [element]})
    errors = list(validated.error_messages)
    if not errors:
        declaration.parse_declarations(validated.validated_parameters["identities"], errors, [])
    return errors


# secret


SECRET = Field("hush", "hush", Text(), secret=True)
SECRETIVE = table(NAME, SECRET, Field("inner", "inner", nested(SECRET, NAME)))


def test_secret_is_no_log_and_what_only_looks_like_one_says_that_it_is_none() -> None:
    spec = SECRETIVE.argument_spec()
    assert spec["hush"]["no_log"] is True and spec["inner"]["options"]["hush"]["no_log"] is True
    assert "no_log" not in spec["name"]
    assert Field("token_ttl", "tokenTTL", Integer(0)).argument_spec()["no_log"] is False


def test_secret_is_no_log_inside_identities_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(declaration, "AUTH_METHODS", (SECRETIVE,))
    inside = declaration.declaration_spec()[option_of(SECRETIVE)]["options"]
    assert inside["hush"]["no_log"] is True and inside["inner"]["options"]["hush"]["no_log"] is True


def test_secret_is_masked_in_the_diff_before_and_after() -> None:
    created = plan(SECRETIVE, None, {"name": "a", "hush": HUSH, "inner": {"hush": HUSH, "name": "b"}})
    assert created.diff()["after"] == {"name": "a", "hush": MASKED, "inner": {"hush": MASKED, "name": "b"}}
    updated = plan(SECRETIVE, {"name": "a", "hush": HUSH, "inner": {"hush": HUSH}}, {"hush": OTHER_HUSH})
    assert updated.diff() == {"before": {"hush": MASKED}, "after": {"hush": MASKED_CHANGE}}
    assert updated.bodies == ({"name": "a", "hush": OTHER_HUSH, "inner": {"hush": HUSH}},)
    removed = plan(SECRETIVE, {"name": "a", "hush": HUSH}, {}, present=False)
    assert removed.diff()["before"] == {"name": "a", "hush": MASKED}


def test_secret_is_compared_and_never_returned() -> None:
    held = {"name": "a", "hush": HUSH, "inner": {"hush": HUSH, "name": "b"}}
    assert not plan(SECRETIVE, held, {"hush": HUSH}).changed
    assert SECRETIVE.returned(SECRETIVE.read(held)) == {"name": "a", "inner": {"name": "b"}}
    assert SECRETIVE.secrets(SECRETIVE.read(held)) == [HUSH]


@pytest.mark.parametrize("inside", [False, True])
def test_secret_that_is_immutable_is_rejected_without_showing_either(inside: bool) -> None:
    one = Field("hush", "hush", Text(), secret=True, immutable="make another one.")
    resource = table(Field("inner", "inner", nested(one)) if inside else one)
    held, desired = ({"hush": HUSH}, {"hush": OTHER_HUSH})
    (error,) = errors_of(resource, {"inner": held} if inside else held, {"inner": desired} if inside else desired)
    prefix = "inner." if inside else ""
    assert error == f"{prefix}hush is '{MASKED}' and cannot become '{MASKED}': make another one."


@pytest.mark.parametrize("stored", ["before", "somebody else's"])
def test_secret_that_is_stored_otherwise_is_masked(stored: str) -> None:
    server = WordServer(SECRETIVE, {"name": "a", "hush": HUSH, "inner": {}})
    server.alters = {"hush": HUSH if stored == "before" else "trout-3d9a0c77"}
    with pytest.raises(InfisicalError) as raised:
        converge(server, {"hush": OTHER_HUSH})
    assert f"accepted hush '{MASKED}', but" in str(raised.value) and f"'{MASKED}' instead" in str(raised.value)
    assert not any(secret in str(raised.value) for secret in (HUSH, OTHER_HUSH, "trout"))


# write_only, update_secrets


UNSEEN = table(
    NAME,
    Field("hush", "hush", Text(), secret=True, write_only=True, required=True),
    Field("blind", "blind", Text(), write_only=True),
)


def test_write_only_is_sent_on_create_and_nobody_looks_for_it_in_an_answer() -> None:
    server = WordServer(UNSEEN)
    outcome = converge(server, {"name": "a", "hush": HUSH, "blind": "b"})
    assert server.bodies == [{"name": "a", "hush": HUSH, "blind": "b"}]
    assert UNSEEN.returned(outcome.options or {}) == {"name": "a"}


def test_write_only_is_no_difference_and_goes_along_with_no_other_change() -> None:
    held = {"name": "a"}
    assert not plan(UNSEEN, held, {"hush": HUSH, "blind": "b"}).changed
    assert body(UNSEEN, held, {"name": "z", "hush": HUSH, "blind": "b"}) == {"name": "z"}


def test_what_a_server_answers_for_a_write_only_field_is_neither_compared_nor_sent_back() -> None:
    starred = {"name": "a", "hush": "********", "blind": "********"}
    assert UNSEEN.read(starred) == {"name": "a"}
    assert not plan(UNSEEN, starred, {"hush": HUSH}).changed
    assert body(UNSEEN, starred, {"name": "b"}) == {"name": "b"}
    inner = table(Field("inner", "inner", nested(*UNSEEN.fields)))
    assert body(inner, {"inner": starred}, {"inner": {"name": "b"}}) == {"inner": {"name": "b"}}


def test_update_secrets_writes_again_what_is_secret_and_cannot_be_compared() -> None:
    assert UNSEEN.argument_spec()["update_secrets"] == {
        "type": "str", "choices": ["always", "on_create"], "default": "on_create",
    }  # fmt: skip
    assert "update_secrets" not in SECRETIVE.argument_spec(), "it can be compared"
    assert UNSEEN.resent({"update_secrets": "on_create"}) == UNSEEN.resent({}) == ()
    resent = UNSEEN.resent({"update_secrets": "always"})
    assert resent == ("hush",)
    planned = plan(UNSEEN, {"name": "a"}, {"hush": HUSH, "blind": "b"}, resent=resent)
    assert planned.bodies == ({"name": "a", "hush": HUSH},)
    assert planned.diff() == {"before": {}, "after": {"hush": MASKED_CHANGE}}
    assert not plan(UNSEEN, {"name": "a"}, {"name": "a"}, resent=resent).changed, "there is none to write"


def test_update_secrets_is_an_option_inside_identities(monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"name": "a", "hush": HUSH, "update_secrets": "always"}
    assert in_identities(monkeypatch, UNSEEN, options) == []
    (error,) = in_identities(monkeypatch, UNSEEN, {**options, "update_secrets": "never"})
    assert "update_secrets must be one of: always, on_create" in error
    (one,) = declaration.parse_declarations(
        [{"name": "b", "state": "present", option_of(UNSEEN): {**options, "state": "present"}}], [], []
    )
    assert one.methods[0].resent == ("hush",)


@pytest.mark.parametrize(
    ("error", "changed"),
    [(InfisicalError("validation", "No.", status=400), False), (LostAnswer("network", "The connection broke."), True)],
    ids=["rejected", "lost"],
)
def test_a_write_of_what_nobody_can_see_is_no_success_when_it_fails(error: InfisicalError, changed: bool) -> None:
    server = WordServer(UNSEEN, {"name": "a"})
    server.fails_with = error
    with pytest.raises(InfisicalError) as raised:
        converge(server, {"hush": HUSH}, resent=("hush",))
    assert raised.value is error and bool(error.changed) is changed


# cleared_by


CLEARING = [("null", None), ("empty", "")]
ABSENT = object()


def clearable(how: str) -> Resource:
    return table(NAME, Field("note", "note", Text(cleared_by=how), default=""))


@pytest.mark.parametrize(("how", "sent"), [*CLEARING, ("omitted", ABSENT)])
def test_cleared_by_says_what_an_update_sends_for_none(how: str, sent: Any) -> None:
    resource = clearable(how)
    assert body(resource, {"name": "a", "note": "x"}, {"note": ""}).get("note", ABSENT) == sent
    server = WordServer(resource, {"name": "a", "note": "x"})
    outcome = converge(server, {"note": ""})
    assert outcome.plan.diff() == {"before": {"note": "x"}, "after": {"note": ""}}
    assert not converge(server, {"note": ""}).plan.changed
    # What is none already is not taken for something by another change.
    assert body(resource, {"name": "a", "note": None}, {"name": "b"}).get("note", ABSENT) == sent


@pytest.mark.parametrize(("how", "sent"), [("null", ABSENT), ("empty", ""), ("omitted", ABSENT)])
def test_cleared_by_says_what_a_create_sends_for_none(how: str, sent: Any) -> None:
    assert body(clearable(how), None, {"name": "a", "note": ""}).get("note", ABSENT) == sent


def test_cleared_by_lets_blanks_stand_for_none_and_without_it_a_text_cannot_be_empty() -> None:
    errors: list[str] = []
    for how in ("null", "empty", "omitted"):
        assert clearable(how).parse({"note": "  "}, errors) == {"note": ""}
        assert clearable(how).read({"note": None}) == clearable(how).read({"note": ""}) == {"note": ""}
    assert errors == []
    assert parsed(table(NAME), {"name": " "}) == ["name must not be empty"]
    with pytest.raises(ValueError, match="cleared_by must be null, empty or omitted, got 'nothing'"):
        Text(cleared_by="nothing")


@pytest.mark.parametrize("how", ["null", "empty", "omitted"])
def test_a_server_that_does_not_clear_is_found_out(how: str) -> None:
    server = WordServer(clearable(how), {"name": "a", "note": "x"})
    server.alters = {"note": "x"}
    with pytest.raises(InfisicalError, match="accepted note '', but stored 'x' instead"):
        converge(server, {"note": ""})


# only_when_changed, always_sent, merged_whole


def test_only_when_changed_stays_out_of_the_merged_whole() -> None:
    resource = table(NAME, SIZE, Field("key", "key", Text(), only_when_changed=True))
    held = {"name": "a", "size": 1, "key": "k"}
    assert body(resource, held, {"size": 2}) == {"name": "a", "size": 2}
    assert body(resource, held, {"size": 2, "key": "k"}) == {"name": "a", "size": 2}
    assert body(resource, held, {"key": "l"}) == {"name": "a", "size": 1, "key": "l"}
    # So it need not be there for an update of something else, which the others must.
    assert plan(resource, {"name": "a", "size": 1}, {"size": 2}).changed
    with pytest.raises(InfisicalError, match="answer lacks size of thing"):
        plan(resource, {"name": "a", "key": "k"}, {"name": "b"})


def test_always_sent_is_in_every_create_and_in_every_update() -> None:
    resource = table(SIZE, Field("list", "list", CommaList(), default=[], always_sent=True), merged_whole=False)
    assert body(resource, None, {"size": 2}) == {"size": 2, "list": ""}
    assert body(resource, {"size": 1, "list": "a,b"}, {"size": 2}) == {"size": 2, "list": "a,b"}
    plain = table(SIZE, Field("list", "list", CommaList(), default=[]), merged_whole=False)
    assert body(plain, None, {"size": 2}) == {"size": 2}
    assert body(plain, {"size": 1, "list": "a,b"}, {"size": 2}) == {"size": 2}


# displaces


def gate(option: str, displaces: str = "") -> Field:
    return Field(option, option, Text(cleared_by="null"), default="", displaces=displaces)


GATES = table(NAME, gate("gate", "pool"), gate("pool", "gate"))


@pytest.mark.parametrize(("one", "other"), [("gate", "pool"), ("pool", "gate")])
def test_displaces_sends_the_one_and_predicts_that_the_other_is_cleared(one: str, other: str) -> None:
    planned = plan(GATES, {"name": "a", one: None, other: "x"}, {one: "y"})
    assert planned.bodies == ({"name": "a", one: "y"},), "to send the other, even null, would clear the one"
    assert planned.diff() == {"before": {one: "", other: "x"}, "after": {one: "y", other: ""}}
    assert plan(GATES, {"name": "a", one: None, other: "x"}, {one: "y", other: ""}).bodies == planned.bodies
    assert body(GATES, {"name": "a", one: None, other: "x"}, {"name": "b"}) == {"name": "b", other: "x"}


@pytest.mark.parametrize(("one", "other"), [("gate", "pool"), ("pool", "gate")])
def test_what_displaces_is_cleared_alone(one: str, other: str) -> None:
    assert body(GATES, {"name": "a", one: "x", other: None}, {one: ""}) == {"name": "a", one: None}
    assert body(GATES, {"name": "a", one: "x", other: None}, {one: "", other: ""}) == {"name": "a", one: None}
    assert body(GATES, None, {"name": "a", one: "x", other: ""}) == {"name": "a", one: "x"}
    assert body(GATES, None, {"name": "a", one: "", other: ""}) == {"name": "a"}
    emptied = table(
        *(Field(name, name, Text(cleared_by="empty"), displaces=of) for name, of in ((one, other), (other, one)))
    )
    assert body(emptied, None, {one: "x", other: ""}) == {one: "x"}, "an empty one, too, would clear the other"


@pytest.mark.parametrize(
    "resource",
    [GATES, table(gate("gate", "pool"), gate("pool")), table(gate("gate"), gate("pool", "gate"))],
    ids=["each the other", "gate pool", "pool gate"],
)
def test_displacing_options_must_not_be_given_together(resource: Resource, monkeypatch: pytest.MonkeyPatch) -> None:
    error = "gate and pool must not be given together: the server keeps one of them"
    assert option_errors(resource, {"gate": "x", "pool": "y"}) == [error]
    assert option_errors(resource, {"gate": "x", "pool": ""}) == option_errors(resource, {"pool": "y"}) == []
    inside = f"identities[0].{option_of(resource)}.{error}"
    assert in_identities(monkeypatch, resource, {"gate": "x", "pool": "y"}) == [inside]


# provided_by


LINK = "template_id"
PROVIDED = table(
    Field("host", "host", Text(), required=True, provided_by=LINK),
    Field("note", "note", Text(cleared_by="null"), default="", provided_by=LINK),
    Field("unread", "unread", Text(cleared_by="null"), default="", unanswered=True, provided_by=LINK),
    Field(LINK, "templateId", Text(cleared_by="null"), default=""),
    SIZE,
)
LINKED = {"host": "h", "note": "n", "unread": "u", "templateId": "t", "size": 1}
UNLINKED = {**LINKED, "templateId": None}


def test_provided_by_takes_the_place_of_what_is_required_on_create() -> None:
    assert errors_of(PROVIDED, None, {"size": 2}) == ["host is required, because thing does not exist yet"]
    planned = plan(PROVIDED, None, {LINK: "t"})
    assert planned.bodies == ({"templateId": "t"},)
    assert planned.after == {LINK: "t", "size": 1}, "what a template provides is not known before it is copied"
    assert errors_of(PROVIDED, None, {LINK: "t", "host": "h", "note": ""}) == [
        "host must not be set with template_id, which provides it",
        "note must not be set with template_id, which provides it",
    ]


def test_provided_fields_are_returned_as_the_server_copied_them() -> None:
    server = WordServer(PROVIDED)
    server.templates = {"t": {"host": "th", "note": "tn", "unread": "tu"}}
    outcome = converge(server, {LINK: "t"})
    assert outcome.options == {"host": "th", "note": "tn", "unread": "tu", LINK: "t", "size": 1}
    server = WordServer(PROVIDED, UNLINKED)
    server.templates = {"t": {"host": "th", "note": "tn", "unread": "tu"}}
    assert converge(server, {LINK: "t"}).options == outcome.options
    assert not converge(server, {LINK: "t"}).plan.changed


def test_provided_fields_are_in_no_update_while_linked() -> None:
    assert body(PROVIDED, LINKED, {"size": 2}) == {"templateId": "t", "size": 2}
    assert body(PROVIDED, LINKED, {"size": 2, "host": "h"}) == {"templateId": "t", "size": 2}, "given, and so already"
    assert plan(PROVIDED, LINKED, {"size": 2}).after == {**PROVIDED.read(LINKED), "size": 2}
    assert not plan(PROVIDED, LINKED, {"host": "h", LINK: "t"}).changed
    assert errors_of(PROVIDED, LINKED, {"host": "other"}) == [
        "host must not be set with template_id, which provides it"
    ]


def test_linking_predicts_nothing_of_what_is_provided_and_takes_none_of_it() -> None:
    planned = plan(PROVIDED, UNLINKED, {LINK: "t"})
    assert planned.bodies == ({"templateId": "t", "size": 1},)
    assert planned.diff() == {"before": {LINK: ""}, "after": {LINK: "t"}}
    assert planned.after == {LINK: "t", "size": 1}
    for host in ("h", "other"):
        assert errors_of(PROVIDED, UNLINKED, {LINK: "t", "host": host}) == [
            "host must not be set with template_id, which provides it"
        ], "also where it is what it is now: the template may hold another one"


def test_unlinking_keeps_what_was_copied_and_takes_it_again() -> None:
    whole = {"host": "h", "note": "n", "unread": "u", "templateId": None, "size": 1}
    assert body(PROVIDED, LINKED, {LINK: ""}) == whole
    assert body(PROVIDED, LINKED, {LINK: "", "host": "i"}) == {**whole, "host": "i"}


# derived


DERIVED = table(
    gate("ca"),
    Field("verify", "verify", Boolean(), default=False, derived=Derived(("ca",), lambda state: bool(state["ca"]))),
    SIZE,
)


def test_derived_follows_wherever_the_others_change_and_it_is_not_given() -> None:
    assert plan(DERIVED, None, {"ca": "pem"}).after == {"ca": "pem", "verify": True, "size": 1}
    planned = plan(DERIVED, {"ca": None, "verify": False, "size": 1}, {"ca": "pem"})
    assert planned.bodies == ({"ca": "pem", "verify": True, "size": 1},)
    assert planned.diff() == {"before": {"ca": "", "verify": False}, "after": {"ca": "pem", "verify": True}}
    assert body(DERIVED, {"ca": "pem", "verify": True, "size": 1}, {"ca": ""})["verify"] is False


def test_derived_stays_where_the_others_do_not_change_or_it_is_given() -> None:
    odd = {"ca": "pem", "verify": False, "size": 1}
    assert body(DERIVED, odd, {"size": 2})["verify"] is False
    assert not plan(DERIVED, odd, {"ca": "pem"}).changed
    assert body(DERIVED, odd, {"ca": "other", "verify": False})["verify"] is False
    assert plan(DERIVED, None, {"ca": "pem", "verify": False}).after == {"ca": "pem", "verify": False, "size": 1}
    newer = replace(DERIVED.fields[1], default=None, absent_means=False)
    lacking = table(DERIVED.fields[0], newer, SIZE)
    held = {"ca": "pem", "size": 1}
    assert body(lacking, held, {"ca": "other"}) == {"ca": "other", "size": 1}, "the server does not know it"


# immutable


def test_immutable_is_sent_on_create_and_in_no_update() -> None:
    resource = table(Field("kind", "kind", Text(), required=True, immutable="make another one."), SIZE)
    assert body(resource, None, {"kind": "k"}) == {"kind": "k"}
    assert body(resource, {"kind": "k", "size": 1}, {"kind": "k", "size": 2}) == {"size": 2}
    assert plan(resource, {"size": 1}, {"size": 2}).changed, "so it need not be there"
    assert errors_of(resource, {"kind": "k", "size": 1}, {"kind": "l", "size": 2}) == [
        "kind is 'k' and cannot become 'l': make another one."
    ]


# required, former_required and the like


def test_former_bounds_are_those_of_the_field_by_write() -> None:
    resource = table(
        Field("key", "key", Text(cleared_by="null"), default="", former_required=True),
        Field("ttl", "ttl", Integer(0), default=9, former_minimum=2, former_minimum_on_create=3),
    )

    def demands(current: Wire | None, desired: Options) -> list[str]:
        return former_errors(plan(resource, current, desired))

    assert demands(None, {"ttl": 2}) == ["key when it is attached", "ttl of at least 3 when it is attached"]
    assert demands(None, {"ttl": 3, "key": "k"}) == demands(None, {"key": "k"}) == []
    assert demands({"key": "k", "ttl": 9}, {"ttl": 1, "key": ""}) == ["key", "ttl of at least 2"]
    assert demands({"key": "k", "ttl": 9}, {"ttl": 2}) == demands({"key": "k", "ttl": 9}, {}) == []


# absent_means, newer


NEWER = table(NAME, Field("mode", "mode", Text(choices=("api", "gateway")), absent_means="api"))


def test_absent_means_lets_a_server_that_lacks_the_field_behave_as_it_says() -> None:
    assert NEWER.fields[1].newer and not NAME.newer
    assert not plan(NEWER, {"name": "a"}, {"mode": "api"}).changed
    with pytest.raises(InfisicalError, match="This server's thing has no mode; nothing was changed") as raised:
        plan(NEWER, {"name": "a"}, {"mode": "gateway"})
    assert raised.value.kind == "unsupported_by_server"
    assert body(NEWER, None, {"name": "a"}) == {"name": "a"}
    defaulted = table(NAME, replace(NEWER.fields[1], default="gateway"))
    assert plan(defaulted, None, {"name": "a"}).after == {"name": "a"}, "whether the server has it is not known yet"
    assert body(NEWER, {"name": "a"}, {"name": "b"}) == {"name": "b"}
    assert body(NEWER, {"name": "a", "mode": "api"}, {"mode": "gateway"}) == {"name": "a", "mode": "gateway"}


@pytest.mark.parametrize(("mode", "fits"), [("api", True), ("gateway", False)])
def test_a_newer_field_is_looked_for_in_the_answer_unless_its_absence_means_the_same(mode: str, fits: bool) -> None:
    server = WordServer(NEWER, lacks=("mode",))
    if fits:
        assert converge(server, {"name": "a", "mode": mode}).plan.changed
    else:
        with pytest.raises(InfisicalError, match="This server's thing has no mode."):
            converge(server, {"name": "a", "mode": mode})


# omitted_when_none, unanswered


def test_omitted_when_none_is_none_where_an_answer_lacks_it() -> None:
    resource = table(NAME, Field("pem", "pem", Text(cleared_by="null"), default="", omitted_when_none=True))
    server = WordServer(resource, {"name": "a"})
    assert resource.read(server.read() or {}) == {"name": "a", "pem": ""}
    assert not converge(server, {"pem": ""}).plan.changed
    assert converge(server, {"pem": "x"}).options == {"name": "a", "pem": "x"}
    plain = table(NAME, Field("pem", "pem", Text(cleared_by="null"), default=""))
    with pytest.raises(InfisicalError, match="answer lacks pem"):
        converge(WordServer(plain, {"name": "a"}), {"pem": "x"})


def test_unanswered_is_taken_for_what_was_sent() -> None:
    resource = table(NAME, Field("dn", "dn", Text(), unanswered=True))
    server = WordServer(resource, {"name": "a", "dn": "x"})
    assert converge(server, {"dn": "y"}).options == {"name": "a", "dn": "y"}
    assert server.calls == ["read", "update"], "there is nothing to read again for"
    both = table(NAME, Field("dn", "dn", Text(cleared_by="null"), unanswered=True, omitted_when_none=True))
    assert converge(WordServer(both), {"name": "a", "dn": "y"}).options == {"name": "a", "dn": "y"}
    answered = table(NAME, Field("dn", "dn", Text()))
    server = WordServer(answered, {"name": "a", "dn": "x"})
    server.leaves_out = ("dn",)
    assert converge(server, {"dn": "y"}).options == {"name": "a", "dn": "y"}
    assert server.calls == ["read", "update", "read"], "an answer that lacks what was sent proves nothing"


# variant


def of_variant(option: str, value: str, **words: Any) -> Field:
    return Field(option, option, Text(cleared_by="empty"), default="", variant=("kind", value), **words)


KIND = Field("kind", "kind", Text(choices=("web", "static")), required=True)
VARIED = table(
    KIND,
    of_variant("url", "web", required=True),
    of_variant("ca", "web"),
    of_variant("keys", "static", required=True),
    SIZE,
)
WEB = {"kind": "web", "url": "u", "ca": "pem", "keys": "", "size": 1}
STATIC = {"kind": "static", "url": "", "ca": "", "keys": "k", "size": 1}


def test_variant_requires_its_own_fields_on_create_and_sends_no_other() -> None:
    assert body(VARIED, None, {"kind": "web", "url": "u", "keys": ""}) == {"kind": "web", "url": "u"}
    assert plan(VARIED, None, {"kind": "static", "keys": "k"}).after == STATIC
    assert errors_of(VARIED, None, {"kind": "web"}) == ["url is required, because thing does not exist yet"]
    assert errors_of(VARIED, None, {"url": "u"}) == ["kind is required, because thing does not exist yet"]


def test_variant_is_in_every_update_with_its_own_fields_and_no_other() -> None:
    assert body(VARIED, WEB, {"size": 2}) == {"kind": "web", "url": "u", "ca": "pem", "size": 2}
    assert body(VARIED, STATIC, {"size": 2}) == {"kind": "static", "keys": "k", "size": 2}
    assert not plan(VARIED, WEB, {"kind": "web", "keys": ""}).changed, "what is returned can be given back"


def test_variant_that_changes_empties_the_other_and_needs_what_it_requires() -> None:
    server = WordServer(VARIED, WEB)
    outcome = converge(server, {"kind": "static", "keys": "k"})
    assert server.bodies == [{"kind": "static", "keys": "k", "size": 1}] and server.held == outcome.options == STATIC
    assert outcome.plan.diff() == {
        "before": {"kind": "web", "url": "u", "ca": "pem", "keys": ""},
        "after": {"kind": "static", "url": "", "ca": "", "keys": "k"},
    }
    assert errors_of(VARIED, WEB, {"kind": "static"}) == ["keys is required with kind static"]
    assert errors_of(VARIED, WEB, {"url": ""}) == ["url is required with kind web"]
    assert errors_of(VARIED, WEB, {"keys": "k"}) == ["keys must not be given with kind web: it belongs to static"]


def test_variant_that_the_server_does_not_empty_is_found_out() -> None:
    server = WordServer(VARIED, WEB)
    server.alters = {"ca": "pem"}
    with pytest.raises(InfisicalError, match="accepted ca '', but stored 'pem' instead"):
        converge(server, {"kind": "static", "keys": "k"})


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"kind": "web", "keys": "k"}, "keys must not be given with kind web: it belongs to static"),
        ({"kind": "web", "url": ""}, "url is required with kind web"),
        ({"url": "u", "keys": "k"}, "url and keys must not be given together: they belong to kind web and static"),
    ],
)
def test_variant_is_checked_before_the_first_request(
    given: Options, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert option_errors(VARIED, given) == [error]
    assert in_identities(monkeypatch, VARIED, given) == [f"identities[0].{option_of(VARIED)}.{error}"]
    errors: list[str] = []
    table(Field("inner", "inner", nested(*VARIED.fields))).parse({"inner": given}, errors)
    assert [one.replace("inner.", "") for one in errors] == [error]


def test_variant_without_contradictions_waits_for_the_current_state() -> None:
    for options in (
        {"kind": "static"},
        {"keys": "k"},
        {"kind": "web", "url": "u", "keys": ""},
        {"keys": "", "url": "u"},
    ):
        assert option_errors(VARIED, options) == []


def test_variant_leaves_what_belongs_to_another_one_out_of_an_export() -> None:
    assert VARIED.exported(VARIED.read(WEB)) == {"kind": "web", "url": "u", "ca": "pem", "size": 1}


BUNDLE = table(
    SIZE,
    Field(
        "bundle",
        "bundle",
        nested(
            KIND,
            of_variant("keys", "static", required=True),
            of_variant("url", "web", required=True),
            Field("ca", "ca", Text(cleared_by="omitted"), variant=("kind", "web")),
            Field("hint", "hint", Integer(1), default=3600, variant=("kind", "web")),
        ),
        required=True,
    ),
)
BUNDLED = {"size": 1, "bundle": {"kind": "web", "url": "u", "ca": "pem", "hint": 60, "keys": None, "more": 1}}


def test_variant_of_nested_options_is_replaced_as_a_whole_with_its_defaults() -> None:
    assert body(BUNDLE, None, {"bundle": {"kind": "web", "url": "u"}})["bundle"] == {
        "kind": "web", "url": "u", "hint": 3600,
    }  # fmt: skip
    assert body(BUNDLE, BUNDLED, {"bundle": {"url": "v"}})["bundle"] == {
        "kind": "web", "url": "v", "ca": "pem", "hint": 60,
    }  # fmt: skip
    assert body(BUNDLE, BUNDLED, {"size": 2})["bundle"] == {"kind": "web", "url": "u", "ca": "pem", "hint": 60}
    planned = plan(BUNDLE, BUNDLED, {"bundle": {"kind": "static", "keys": "k"}})
    assert planned.bodies[0]["bundle"] == {"kind": "static", "keys": "k"}
    assert planned.diff()["after"] == {"bundle": {"kind": "static", "keys": "k"}}
    back = body(BUNDLE, {"size": 1, "bundle": {"kind": "static", "keys": "k"}}, {"bundle": {"kind": "web", "url": "u"}})
    assert back["bundle"] == {"kind": "web", "url": "u", "hint": 3600}


def test_variant_of_nested_options_is_checked_against_the_resulting_state() -> None:
    assert errors_of(BUNDLE, None, {"bundle": {"kind": "web"}}) == [
        "bundle.url is required, because thing does not exist yet"
    ]
    assert errors_of(BUNDLE, BUNDLED, {"bundle": {"kind": "static"}}) == [
        "bundle.keys is required with bundle.kind static"
    ]
    assert errors_of(BUNDLE, BUNDLED, {"bundle": {"keys": "k"}}) == [
        "bundle.keys must not be given with bundle.kind web: it belongs to static"
    ]


def test_a_nested_option_that_is_cleared_is_looked_for_in_the_answer() -> None:
    server = WordServer(BUNDLE, BUNDLED)
    outcome = converge(server, {"bundle": {"ca": ""}})
    assert server.bodies[0]["bundle"] == {"kind": "web", "url": "u", "hint": 60}
    assert BUNDLE.returned(outcome.options or {})["bundle"] == {"kind": "web", "url": "u", "hint": 60}
    stubborn = WordServer(BUNDLE, BUNDLED)
    stubborn.alters = {"bundle": BUNDLED["bundle"]}
    with pytest.raises(InfisicalError, match="accepted bundle"):
        converge(stubborn, {"bundle": {"ca": ""}})


# checked_with, admits_all_when_empty


CHECKED = table(
    KIND,
    Field("names", "names", CommaList(), default=[]),
    Field("zones", "zones", CommaList(), default=[], checked_with=("kind", "web")),
    slug="thing-auth",
    admits_all_when_empty=("names", "zones"),
    everybody="everybody",
)


def test_checked_with_says_which_options_can_reject_anybody() -> None:
    web, static = {"kind": "web", "zones": ["z"]}, {"kind": "static", "zones": ["z"]}
    assert not CHECKED.admits_everybody(web) and CHECKED.admits_everybody(static)
    assert not CHECKED.admits_everybody({**static, "names": ["n"]})
    assert CHECKED.admits_everybody({"kind": "web", "zones": [], "names": []})
    assert CHECKED.admitting(static) == ["names"] and CHECKED.admitting(web) == ["names", "zones"]
    assert CHECKED.unchecked(web) == CHECKED.unchecked({"kind": "static", "zones": []}) == []
    assert CHECKED.unchecked(static) == ["zones has no effect with kind static: the server checks it with web only."]
    assert not table(NAME).admits_everybody({}), "there is no list to be empty"


# rules, state_errors


RULED = table(
    gate("one"),
    gate("other"),
    SIZE,
    rules={"mutually_exclusive": [["one", "other"]], "required_together": [["one", "size"]]},
)


@pytest.mark.parametrize("where", ["module", "identities"])
def test_rules_are_ansibles_own_in_the_module_and_inside_identities(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def errors(options: Options) -> list[str]:
        if where == "identities":
            return in_identities(monkeypatch, RULED, options)
        task = auth_method_task(RULED)
        given = {"identity_name": "billing", **options}
        return list(ModuleArgumentSpecValidator(task.argument_spec, **task.rules).validate(given).error_messages)

    assert errors({"one": "x", "size": 1}) == errors({"other": "x"}) == []
    (both,) = errors({"one": "x", "other": "y", "size": 1})
    assert both.startswith("parameters are mutually exclusive: one|other")
    (alone,) = errors({"one": "x"})
    assert alone.startswith("parameters are required together: one, size")


def needs_host(state: Options) -> list[str]:
    return [] if state["host"] or state["gate"] else ["host is required without a gate"]


def test_state_errors_are_about_the_resulting_state() -> None:
    resource = table(gate("host"), gate("gate"), SIZE, state_errors=needs_host)
    error = ["host is required without a gate"]
    assert errors_of(resource, None, {"size": 2}) == error
    assert body(resource, None, {"gate": "g"}) == {"gate": "g"}
    assert errors_of(resource, {"host": "h", "gate": None, "size": 1}, {"host": ""}) == error
    assert plan(resource, {"host": "h", "gate": None, "size": 1}, {"host": "", "gate": "g"}).changed
    assert plan(resource, {"host": "h", "gate": "g", "size": 1}, {"host": ""}).changed
    # What is wrong on the server already is nothing to stop a task for that changes nothing.
    assert not plan(resource, {"host": None, "gate": None, "size": 1}, {"size": 1}).changed


# choices, aliases, name_options


def test_choices_are_ansibles_and_are_checked_where_ansible_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert NEWER.argument_spec()["mode"] == {"type": "str", "choices": ["api", "gateway"]}
    assert parsed(NEWER, {"mode": "proxy"}) == ["mode must be one of api, gateway, got 'proxy'"]
    assert parsed(NEWER, {"mode": " api "}) == []
    (error,) = in_identities(monkeypatch, NEWER, {"mode": "proxy"})
    assert "mode must be one of: api, gateway, got: proxy" in error


def test_aliases_are_in_the_argument_spec() -> None:
    assert table(Field("path", "path", Text(), aliases=("folder",))).argument_spec()["path"]["aliases"] == ["folder"]


def test_messages_of_the_server_name_options_in_one_pass() -> None:
    resource = table(
        Field("ldap_url", "url", Text()),
        Field("url_of_login", "ldapUrl", Text()),
        Field("search_base", "searchBase", Text()),
    )
    message = "url: Invalid url. ldap_url.0: Required; search_base: Required; base.url: No"
    assert resource.name_options(message) == (
        "ldap_url: Invalid ldap_url. url_of_login.0: Required; search_base: Required; base.url: No"
    )
    assert table(NAME).name_options("name: Required") == "name: Required"


def test_a_failed_write_names_options() -> None:
    resource = table(Field("ldap_url", "url", Text(), required=True))
    server = WordServer(resource)
    server.fails_with = InfisicalError("validation", "url: Invalid url", status=422)
    with pytest.raises(InfisicalError, match="^ldap_url: Invalid url"):
        converge(server, {"ldap_url": "x"})


# All of them together


EVERY_WORD = table(
    Field("host", "host", Text(), required=True, provided_by=LINK),
    Field("hush", "hush", Text(cleared_by="null"), default="", secret=True, only_when_changed=True, provided_by=LINK),
    Field("omitted", "omitted", Text(cleared_by="omitted"), default="", omitted_when_none=True),
    Field("empty", "empty", Text(cleared_by="empty"), default="", unanswered=True, always_sent=True),
    gate("gate", "pool"),
    gate("pool", "gate"),
    Field("fixed", "fixed", Text(cleared_by="null"), default="", immutable="make another one."),
    KIND,
    of_variant("url", "web", required=True),
    of_variant("keys", "static"),
    Field("mode", "mode", Text(choices=("api", "gateway")), absent_means="api"),
    Field("blind", "blind", Text(cleared_by="null"), secret=True, write_only=True),
    Field("note", "note", Text(cleared_by="empty"), default=""),
    Field(
        "noted", "noted", Boolean(), default=False, derived=Derived(("note",), lambda state: bool(state.get("note")))
    ),
    Field(LINK, "templateId", Text(cleared_by="omitted"), default=""),
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "host": st.sampled_from(["h1", "h2"]),
    "hush": st.sampled_from(["", HUSH, OTHER_HUSH]),
    **{name: st.sampled_from(["", "x", "y"]) for name in ("omitted", "empty", "gate", "pool", "fixed", "note")},
    "kind": st.sampled_from(["web", "static"]),
    **{name: st.sampled_from(["", "x", "y"]) for name in ("url", "keys")},
    "mode": st.sampled_from(["api", "gateway"]),
    "blind": st.sampled_from(["barbel-1d7e", "carp-2f6a"]),
    "noted": st.booleans(),
    LINK: st.sampled_from(["", "t1", "t2"]),
}
DESIRED: st.SearchStrategy[Options] = st.fixed_dictionaries({}, optional=VALUES)
BEGINNING = st.sampled_from(
    [
        {"host": "h1", "kind": "static"},
        {"host": "h2", "hush": HUSH, "gate": "x", "kind": "web", "url": "x"},
        {LINK: "t1", "fixed": "x", "kind": "static", "keys": "y"},
    ]
)
TEMPLATES = {"t1": {"host": "h1", "hush": HUSH}, "t2": {"host": "h2", "hush": ""}}
SECRETS = (HUSH, OTHER_HUSH, "barbel-1d7e", "carp-2f6a")


def readable(options: Options | None) -> Options:
    """What a server ever returns of some options."""
    names = {one.option for one in EVERY_WORD.fields if not one.write_only}
    return {name: value for name, value in (options or {}).items() if name in names}


@given(beginning=BEGINNING, desired_states=st.lists(DESIRED, min_size=1, max_size=4))
def test_all_words_together_do_what_is_desired_and_predicted(beginning: Options, desired_states: list[Options]) -> None:
    server = WordServer(EVERY_WORD)
    server.templates = TEMPLATES
    for desired in (beginning, *desired_states):
        if option_errors(EVERY_WORD, desired):
            continue
        server.bodies.clear()
        try:
            predicted = converge(server, desired, check_mode=True)
        except InvalidOptions as error:
            assert not any(secret in str(error) for secret in SECRETS)
            continue
        assert server.bodies == []
        outcome = converge(server, desired)
        assert outcome.plan == predicted.plan and len(server.bodies) == outcome.plan.changed
        held = EVERY_WORD.read(server.read() or {})
        assert readable(desired).items() <= held.items()
        assert readable(outcome.options) == held
        assert readable(predicted.options).items() <= held.items()
        displayed = repr((outcome.plan.diff(), EVERY_WORD.returned(outcome.options or {})))
        assert not any(secret in displayed for secret in SECRETS)
        assert not converge(server, desired).plan.changed
