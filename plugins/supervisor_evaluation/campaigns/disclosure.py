"""What a subject's people see of the scores: reasons and links, and nothing of who wrote them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import keyed_digest, redact

from ..domain.phases import AssignmentState
from ..models.campaign import (
    EvaluationAssignment,
    EvaluationCampaign,
    EvaluationScore,
    EvaluationSubject,
)
from ..models.register import EvaluationSupervisor


def list_reasons(session: Session, subject: EvaluationSubject) -> Sequence[EvaluationScore]:
    """List the scores of a subject that have a reason, in the order in which they are disclosed.

    The order follows from the texts by a key of the installation: not from who wrote them, nor
    from when. It stays the same, so that the number of a reason names it.
    """
    query = (
        select(EvaluationScore)
        .join(EvaluationAssignment, EvaluationAssignment.id == EvaluationScore.assignment_id)
        .where(
            EvaluationAssignment.subject_id == subject.id,
            EvaluationAssignment.state == AssignmentState.SUBMITTED,
            EvaluationScore.reason != "",
        )
        .order_by(EvaluationScore.id)
    )
    return sorted(session.scalars(query), key=lambda score: _place(subject, score))


def _place(subject: EvaluationSubject, score: EvaluationScore) -> str:
    text = "\n".join((str(subject.id), score.indicator, score.reason, *score.links))
    return keyed_digest("supervisor_evaluation.disclosure", text)


def disclose_reasons(session: Session, campaign: EvaluationCampaign) -> None:
    """Copy the reasons to where a subject's people read them; numbers and names are masked.

    They get a copy since the scores themselves are closed to them.
    """
    names = session.scalars(
        select(EvaluationSupervisor.name).where(
            EvaluationSupervisor.tenant_id == campaign.tenant_id
        )
    )
    known = sorted({name for name in names if len(name) > 1}, key=len, reverse=True)
    for subject in campaign.subjects:
        subject.disclosed = [
            {
                "indicator": score.indicator,
                "reason": _mask(score.reason, known),
                "links": list(score.links),
            }
            for score in list_reasons(session, subject)
        ]


def _mask(text: str, names: Sequence[str]) -> str:
    for name in names:
        text = text.replace(name, "×" * len(name))
    return redact(text)
