"""Questionnaires of open days: prepared by the staff, answered once with each ticket."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.sdk import Actor, Conflict, Invalid, Tenant, record, require

from ..domain.states import RegistrationState
from ..domain.survey import MOST_QUESTIONS, Kind, Question, Tally, from_data, tally, texts, to_data
from ..i18n import _
from ..manifest import MANAGE
from ..models.followup import Questionnaire, SurveyAnswer, SurveyUse
from ..models.registration import OpenDay, Registration


def usual_questions() -> tuple[Question, ...]:
    """What is asked where nobody changes it: the grade first, as the yearly evaluation has it."""
    return (
        Question("q1", Kind.GRADE, _("How satisfied are you with this open day?"), (), True),
        Question("q2", Kind.GRADE, _("How satisfied are you with the answers you were given?")),
        Question(
            "q3",
            Kind.ONE,
            _("How did you hear of it?"),
            (_("Notice board"), _("Website"), _("WeChat"), _("Village or unit"), _("Otherwise")),
        ),
        Question("q4", Kind.TEXT, _("What should be better next time?")),
    )


def survey_of(session: Session, day: OpenDay) -> Questionnaire | None:
    """The day's questionnaire, once there is one."""
    return session.scalar(select(Questionnaire).where(Questionnaire.open_day_id == day.id))


def ensure_survey(session: Session, actor: Actor, tenant: Tenant, day: OpenDay) -> Questionnaire:
    """The day's questionnaire; with the usual questions where there is none yet."""
    require(actor, MANAGE, tenant)
    found = survey_of(session, day)
    if found is None:
        found = Questionnaire(
            tenant_id=day.tenant_id, open_day_id=day.id, questions=to_data(usual_questions())
        )
        session.add(found)
        session.flush()
    return found


def questions_of(survey: Questionnaire) -> tuple[Question, ...]:
    """Its questions."""
    return from_data(survey.questions)


def change_survey(
    session: Session,
    actor: Actor,
    tenant: Tenant,
    survey: Questionnaire,
    changes: Mapping[str, Any],
) -> None:
    """Open or close it, show its outcome, set the least number of answers."""
    require(actor, MANAGE, tenant)
    for name, value in changes.items():
        setattr(survey, name, value)
    record(session, actor, tenant, "open_day.survey", str(survey.open_day_id), **changes)
    session.flush()


def set_questions(
    session: Session,
    actor: Actor,
    tenant: Tenant,
    survey: Questionnaire,
    questions: Sequence[Question],
) -> None:
    """Change what is asked, while nobody has answered."""
    require(actor, MANAGE, tenant)
    if count_answers(session, survey.open_day_id):
        raise Conflict(_("It has been answered; the questions are fixed."))
    if len(questions) > MOST_QUESTIONS:
        raise Invalid({"label": _("At most %(n)s questions.", n=MOST_QUESTIONS)})
    survey.questions = to_data(questions)
    record(session, actor, tenant, "open_day.survey_questions", str(survey.open_day_id))
    session.flush()


def count_answers(session: Session, day_id: int) -> int:
    """How many have answered."""
    query = select(func.count()).select_from(SurveyAnswer)
    return session.scalar(query.where(SurveyAnswer.open_day_id == day_id)) or 0


def may_answer(survey: Questionnaire | None, registration: Registration | None) -> bool:
    """Whether this ticket can answer: it had a place and has not cancelled."""
    if survey is None or not survey.is_open or registration is None:
        return False
    held = {RegistrationState.CONFIRMED, RegistrationState.ATTENDED, RegistrationState.NO_SHOW}
    return registration.open_day_id == survey.open_day_id and registration.state in held


def answer(session: Session, registration: Registration, answers: Mapping[str, Any]) -> None:
    """Keep an anonymous answer and, apart from it, that the ticket was used. Raises `Conflict`."""
    used = SurveyUse(
        digest=_digest(registration.code),
        tenant_id=registration.tenant_id,
        open_day_id=registration.open_day_id,
    )
    try:
        session.add(used)
        session.flush()
    except IntegrityError as error:
        session.rollback()
        raise Conflict(_("This ticket has answered already. Thank you.")) from error
    session.add(
        SurveyAnswer(
            tenant_id=registration.tenant_id,
            open_day_id=registration.open_day_id,
            answers=dict(answers),
        )
    )
    session.flush()


def _digest(code: str) -> str:
    key = f"open_day.survey:{current_app.secret_key!r}".encode()
    return hmac.new(key, code.encode(), hashlib.sha256).hexdigest()


def outcome_of(session: Session, survey: Questionnaire) -> list[Tally] | None:
    """What the answers say; nothing of too few."""
    return tally(questions_of(survey), _answers(session, survey), survey.least)


def remarks_of(session: Session, survey: Questionnaire) -> list[tuple[str, list[str]]]:
    """What was written, by question, for the staff; nothing of too few."""
    given = _answers(session, survey)
    if len(given) < survey.least:
        return []
    asked = [question for question in questions_of(survey) if question.kind is Kind.TEXT]
    return [(question.label, texts(question, given)) for question in asked]


def _answers(session: Session, survey: Questionnaire) -> list[dict[str, Any]]:
    query = select(SurveyAnswer.answers).where(SurveyAnswer.open_day_id == survey.open_day_id)
    return list(session.scalars(query))
