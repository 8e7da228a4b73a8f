"""Days as the public sees them: published ones of this place, those above it and those below."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from core.sdk import Organ, Tenant, is_on, utc_now
from plugins.open_day.identifiers import read_code
from plugins.open_day.manifest import NAME
from plugins.open_day.models import Category, OpenDay, Quota, Registration, Slot
from plugins.open_day.rules import SHOWN, DayState

ON_A_PAGE = 20


def is_shown() -> ColumnElement[bool]:
    """Condition: the public may see the day."""
    return OpenDay.state.in_(SHOWN)


def find_day(session: Session, tenant: Tenant, day_id: int) -> OpenDay | None:
    """A day of this very place, with all that its page shows."""
    return session.scalar(
        select(OpenDay)
        .where(OpenDay.id == day_id, OpenDay.tenant_id == tenant.id, is_shown())
        .options(
            selectinload(OpenDay.slots),
            selectinload(OpenDay.categories),
            selectinload(OpenDay.fields),
            selectinload(OpenDay.organ),
        )
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A day in a list: whose it is, who gives it, and how many open seats are left in all."""

    day: OpenDay
    tenant: Tenant
    organ: str
    left: int


def upcoming(session: Session, *also: ColumnElement[bool], limit: int = 100) -> list[Listed]:
    """Days that are not over, the next first; postponed ones, which have no date, come last."""
    ahead = OpenDay.state.in_((DayState.PUBLISHED, DayState.CANCELLED)) & (
        OpenDay.ends_at > utc_now()
    )
    query = _listed(session, and_((OpenDay.state == DayState.POSTPONED) | ahead, *also))
    order = (OpenDay.state == DayState.POSTPONED, OpenDay.starts_at, OpenDay.id)
    return _read(session, query.order_by(*order).limit(limit))


def past(session: Session, page: int) -> tuple[list[Listed], int]:
    """A page of days that are over, the last first; and how many there are."""
    query = _listed(session, _is_over(utc_now()))
    total = session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True)) or 0
    query = query.order_by(OpenDay.ends_at.desc(), OpenDay.id.desc())
    return _read(session, query.offset((page - 1) * ON_A_PAGE).limit(ON_A_PAGE)), total


def _is_over(now: datetime) -> ColumnElement[bool]:
    ended = (OpenDay.ends_at <= now) & OpenDay.state.in_((DayState.PUBLISHED, DayState.CANCELLED))
    return or_(OpenDay.state == DayState.CLOSED, ended)


def _listed(session: Session, which: ColumnElement[bool]) -> Select[OpenDay, Tenant, str]:
    """Such days of those places of the session's scope where the plugin is on."""
    owners = session.scalars(
        select(Tenant).where(
            Tenant.id.in_(select(OpenDay.tenant_id).where(which)), Tenant.status == "active"
        )
    )
    on = [owner.id for owner in owners if is_on(NAME, owner)]
    return (
        select(OpenDay, Tenant, Organ.name)
        .join(Tenant, Tenant.id == OpenDay.tenant_id)
        .outerjoin(Organ, Organ.id == OpenDay.organ_id)
        .where(which, OpenDay.tenant_id.in_(on))
        .options(selectinload(OpenDay.slots))
    )


def _read(session: Session, query: Select[OpenDay, Tenant, str]) -> list[Listed]:
    return [
        Listed(day, tenant, organ or "", _seats_left(day))
        for day, tenant, organ in session.execute(query)
    ]


def _seats_left(day: OpenDay) -> int:
    now = utc_now()
    ahead = (slot for slot in day.slots if slot.state == "open" and slot.starts_at > now)
    return sum(slot.capacity - slot.reserved - slot.taken for slot in ahead)


@dataclass(frozen=True, slots=True)
class CategorySeats:
    """What is left for a category in a slot that has a quota for it."""

    label: str
    left: int


def quotas_left(session: Session, day: OpenDay) -> dict[int, list[CategorySeats]]:
    """Seats left of each quota, by slot; never more than the slot itself has."""
    query = (
        select(Quota.slot_id, Category.label, Quota.seats - Quota.taken, Category.by_invitation)
        .join(Category, Category.id == Quota.category_id)
        .where(Quota.open_day_id == day.id)
        .order_by(Category.position, Category.id)
    )
    free = {slot.id: free_seats(slot) for slot in day.slots}
    found: dict[int, list[CategorySeats]] = {}
    for slot_id, label, left, by_invitation in session.execute(query):
        if not by_invitation:
            seats = CategorySeats(label, min(left, free[slot_id]))
            found.setdefault(slot_id, []).append(seats)
    return found


def free_seats(slot: Slot) -> int:
    """Open seats of a slot that nobody has."""
    return max(0, slot.capacity - slot.reserved - slot.taken)


def find_ticket(session: Session, tenant: Tenant, typed: str) -> Registration | None:
    """The registration of a ticket code of this place, however it was typed or scanned."""
    code = read_code(typed)
    if code is None:
        return None
    return session.scalar(
        select(Registration)
        .where(Registration.code == code, Registration.tenant_id == tenant.id)
        .options(selectinload(Registration.slot), selectinload(Registration.category))
    )
