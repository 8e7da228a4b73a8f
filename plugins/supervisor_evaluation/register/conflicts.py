"""Conflicts of interest: declared by the office or the supervisor, withdrawn by the office."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.sdk import Context, Tenant, today

from ..manifest import MANAGE, NAME
from ..models.register import ConflictOfInterest, EvaluationSupervisor
from .subjects import get_subject, list_subjects


def declare_conflict(
    ctx: Context, supervisor: EvaluationSupervisor, key: str, reason: str, declared_by: str
) -> None:
    """Note that a supervisor must not judge a subject; what is noted already stays as it is.

    Raises `Invalid` for a subject that cannot be evaluated here. The audit names no subject: who
    judges whom is nobody's to read.
    """
    subject = get_subject(ctx.session, ctx.tenant, key)
    if any(each.subject_key == (subject.kind, subject.id) for each in supervisor.conflicts):
        return
    supervisor.conflicts.append(
        ConflictOfInterest(
            tenant_id=ctx.tenant.id,
            reason=reason,
            declared_by=declared_by,
            declared_on=today(),
            **subject.columns,
        )
    )
    ctx.audit(f"{NAME}.conflict", str(supervisor.id), by=declared_by)


def withdraw_conflict(ctx: Context, supervisor: EvaluationSupervisor, number: int) -> None:
    """Withdraw a conflict of interest that does not exist any more."""
    ctx.require(MANAGE)
    ctx.session.execute(
        delete(ConflictOfInterest).where(
            ConflictOfInterest.id == number, ConflictOfInterest.supervisor_id == supervisor.id
        )
    )
    ctx.session.expire(supervisor, ["conflicts"])
    ctx.audit(f"{NAME}.conflict_withdrawn", str(supervisor.id))


def list_named_conflicts(
    session: Session, tenant: Tenant, supervisor: EvaluationSupervisor
) -> list[tuple[ConflictOfInterest, str]]:
    """List somebody's conflicts of interest, each with the name of the subject."""
    names = {(each.kind, each.id): each.name for each in list_subjects(session, tenant)}
    query = select(ConflictOfInterest).where(ConflictOfInterest.supervisor_id == supervisor.id)
    rows = session.scalars(query.order_by(ConflictOfInterest.id))
    return [(row, names.get(row.subject_key, "—")) for row in rows]
