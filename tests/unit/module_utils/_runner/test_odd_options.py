# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Odd values in every option of every module: never a crash, never a request, and a sentence that names the option."""

from __future__ import annotations

import json
import math
from datetime import datetime, timedelta, timezone
from functools import cache
from itertools import islice
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.testing import patch_module_args

from ansible_collections.machineid.infisical.plugins.module_utils._http.backoff import Pauses
from ansible_collections.machineid.infisical.plugins.module_utils._http.printable import printable
from ansible_collections.machineid.infisical.plugins.module_utils._login.connection import CONNECTION_SPEC
from ansible_collections.machineid.infisical.plugins.module_utils._runner.given_options import read_options
from ansible_collections.machineid.infisical.plugins.module_utils._runner.run import (
    argument_rules,
    run_in_process,
    run_module,
)
from tests.conftest import Result, Site, task_of
from tests.effort import EFFORT
from tests.unit.servers import closed_port
from tests.unit.specs import EVERY_OPTION, SECRET_OPTIONS, Path, Spec, accepted, with_value
from tests.unit.tables import MODULES

NESTED: Any = []
for _depth in range(60):
    NESTED = [NESTED]
CYCLE: list[Any] = []
CYCLE.append(CYCLE)

# Invalid values for each type, by the name that appears in test ids.
NO_TEXT: dict[str, Any] = {
    "true": True,
    "inf": math.inf,
    "nan": math.nan,
    "list": ["x"],
    "dictionary": {"x": 1},
    "bytes": b"x",
    "half-a-character": "x\ud800",
    "nul": "a\0b",
    "bell": "a\x07b",
    "escape": "a\x1b[31mb",
    "very-long": "x" * 70_000,
    "longest-number": 10**5000,
}
NO_NUMBER: dict[str, Any] = {
    "true": True,
    "false": False,
    "fraction": 1.5,
    "whole-fraction": 2.0,
    "inf": math.inf,
    "minus-inf": -math.inf,
    "nan": math.nan,
    "word": "soon",
    "endless-word": "inf",
    "power": "1e3",
    "hex": "0x10",
    "fraction-word": "1.0",
    "list": [1],
    "dictionary": {"x": 1},
    "huge": 10**12,
    "larger": 10**19,
    "longest": 10**5000,
    "negative": -1,
    "empty": "",
    "digits": "9" * 5000,
    "other-digits": "١",
}
NO_BOOLEAN: dict[str, Any] = {
    "two": 2,
    "word": "perhaps",
    "list": [True],
    "dictionary": {"x": True},
    "nan": math.nan,
    "empty": "",
    "bytes": b"yes",
}
NO_LIST: dict[str, Any] = {
    "true": True,
    "inf": math.inf,
    "dictionary": {"x": 1},
    "null-inside": [None],
    "true-inside": [True],
    "list-inside": [["x"]],
    "nested": NESTED,
    "cycle": CYCLE,
    "half-a-character-inside": ["x\ud800"],
    "nul-inside": ["a\0b"],
    "far-too-long": ["x"] * 100_001,
    "dictionary-inside": [{1: "x", "y": {"z": 1}}],
    "bytes-inside": [b"x"],
}
NO_DICTIONARY: dict[str, Any] = {
    "true": True,
    "number": 1,
    "inf": math.inf,
    "list": ["x"],
    "word": "x",
    "nul": "a\0b",
    "nested": {"x": NESTED},
    "half-a-character-inside": {"x": "\ud800"},
    "key-that-is-true": {True: "x"},
    "key-that-is-null": {None: "x"},
    "key-with-nul": {"a\0b": "x"},
}
ODD: dict[str, dict[str, Any]] = {
    "str": NO_TEXT,
    "path": NO_TEXT,
    "int": NO_NUMBER,
    "bool": NO_BOOLEAN,
    "list": NO_LIST,
    "dict": NO_DICTIONARY,
    "raw": {
        "true": True,
        "inf": math.inf,
        "nested": NESTED,
        "cycle": CYCLE,
        "nul": "a\0b",
        "half": "\ud800",
        "bytes": b"x",
        "keys": {True: 1},
        "number": 810,
    },
}

# Invalid only for the meaning of the option.
MEANT: dict[str, dict[str, Any]] = {
    "identity_id": {"empty": "", "blank": " ", "no-uuid": "x", "path": "../../admin"},
    "organization_id": {"empty": "", "no-uuid": "acme", "path": ".."},
    "project_id": {"empty": "", "path": "..", "slash": "a/b", "long": "a" * 37},
    "project_slug": {
        "empty": "",
        "path": "..",
        "short": "abcd",
        "long": "a" * 37,
        "slash": "abc/def",
        "upper": "Billing",
    },
    "identity_name": {"empty": "", "long": "x" * 256, "lines": "a\nb"},
    "connection_name": {"empty": "", "long": "x" * 256, "lines": "a\nb"},
    "names": {"empty-inside": [""], "lines-inside": ["a\nb"]},
    "metadata": {
        "long-key": {"k" * 256: "v"},
        "long-value": {"k": "v" * 256},
        "empty-key": {"": "v"},
        "null": {"k": None},
        "true": {"k": True},
        "list": {"k": ["v"]},
        "twice": {1: "a", "1": "b"},
        "many": {str(n): "v" for n in range(1001)},
        "inf": {"k": math.inf},
        "control": {"k": "a\x07"},
    },
    "roles": {
        "null": [None],
        "number-key": [{"role": "a", 1: 2}],
        "list": [["a"]],
        "true": [True],
        "many": ["a"] * 101,
        "odd-start": [{"role": "a", "temporary_range": "1h", "temporary_access_start_time": 5}, "b"],
        "no-zone": [{"role": "a", "temporary_range": "1h", "temporary_access_start_time": "2026-01-31T08:00:00"}, "b"],
        "odd-range": [{"role": "a", "temporary_range": "9" * 400 + "y"}, "b"],
        "other-digits": [{"role": "a", "temporary_range": "١h"}],
        "long-range": [{"role": "a", "temporary_range": "101y"}, "b"],
        "short-range": [{"role": "a", "temporary_range": "0.1s"}, "b"],
        "is-perhaps": [{"role": "a", "is_temporary": "perhaps"}, "b"],
        "range-number": [{"role": "a", "temporary_range": 3600}, "b"],
        "long": ["x" * 256],
        "lines": ["a\nb"],
    },
    "access_token_trusted_ips": {
        "null": [None],
        "true": [True],
        "prefix-true": [{"ip_address": "10.0.0.0", "prefix": True}],
        "list": [["10.0.0.0"]],
        "prefix-word": [{"ip_address": "10.0.0.0", "prefix": "²"}],
        "unknown": [{"ip_address": "10.0.0.0", "prefx": 8}],
        "two": [{"ip_address": "10.0.0.0,10.0.0.1", "prefix": 8}],
        "many": ["10.0.0.1"] * 1001,
        "other-digits": ["1٠.0.0.1"],
    },
    "secret_path": {"empty": "", "up": "/a/../b", "relative": "a", "long": "/" + "a" * 1000, "lines": "/a\nb"},
    "rotate_at_utc": {
        "number": 810,
        "keys": {"hours": 1, 2: 3},
        "true": {"hours": True, "minutes": 0},
        "list": [3, 30],
        "fraction": {"hours": 1.5, "minutes": 0},
        "other-digits": "٣:٣٠",
    },
    "url": {
        "blank-inside": "https://exa mple.com",
        "query": "https://example.com/?a=b",
        "label": "https://a..b",
        "port": "https://a:99999",
        "scheme": "ftp://example.com",
        "long": "https://example.com/" + "x" * 3000,
        "bracket": "http://[::1",
    },
    "ca_path": {"missing": "/no/such/file"},
    "description": {"long": "x" * 300},
    "name": {"empty": "", "long": "x" * 300, "lines": "a\nb"},
    "auth_method": {"unknown": "magic"},
}
CASES = [
    (module, path, spec, name, value)
    for module, path, spec in EVERY_OPTION
    # All modules share the connection options, and the code that reads them.
    if EFFORT.everywhere or module == "caller_info" or path[0] not in CONNECTION_SPEC
    for name, value in {**ODD[spec.get("type", "str")], **MEANT.get(path[-1], {})}.items()
]
SECRETS = [
    (module, path) for module, path in SECRET_OPTIONS if module == "caller_info" or path[0] not in CONNECTION_SPEC
]
EVERY = sorted({(module, path) for module, path, _spec, _name, _value in CASES})


def fits(spec: Spec, path: Path, name: str) -> bool:
    """Returns whether a value that is invalid elsewhere is valid here."""
    if spec.get("no_log"):
        # Only lone surrogates and NUL are invalid in a password.
        return name in ("bell", "escape")
    if spec.get("type") == "int" and name == "huge":
        return path[-1] in ("access_token_num_uses_limit", "num_uses_limit", "refresh_hint_seconds")
    return False


def arguments_with(module: str, path: Path, value: Any) -> dict[str, Any]:
    rules = argument_rules(task_of(module))
    base = {"url": f"http://127.0.0.1:{port()}", "token": "some-token", "retries": 0, **accepted(module)}
    for group in rules.get("mutually_exclusive", []):
        if path[0] in group:
            base = {option: held for option, held in base.items() if option not in group}
    return with_value(base, rules["argument_spec"], path, value)


@cache
def port() -> int:
    """An address where nobody listens: a request would fail with another kind than validation."""
    return closed_port()


def in_process(module: str, arguments: dict[str, Any]) -> Result | None:
    return run_in_process(task_of(module), arguments, {}, check_mode=False, diff=True)


@pytest.mark.extent
@pytest.mark.parametrize(("module", "path"), EVERY, ids=[f"{module}-{'.'.join(path)}" for module, path in EVERY])
def test_an_odd_value_is_a_validation_error(module: str, path: Path) -> None:
    for one, at, spec, name, value in CASES:
        if (one, at) != (module, path) or fits(spec, path, name):
            continue
        result = in_process(module, arguments_with(module, path, value))
        assert result is not None and result.get("failed"), (name, result)
        assert result["failure"]["kind"] == "validation" and result["failure"]["status"] is None, (name, result["msg"])
        assert any(alias in result["msg"] for alias in (path[-1], *spec.get("aliases", ()))), (name, result["msg"])
        assert result["msg"] == printable(result["msg"], len(result["msg"]) + 1), name
        assert len(result["msg"]) < 110_000, name
        json.dumps(result)


@pytest.mark.extent
@pytest.mark.parametrize(("module", "path"), EVERY, ids=[f"{module}-{'.'.join(path)}" for module, path in EVERY])
def test_null_is_left_out_or_rejected(module: str, path: Path) -> None:
    """Rejected if Ansible would reject it. Otherwise, the task runs as without the option."""
    options = arguments_with(module, path, None)
    result = in_process(module, options)
    if result is None:
        # The option is required, or in a required_one_of group: core reports that.
        assert path[-1] in str(core_rejection(module, options))
    elif result.get("failed"):
        # No server answers here, and without a token the credentials are missing.
        assert result["failure"]["kind"] in ("validation", "network", "authentication"), result["msg"]
        assert result["failure"]["kind"] != "validation" or path[-1] in result["msg"], result["msg"]


def core_rejection(module: str, options: dict[str, Any]) -> list[str]:
    """Returns the errors of core's validator for the options of a task."""
    rules = argument_rules(task_of(module))
    given, faults = read_options(rules["argument_spec"], options)
    assert not faults
    messages: list[str] = ArgumentSpecValidator(**rules).validate(given).error_messages
    return messages


def as_module(capsys: pytest.CaptureFixture[str], module: str, options: dict[str, Any]) -> Result:
    with patch_module_args(options), pytest.raises(SystemExit):
        run_module(task_of(module))
    result: Result = json.loads(capsys.readouterr().out.splitlines()[-1])
    return result


@pytest.mark.parametrize("module", MODULES)
def test_both_execution_paths_reject_alike(capsys: pytest.CaptureFixture[str], module: str) -> None:
    tried = 0
    for one, path, spec, name, value in CASES:
        if one != module or name not in ("true", "whole-fraction", "list", "two") or fits(spec, path, name):
            continue
        options = arguments_with(module, path, value)
        by_module, here = as_module(capsys, module, options), in_process(module, options)
        assert here is not None
        assert (by_module["failed"], by_module["msg"]) == (True, here["msg"])
        assert by_module["failure"] == here["failure"] and by_module["failure"]["kind"] == "validation"
        tried += 1
    assert tried or module in ("login", "logout")


@pytest.mark.parametrize(
    ("module", "options"),
    [
        ("identity", {"identity_id": None, "name": None}),
        ("identity", {"identity_id": None, "identity_name": None}),
        ("identity_aws_auth", {"identity_id": None}),
        ("identity_info", {"identity_id": None, "identity_name": None}),
        ("identities", {"identities": [{"identity_id": None, "name": None}]}),
        ("aws_connection", {"connection_id": None, "name": None}),
    ],
)
def test_who_is_meant_is_said_to_be_missing(
    capsys: pytest.CaptureFixture[str], module: str, options: dict[str, Any]
) -> None:
    """In a result that was registered in check mode, identity_id is null."""
    everything = {"url": f"http://127.0.0.1:{port()}", "token": "some-token", **options}
    assert in_process(module, everything) is None
    result = as_module(capsys, module, everything)
    assert result["failed"] and result["failure"]["kind"] == "validation"
    assert "one of the following is required" in result["msg"] and "Traceback" not in result["msg"]


def test_what_is_null_beside_what_is_given_is_as_good_as_left_out(current: Site) -> None:
    current.identity("web")
    options = {"identity_id": None, "identity_name": "web", "organization_id": None}
    assert current.ok("identity_azure_auth", state="absent", **options)["changed"] is False
    assert current.ok("identities", identities=[{"name": "web", "identity_id": None, "aws_auth": None}])


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("INFISICAL_TIMEOUT", "inf"),
        ("INFISICAL_TIMEOUT", "1e3"),
        ("INFISICAL_RETRIES", "many"),
        ("INFISICAL_RETRIES", "1.0"),
        ("INFISICAL_VALIDATE_CERTS", "perhaps"),
        ("INFISICAL_AUTH_METHOD", "a\x07b"),
        ("INFISICAL_URL", "https://a\udcffb"),
    ],
)
def test_an_odd_variable_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    result = in_process("caller_info", {"token": "some-token"})
    assert result is not None and result["failure"]["kind"] == "validation" and f"{variable} must" in result["msg"]


@pytest.mark.parametrize(("module", "path"), SECRETS, ids=[f"{one}-{'.'.join(at)}" for one, at in SECRETS])
def test_a_secret_of_the_wrong_kind_is_not_displayed(
    capsys: pytest.CaptureFixture[str], module: str, path: Path
) -> None:
    for value in (["s3cret-value"], {"s3cret-value": 1}, "s3cret-value\0", "s3cret-value" * 6000):
        options = arguments_with(module, path, value)
        here, by_module = in_process(module, options), as_module(capsys, module, options)
        assert here is not None and here["failure"]["kind"] == "validation"
        assert "s3cret" not in json.dumps([here, by_module])


def test_a_pause_is_made_when_it_is_needed() -> None:
    """A list of all pauses would exhaust the memory."""
    pauses = Pauses(10.0**12)
    assert list(islice(pauses, 7)) == [0.0, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0]
    assert list(pauses_of(5.0)) == [0.0, 1.0, 2.0, 2.0] and list(pauses_of(0.0)) == [0.0]


def pauses_of(seconds: float) -> list[float]:
    return list(Pauses(seconds))


def test_a_date_is_what_yaml_makes_of_a_bare_one() -> None:
    """In process, it is an object; serialised for a module, it becomes a text."""
    moment = datetime(2026, 1, 31, 9, tzinfo=timezone(timedelta(hours=1)))
    role = {"role": "member", "temporary_range": "1h", "temporary_access_start_time": moment}
    spec = argument_rules(task_of("project_identity"))["argument_spec"]
    given, faults = read_options(spec, {"roles": [role]})
    assert not faults and given["roles"][0]["temporary_access_start_time"] == "2026-01-31T09:00:00+01:00"


def test_a_value_that_stands_in_several_places_is_copied() -> None:
    """Core's validator sets defaults in place, and treats them as given the second time."""
    shared = {"allowed_account_ids": ["123456789012"]}
    spec = argument_rules(task_of("identities"))["argument_spec"]
    given, faults = read_options(
        spec, {"identities": [{"name": "a", "aws_auth": shared}, {"name": "b", "aws_auth": shared}]}
    )
    one, other = (element["aws_auth"] for element in given["identities"])
    assert not faults and one == other == shared and one is not other and one is not shared
