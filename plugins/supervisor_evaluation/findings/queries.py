"""Findings as lists and figures: of those who mend, of those who found, of everybody."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, func, or_, select, true
from sqlalchemy.orm import Session

from core.sdk import Context, NotFound, Tenant, below, today

from ..domain.findings import TO_MEND, FindingState
from ..manifest import ANSWER, MANAGE
from ..models.findings import EvaluationFinding, FindingFile


@dataclass(frozen=True, slots=True)
class FindingFigures:
    """How many findings there are, how many are mended, reported, overdue."""

    total: int
    closed: int
    reported: int
    overdue: int


def is_overdue() -> ColumnElement[bool]:
    """Build the condition for findings that should have been mended before today."""
    return EvaluationFinding.state.in_(TO_MEND) & (EvaluationFinding.due_on < today())


def is_seen(ctx: Context) -> ColumnElement[bool]:
    """Build the condition for findings that the person may see: to mend, or found from here."""
    own = EvaluationFinding.tenant_id == ctx.tenant.id
    mine: ColumnElement[bool] = own & ctx.scope(ANSWER).condition(EvaluationFinding.organ_id)
    if ctx.may(MANAGE):
        return or_(mine, EvaluationFinding.origin_id == ctx.tenant.id)
    return mine


def select_findings(ctx: Context, state: str = "") -> Select[EvaluationFinding]:
    """Build the query of what the person sees, what is due first on top; "overdue" is a state."""
    query = select(EvaluationFinding).where(is_seen(ctx))
    if state == "overdue":
        query = query.where(is_overdue())
    elif state:
        query = query.where(EvaluationFinding.state == state)
    last = case((EvaluationFinding.state == FindingState.CLOSED, 1), else_=0)
    return query.order_by(last, EvaluationFinding.due_on, EvaluationFinding.id)


def get_finding(ctx: Context, number: int) -> EvaluationFinding:
    """Return a finding of this place, or one that was found from here; raises `NotFound`."""
    found = ctx.session.get(EvaluationFinding, number)
    if found is None or ctx.tenant.id not in {found.tenant_id, found.origin_id}:
        raise NotFound
    return found


def get_file(finding: EvaluationFinding, number: int) -> FindingFile:
    """Return a file of a finding; raises `NotFound`."""
    found = next((each for each in finding.files if each.id == number), None)
    if found is None:
        raise NotFound
    return found


def count_to_mend(ctx: Context, condition: ColumnElement[bool] | None = None) -> int:
    """Count what the person's organs have to mend, by a further condition."""
    return _count(
        ctx.session,
        EvaluationFinding.tenant_id == ctx.tenant.id,
        EvaluationFinding.state.in_(TO_MEND),
        ctx.scope(ANSWER).condition(EvaluationFinding.organ_id),
        true() if condition is None else condition,
    )


def count_found(ctx: Context, condition: ColumnElement[bool]) -> int:
    """Count what was found from here, by a further condition."""
    return _count(ctx.session, EvaluationFinding.origin_id == ctx.tenant.id, condition)


def count_escalated(ctx: Context) -> int:
    """Count what was found from here, lies with others, and is overdue."""
    with_others = EvaluationFinding.organ_id.is_not(None) | (
        EvaluationFinding.tenant_id != ctx.tenant.id
    )
    return count_found(ctx, is_overdue() & with_others)


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(EvaluationFinding).where(*conditions)
    return session.scalar(query) or 0


def load_finding_figures(session: Session, tenant: Tenant) -> FindingFigures:
    """Count the findings of a place and of those below it, for everybody."""
    conditions = (
        EvaluationFinding.state == FindingState.CLOSED,
        EvaluationFinding.state == FindingState.REPORTED,
        is_overdue(),
    )
    counts = (func.count(case((condition, 1))) for condition in conditions)
    row = session.execute(select(func.count(), *counts).where(_is_at(tenant))).one()
    return FindingFigures(*(int(number) for number in row))


def select_mended(tenant: Tenant) -> Select[EvaluationFinding]:
    """Build the query of what was mended at a place and below it, the newest first."""
    query = select(EvaluationFinding).where(
        _is_at(tenant), EvaluationFinding.state == FindingState.CLOSED
    )
    return query.order_by(EvaluationFinding.closed_on.desc(), EvaluationFinding.id.desc())


def _is_at(tenant: Tenant) -> ColumnElement[bool]:
    places = select(Tenant.id).where(below(tenant.path))
    return EvaluationFinding.tenant_id.in_(places)
