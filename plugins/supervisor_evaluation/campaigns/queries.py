"""What is read of campaigns: lists, one campaign or subject, how far the work has come."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.sdk import Context, NotFound, Tenant

from ..domain.phases import CampaignState
from ..manifest import ANSWER
from ..models.campaign import (
    EvaluationAssignment,
    EvaluationCampaign,
    EvaluationEvidence,
    EvaluationSubject,
    FactNote,
    SubjectStatement,
)


def list_campaigns(session: Session, tenant: Tenant) -> Sequence[EvaluationCampaign]:
    """List the campaigns that a place runs, the latest first."""
    query = select(EvaluationCampaign).where(EvaluationCampaign.tenant_id == tenant.id)
    order = (EvaluationCampaign.year.desc(), EvaluationCampaign.id.desc())
    return session.scalars(query.order_by(*order)).all()


def get_campaign(session: Session, tenant: Tenant, number: int) -> EvaluationCampaign:
    """Return a campaign that the place runs; raises `NotFound`."""
    campaign = session.get(EvaluationCampaign, number)
    if campaign is None or campaign.tenant_id != tenant.id:
        raise NotFound
    return campaign


def get_subject(campaign: EvaluationCampaign, number: int) -> EvaluationSubject:
    """Return a subject of the campaign; raises `NotFound`."""
    for subject in campaign.subjects:
        if subject.id == number:
            return subject
    raise NotFound


def get_own_subject(session: Session, tenant: Tenant, number: int) -> EvaluationSubject:
    """Return a subject whose people work at this place; raises `NotFound`."""
    subject = session.get(EvaluationSubject, number)
    if subject is None or not _is_at(subject, tenant) or subject.campaign.state in _UNSEEN:
        raise NotFound
    return subject


_UNSEEN = (CampaignState.DRAFT, CampaignState.CANCELLED)


def _is_at(subject: EvaluationSubject, tenant: Tenant) -> bool:
    """Tell whether its people work at a place: a township, or an office of the place itself."""
    if subject.township_id is not None:
        return subject.township_id == tenant.id
    return subject.tenant_id == tenant.id


def list_own_subjects(ctx: Context) -> Sequence[EvaluationSubject]:
    """List the subjects for which the person may answer, the latest campaign first."""
    scope = ctx.scope(ANSWER)
    query = (
        select(EvaluationSubject)
        .join(EvaluationSubject.campaign)
        .where(
            EvaluationCampaign.state.not_in(_UNSEEN),
            (EvaluationSubject.township_id == ctx.tenant.id)
            | (EvaluationSubject.organ_id.is_not(None))
            & (EvaluationSubject.tenant_id == ctx.tenant.id),
        )
        .order_by(EvaluationCampaign.year.desc(), EvaluationSubject.group, EvaluationSubject.id)
    )
    return [row for row in ctx.session.scalars(query) if row.organ_id in scope]


def find_statement(session: Session, subject: EvaluationSubject) -> SubjectStatement | None:
    """Find what a subject's people have said so far."""
    query = select(SubjectStatement).where(SubjectStatement.subject_id == subject.id)
    return session.scalar(query)


@dataclass(frozen=True, slots=True)
class CampaignProgress:
    """How far a campaign has come; statements and assignments by the id of their subject."""

    statements: Mapping[int, SubjectStatement]
    assignments: Mapping[int, Counter[str]]
    open_notes: Mapping[int, int]

    @property
    def unsubmitted(self) -> int:
        """How many assignments wait for scores."""
        return sum(states["assigned"] for states in self.assignments.values())

    def count_self_assessments(self) -> int:
        """Count the subjects that have handed in their self-assessment."""
        return sum(row.self_submitted_at is not None for row in self.statements.values())


def load_progress(session: Session, campaign: EvaluationCampaign) -> CampaignProgress:
    """Count the work of a campaign; townships are read where the session reaches below."""
    ids = [subject.id for subject in campaign.subjects]
    query = select(SubjectStatement).where(SubjectStatement.subject_id.in_(ids))
    statements = {row.subject_id: row for row in session.scalars(query)}
    counted = select(
        EvaluationAssignment.subject_id, EvaluationAssignment.state, func.count()
    ).where(EvaluationAssignment.campaign_id == campaign.id)
    assignments: dict[int, Counter[str]] = {number: Counter() for number in ids}
    grouped = counted.group_by(EvaluationAssignment.subject_id, EvaluationAssignment.state)
    for subject_id, state, count in session.execute(grouped):
        assignments[subject_id][state] = count
    notes = (
        select(SubjectStatement.subject_id, func.count())
        .join(SubjectStatement.notes)
        .where(SubjectStatement.subject_id.in_(ids), FactNote.state == "open")
        .group_by(SubjectStatement.subject_id)
    )
    open_notes = Counter({row[0]: row[1] for row in session.execute(notes)})
    return CampaignProgress(statements, assignments, open_notes)


def list_files(
    session: Session, statement: SubjectStatement | None
) -> Sequence[EvaluationEvidence]:
    """List the files of a self-assessment."""
    if statement is None:
        return ()
    query = select(EvaluationEvidence).where(EvaluationEvidence.statement_id == statement.id)
    return session.scalars(query.order_by(EvaluationEvidence.id)).all()


def get_file(session: Session, subject: EvaluationSubject, number: int) -> EvaluationEvidence:
    """Return a file of a subject's self-assessment; raises `NotFound`."""
    statement = find_statement(session, subject)
    found = session.get(EvaluationEvidence, number)
    if found is None or statement is None or found.statement_id != statement.id:
        raise NotFound
    return found


def get_evidence(session: Session, subject: EvaluationSubject, number: int) -> EvaluationEvidence:
    """Return a file of a score or of the self-assessment of a subject; raises `NotFound`."""
    found = session.get(EvaluationEvidence, number)
    if found is None or found.assignment_id is None:
        return get_file(session, subject, number)
    if session.get_one(EvaluationAssignment, found.assignment_id).subject_id != subject.id:
        raise NotFound
    return found
