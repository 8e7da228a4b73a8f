"""Questions of a questionnaire: what can be asked, whether a question is complete, its JSON."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MAX_QUESTIONS = 40
MAX_OPTIONS = 20
MAX_LABEL = 200
MAX_TEXT = 1_000
MAX_NUMBER = 999_999_999

# The three grades of the yearly social evaluation (社会评议), best first.
GRADES = ("satisfied", "mostly", "dissatisfied")
_YES_NO = ("yes", "no")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


class AnswerKind(StrEnum):
    """What an answer is."""

    GRADE = "grade"
    ONE = "one"
    SEVERAL = "several"
    SCALE = "scale"
    YES_NO = "yes_no"
    NUMBER = "number"
    TEXT = "text"


# How many options a question of the kind has; kinds that are not named have none.
_OPTION_COUNTS = {
    AnswerKind.ONE: range(2, MAX_OPTIONS + 1),
    AnswerKind.SEVERAL: range(1, MAX_OPTIONS + 1),
    AnswerKind.SCALE: range(2, 11),
}


class QuestionFault(StrEnum):
    """What can be wrong with a question."""

    KEY = "key"
    LABEL = "label"
    OPTIONS = "options"
    RANGE = "range"
    MINIMUM = "minimum"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class SurveyQuestion:
    """One question; `key` names its answers and never changes.

    `options` are the choices, or the words of a scale from its lowest to its highest step (words
    in between may be empty). `minimum`: results are shown from so many answers to this question
    on, where that is more than the questionnaire itself demands. `lowest` and `highest` bound a
    number.
    """

    key: str
    kind: AnswerKind
    label: str
    options: tuple[str, ...] = ()
    required: bool = False
    hint: str = ""
    minimum: int | None = None
    lowest: int | None = None
    highest: int | None = None

    @property
    def values(self) -> tuple[str, ...]:
        """What can be chosen, as it is stored; empty for texts and numbers."""
        if self.kind is AnswerKind.GRADE:
            return GRADES
        if self.kind is AnswerKind.YES_NO:
            return _YES_NO
        if self.kind is AnswerKind.SCALE:
            return tuple(str(step) for step in range(1, len(self.options) + 1))
        return self.options if self.kind in _OPTION_COUNTS else ()


def find_faults(questions: Sequence[SurveyQuestion]) -> list[tuple[str, QuestionFault]]:
    """List what is wrong with a set of questions, each fault with the key of its question."""
    keys = [question.key for question in questions]
    faults = [(key, QuestionFault.KEY) for key in keys if keys.count(key) > 1]
    if len(questions) > MAX_QUESTIONS:
        faults.append((keys[MAX_QUESTIONS], QuestionFault.TOO_MANY))
    faults += [(one.key, fault) for one in questions if (fault := _find_fault(one)) is not None]
    return faults


def _find_fault(question: SurveyQuestion) -> QuestionFault | None:
    if not _KEY.fullmatch(question.key):
        return QuestionFault.KEY
    if not 0 < len(question.label.strip()) <= MAX_LABEL:
        return QuestionFault.LABEL
    if not _has_good_options(question):
        return QuestionFault.OPTIONS
    if question.minimum is not None and question.minimum < 1:
        return QuestionFault.MINIMUM
    return QuestionFault.RANGE if _has_bad_bounds(question) else None


def _has_good_options(question: SurveyQuestion) -> bool:
    options, counts = question.options, _OPTION_COUNTS.get(question.kind)
    if counts is None:
        return not options
    words = [option for option in options if option.strip()]
    named = bool(options) and bool(options[0].strip()) and bool(options[-1].strip())
    complete = named if question.kind is AnswerKind.SCALE else len(words) == len(options)
    fits = all(len(option) <= MAX_LABEL for option in options)
    return len(options) in counts and complete and fits and len(set(words)) == len(words)


def _has_bad_bounds(question: SurveyQuestion) -> bool:
    lowest, highest = question.lowest, question.highest
    return lowest is not None and highest is not None and lowest > highest


def to_data(questions: Sequence[SurveyQuestion]) -> list[dict[str, Any]]:
    """Write questions as JSON."""
    return [
        {
            "key": question.key,
            "kind": question.kind.value,
            "label": question.label,
            "options": list(question.options),
            "required": question.required,
            "hint": question.hint,
            "minimum": question.minimum,
            "lowest": question.lowest,
            "highest": question.highest,
        }
        for question in questions
    ]


def from_data(data: Sequence[Mapping[str, Any]]) -> tuple[SurveyQuestion, ...]:
    """Read questions from JSON; the fields after `required` may be absent."""
    return tuple(
        SurveyQuestion(
            key=one["key"],
            kind=AnswerKind(one["kind"]),
            label=one["label"],
            options=tuple(one["options"]),
            required=one["required"],
            hint=one.get("hint", ""),
            minimum=one.get("minimum"),
            lowest=one.get("lowest"),
            highest=one.get("highest"),
        )
        for one in data
    )


def next_key(questions: Sequence[SurveyQuestion]) -> str:
    """Return a key that no question of the set has yet, e.g. q5."""
    taken = {question.key for question in questions}
    return next(key for number in range(1, len(taken) + 2) if (key := f"q{number}") not in taken)


def move_question(
    questions: Sequence[SurveyQuestion], key: str, places: int
) -> list[SurveyQuestion]:
    """Return the questions with one moved down by so many places (up: below 0), as far as it goes.

    An unknown key moves nothing.
    """
    moved = next((question for question in questions if question.key == key), None)
    if moved is None:
        return list(questions)
    others = [question for question in questions if question is not moved]
    place = max(0, list(questions).index(moved) + places)
    return [*others[:place], moved, *others[place:]]
