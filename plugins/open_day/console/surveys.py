"""Staff pages of a day's questionnaire: questions, opening, what came of it."""

from typing import Any

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from core.sdk import (
    Conflict,
    PluginBlueprint,
    current_actor,
    current_tenant,
    session,
    staff_page,
    tenant_url,
    zone,
)

from ..domain.survey import LONGEST_LABEL, MOST_OPTIONS, Kind, Question
from ..events.program_forms import new_key
from ..events.queries import get_day
from ..followup.surveys import (
    change_survey,
    count_answers,
    ensure_survey,
    outcome_of,
    questions_of,
    remarks_of,
    set_questions,
)
from ..forms import FormReader
from ..i18n import _
from ..labels import GRADES, QUESTION_KINDS
from ..manifest import MANAGE, MANIFEST
from ..models.followup import Questionnaire
from ..models.registration import OpenDay

blueprint = PluginBlueprint(MANIFEST, __name__, part="survey")
HERE = "plugin_open_day_survey"


@blueprint.get("/<code>/console/open-days/<int:id>/questionnaire/")
@staff_page(MANAGE)
def index(id: int) -> str:  # noqa: A002 - the name that addresses use
    """The questionnaire, with the usual questions where nobody has changed them."""
    day = get_day(session(), current_tenant(), id)
    return _page(day, _survey(day), {}, {})


@blueprint.post("/<code>/console/open-days/<int:id>/questionnaire/")
@staff_page(MANAGE)
def change(id: int) -> Any:  # noqa: A002 - the name that addresses use
    """Open or close it; show the outcome to everybody or not."""
    day = get_day(session(), current_tenant(), id)
    survey = _survey(day)
    read = FormReader(request.form, zone())
    least = read.number("least", 3, 100, required=_("Enter how many answers at least."))
    if read.errors:
        return _page(day, survey, request.form, read.errors), 422
    changes = {
        "is_open": read.ticked("is_open"),
        "is_public": read.ticked("is_public"),
        "least": least,
    }
    change_survey(session(), current_actor(), current_tenant(), survey, changes)
    flash(_("Saved."), "success")
    return _back(day)


@blueprint.post("/<code>/console/open-days/<int:id>/questionnaire/questions/")
@staff_page(MANAGE)
def add(id: int) -> Any:  # noqa: A002 - the name that addresses use
    """Add a question."""
    day = get_day(session(), current_tenant(), id)
    survey = _survey(day)
    read = FormReader(request.form, zone())
    question = _read_question(read, [one.key for one in questions_of(survey)])
    if read.errors:
        return _page(day, survey, request.form, read.errors), 422
    return _store(day, survey, [*questions_of(survey), question])


@blueprint.post("/<code>/console/open-days/<int:id>/questionnaire/questions/<key>/remove/")
@staff_page(MANAGE)
def remove(id: int, key: str) -> Response:  # noqa: A002 - the name that addresses use
    """Remove a question."""
    day = get_day(session(), current_tenant(), id)
    survey = _survey(day)
    return _store(day, survey, [one for one in questions_of(survey) if one.key != key])


def _store(day: OpenDay, survey: Questionnaire, questions: list[Question]) -> Response:
    try:
        set_questions(session(), current_actor(), current_tenant(), survey, questions)
    except Conflict as error:
        flash(error.message, "error")
    return _back(day)


def _read_question(read: FormReader, taken: list[str]) -> Question:
    label = read.line("label", LONGEST_LABEL, required=_("Enter the question."))
    kind = Kind(read.choice("kind", tuple(Kind)) or Kind.GRADE) if not read.errors else Kind.TEXT
    lines = (" ".join(line.split())[:LONGEST_LABEL] for line in read.raw("options").splitlines())
    options = tuple(dict.fromkeys(line for line in lines if line))
    chooses = kind in {Kind.ONE, Kind.SEVERAL}
    if chooses and not 2 <= len(options) <= MOST_OPTIONS:
        read.errors["options"] = _("Enter two to %(n)s answers, one on each line.", n=MOST_OPTIONS)
    key = new_key("q", taken)
    return Question(key, kind, label, options if chooses else (), read.ticked("required"))


def _survey(day: OpenDay) -> Questionnaire:
    return ensure_survey(session(), current_actor(), current_tenant(), day)


def _back(day: OpenDay) -> Response:
    return redirect(tenant_url(f"{HERE}.index", id=day.id))


def _page(day: OpenDay, survey: Questionnaire, typed: Any, errors: dict[str, str]) -> str:
    return render_template(
        "open_day/console/questionnaire.html",
        day=day,
        survey=survey,
        questions=questions_of(survey),
        answers=count_answers(session(), day.id),
        outcome=outcome_of(session(), survey),
        remarks=remarks_of(session(), survey),
        kinds=QUESTION_KINDS,
        kind_options=[{"value": key, "label": label} for key, label in QUESTION_KINDS.items()],
        grades=GRADES,
        typed=typed,
        errors=errors,
    )
