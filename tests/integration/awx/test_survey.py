# Copyright: (c) 2026, machineid.infisical contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The survey: what AWX accepts, and that the playbook reads every answer and no other."""

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
    """And no answer is a variable of the role: its argument spec would be held to an empty string."""
    assert question["required"] == (question["variable"] == "survey_identity_name")
    assert question["variable"].startswith("survey_")


def test_the_playbook_reads_every_answer_and_no_other() -> None:
    """Each with what it is when there is none, as a job template launched by its API may leave any out."""
    text = (ROOT / "playbooks" / "onboard_survey.yml").read_text()
    read = set(re.findall(r"(survey_\w+) \| default\((?:''|0), true\)", text))
    assert read == {question["variable"] for question in QUESTIONS}
