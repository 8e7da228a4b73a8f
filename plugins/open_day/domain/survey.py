"""Questionnaires: what is asked, whether an answer fits, what many answers say together.

Nothing is shown of fewer answers than the event's minimum: of three answers everybody in the
village knows who wrote which.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

MOST_QUESTIONS = 20
MOST_OPTIONS = 12
LONGEST_LABEL = 120
LONGEST_TEXT = 1_000
LEAST_ANSWERS = 5

# The three grades of the yearly social evaluation, best first.
GRADES = ("satisfied", "mostly", "dissatisfied")
CONTENT_GRADES = frozenset({"satisfied", "mostly"})


class Kind(StrEnum):
    """What an answer is."""

    GRADE = "grade"
    ONE = "one"
    SEVERAL = "several"
    TEXT = "text"


class Wrong(StrEnum):
    """What can be wrong with an answer."""

    MISSING = "missing"
    NO_OPTION = "no_option"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `key` names its answers and never changes, `options` are the choices."""

    key: str
    kind: Kind
    label: str
    options: tuple[str, ...] = ()
    required: bool = False


class Form(Protocol):
    """What a web form gives."""

    def getlist(self, name: str, /) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Tally:
    """What the answers to one question say; texts have no counts."""

    question: Question
    answered: int
    counts: tuple[tuple[str, int], ...]

    @property
    def content_percent(self) -> int | None:
        """Of a grade: how many of a hundred are satisfied or mostly so."""
        if self.question.kind is not Kind.GRADE or not self.answered:
            return None
        good = sum(count for option, count in self.counts if option in CONTENT_GRADES)
        return round(100 * good / self.answered)


def offered(question: Question) -> tuple[str, ...]:
    """What can be chosen."""
    return GRADES if question.kind is Kind.GRADE else question.options


def read_answers(
    questions: Sequence[Question], form: Form
) -> tuple[dict[str, Any], dict[str, Wrong]]:
    """Answers by the question's key, and what is wrong by the same keys."""
    answers: dict[str, Any] = {}
    wrong: dict[str, Wrong] = {}
    for question in questions:
        value = _value(question, form)
        fault = _fault(question, value)
        if fault is not None:
            wrong[question.key] = fault
        elif value:
            answers[question.key] = value
    return answers, wrong


def _value(question: Question, form: Form) -> Any:
    if question.kind is Kind.SEVERAL:
        return [choice for choice in dict.fromkeys(form.getlist(question.key)) if choice]
    return "".join(form.getlist(question.key)[:1]).replace("\x00", "").strip()


def _fault(question: Question, value: Any) -> Wrong | None:
    if not value:
        return Wrong.MISSING if question.required else None
    if question.kind is Kind.TEXT:
        return Wrong.TOO_LONG if len(value) > LONGEST_TEXT else None
    chosen = value if isinstance(value, list) else [value]
    return None if set(chosen) <= set(offered(question)) else Wrong.NO_OPTION


def tally(
    questions: Sequence[Question], answers: Sequence[Mapping[str, Any]], least: int
) -> list[Tally] | None:
    """What the answers say, question by question; `None` where they are too few to be shown.

    A question that too few have answered is left out by itself. Texts are not told here.
    """
    if len(answers) < max(least, 1):
        return None
    told = [_tallied(question, answers) for question in questions if question.kind != Kind.TEXT]
    return [one for one in told if one.answered >= least]


def _tallied(question: Question, answers: Sequence[Mapping[str, Any]]) -> Tally:
    given = [answer[question.key] for answer in answers if answer.get(question.key)]
    chosen = [set(value) if isinstance(value, list) else {value} for value in given]
    counts = tuple((option, sum(option in one for one in chosen)) for option in offered(question))
    return Tally(question, len(given), counts)


def texts(question: Question, answers: Sequence[Mapping[str, Any]]) -> list[str]:
    """What was written in answer to a question of text, sorted, so that no order tells who."""
    return sorted(str(answer[question.key]) for answer in answers if answer.get(question.key))


def to_data(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """Questions as JSON."""
    return [
        {
            "key": question.key,
            "kind": question.kind.value,
            "label": question.label,
            "options": list(question.options),
            "required": question.required,
        }
        for question in questions
    ]


def from_data(data: Sequence[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Questions from JSON."""
    return tuple(
        Question(
            one["key"], Kind(one["kind"]), one["label"], tuple(one["options"]), one["required"]
        )
        for one in data
    )
