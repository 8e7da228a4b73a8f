"""Staff pages of a day's questionnaire: questions, opening, what came of it."""

from collections.abc import Sequence
from typing import Any

from werkzeug.wrappers import Response

from core import sdk
from core.sdk import Context, Form, FormData, PluginBlueprint, fields

from ..followup.surveys import change_questions, change_survey, ensure_survey
from ..i18n import _l
from ..manifest import MANIFEST
from ..models.registration import OpenDay
from .pages import DAY, attempt, day_page, render, to

blueprint = PluginBlueprint(MANIFEST, __name__, part="survey")
ADDRESS = f"{DAY}questionnaire/"


class SurveyForm(Form):
    """Whether visitors can answer, and from how many answers on results are shown."""

    is_open = fields.TickField()
    is_public = fields.TickField()
    minimum = fields.NumberField(
        3, 100, required=_l("Enter how many answers at least."), name="least"
    )


@blueprint.get(ADDRESS)
@day_page
def index(ctx: Context, day: OpenDay) -> str:
    """Show the questionnaire, with the usual questions where nobody has changed them."""
    return _page(ctx, day)


@blueprint.post(ADDRESS)
@day_page
def change(ctx: Context, day: OpenDay) -> Any:
    """Open or close it; show the outcome to everybody or not."""
    sdk.require_version(_version(ensure_survey(ctx, day)), optional=True)
    form = SurveyForm.read()
    if form.ok:
        with attempt(ctx, form.errors, "least"):
            change_survey(ctx, day, **form.values)
    return to("survey.index", day) if form.ok else (_page(ctx, day, form), 422)


@blueprint.post(f"{ADDRESS}questions/")
@day_page
def add(ctx: Context, day: OpenDay) -> Any:
    """Add a question."""
    present = sdk.to_questions(ensure_survey(ctx, day))
    question, form = sdk.read_question(present)
    if question is None:
        return _page(ctx, day, form), 422
    return _store(ctx, day, [*present, question])


@blueprint.post(f"{ADDRESS}questions/<key>/remove/")
@day_page
def remove(ctx: Context, day: OpenDay, key: str) -> Response:
    """Remove a question."""
    present = sdk.to_questions(ensure_survey(ctx, day))
    return _store(ctx, day, [question for question in present if question.key != key])


def _store(ctx: Context, day: OpenDay, questions: Sequence[sdk.SurveyQuestion]) -> Response:
    with attempt(ctx):
        change_questions(ctx, day, questions)
    return to("survey.index", day)


def _version(survey: sdk.Questionnaire) -> str:
    return sdk.shown_version(SurveyForm.show(survey))


def _page(ctx: Context, day: OpenDay, form: FormData | None = None) -> str:
    survey = ensure_survey(ctx, day)
    results = sdk.load_results(ctx.session, survey)
    return render(
        "program/questionnaire",
        form,
        day=day,
        survey=survey,
        version=_version(survey),
        questions=sdk.to_questions(survey),
        answers=sdk.count_answers(ctx.session, survey),
        tables=sdk.to_result_tables(results) if results else [],
        remarks=sdk.load_remarks(ctx.session, survey),
        kinds=sdk.ANSWER_KINDS,
        kind_options=sdk.answer_kind_options(),
    )
