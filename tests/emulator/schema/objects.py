# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules made of rules: objects with their fields, lists, records, and values that come in several forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .issues import MISSING, Issues, Path, Rule, refuse, refuse_type, too_small

TYPE_ISSUES = {"invalid_type", "invalid_literal", "invalid_enum_value", "invalid_union", "invalid_union_discriminator"}


@dataclass(frozen=True)
class Field:
    """A key of an object: its rule, and what happens when it is left out."""

    rule: Rule
    default: Any = MISSING
    required: bool = False
    # Hidden from what tests see: the record of requests, and the stored state.
    secret: bool = False
    # Stored encrypted, so no column bounds its length; every secret is.
    encrypted: bool = False

    def optional(self) -> Field:
        return replace(self, default=MISSING, required=False)

    @property
    def unbounded(self) -> bool:
        return self.secret or self.encrypted


def required(rule: Rule, *, secret: bool = False, encrypted: bool = False) -> Field:
    return Field(rule, required=True, secret=secret, encrypted=encrypted)


def nullable(inner: Rule) -> Rule:
    return lambda value, path, issues: None if value is None else inner(value, path, issues)


def array(inner: Rule, *, minimum: int | None = None) -> Rule:
    def rule(value: Any, path: Path, issues: Issues) -> Any:
        if not isinstance(value, list):
            return refuse_type(issues, path, "array", value)
        if minimum is not None and len(value) < minimum:
            too_small(issues, path, "array", minimum)
        return [inner(item, (*path, index), issues) for index, item in enumerate(value)]

    return rule


def record(inner: Rule) -> Rule:
    def rule(value: Any, path: Path, issues: Issues) -> Any:
        if not isinstance(value, dict):
            return refuse_type(issues, path, "object", value)
        return {key: inner(item, (*path, key), issues) for key, item in value.items()}

    return rule


def shape(fields: Mapping[str, Field]) -> Rule:
    """An object: unknown keys are dropped (server-notes#unknown-keys-are-dropped), absent ones get their default."""

    def rule(value: Any, path: Path, issues: Issues) -> Any:
        if not isinstance(value, dict):
            return refuse_type(issues, path, "object", value)
        kept = {}
        for key, field in fields.items():
            if key in value:
                kept[key] = field.rule(value[key], (*path, key), issues)
            elif field.required:
                field.rule(MISSING, (*path, key), issues)
            elif field.default is not MISSING:
                kept[key] = field.default
        return kept

    return rule


def refined(inner: Rule, check: Callable[[Any], bool], message: str, at: Path = ()) -> Rule:
    """A rule over the whole object, asked only when every part of it was right."""

    def rule(value: Any, path: Path, issues: Issues) -> Any:
        before = len(issues)
        value = inner(value, path, issues)
        if len(issues) == before and not check(value):
            refuse(issues, (*path, *at), message)
        return value

    return rule


def ends_validation(issue: dict[str, Any]) -> bool:
    """Whether a value with this issue is none of its type at all, instead of one that fails a check."""
    return issue["code"] in TYPE_ISSUES and issue.get("expected") != "integer"


def union(*options: Rule) -> Rule:
    """The first of several rules that takes the value.

    When no rule takes it, the server reports the issues of the first option whose checks alone failed, or those of
    all options under one issue (server-notes#validation-failures).
    """

    def rule(value: Any, path: Path, issues: Issues) -> Any:
        tried: list[Issues] = []
        for option in options:
            found: Issues = []
            parsed = option(value, path, found)
            if not found:
                return parsed
            tried.append(found)
        for found in tried:
            if not any(ends_validation(issue) for issue in found):
                issues.extend(found)
                return MISSING
        errors = [{"issues": found, "name": "ZodError"} for found in tried]
        issues.append({"code": "invalid_union", "unionErrors": errors, "path": list(path), "message": "Invalid input"})
        return MISSING

    return rule


def variant(named_by: str, forms: Mapping[str, Mapping[str, Field]]) -> Rule:
    """An object in one of several forms, the value of one of its fields says which."""
    shapes = {name: shape(fields) for name, fields in forms.items()}
    expected = " | ".join(f"'{name}'" for name in forms)

    def rule(value: Any, path: Path, issues: Issues) -> Any:
        if not isinstance(value, dict):
            return refuse_type(issues, path, "object", value)
        name = value.get(named_by)
        if not isinstance(name, str) or name not in shapes:
            message = f"Invalid discriminator value. Expected {expected}"
            return refuse(issues, (*path, named_by), message, "invalid_union_discriminator", options=list(forms))
        return {named_by: name, **shapes[name](value, path, issues)}

    return rule
