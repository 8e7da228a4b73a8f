"""Questionnaires on pages: values for the macros in `templates/questionnaires/`.

The blueprint has no address of its own: it brings the templates, which features include.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from core.questionnaires.domain.answers import read_answers
from core.questionnaires.domain.questions import (
    MAX_LABEL,
    MAX_NUMBER,
    MAX_OPTIONS,
    MAX_TEXT,
    AnswerKind,
    SurveyQuestion,
    find_faults,
    next_key,
)
from core.questionnaires.domain.statistics import QuestionTally
from core.questionnaires.labels import ANSWER_KINDS, say_fault, say_question_fault, say_value
from core.tables.lists.writing import CellValue, ListSheet
from core.web.forms import fields
from core.web.forms.form import Form, FormData

blueprint = Blueprint("questionnaires", __name__, template_folder="templates")
_WITH_OPTIONS = (AnswerKind.ONE, AnswerKind.SEVERAL, AnswerKind.SCALE)
_CONTROLS = {AnswerKind.SEVERAL: "checkboxes", AnswerKind.TEXT: "text", AnswerKind.NUMBER: "number"}


class SurveyQuestionForm(Form):
    """One more question, as the staff enter it (`question_editor`)."""

    kind = fields.ChoiceField(tuple(AnswerKind), required=_l("Choose one of the list."))
    label = fields.LineField(10 * MAX_LABEL)
    options = fields.LinesField(10 * MAX_OPTIONS, 10 * MAX_LABEL)
    required = fields.TickField()
    hint = fields.LineField(200)
    minimum = fields.NumberField(-MAX_NUMBER, MAX_NUMBER, wrong=_l("Enter a whole number."))
    lowest = fields.NumberField(-MAX_NUMBER, MAX_NUMBER, wrong=_l("Enter a whole number."))
    highest = fields.NumberField(-MAX_NUMBER, MAX_NUMBER, wrong=_l("Enter a whole number."))


def read_answer_form(
    questions: Sequence[SurveyQuestion], posted: Mapping[str, str] | None = None
) -> FormData:
    """Read the questions that this request answers: answers, messages and what was typed, by key.

    Where `posted` is given, that form instead.
    """
    controls: dict[str, fields.InputField[Any]] = {
        question.key: fields.TickedField(MAX_OPTIONS) for question in questions
    }
    typed = Form.extend(controls).read(posted).typed
    answers, faults = read_answers(questions, MultiDict(typed))
    by_key = {question.key: question for question in questions}
    errors = {key: say_fault(fault, by_key[key]) for key, fault in faults.items()}
    return FormData(answers, errors, typed)


def to_question_fields(
    questions: Sequence[SurveyQuestion],
    typed: Mapping[str, Sequence[str]] | None,
    errors: Mapping[str, str],
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
            "typed": (typed or {}).get(one.key, []),
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
    questions: Sequence[SurveyQuestion], posted: Mapping[str, str] | None = None
) -> tuple[SurveyQuestion | None, FormData]:
    """Read the form of one more question: the question if it is right, and the form."""
    form = SurveyQuestionForm.read(posted)
    if not form.ok:
        return None, form
    kind = AnswerKind(form.values["kind"])
    choices = form.values["options"] if kind in _WITH_OPTIONS else ()
    values = form.values | {"kind": kind, "options": tuple(choices)}
    question = SurveyQuestion(key=next_key(questions), **values)
    for _key, fault in find_faults([question])[:1]:
        form.errors.update(say_question_fault(fault))
    return (question if form.ok else None), form
