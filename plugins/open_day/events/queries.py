"""Days as the public sees them: published ones of this place, those above it and those below.

Open days on the desk of those who prepare them: lists, one day, what a new one begins from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, selectinload

from core.sdk import NotFound, Organ, Tenant, is_on, utc_now

from ..domain.identifiers import read_code
from ..domain.states import SHOWN, DayState
from ..i18n import _
from ..manifest import NAME
from ..models.registration import Category, EventSession, OpenDay, OpenDayEvent, Quota, Registration

DAYS_ON_A_PAGE = 30
LATEST = 5
# Tab of the list → what it shows.
TABS = ("coming", "preparing", "past", "templates")


@dataclass(frozen=True, slots=True)
class DayDesk:
    """One page of a tenant's open days."""

    tab: str
    rows: Sequence[OpenDay]
    counts: dict[str, int]
    page: int
    pages: int


def _tab(name: str) -> ColumnElement[bool]:
    real = OpenDay.is_template.is_(False)
    over = OpenDay.ends_at < utc_now()
    ready = OpenDay.state.in_((DayState.PUBLISHED, DayState.POSTPONED))
    return {
        "coming": and_(real, ready, ~over),
        "preparing": and_(real, OpenDay.state.in_((DayState.DRAFT, DayState.IN_REVIEW))),
        "past": and_(
            real, (OpenDay.state.in_((DayState.CLOSED, DayState.CANCELLED))) | (ready & over)
        ),
        "templates": OpenDay.is_template.is_(True),
    }[name]


def list_days(session: Session, tenant: Tenant, tab: str, page: int) -> DayDesk:
    """The tenant's open days of one tab; coming ones by date, past ones the newest first."""
    own = OpenDay.tenant_id == tenant.id
    columns = [func.coalesce(func.sum(case((_tab(name), 1), else_=0)), 0) for name in TABS]
    counts = dict(zip(TABS, session.execute(select(*columns).where(own)).one(), strict=True))
    if tab not in TABS:
        tab = "coming" if counts["coming"] or not counts["preparing"] else "preparing"
    pages = max(1, -(-counts[tab] // DAYS_ON_A_PAGE))
    page = min(max(page, 1), pages)
    order = OpenDay.starts_at.desc() if tab == "past" else OpenDay.starts_at
    query = (
        select(OpenDay)
        .where(own, _tab(tab))
        .options(selectinload(OpenDay.slots))
        .order_by(order, OpenDay.id)
        .limit(DAYS_ON_A_PAGE)
        .offset((page - 1) * DAYS_ON_A_PAGE)
    )
    return DayDesk(tab, list(session.scalars(query)), counts, page, pages)


def get_day(session: Session, tenant: Tenant, day_id: int) -> OpenDay:
    """An open day of the tenant; raises `NotFound` for every other, also of those above."""
    query = select(OpenDay).where(OpenDay.id == day_id, OpenDay.tenant_id == tenant.id)
    day = session.scalar(query)
    if day is None:
        raise NotFound(_("There is no such open day."))
    return day


def source_day(session: Session, tenant: Tenant, day_id: int) -> OpenDay:
    """A day to begin from: one of the tenant's, or a template of a place above."""
    query = select(OpenDay).where(
        OpenDay.id == day_id,
        (OpenDay.tenant_id == tenant.id)
        | (OpenDay.is_template.is_(True) & OpenDay.tenant_id.in_(tenant.chain)),
    )
    day = session.scalar(query)
    if day is None:
        raise NotFound(_("There is no such open day."))
    return day


def latest_days(session: Session, tenant: Tenant) -> list[OpenDay]:
    """The tenant's newest open days, to be repeated."""
    query = select(OpenDay).where(OpenDay.tenant_id == tenant.id, OpenDay.is_template.is_(False))
    return list(session.scalars(query.order_by(OpenDay.id.desc()).limit(LATEST)))


def templates_for(session: Session, tenant: Tenant) -> list[OpenDay]:
    """Templates of the tenant and of the places above it, the nearest first."""
    query = select(OpenDay).where(
        OpenDay.is_template.is_(True), OpenDay.tenant_id.in_(tenant.chain)
    )
    found = session.scalars(query.order_by(OpenDay.title, OpenDay.id))
    return sorted(found, key=lambda day: -tenant.chain.index(day.tenant_id))


def history_of(session: Session, day: OpenDay) -> list[OpenDayEvent]:
    """What happened to the day itself, the newest first."""
    query = select(OpenDayEvent).where(
        OpenDayEvent.open_day_id == day.id, OpenDayEvent.registration_id.is_(None)
    )
    return list(session.scalars(query.order_by(OpenDayEvent.id.desc()).limit(100)))


def people_by_state(session: Session, day: OpenDay) -> dict[str, int]:
    """How many people stand in each state of registration."""
    query = (
        select(Registration.state, func.sum(Registration.head_count))
        .where(Registration.open_day_id == day.id)
        .group_by(Registration.state)
    )
    return dict(session.execute(query).all())


def same_series(session: Session, day: OpenDay) -> list[OpenDay]:
    """The days of a day's series, by date; the day alone where it is in none."""
    if not day.series:
        return [day]
    query = select(OpenDay).where(OpenDay.tenant_id == day.tenant_id, OpenDay.series == day.series)
    return list(session.scalars(query.order_by(OpenDay.starts_at, OpenDay.id)))


def approval_queue(session: Session, tenant: Tenant) -> list[OpenDay]:
    """The tenant's open days that wait for approval, or to be announced again, by date."""
    query = select(OpenDay).where(
        OpenDay.tenant_id == tenant.id,
        OpenDay.is_template.is_(False),
        OpenDay.state.in_((DayState.IN_REVIEW, DayState.POSTPONED)),
    )
    return list(session.scalars(query.order_by(OpenDay.starts_at, OpenDay.id)))


def count_waiting(session: Session, tenant: Tenant) -> int:
    """How many of the tenant's open days wait for approval."""
    query = select(func.count(OpenDay.id)).where(
        OpenDay.tenant_id == tenant.id, OpenDay.state == DayState.IN_REVIEW
    )
    return session.scalar(query) or 0


def running_days(session: Session, tenant: Tenant) -> list[OpenDay]:
    """Announced open days from yesterday on, the next first."""
    query = select(OpenDay).where(
        OpenDay.tenant_id == tenant.id,
        OpenDay.state == DayState.PUBLISHED,
        OpenDay.ends_at > utc_now() - timedelta(days=1),
    )
    return list(session.scalars(query.order_by(OpenDay.starts_at, OpenDay.id).limit(20)))


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
class ListedEvent:
    """A day in a list: whose it is, who gives it, and how many open seats are left in all."""

    day: OpenDay
    tenant: Tenant
    organ: str
    left: int


def upcoming(session: Session, *also: ColumnElement[bool], limit: int = 100) -> list[ListedEvent]:
    """Days that are not over, the next first; postponed ones, which have no date, come last."""
    ahead = OpenDay.state.in_((DayState.PUBLISHED, DayState.CANCELLED)) & (
        OpenDay.ends_at > utc_now()
    )
    query = _listed(session, and_((OpenDay.state == DayState.POSTPONED) | ahead, *also))
    order = (OpenDay.state == DayState.POSTPONED, OpenDay.starts_at, OpenDay.id)
    return _read(session, query.order_by(*order).limit(limit))


def past(session: Session, page: int) -> tuple[list[ListedEvent], int]:
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


def _read(session: Session, query: Select[OpenDay, Tenant, str]) -> list[ListedEvent]:
    return [
        ListedEvent(day, tenant, organ or "", _seats_left(day))
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


def free_seats(slot: EventSession) -> int:
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
