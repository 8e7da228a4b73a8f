"""The questionnaire of an open day: what is usually asked, and who may answer."""

from collections.abc import Sequence
from typing import Any

from core import sdk
from core.sdk import Context

from ..domain.states import RegistrationState
from ..i18n import _
from ..manifest import MANAGE, SURVEY
from ..models.registration import OpenDay, Registration

_TOOK_PART = (
    RegistrationState.CONFIRMED,
    RegistrationState.ATTENDED,
    RegistrationState.NO_SHOW,
)


def usual_questions() -> tuple[sdk.SurveyQuestion, ...]:
    """Return what is asked where nobody changes it: the grade first, as the evaluation has it."""
    satisfied = _("How satisfied are you with this open day?")
    heard = (_("Notice board"), _("Website"), _("WeChat"), _("Village or unit"), _("Otherwise"))
    answers = _("How satisfied are you with the answers you were given?")
    return (
        sdk.SurveyQuestion("q1", sdk.AnswerKind.GRADE, satisfied, required=True),
        sdk.SurveyQuestion("q2", sdk.AnswerKind.GRADE, answers),
        sdk.SurveyQuestion("q3", sdk.AnswerKind.ONE, _("How did you hear of it?"), heard),
        sdk.SurveyQuestion("q4", sdk.AnswerKind.TEXT, _("What should be better next time?")),
    )


def find_survey(ctx: Context, day: OpenDay) -> sdk.Questionnaire | None:
    """Find the day's questionnaire, once there is one."""
    return sdk.find_questionnaire(ctx.session, ctx.tenant, SURVEY, day.id)


def ensure_survey(ctx: Context, day: OpenDay) -> sdk.Questionnaire:
    """Return the day's questionnaire; create it with the usual questions where there is none."""
    ctx.require(MANAGE, organ=day.organ_id)
    found = find_survey(ctx, day)
    if found is not None:
        return found
    return sdk.create_questionnaire(ctx.session, ctx.tenant, SURVEY, day.id, usual_questions())


def change_survey(ctx: Context, day: OpenDay, **changes: Any) -> None:
    """Open or close it, show its outcome, set the least number of answers."""
    survey = ensure_survey(ctx, day)
    sdk.change_questionnaire(ctx.session, survey, **changes)
    ctx.audit("open_day.survey", survey.key, **changes)


def change_questions(ctx: Context, day: OpenDay, questions: Sequence[sdk.SurveyQuestion]) -> None:
    """Change what is asked, while nobody has answered. Raises `Conflict` and `Invalid`."""
    survey = ensure_survey(ctx, day)
    sdk.set_questions(ctx.session, survey, questions)
    ctx.audit("open_day.survey_questions", survey.key)


def may_answer(day: OpenDay, registration: Registration | None) -> bool:
    """Say whether this ticket can answer: it had a place and has not cancelled."""
    if registration is None or registration.open_day_id != day.id:
        return False
    return registration.state in _TOOK_PART
