"""A subject's own result, told to its people alone: the only way in which a low one is told."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from core.sdk import NotFound, Tenant

from ..models.campaign import EvaluationCampaign, EvaluationSubject


def _is_told_at(tenant: Tenant) -> ColumnElement[bool]:
    """Say that a subject is an organ of the place in its own campaign, or the place itself."""
    subject = EvaluationSubject
    own = and_(subject.tenant_id == tenant.id, subject.organ_id.is_not(None))
    return or_(own, subject.township_id == tenant.id)


def _select_told(tenant: Tenant) -> Select[EvaluationSubject]:
    campaign = EvaluationCampaign
    return (
        select(EvaluationSubject)
        .join(EvaluationSubject.campaign)
        .where(_is_told_at(tenant), campaign.state == "published", campaign.results.is_not(None))
        .options(joinedload(EvaluationSubject.campaign))
        .order_by(campaign.year.desc(), campaign.id.desc(), EvaluationSubject.id)
    )


def get_own(session: Session, tenant: Tenant, subject_id: int) -> EvaluationSubject:
    """Return a subject of a published campaign whose result is told at a place, else `NotFound`."""
    query = _select_told(tenant).where(EvaluationSubject.id == subject_id)
    subject = session.scalar(query)
    if subject is None:
        raise NotFound(where=str(subject_id))
    return subject


def read_own(subject: EvaluationSubject) -> dict[str, Any]:
    """Return a subject's own result: grade, total, answers, means; empty with too few answers."""
    results = subject.campaign.results or {}
    return {**results["private"][str(subject.id)], "weights": results["weights"]}


def is_published(subject: EvaluationSubject) -> bool:
    """Tell whether the public sees the result of the subject."""
    results = subject.campaign.results or {}
    return any(one["id"] == subject.id for one in results["public"]["shown"])
