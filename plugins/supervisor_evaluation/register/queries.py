"""What is read of the register: lists, one supervisor, conflicts, figures."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.sdk import NotFound, Tenant, today

from ..domain.appointments import OPEN_STATES, SupervisorState
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


def count_undecided(session: Session, tenant: Tenant) -> int:
    """Count applications and nominations that nobody has decided."""
    return _count(session, tenant, EvaluationSupervisor.state.in_(OPEN_STATES))


def count_ending(session: Session, tenant: Tenant, days: int) -> int:
    """Count those whose appointment ends within some days unless it is confirmed."""
    is_appointed = EvaluationSupervisor.state == SupervisorState.APPOINTED
    ends = EvaluationSupervisor.confirmed_until <= today() + timedelta(days=days)
    return _count(session, tenant, is_appointed & ends)


def _count(session: Session, tenant: Tenant, condition: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(EvaluationSupervisor)
    found = session.scalar(query.where(EvaluationSupervisor.tenant_id == tenant.id, condition))
    return found or 0
