# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The survey is accepted by AWX, and the playbook reads exactly its answers."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ..harness import ROOT
from . import controller

SURVEY = controller.data("survey.yml")
QUESTIONS: list[dict[str, Any]] = SURVEY["spec"]
TYPES = {"text": str, "textarea": str, "integer": int}


def test_awx_accepts_the_survey() -> None:
    assert SURVEY.keys() == {"name", "description", "spec"}
    names = [question["variable"] for question in QUESTIONS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: str(question["variable"]))
def test_awx_accepts_the_question(question: dict[str, Any]) -> None:
    known = {"question_name", "question_description", "variable", "type", "required", "min", "max", "default"}
    assert question.keys() <= known and question["question_name"] and question["question_description"]
    assert isinstance(question["required"], bool)
    assert isinstance(question["default"], TYPES[question["type"]]) and not isinstance(question["default"], bool)
    bounds = [question[bound] for bound in ("min", "max") if bound in question]
    assert all(isinstance(bound, int) and not isinstance(bound, bool) for bound in bounds)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: str(question["variable"]))
def test_only_the_name_must_be_answered(question: dict[str, Any]) -> None:
    """No answer is a variable of the role, whose argument spec would reject an empty string."""
    assert question["required"] == (question["variable"] == "survey_identity_name")
    assert question["variable"].startswith("survey_")


def test_the_playbook_reads_every_answer_and_no_other() -> None:
    """Each with a default, because a job that is launched through the API may omit any of them."""
    text = (ROOT / "playbooks" / "onboard_survey.yml").read_text()
    read = set(re.findall(r"(survey_\w+) \| default\((?:''|0), true\)", text))
    assert read == {question["variable"] for question in QUESTIONS}
