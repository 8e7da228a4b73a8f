"""Registrations and nominations that wait for a decision, of all open days of a place together."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from core.sdk import Tenant
from plugins.open_day.models import OpenDay, Registration, Slot
from plugins.open_day.rules import DayState, State

ON_A_PAGE = 50
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the queue shows; empty is everything."""

    day_id: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of what is to be decided, by the beginning of the sessions."""

    rows: Sequence[Registration]
    days: Sequence[tuple[OpenDay, int]]
    total: int
    page: int
    pages: int


def is_undecided() -> ColumnElement[bool]:
    """Condition on registrations and their days: the staff decides, not a draw."""
    asked = or_(OpenDay.mode == "moderated", Registration.source == "nomination")
    return and_(Registration.state == State.PENDING, OpenDay.state == DayState.PUBLISHED, asked)


def count_undecided(session: Session, tenant: Tenant) -> int:
    """How many registrations of a place are to be decided."""
    query = select(func.count(Registration.id)).join(OpenDay, _of_day())
    return session.scalar(query.where(Registration.tenant_id == tenant.id, is_undecided())) or 0


def queue_of(session: Session, tenant: Tenant, wanted: Narrowed, page: int) -> Queue:
    """A page of the queue, and the days that have something in it."""
    conditions = _undecided_conditions(tenant, wanted)
    counted = select(func.count(Registration.id)).join(OpenDay, _of_day())
    total = session.scalar(counted.where(*conditions)) or 0
    pages = max(1, -(-total // ON_A_PAGE))
    page = min(max(page, 1), pages)
    query = (
        select(Registration)
        .join(OpenDay, _of_day())
        .join(Slot, Slot.id == Registration.slot_id)
        .where(*conditions)
        .options(
            contains_eager(Registration.day),
            contains_eager(Registration.slot),
            selectinload(Registration.category),
        )
        .order_by(Slot.starts_at, Slot.id, Registration.id)
    )
    rows = session.scalars(query.limit(ON_A_PAGE).offset((page - 1) * ON_A_PAGE)).all()
    return Queue(rows, _days(session, tenant), total, page, pages)


def chosen_in_queue(
    session: Session, tenant: Tenant, wanted: Narrowed, ids: Sequence[str] | None
) -> list[Registration]:
    """Those that were ticked and still wait; all that the filter shows for `None`."""
    query = (
        select(Registration).join(OpenDay, _of_day()).where(*_undecided_conditions(tenant, wanted))
    )
    if ids is not None:
        numbers = [int(one) for one in ids if one.isdecimal() and len(one) < 10]
        query = query.where(Registration.id.in_(numbers[:MOST_AT_ONCE]))
    return list(session.scalars(query.order_by(Registration.id).limit(MOST_AT_ONCE)))


def _undecided_conditions(tenant: Tenant, wanted: Narrowed) -> list[ColumnElement[bool]]:
    found = [Registration.tenant_id == tenant.id, is_undecided()]
    if wanted.day_id is not None:
        found.append(Registration.open_day_id == wanted.day_id)
    if wanted.source:
        found.append(Registration.source == wanted.source)
    return found


def _days(session: Session, tenant: Tenant) -> list[tuple[OpenDay, int]]:
    query = (
        select(OpenDay, func.count(Registration.id))
        .join(Registration, _of_day())
        .where(Registration.tenant_id == tenant.id, is_undecided())
        .group_by(OpenDay.id)
        .order_by(OpenDay.starts_at, OpenDay.id)
    )
    return [(day, count) for day, count in session.execute(query)]


def _of_day() -> ColumnElement[bool]:
    return OpenDay.id == Registration.open_day_id
