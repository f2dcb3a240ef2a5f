# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The interpretation of every error on every release: kind, message, and seconds to wait."""

from __future__ import annotations

import json
import time
from email.utils import formatdate
from typing import Any

import pytest

from ansible_collections.machineid.infisical.plugins.module_utils._http.answers import (
    decoded,
    error_of,
    option_name,
    text_of,
)
from ansible_collections.machineid.infisical.plugins.module_utils._http.errors import (
    ADVICE,
    InfisicalError,
    InvalidOptions,
)
from ansible_collections.machineid.infisical.plugins.module_utils._http.exchange import Received
from ansible_collections.machineid.infisical.plugins.module_utils._model.fields import Field
from ansible_collections.machineid.infisical.plugins.module_utils._model.resource import Resource
from tests.unit.tables import RESOURCES

PATH = "/api/v1/auth/aws-auth/identities/3c90c3cc-0d44-4b50-8888-8dd25736052a"
ISSUES = [{"code": "too_small", "path": ["accessTokenTTL"], "message": "Number must be greater than or equal to 0"}]
LIMITED = {"retry-after": "7", "x-ratelimit-remaining": "0"}
EDIT_SECRETS = {"action": "edit", "subject": "secrets"}
IP_PLAN = "Failed to add IP access range to access token due to plan restriction. Upgrade plan to add IP access range."


def answer(status: int, body: Any = None, **headers: str) -> Received:
    text = body if isinstance(body, str) else json.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Received(status, named, b"" if body is None else text.encode(), "http://127.0.0.1")


def rejected(status: int, error: str | None = None, message: Any = None, **headers: str) -> InfisicalError:
    body = {"statusCode": status, "error": error, "message": message}
    return error_of(answer(status, body, **headers), "PATCH", PATH)


@pytest.mark.parametrize(
    ("status", "error", "message", "kind"),
    [
        # The same error on three releases. Its name decides (server-notes#validation-failures).
        pytest.param(422, "ValidationFailure", ISSUES, "validation", id="validation-now"),
        pytest.param(401, "ValidationFailure", ISSUES, "validation", id="validation-2024-10"),
        pytest.param(403, "ValidationFailure", ISSUES, "validation", id="validation-2024-07"),
        # server-notes#rejected-tokens, server-notes#ended-tokens, server-notes#permission-denied,
        # server-notes#privilege-boundary
        pytest.param(401, "UnauthorizedError", "Token missing", "authentication", id="no-token"),
        pytest.param(401, "UnauthorizedError", "No identity access token found", "authentication", id="revoked"),
        pytest.param(401, "UnauthorizedError", "Invalid credentials", "authentication", id="wrong-secret"),
        pytest.param(
            401, "UnauthorizedError", "This identity auth method is temporarily locked", "authentication", id="locked"
        ),
        pytest.param(403, "TokenError", "Your token has expired. Please re-authenticate.", "authentication", id="old"),
        pytest.param(403, "PermissionDenied", "You are not allowed to edit on identity", "permission", id="role"),
        pytest.param(403, "PermissionBoundaryError", "Failed to revoke", "permission", id="boundary"),
        pytest.param(403, "ForbiddenError", "Sub organization not authorized", "permission", id="organisation"),
        pytest.param(
            403, "Identity is not apart of this organization", "You are not allowed", "permission", id="foreign"
        ),
        # server-notes#plan-gates
        pytest.param(400, "BadRequest", IP_PLAN, "plan", id="plan-ip"),
        pytest.param(
            400,
            "BadRequest",
            "Failed to assign custom role to identity due to plan RBAC restriction. Upgrade to Infisical Enterprise to"
            " assign custom roles.",
            "plan",
            id="plan-role",
        ),
        pytest.param(
            400, "BadRequest", "Failed to create identity due to identity limit reached.", "plan", id="plan-limit"
        ),
        pytest.param(403, "ForbiddenError", "Your current plan does not include this", "plan", id="plan-403"),
        # server-notes#methods-not-attached, server-notes#unknown-identities
        pytest.param(400, "BadRequest", "Failed to add AWS Auth to already configured identity", "conflict", id="2nd"),
        pytest.param(400, "BadRequest", "Identity has delete protection", "conflict", id="protected"),
        pytest.param(
            400, "BadRequest", "Cannot delete identity while delete protection is enabled", "conflict", id="protected-2"
        ),
        pytest.param(400, "BadRequest", "Identity is managed by project", "conflict", id="project"),
        pytest.param(400, "BadRequest", "The identity does not have aws auth", "validation", id="not-attached"),
        pytest.param(404, "NotFound", "Failed to find identity with ID 1", "not_found", id="unknown-identity"),
        pytest.param(404, "NotFound", "Specified role was not found", "not_found", id="unknown-role"),
        # server-notes#missing-routes
        pytest.param(404, "Not Found", f"Route GET:{PATH} not found", "unsupported_by_server", id="no-such-route"),
        pytest.param(400, "BadRequest", "Access token TTL cannot be greater than max TTL", "validation", id="ttl"),
        pytest.param(409, "Conflict", "It exists", "validation", id="409"),
        pytest.param(409, "Conflict", "It already exists", "conflict", id="409-already"),
        pytest.param(500, "DatabaseError", "Something went wrong", "server", id="database"),
        pytest.param(500, "FindOne", "Something went wrong", "server", id="database-2024-10"),
        pytest.param(500, "InternalServerError", "Something went wrong", "server", id="internal"),
        pytest.param(502, None, None, "server", id="bad-gateway"),
        pytest.param(503, None, None, "server", id="unavailable"),
        pytest.param(504, None, None, "server", id="gateway-timeout"),
        pytest.param(507, "Full", "no space left", "server", id="unheard-of"),
    ],
)
def test_kind_of_each_rejection(status: int, error: str | None, message: Any, kind: str) -> None:
    failure = rejected(status, error, message)
    assert failure.kind == kind
    assert (failure.status, failure.error) == (status, error)
    assert str(status) in str(failure) and ADVICE[kind] in str(failure)


@pytest.mark.parametrize(
    ("status", "headers", "kind"),
    [
        (429, {}, "rate_limited"),
        (429, {"retry-after": "7"}, "rate_limited"),
        # A bare 500 with two headers (server-notes#over-the-limit).
        (500, LIMITED, "rate_limited"),
        (500, {"retry-after": "7", "x-ratelimit-remaining": "3"}, "server"),
        (500, {"x-ratelimit-remaining": "0"}, "server"),
        (503, LIMITED, "server"),
    ],
)
def test_a_rate_limit_has_two_forms(status: int, headers: dict[str, str], kind: str) -> None:
    assert rejected(status, "InternalServerError", "Something went wrong", **headers).kind == kind


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), (" 12 ", 12), ("0", 0), ("1.5", 1.5), ("-3", 0), ("", None), ("soon", None), ("Mon, 99 Foo", None)],
)
def test_seconds_to_wait(header: str, seconds: float | None) -> None:
    assert rejected(429, None, None, retry_after=header).retry_after == seconds


def test_a_date_to_wait_for() -> None:
    later = rejected(429, None, None, retry_after=formatdate(time.time() + 30, usegmt=True)).retry_after
    assert later is not None and 28 <= later <= 30
    assert rejected(429, None, None, retry_after=formatdate(time.time() - 30, usegmt=True)).retry_after == 0


def test_the_servers_own_words_and_request_id_are_kept() -> None:
    body = {"reqId": "req-1", "statusCode": 403, "error": "PermissionDenied", "message": "You are not allowed to edit"}
    failure = error_of(answer(403, body), "PATCH", PATH)
    assert failure.failure() == {
        "kind": "permission",
        "status": 403,
        "error": "PermissionDenied",
        "message": "You are not allowed to edit",
        "request_id": "req-1",
    }
    assert "(request id req-1)" in str(failure) and f"PATCH {PATH}" in str(failure)


def test_issues_are_reported_by_option() -> None:
    nested = {"path": ["accessTokenTrustedIps", 0, "ipAddress"], "message": "Required"}
    issues = [*ISSUES, nested, {"message": "Bad"}, 3]
    assert text_of({"message": issues}) == (
        "access_token_ttl: Number must be greater than or equal to 0;"
        " access_token_trusted_ips.0.ip_address: Required; Bad; 3"
    )


@pytest.mark.parametrize(
    ("resource", "field"),
    [(resource, one) for resource in RESOURCES.values() for one in resource.fields],
    ids=lambda one: one.name if isinstance(one, Resource) else one.option,
)
def test_the_servers_issues_name_options(resource: Resource, field: Field) -> None:
    """The snake_case of the wire name, or the option of the table."""
    message = resource.name_options(f"{option_name(field.wire)}: Required; x.{option_name(field.wire)}: Required")
    named = message.partition(":")[0]
    assert named in (field.option, *field.aliases)
    assert message.endswith(f"; x.{option_name(field.wire)}: Required"), "nested names do not change"


@pytest.mark.parametrize("body", [None, "<html>Just a moment…</html>", "[1]", '"text"', "{"])
def test_an_answer_that_is_no_json_object_is_reported_by_its_type(body: str | None) -> None:
    failure = error_of(answer(502, body, content_type="text/html; charset=utf-8"), "GET", PATH)
    assert failure.kind == "server"
    assert "502 with text/html instead of JSON" in str(failure)
    assert "html>" not in str(failure)


@pytest.mark.parametrize("body", [None, "<html>Not found</html>", {"detail": "Not Found"}, {}, [1]])
@pytest.mark.parametrize("status", [400, 404, 409, 422])
def test_what_infisical_has_not_said_allows_no_conclusion(status: int, body: Any) -> None:
    """A 404 of another server does not prove that an object is absent."""
    failure = error_of(answer(status, body), "GET", PATH)
    assert failure.kind == "server" and "`url`" in str(failure)


def test_a_redirect_is_reported_with_its_target() -> None:
    failure = error_of(answer(308, None, location="https://eu.example.com/x"), "POST", PATH)
    assert "https://eu.example.com/x" in str(failure) and "`url`" in str(failure)


@pytest.mark.parametrize("kind", sorted(ADVICE))
def test_every_kind_has_a_sentence_that_says_what_to_do(kind: str) -> None:
    error = InfisicalError(kind, "It failed.")
    assert str(error) == f"It failed. {ADVICE[kind]}"
    assert ADVICE[kind].endswith(".") and ADVICE[kind][0].isupper()


def test_all_errors_come_in_one_message() -> None:
    assert str(InvalidOptions(["a is odd"])) == "Invalid option: a is odd. Nothing was changed."
    assert str(InvalidOptions(["a is odd", "b is even"])).startswith("2 invalid options: a is odd; b is even.")


@pytest.mark.parametrize(
    ("message", "details", "words"),
    [
        (
            "Failed to create privilege",
            {
                "missingPermissions": [
                    {"action": "edit", "subject": "secrets"},
                    {"action": "read", "subject": "identity"},
                ]
            },
            "Failed to create privilege. Missing: edit on secrets, read on identity.",
        ),
        (
            "Missing permission edit on secrets",
            {"missingPermissions": [{"action": "edit", "subject": "secrets"}]},
            None,
        ),
        ("Failed", {"missingPermissions": [{"action": ["edit"], "subject": "secrets"}, 5, None]}, None),
        ("Failed", {"missingPermissions": "all"}, None),
        ("Failed", ["missingPermissions"], None),
        (
            "Failed",
            {"missingPermissions": [{"action": f"a{number}", "subject": "x"} for number in range(22)]},
            "a19 on x and 2 more.",
        ),
    ],
)
def test_what_the_caller_lacks_is_named_once(message: str, details: Any, words: str | None) -> None:
    body = {"statusCode": 403, "error": "PermissionBoundaryError", "message": message, "details": details}
    error = error_of(answer(403, body), "POST", PATH)
    assert error.kind == "permission"
    assert error.message.endswith(words) if words else error.message.endswith(f": {message}.")


def test_a_bare_array_is_taken_only_where_one_is_expected() -> None:
    received = answer(200, [{"id": "x"}], content_type="application/json")
    assert decoded(received, "GET", PATH, "groups") == {"groups": [{"id": "x"}]}
    assert decoded(answer(200, {"id": "x"}), "GET", PATH, "groups") == {"id": "x"}
    with pytest.raises(InfisicalError, match="JSON that is not an object"):
        decoded(received, "GET", PATH)
