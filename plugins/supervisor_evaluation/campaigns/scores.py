"""The scores of a subject as those who run the campaign see them: scorers without a name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core.sdk import keyed_digest

from ..domain.phases import AssignmentState
from ..models.campaign import (
    EvaluationAssignment,
    EvaluationEvidence,
    EvaluationScore,
    EvaluationSubject,
)


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """What one supervisor has handed in; photographs by the key of their indicator."""

    label: str
    assignment: EvaluationAssignment
    photos: Mapping[str, Sequence[EvaluationEvidence]]

    @property
    def scores(self) -> Sequence[EvaluationScore]:
        """The scores, in the order of the indicators."""
        return self.assignment.scores


def load_scores(session: Session, subject: EvaluationSubject) -> list[ScoreSheet]:
    """Load what was handed in for a subject, in an order that says nothing of who and when."""
    query = (
        select(EvaluationAssignment)
        .where(
            EvaluationAssignment.subject_id == subject.id,
            EvaluationAssignment.state == AssignmentState.SUBMITTED,
        )
        .options(selectinload(EvaluationAssignment.scores).selectinload(EvaluationScore.changes))
    )
    rows = sorted(session.scalars(query), key=lambda row: _place(row.id))
    evidence = session.scalars(
        select(EvaluationEvidence)
        .where(EvaluationEvidence.assignment_id.in_([row.id for row in rows]))
        .order_by(EvaluationEvidence.id)
    ).all()
    return [
        ScoreSheet(f"S{number}", row, _list_photos(row, evidence))
        for number, row in enumerate(rows, 1)
    ]


def _place(number: int) -> str:
    return keyed_digest("supervisor_evaluation.scorer", str(number))


def _list_photos(
    assignment: EvaluationAssignment, evidence: Sequence[EvaluationEvidence]
) -> dict[str, list[EvaluationEvidence]]:
    photos: dict[str, list[EvaluationEvidence]] = {}
    for row in evidence:
        if row.assignment_id == assignment.id:
            photos.setdefault(row.indicator, []).append(row)
    return photos
