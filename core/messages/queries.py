"""Lists of messages for the staff and for everybody."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, case, delete, func, select, true
from sqlalchemy.orm import Session

from core.clock import local_day, today
from core.db.tree import Tenant
from core.messages.domain.life import WAITING, CaseState, Satisfaction
from core.messages.models import MessageCase
from core.permissions import Action, OrganScope
from core.redaction import redact
from core.web.context import Context
from core.web.urls import tenant_url


def find_case(ctx: Context, number: str) -> MessageCase | None:
    """Find a message of the place by its number."""
    query = select(MessageCase).where(
        MessageCase.tenant_id == ctx.tenant.id, MessageCase.number == number
    )
    return ctx.session.scalar(query)


def select_cases(
    tenant: Tenant, scope: OrganScope, states: Iterable[CaseState], kind: str = ""
) -> Select[MessageCase]:
    """Build the query of what organs of a scope have, the earliest term first."""
    return (
        select(MessageCase)
        .where(
            MessageCase.tenant_id == tenant.id,
            MessageCase.state.in_(list(states)),
            scope.condition(MessageCase.organ_id),
            MessageCase.kind == kind if kind else true(),
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


@dataclass(frozen=True, slots=True)
class MessageFigures:
    """What came of the messages of a year: how many, late, answered, and the grades."""

    received: int
    late: int
    answered: int
    graded: int
    satisfied: int


def load_figures(session: Session, tenant: Tenant, scope: OrganScope) -> MessageFigures:
    """Count the messages that came this year; what was passed on to another place counts there."""
    return _count_year(
        session, MessageCase.tenant_id == tenant.id, scope.condition(MessageCase.organ_id)
    )


def load_message_figures(session: Session, tenants: Iterable[Tenant], kind: str) -> MessageFigures:
    """Count the messages of one kind that came to some places this year, for everybody to see."""
    places = [tenant.id for tenant in tenants]
    return _count_year(session, MessageCase.tenant_id.in_(places), MessageCase.kind == kind)


def _count_year(session: Session, *conditions: ColumnElement[bool]) -> MessageFigures:
    replied = MessageCase.state == CaseState.REPLIED
    late = MessageCase.state.in_(WAITING) & (MessageCase.due_on < today())
    pleased = MessageCase.satisfaction.in_((Satisfaction.SATISFIED, Satisfaction.MOSTLY))
    counted = (
        true(),
        late,
        replied,
        MessageCase.satisfaction.is_not(None),
        pleased,
    )
    counts = [func.count(case((condition, 1))) for condition in counted]
    query = select(*counts).where(
        MessageCase.number.startswith(f"{today().year}-"),
        ~MessageCase.transfer.has(),
        *conditions,
    )
    row = session.execute(query).one()
    return MessageFigures(*(int(number) for number in row))


def erase_messages(session: Session, tenant: Tenant, kind: str) -> None:
    """Delete the messages of a kind at a place, with their history: for the `erase` of a plugin."""
    session.execute(
        delete(MessageCase).where(MessageCase.tenant_id == tenant.id, MessageCase.kind == kind)
    )


@dataclass(frozen=True, slots=True)
class OpenMessage:
    """A message that waits for an answer, for a list of the feature that it is about."""

    number: str
    said: str
    received_on: date
    due_on: date
    url: str


def list_open_messages(ctx: Context, kind: str, key: object) -> list[OpenMessage]:
    """List the open messages about one subject that the person may read, the earliest term first.

    What a sender may have said of persons is masked: the case itself shows it.
    """
    scope = ctx.scope(Action.READ_MESSAGES)
    query = select_cases(ctx.tenant, scope, WAITING, kind).where(MessageCase.key == str(key))
    return [
        OpenMessage(
            case.number,
            redact(case.text),
            local_day(case.received_at),
            case.due_on,
            tenant_url("messages_console.show", ctx.tenant, number=case.number),
        )
        for case in ctx.session.scalars(query)
    ]


def count_received_messages(session: Session, kind: str) -> Counter[tuple[int, str, date]]:
    """Count the messages of a kind that the session reaches, by place, subject and month.

    What was passed on to another place counts there; months are named by their first day.
    """
    query = select(MessageCase.tenant_id, MessageCase.key, MessageCase.received_at).where(
        MessageCase.kind == kind, ~MessageCase.transfer.has()
    )
    return Counter(
        (tenant_id, key, local_day(received_at).replace(day=1))
        for tenant_id, key, received_at in session.execute(query)
    )


def count_open_messages(session: Session, tenant: Tenant, kind: str, key: str) -> int:
    """Count the messages about one subject that nobody has answered yet."""
    query = select(func.count()).where(
        MessageCase.tenant_id == tenant.id,
        MessageCase.kind == kind,
        MessageCase.key == key,
        MessageCase.state.in_(WAITING),
    )
    return session.scalar(query) or 0
