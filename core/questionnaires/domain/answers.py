"""Read the answers of a web form, and say what is wrong with them, question by question."""

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Protocol

from core.questionnaires.domain.questions import (
    MAX_NUMBER,
    MAX_TEXT,
    AnswerKind,
    SurveyQuestion,
)

Answers = dict[str, Any]


class AnswerFault(StrEnum):
    """What can be wrong with an answer."""

    MISSING = "missing"
    NO_OPTION = "no_option"
    TOO_LONG = "too_long"
    NO_NUMBER = "no_number"
    OUT_OF_RANGE = "out_of_range"


class FormValues(Protocol):
    """What a web form gives (a `MultiDict`)."""

    def getlist(self, name: str, /) -> list[str]: ...


def read_answers(
    questions: Sequence[SurveyQuestion], form: FormValues
) -> tuple[Answers, dict[str, AnswerFault]]:
    """Return answers and faults, both by the question's key; empty answers are left out.

    An answer is a text (the chosen value), a list of texts, or a whole number.
    """
    answers: Answers = {}
    faults: dict[str, AnswerFault] = {}
    for question in questions:
        value = _read_value(question, form)
        fault = find_fault(question, value)
        if fault is not None:
            faults[question.key] = fault
        elif value not in ("", []):
            answers[question.key] = value
    return answers, faults


def _read_value(question: SurveyQuestion, form: FormValues) -> Any:
    typed = [value.strip() for value in form.getlist(question.key)]
    if question.kind is AnswerKind.SEVERAL:
        return [choice for choice in dict.fromkeys(typed) if choice]
    text = typed[0] if typed else ""
    return to_number(text) if question.kind is AnswerKind.NUMBER else text


def to_number(text: str) -> int | str:
    """Return the whole number that was typed, full-width digits too, else the text itself."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    return int(plain) if re.fullmatch(r"-?[0-9]{1,12}", plain) else text


def find_fault(question: SurveyQuestion, value: Any) -> AnswerFault | None:
    """Say what is wrong with an answer, `None` where it fits the question."""
    if value in (None, "", []):
        return AnswerFault.MISSING if question.required else None
    if question.kind is AnswerKind.TEXT:
        return AnswerFault.TOO_LONG if len(str(value)) > MAX_TEXT else None
    if question.kind is AnswerKind.NUMBER:
        return _find_number_fault(question, value)
    chosen = value if isinstance(value, list) else [value]
    return None if set(chosen) <= set(question.values) else AnswerFault.NO_OPTION


def _find_number_fault(question: SurveyQuestion, value: Any) -> AnswerFault | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return AnswerFault.NO_NUMBER
    lowest = -MAX_NUMBER if question.lowest is None else question.lowest
    highest = MAX_NUMBER if question.highest is None else question.highest
    return None if lowest <= value <= highest else AnswerFault.OUT_OF_RANGE
