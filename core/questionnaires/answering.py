"""Keep anonymous answers, once for each token, and tell what they say together."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.transactions import savepoint
from core.errors import Conflict, Invalid
from core.questionnaires.domain.answers import find_fault
from core.questionnaires.domain.questions import AnswerKind, SurveyQuestion
from core.questionnaires.domain.statistics import (
    QuestionTally,
    VoteResult,
    collect_texts,
    count_votes,
    tally,
)
from core.questionnaires.domain.window import SurveyStage, shows_results
from core.questionnaires.labels import say_fault
from core.questionnaires.models import Questionnaire, QuestionnaireAnswer, QuestionnaireUse
from core.questionnaires.service import current_stage, to_questions
from core.redaction import keyed_digest


def submit_answers(
    session: Session, questionnaire: Questionnaire, token: str, answers: Mapping[str, Any]
) -> None:
    """Keep an anonymous answer and, apart from it, that the token was used.

    The token is what its holder may answer once with (a ticket's code, an invitation); only its
    keyed hash is kept. Raises `Conflict` where it was used before or the questionnaire is not open
    now, and `Invalid` (by the question's key) where answers do not fit.
    """
    try:
        with savepoint(session):
            _store(session, questionnaire, token, answers)
    except IntegrityError as error:
        raise Conflict(_("This has been used to answer already. Thank you.")) from error


def _store(
    session: Session, questionnaire: Questionnaire, token: str, answers: Mapping[str, Any]
) -> None:
    # Locked: questions and window must not change under an answer that is just being stored.
    session.refresh(questionnaire, with_for_update={"read": True})
    if current_stage(questionnaire) is not SurveyStage.OPEN:
        raise Conflict(_("This questionnaire cannot be answered now."))
    kept = _check(questionnaire, answers)
    owner = {"tenant_id": questionnaire.tenant_id, "questionnaire_id": questionnaire.id}
    session.add(QuestionnaireUse(digest=keyed_digest(questionnaire.kind, token), **owner))
    session.flush()
    session.add(QuestionnaireAnswer(answers=kept, **owner))
    session.flush()


def _check(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> dict[str, Any]:
    questions = {question.key: question for question in to_questions(questionnaire)}
    faults = {key: find_fault(one, answers.get(key)) for key, one in questions.items()}
    told = {key: say_fault(fault, questions[key]) for key, fault in faults.items() if fault}
    if told:
        raise Invalid(told)
    return {key: value for key, value in answers.items() if key in questions}


def has_answered(session: Session, questionnaire: Questionnaire, token: str) -> bool:
    """Say whether a token was used."""
    key = (questionnaire.id, keyed_digest(questionnaire.kind, token))
    return session.get(QuestionnaireUse, key) is not None


def load_results(
    session: Session, questionnaire: Questionnaire, now: datetime | None = None
) -> list[QuestionTally] | None:
    """Count the answers; `None` of too few, and of a blind questionnaire that has not closed."""
    if not shows_results(current_stage(questionnaire, now), is_blind=questionnaire.is_blind):
        return None
    answers = _load_answers(session, questionnaire)
    return tally(to_questions(questionnaire), answers, questionnaire.minimum)


def load_remarks(
    session: Session, questionnaire: Questionnaire, now: datetime | None = None
) -> list[tuple[SurveyQuestion, list[str]]]:
    """List what was written, by question, for the staff; nothing where results are not shown."""
    if not shows_results(current_stage(questionnaire, now), is_blind=questionnaire.is_blind):
        return []
    answers = _load_answers(session, questionnaire)
    if len(answers) < questionnaire.minimum:
        return []
    asked = [one for one in to_questions(questionnaire) if one.kind is AnswerKind.TEXT]
    told = [(question, collect_texts(question, answers)) for question in asked]
    return [(one, texts) for one, texts in told if len(texts) >= (one.minimum or 1)]


def load_vote_result(
    session: Session, questionnaire: Questionnaire, now: datetime | None = None
) -> VoteResult | None:
    """Count a vote (`create_vote`) that has closed; `None` before, and of too few voices."""
    counted = load_results(session, questionnaire, now)
    return count_votes(counted[0]) if counted else None


def _load_answers(session: Session, questionnaire: Questionnaire) -> list[dict[str, Any]]:
    of_it = QuestionnaireAnswer.questionnaire_id == questionnaire.id
    return list(session.scalars(select(QuestionnaireAnswer.answers).where(of_it)))
