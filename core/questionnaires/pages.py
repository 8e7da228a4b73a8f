"""Questionnaires on pages: values for the macros in `templates/questionnaires/`.

The blueprint has no address of its own: it brings the templates, which features include.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _

from core.questionnaires.domain.answers import Answers, FormValues, read_answers, to_number
from core.questionnaires.domain.questions import (
    MAX_TEXT,
    AnswerKind,
    SurveyQuestion,
    find_faults,
    next_key,
)
from core.questionnaires.domain.statistics import QuestionTally
from core.questionnaires.labels import ANSWER_KINDS, say_fault, say_question_fault, say_value
from core.tables.lists.writing import CellValue, ListSheet

blueprint = Blueprint("questionnaires", __name__, template_folder="templates")
_NUMBERS = ("minimum", "lowest", "highest")
_CONTROLS = {AnswerKind.SEVERAL: "checkboxes", AnswerKind.TEXT: "text", AnswerKind.NUMBER: "number"}


def read_answer_form(
    questions: Sequence[SurveyQuestion], form: FormValues
) -> tuple[Answers, dict[str, str]]:
    """Read a filled-in form: answers, and messages for beside the fields, by the question's key."""
    answers, faults = read_answers(questions, form)
    by_key = {question.key: question for question in questions}
    return answers, {key: say_fault(fault, by_key[key]) for key, fault in faults.items()}


def to_question_fields(
    questions: Sequence[SurveyQuestion], typed: FormValues | None, errors: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return what `question_fields` shows: each question with its choices and what was typed."""
    return [
        {
            "name": one.key,
            "label": one.label,
            "hint": one.hint,
            "required": one.required,
            "control": _CONTROLS.get(one.kind, "radios"),
            "options": [{"value": value, "label": say_value(one, value)} for value in one.values],
            "typed": typed.getlist(one.key) if typed else [],
            "error": errors.get(one.key),
            "maxlength": MAX_TEXT,
        }
        for one in questions
    ]


def to_result_tables(tallies: Sequence[QuestionTally]) -> list[dict[str, Any]]:
    """Return what `result_tables` shows: each question with its counts and shares in words."""
    return [
        {
            "answered": one.answered,
            "caption": _caption(one),
            "lines": [
                [say_value(one.question, value), count, f"{one.percent(count)} %"]
                for value, count in one.counts
            ],
        }
        for one in tallies
    ]


def to_result_sheet(tallies: Sequence[QuestionTally]) -> ListSheet:
    """Return the counts as a list for a file: question, answer, count, of how many answers."""
    rows: list[list[CellValue]] = []
    for one in tallies:
        rows += [
            [one.question.label, say_value(one.question, value), count, one.answered]
            for value, count in one.counts
        ]
        if one.mean is not None:
            rows.append([one.question.label, _("Mean"), round(one.mean, 2), one.answered])
    columns = [_("Question"), _("Answer"), _("Count"), _("Number of answers")]
    return ListSheet(_("Results"), columns, rows)


def _caption(counted: QuestionTally) -> str:
    told = [counted.question.label]
    if counted.top_two_percent is not None:
        share = _("%(n)s%% satisfied or mostly satisfied", n=counted.top_two_percent)
        if counted.question.kind is AnswerKind.SCALE:
            share = _("%(n)s%% chose one of the two highest steps", n=counted.top_two_percent)
        told.append(share)
    if counted.mean is not None:
        told.append(_("mean %(mean)s", mean=f"{counted.mean:.2f}"))
    return " ".join(told)


def answer_kind_options() -> list[dict[str, str]]:
    """Return the kinds of answers to choose from, in words."""
    return [{"value": kind.value, "label": str(label)} for kind, label in ANSWER_KINDS.items()]


def read_question(
    form: Mapping[str, str], questions: Sequence[SurveyQuestion]
) -> tuple[SurveyQuestion | None, dict[str, str]]:
    """Read the staff's form for one more question (`question_editor`), or what is wrong with it."""
    kind = form.get("kind", "")
    if kind not in set(AnswerKind):
        return None, {"kind": _("Choose one of the list.")}
    numbers = {name: to_number(form.get(name, "")) for name in _NUMBERS}
    unread = {
        name: _("Enter a whole number.") for name, n in numbers.items() if n and isinstance(n, str)
    }
    if unread:
        return None, unread
    question = SurveyQuestion(
        key=next_key(questions),
        kind=AnswerKind(kind),
        label=" ".join(form.get("label", "").replace("\x00", "").split()),
        options=_read_options(form) if kind in {"one", "several", "scale"} else (),
        required=bool(form.get("required")),
        hint=" ".join(form.get("hint", "").replace("\x00", "").split())[:200],
        **{name: number for name, number in numbers.items() if isinstance(number, int)},
    )
    faults = [fault for _key, fault in find_faults([question])]
    return (None, say_question_fault(faults[0])) if faults else (question, {})


def _read_options(form: Mapping[str, str]) -> tuple[str, ...]:
    lines = (" ".join(line.split()) for line in form.get("options", "").splitlines())
    return tuple(line for line in lines if line)
