"""Prepare questionnaires: find, create, change, erase. Whoever calls has checked the permission.

None of these commits; the feature that owns the subject also records the act.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.clock import now as present
from core.db.transactions import savepoint
from core.db.tree import Tenant
from core.errors import Conflict, Invalid
from core.questionnaires.domain.questions import (
    AnswerKind,
    SurveyQuestion,
    find_faults,
    from_data,
    to_data,
)
from core.questionnaires.domain.window import SurveyStage, find_stage, is_settled
from core.questionnaires.labels import say_question_fault
from core.questionnaires.models import Questionnaire, QuestionnaireAnswer

# What may be changed of a questionnaire, and what of it decides when results can be read.
_CHANGEABLE = frozenset(
    {"title", "introduction", "minimum", "is_open", "is_public", "is_blind", "opens_at",
     "closes_at"}
)  # fmt: skip
_OF_THE_WINDOW = frozenset({"is_open", "is_blind", "opens_at", "closes_at"})


def find_questionnaire(
    session: Session, tenant: Tenant, kind: str, key: object
) -> Questionnaire | None:
    """Return the questionnaire about a subject of this tenant, `None` where there is none."""
    query = select(Questionnaire).where(
        Questionnaire.tenant_id == tenant.id,
        Questionnaire.kind == kind,
        Questionnaire.key == str(key),
    )
    return session.scalar(query)


def list_questionnaires(session: Session, tenant: Tenant, kind: str) -> list[Questionnaire]:
    """List a tenant's questionnaires about subjects of one kind, newest first."""
    query = select(Questionnaire).where(
        Questionnaire.tenant_id == tenant.id, Questionnaire.kind == kind
    )
    return list(session.scalars(query.order_by(Questionnaire.id.desc())))


def create_questionnaire(
    session: Session,
    tenant: Tenant,
    kind: str,
    key: object,
    questions: Sequence[SurveyQuestion],
    **values: Any,
) -> Questionnaire:
    """Create a questionnaire; `values` are columns as in `change_questionnaire`. Raises `Invalid`.

    One tenant has one questionnaire for each subject: a second raises `Conflict`.
    """
    _check_questions(questions)
    created = Questionnaire(
        tenant_id=tenant.id, kind=kind, key=str(key), questions=to_data(questions)
    )
    _assign(created, values)
    try:
        with savepoint(session):
            session.add(created)
            session.flush()
    except IntegrityError as error:
        raise Conflict(_("There is a questionnaire about this already.")) from error
    return created


def create_vote(  # noqa: PLR0913 - the subject, the choice and its time
    session: Session,
    tenant: Tenant,
    kind: str,
    key: object,
    *,
    label: str,
    options: Sequence[str],
    closes_at: datetime,
    opens_at: datetime | None = None,
    minimum: int = 1,
) -> Questionnaire:
    """Create a vote: one question, one voice each, results only after it has closed."""
    question = SurveyQuestion("vote", AnswerKind.ONE, label, tuple(options), required=True)
    return create_questionnaire(
        session, tenant, kind, key, [question],
        title=label, is_open=True, is_blind=True, minimum=minimum,
        opens_at=opens_at, closes_at=closes_at,
    )  # fmt: skip


def to_questions(questionnaire: Questionnaire) -> tuple[SurveyQuestion, ...]:
    """Return its questions, in their order."""
    return from_data(questionnaire.questions)


def set_questions(
    session: Session, questionnaire: Questionnaire, questions: Sequence[SurveyQuestion]
) -> None:
    """Change what is asked, while nobody has answered. Raises `Conflict` and `Invalid`."""
    with savepoint(session):  # begins to write at once: nobody answers in between
        session.refresh(questionnaire, with_for_update=True)
        if count_answers(session, questionnaire):
            raise Conflict(_("It has been answered; the questions are fixed."))
        _check_questions(questions)
        questionnaire.questions = to_data(questions)
        session.flush()


def _check_questions(questions: Sequence[SurveyQuestion]) -> None:
    faults = find_faults(questions)
    if faults:
        raise Invalid(say_question_fault(faults[0][1]))


def change_questionnaire(session: Session, questionnaire: Questionnaire, **values: Any) -> None:
    """Change its title, window, visibility or least number of answers.

    A blind questionnaire that has answers stays blind, and once it has closed its
    window is final: both raise `Conflict`.
    """
    with savepoint(session):
        session.refresh(questionnaire, with_for_update=True)
        _check_change(session, questionnaire, values)
        _assign(questionnaire, values)
        session.flush()


def _check_change(session: Session, questionnaire: Questionnaire, values: dict[str, Any]) -> None:
    changed = {name for name, value in values.items() if getattr(questionnaire, name) != value}
    answers = count_answers(session, questionnaire)
    stage, is_blind = current_stage(questionnaire), questionnaire.is_blind
    if is_settled(stage, is_blind=is_blind, answers=answers) and changed & _OF_THE_WINDOW:
        raise Conflict(_("It has closed and its results can be read; it cannot be opened again."))
    if is_blind and answers and "is_blind" in changed:
        raise Conflict(_("People have answered in the belief that nobody sees the results before."))


def _assign(questionnaire: Questionnaire, values: dict[str, Any]) -> None:
    """Check values before any of them is set: a row that fails would be flushed half-way."""
    unknown = set(values) - _CHANGEABLE
    if unknown:
        raise TypeError(f"a questionnaire has no changeable {sorted(unknown)}")
    opens_at = values.get("opens_at", questionnaire.opens_at)
    closes_at = values.get("closes_at", questionnaire.closes_at)
    if opens_at and closes_at and opens_at >= closes_at:
        raise Invalid({"closes_at": _("It must close after it opens.")})
    if values.get("minimum", 1) < 1:
        raise Invalid({"minimum": _("At least one answer.")})
    for name, value in values.items():
        setattr(questionnaire, name, value)


def current_stage(questionnaire: Questionnaire, now: datetime | None = None) -> SurveyStage:
    """Return whether it can be answered: not yet, now, or no more."""
    return find_stage(
        now or present(),
        is_open=bool(questionnaire.is_open),
        opens_at=questionnaire.opens_at,
        closes_at=questionnaire.closes_at,
    )


def count_answers(session: Session, questionnaire: Questionnaire) -> int:
    """Count those who have answered."""
    query = select(func.count()).select_from(QuestionnaireAnswer)
    of_it = QuestionnaireAnswer.questionnaire_id == questionnaire.id
    return session.scalar(query.where(of_it)) or 0


def erase_questionnaires(
    session: Session, tenant: Tenant, kind: str, key: object | None = None
) -> None:
    """Delete a tenant's questionnaires of a kind (or about one subject) with all their answers."""
    query = delete(Questionnaire).where(
        Questionnaire.tenant_id == tenant.id, Questionnaire.kind == kind
    )
    if key is not None:
        query = query.where(Questionnaire.key == str(key))
    session.execute(query)


def erase_texts(session: Session, questionnaire: Questionnaire) -> None:
    """Delete what people wrote in their own words, which may name somebody; counts stay."""
    texts = {one.key for one in to_questions(questionnaire) if one.kind is AnswerKind.TEXT}
    query = select(QuestionnaireAnswer).where(
        QuestionnaireAnswer.questionnaire_id == questionnaire.id
    )
    for answer in session.scalars(query):
        answer.answers = {key: value for key, value in answer.answers.items() if key not in texts}
    session.flush()
