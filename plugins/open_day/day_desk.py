"""Open days on the desk of those who prepare them: lists, one day, what a new one begins from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session, selectinload

from core.sdk import NotFound, Tenant, utc_now
from plugins.open_day.models import OpenDay, OpenDayEvent, Registration
from plugins.open_day.rules import DayState
from plugins.open_day.words import _

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
