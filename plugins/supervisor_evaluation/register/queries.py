"""What is read of the register: lists, one supervisor, conflicts, figures."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import NotFound, Tenant, today

from ..domain.terms import GroupFigures, count_group
from ..models.register import ConflictOfInterest, EvaluationSupervisor

if TYPE_CHECKING:
    from sqlalchemy import Select


def get_supervisor(session: Session, tenant: Tenant, number: int) -> EvaluationSupervisor:
    """Return a supervisor or applicant of the place; raises `NotFound`."""
    supervisor = session.get(EvaluationSupervisor, number)
    if supervisor is None or supervisor.tenant_id != tenant.id:
        raise NotFound
    return supervisor


def select_supervisors(tenant: Tenant, state: str = "") -> "Select[EvaluationSupervisor]":
    """Build the query of the register, or of those in one state, by name."""
    query = select(EvaluationSupervisor).where(EvaluationSupervisor.tenant_id == tenant.id)
    if state:
        query = query.where(EvaluationSupervisor.state == state)
    return query.order_by(EvaluationSupervisor.name, EvaluationSupervisor.id)


def list_appointed(session: Session, tenant: Tenant) -> Sequence[EvaluationSupervisor]:
    """List those who may judge today: appointed, and neither suspended nor over."""
    current = EvaluationSupervisor.confirmed_until >= today()
    return session.scalars(select_supervisors(tenant, "appointed").where(current)).all()


def load_conflicts(session: Session, tenant: Tenant) -> frozenset[tuple[int, str, int]]:
    """Load who must not judge whom: supervisor, "organ" or "township", its id."""
    rows = session.scalars(
        select(ConflictOfInterest).where(ConflictOfInterest.tenant_id == tenant.id)
    )
    return frozenset((row.supervisor_id, *row.subject_key) for row in rows)


def load_figures(session: Session, tenant: Tenant) -> GroupFigures:
    """Count how the group of appointed supervisors is made up."""
    rows = list_appointed(session, tenant)
    members = ((row.gender, row.background, row.birth_year) for row in rows)
    return count_group(members, today().year)
