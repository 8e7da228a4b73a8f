"""Lists of messages for the staff and for everybody."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core.clock import today
from core.db.tree import Tenant
from core.messages.domain.life import WAITING, CaseState
from core.messages.models import MessageCase
from core.permissions import OrganScope
from core.web.context import Context


def find_case(ctx: Context, number: str) -> MessageCase | None:
    """Find a message of the place by its number."""
    query = select(MessageCase).where(
        MessageCase.tenant_id == ctx.tenant.id, MessageCase.number == number
    )
    return ctx.session.scalar(query)


def select_cases(
    tenant: Tenant, scope: OrganScope, states: Iterable[CaseState]
) -> Select[MessageCase]:
    """Build the query of what organs of a scope have, the earliest term first."""
    return (
        select(MessageCase)
        .where(
            MessageCase.tenant_id == tenant.id,
            MessageCase.state.in_(list(states)),
            scope.condition(MessageCase.organ_id),
        )
        .order_by(MessageCase.due_on, MessageCase.id)
    )


def count_waiting(
    session: Session, tenant: Tenant, scope: OrganScope, state: CaseState
) -> tuple[int, date | None]:
    """Return how many wait in a state, and the earliest day on which one is due."""
    query = select(func.count(), func.min(MessageCase.due_on)).where(
        MessageCase.tenant_id == tenant.id,
        MessageCase.state == state,
        scope.condition(MessageCase.organ_id),
    )
    count, due = session.execute(query).one()
    return count, due


def is_late(case: MessageCase) -> bool:
    """Tell whether a message should have been answered before today."""
    return case.state in WAITING and case.due_on < today()


def select_published(tenant: Tenant) -> Select[MessageCase]:
    """Build the query of the published messages of a place, the newest first."""
    return (
        select(MessageCase)
        .where(MessageCase.tenant_id == tenant.id, MessageCase.published_at.is_not(None))
        .order_by(MessageCase.published_at.desc(), MessageCase.id.desc())
    )
