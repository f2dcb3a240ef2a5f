# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The value type of permissions: rules with actions and conditions, in the language of the server."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.machineid.infisical.plugins.module_utils._http.shapes import (
    boolean,
    listing,
    mapping,
    nullable,
    record,
    text,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.checks import (
    got,
    length_error,
    line_error,
    named,
    quoted,
)
from ansible_collections.machineid.infisical.plugins.module_utils._model.value_types import Errors, ValueType

OPERATORS_OF_TEXT = ("$eq", "$ne", "$glob")
OPERATORS_OF_LISTS = ("$in", "$all")
OPERATORS = (*OPERATORS_OF_TEXT, *OPERATORS_OF_LISTS)
RULE_KEYS = ("subject", "action", "conditions", "inverted")
EXPRESSION = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)

Rule = dict[str, Any]
"""Contains ``subject``, ``action`` (a list), ``inverted``, and ``conditions`` if there are any."""


def one_or_more(value: Any) -> None:
    if not isinstance(value, str):
        listing(text)(value)


RULE = record(
    {"subject": text, "action": one_or_more}, {"conditions": nullable(mapping), "inverted": nullable(boolean)}
)
"""A permission in the form of the server."""


@dataclass(frozen=True)
class Permissions(ValueType):
    """Permissions, compared in their order, because a later inverted one takes away what an earlier one gave: actions
    as sets, and conditions by what they mean (server-notes#forms-of-permissions)."""

    spec: dict[str, Any] = field(
        default_factory=lambda: {
            "type": "list",
            "elements": "dict",
            "options": {
                "subject": {"type": "str", "required": True},
                "action": {"type": "list", "elements": "str", "required": True},
                "conditions": {"type": "dict"},
                "inverted": {"type": "bool", "default": False},
            },
        }
    )

    def parse(self, option: str, value: Any, errors: Errors) -> Any:
        wrong = length_error(value) if isinstance(value, list) else f"must be a list, got {got(value)}"
        if wrong:
            errors.append(f"{option} {wrong}")
            return []
        return [parse_rule(f"{option}[{index}]", element, errors) for index, element in enumerate(value)]

    def from_wire(self, value: Any) -> Any:
        listing(RULE)(value)
        return [rule_from_wire(rule) for rule in value]

    def to_wire(self, value: Any) -> Any:
        return [
            {key: one for key, one in rule.items() if key != "inverted"}
            | ({"inverted": True} if rule["inverted"] else {})
            for rule in value
        ]

    def displayed(self, value: Any) -> Any:
        """Returns the permissions with sorted lists, so that only what differs is displayed as different."""
        return [displayed_rule(rule) for rule in value]

    def same(self, one: Any, other: Any) -> bool:
        return [meaning_of_rule(rule) for rule in one] == [meaning_of_rule(rule) for rule in other]


def parse_rule(name: str, element: Any, errors: Errors) -> Rule:
    rule: Rule = {"subject": "", "action": [], "inverted": False}
    if not isinstance(element, dict):
        errors.append(f"{name} must be a dictionary with {', '.join(RULE_KEYS)}, got {got(element)}")
        return rule
    unknown = [key for key in element if key not in RULE_KEYS]
    if unknown:
        errors.append(f"{name} has no {named(unknown)}; it can have {', '.join(RULE_KEYS)}")
    rule["subject"] = parse_text(f"{name}.subject", element.get("subject"), errors)
    rule["action"] = parse_actions(f"{name}.action", element.get("action"), errors)
    conditions = parse_conditions(f"{name}.conditions", element.get("conditions"), errors)
    if conditions:
        rule["conditions"] = conditions
    inverted = element.get("inverted")
    if inverted is not None and not isinstance(inverted, bool):
        errors.append(f"{name}.inverted must be true or false, got {got(inverted)}")
    rule["inverted"] = inverted is True
    return rule


def parse_text(name: str, value: Any, errors: Errors) -> str:
    wrong = line_error(value, None)
    if wrong is None:
        wrong = expression_error(value)
    if wrong:
        errors.append(f"{name} {wrong}")
        return ""
    return str(value).strip()


def parse_actions(name: str, value: Any, errors: Errors) -> list[str]:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list) or not given:
        errors.append(f"{name} must be an action, or a list with at least one, got {got(value)}")
        return []
    wrong = length_error(given)
    if wrong:
        errors.append(f"{name} {wrong}")
        return []
    actions = [parse_text(f"{name}[{index}]", one, errors) for index, one in enumerate(given)]
    return list(dict.fromkeys(actions))


def parse_conditions(name: str, value: Any, errors: Errors) -> dict[str, Any]:
    if value is None:
        return {}
    wrong = length_error(value) if isinstance(value, dict) else f"must be a dictionary, got {got(value)}"
    if wrong:
        errors.append(f"{name} {wrong}")
        return {}
    for key in value:
        wrong = line_error(key)
        if wrong:
            errors.append(f"{name}: the name of a condition {wrong}")
    return {
        str(key): parse_condition(f"{name}.{named([key])}", one, errors)
        for key, one in value.items()
        if one is not None
    }


def parse_condition(name: str, value: Any, errors: Errors) -> Any:
    """Returns a condition: a text that has to be equal, or a dictionary of operators."""
    if isinstance(value, str):
        return parse_text(name, value, errors)
    operators = ", ".join(OPERATORS)
    if not isinstance(value, dict) or not value:
        errors.append(f"{name} must be a text, or a dictionary with {operators}, got {got(value)}")
        return ""
    condition: dict[str, Any] = {}
    for key, operand in value.items():
        if key in OPERATORS_OF_TEXT:
            condition[key] = parse_text(f"{name}.{key}", operand, errors)
        elif key not in OPERATORS_OF_LISTS:
            errors.append(f"{name} has no {named([key])}; it can have {operators}")
        elif not isinstance(operand, list) or not operand:
            errors.append(f"{name}.{key} must be a list with at least one text, got {got(operand)}")
        else:
            condition[key] = [parse_text(f"{name}.{key}[{index}]", one, errors) for index, one in enumerate(operand)]
    return condition["$eq"] if list(condition) == ["$eq"] else condition


def expression_error(value: str) -> str | None:
    """Returns an error about an expression that the server would reject, None if there is none
    (server-notes#expressions-in-permissions)."""
    for found in EXPRESSION.findall(value):
        if not found.strip().startswith("identity."):
            return f"must have no other expressions than {{{{identity.…}}}}, got {quoted(value)}"
    rest = EXPRESSION.sub("", value)
    if "{{" in rest or "}}" in rest:
        return f"has an expression that does not begin or end: {quoted(value)}"
    return None


def rule_from_wire(wire: dict[str, Any]) -> Rule:
    action = wire["action"]
    rule: Rule = {
        "subject": wire["subject"],
        "action": [action] if isinstance(action, str) else list(action),
        "inverted": wire.get("inverted") is True,
    }
    conditions = wire.get("conditions")
    if conditions:
        rule["conditions"] = {
            key: one["$eq"] if isinstance(one, dict) and list(one) == ["$eq"] else one
            for key, one in conditions.items()
        }
    return rule


def displayed_rule(rule: Rule) -> Rule:
    conditions = {key: displayed_condition(one) for key, one in rule.get("conditions", {}).items()}
    return {**rule, "action": sorted(set(rule["action"])), **({"conditions": conditions} if conditions else {})}


def displayed_condition(condition: Any) -> Any:
    if not isinstance(condition, dict):
        return condition
    return {
        key: [json.loads(one) for one in as_set(operand)] if is_set(key, operand) else operand
        for key, operand in condition.items()
    }


def meaning_of_rule(rule: Rule) -> tuple[Any, ...]:
    conditions = {key: meaning_of(one) for key, one in rule.get("conditions", {}).items()}
    return rule["subject"], frozenset(rule["action"]), conditions, rule["inverted"]


def meaning_of(condition: Any) -> Any:
    """Returns a condition in a form that is the same for conditions with the same meaning."""
    if not isinstance(condition, dict):
        return {"$eq": condition}
    return {key: as_set(one) if is_set(key, one) else one for key, one in condition.items()}


def is_set(operator: str, operand: Any) -> bool:
    """Returns whether the order of the elements of an operand means nothing."""
    return operator in OPERATORS_OF_LISTS and isinstance(operand, list)


def as_set(elements: list[Any]) -> list[str]:
    return sorted({json.dumps(one, sort_keys=True) for one in elements})
