"""Open days in lists: for the public those of this place and around it, for the staff by tab."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, selectinload

from core.sdk import Context, NotFound, Organ, Page, Tenant, is_on, now_until, paginate, utc_now

from ..domain.states import SHOWN, DayState
from ..i18n import _
from ..manifest import CHECK_IN, MANAGE, NAME, PUBLISH
from ..models.registration import Category, OpenDay, OpenDayEvent, Quota, Registration
from ..registrations.capacity import free_seats

STAFF_PER_PAGE = 30
PER_PAGE = 20
LATEST = 5
# Tabs of the staff's list.
TABS = ("coming", "preparing", "past", "templates")


def _tab(name: str) -> ColumnElement[bool]:
    real = OpenDay.is_template.is_(False)
    over = OpenDay.ends_at < utc_now()
    ready = OpenDay.state.in_((DayState.PUBLISHED, DayState.POSTPONED))
    ended = OpenDay.state.in_((DayState.CLOSED, DayState.CANCELLED))
    return {
        "coming": and_(real, ready, ~over),
        "preparing": and_(real, OpenDay.state.in_((DayState.DRAFT, DayState.IN_REVIEW))),
        "past": and_(real, ended | (ready & over)),
        "templates": OpenDay.is_template.is_(True),
    }[name]


def is_in_charge(ctx: Context, action: str) -> ColumnElement[bool]:
    """Build the condition: days of the place for which the person has the permission."""
    return (OpenDay.tenant_id == ctx.tenant.id) & ctx.scope(action).condition(OpenDay.organ_id)


def list_days(ctx: Context, tab: str, number: int) -> tuple[str, Page[OpenDay], dict[str, int]]:
    """Load a tab of the person's open days: which tab, its page, how many each tab has.

    Coming ones stand by date, past ones the newest first.
    """
    session, own = ctx.session, is_in_charge(ctx, MANAGE)
    columns = [func.coalesce(func.sum(case((_tab(name), 1), else_=0)), 0) for name in TABS]
    counts = dict(zip(TABS, session.execute(select(*columns).where(own)).one(), strict=True))
    if tab not in TABS:
        tab = "coming" if counts["coming"] or not counts["preparing"] else "preparing"
    order = OpenDay.starts_at.desc() if tab == "past" else OpenDay.starts_at
    query = select(OpenDay).where(own, _tab(tab)).options(selectinload(OpenDay.slots))
    page = paginate(session, query.order_by(order, OpenDay.id), number, STAFF_PER_PAGE)
    return tab, page, counts


def _get(session: Session, query: Select[OpenDay]) -> OpenDay:
    day = session.scalar(query)
    if day is None:
        raise NotFound(_("There is no such open day."))
    return day


def get_day(session: Session, tenant: Tenant, day_id: int) -> OpenDay:
    """Load an open day of the tenant; raises `NotFound` for every other, also of those above."""
    own = OpenDay.tenant_id == tenant.id
    return _get(session, select(OpenDay).where(OpenDay.id == day_id, own))


def source_day(ctx: Context, day_id: int) -> OpenDay:
    """Load a day to begin from: one of the person's, or a template of the place or above."""
    template = OpenDay.is_template.is_(True) & OpenDay.tenant_id.in_(ctx.tenant.chain)
    usable = is_in_charge(ctx, MANAGE) | template
    return _get(ctx.session, select(OpenDay).where(OpenDay.id == day_id, usable))


def load_public_day(ctx: Context, day_id: int) -> OpenDay:
    """Load a day of this very place that the public may see, with all that its page shows."""
    parts = (OpenDay.slots, OpenDay.categories, OpenDay.fields, OpenDay.organ)
    query = select(OpenDay).options(*map(selectinload, parts))
    own = OpenDay.tenant_id == ctx.tenant.id
    return _get(ctx.session, query.where(OpenDay.id == day_id, own, is_shown()))


def latest_days(ctx: Context) -> list[OpenDay]:
    """List the person's newest open days, to be repeated."""
    query = select(OpenDay).where(is_in_charge(ctx, MANAGE), OpenDay.is_template.is_(False))
    return list(ctx.session.scalars(query.order_by(OpenDay.id.desc()).limit(LATEST)))


def templates_for(session: Session, tenant: Tenant) -> list[OpenDay]:
    """List templates of the tenant and of the places above it, the nearest first."""
    above = OpenDay.tenant_id.in_(tenant.chain)
    query = select(OpenDay).where(OpenDay.is_template.is_(True), above)
    found = session.scalars(query.order_by(OpenDay.title, OpenDay.id))
    return sorted(found, key=lambda day: -tenant.chain.index(day.tenant_id))


def list_history(session: Session, day: OpenDay) -> list[OpenDayEvent]:
    """List what happened to the day itself, the newest first."""
    query = select(OpenDayEvent).where(
        OpenDayEvent.open_day_id == day.id, OpenDayEvent.registration_id.is_(None)
    )
    return list(session.scalars(query.order_by(OpenDayEvent.id.desc()).limit(100)))


def people_by_state(session: Session, day: OpenDay) -> dict[str, int]:
    """Count the people in each state of registration."""
    query = select(Registration.state, func.sum(Registration.head_count))
    query = query.where(Registration.open_day_id == day.id).group_by(Registration.state)
    return dict(session.execute(query).all())


def _by_date(session: Session, *conditions: ColumnElement[bool]) -> list[OpenDay]:
    query = select(OpenDay).where(*conditions)
    return list(session.scalars(query.order_by(OpenDay.starts_at, OpenDay.id)))


def same_series(session: Session, day: OpenDay) -> list[OpenDay]:
    """List the days of a day's series in the same state; the day alone where it is in none."""
    if not day.series:
        return [day]
    own, same = OpenDay.tenant_id == day.tenant_id, OpenDay.series == day.series
    return _by_date(session, own, same, OpenDay.state == day.state)


def approval_queue(ctx: Context) -> list[OpenDay]:
    """List open days that the person may approve, or announce again, by date."""
    waiting = OpenDay.state.in_((DayState.IN_REVIEW, DayState.POSTPONED))
    own = is_in_charge(ctx, PUBLISH)
    return _by_date(ctx.session, own, OpenDay.is_template.is_(False), waiting)


def running_days(ctx: Context) -> list[OpenDay]:
    """List announced open days from yesterday on that the person checks in for, the next first."""
    recent = OpenDay.ends_at > utc_now() - timedelta(days=1)
    own, announced = is_in_charge(ctx, CHECK_IN), OpenDay.state == DayState.PUBLISHED
    return _by_date(ctx.session, own, announced, recent)[:20]


def count_days(ctx: Context, action: str, *conditions: ColumnElement[bool]) -> int:
    """Count the open days that meet conditions and for which the person has the permission."""
    query = select(func.count(OpenDay.id)).where(
        is_in_charge(ctx, action), OpenDay.is_template.is_(False), *conditions
    )
    return ctx.session.scalar(query) or 0


def is_shown() -> ColumnElement[bool]:
    """Build the condition that the public may see the day."""
    return OpenDay.state.in_(SHOWN)


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """A day in a list: whose it is, who gives it, and how many open seats are left in all."""

    day: OpenDay
    tenant: Tenant
    organ: str
    left: int


def upcoming(session: Session, *also: ColumnElement[bool], limit: int = 100) -> list[ListedEvent]:
    """List days that are not over, the next first; postponed ones, without a date, come last."""
    postponed = OpenDay.state == DayState.POSTPONED
    listed = OpenDay.state.in_((DayState.PUBLISHED, DayState.CANCELLED))
    ahead = listed & (OpenDay.ends_at > now_until())
    query = _listed(session, and_(postponed | ahead, *also))
    query = query.order_by(postponed, OpenDay.starts_at, OpenDay.id).limit(limit)
    return _to_events(session.execute(query).all())


def past(session: Session, number: int) -> tuple[list[ListedEvent], int]:
    """Load a page of days that are over, the last first; and how many there are."""
    listed = OpenDay.state.in_((DayState.PUBLISHED, DayState.CANCELLED))
    next_end = select(func.min(OpenDay.ends_at)).where(listed, OpenDay.ends_at > now_until())
    ended = listed & (OpenDay.ends_at <= now_until(session.scalar(next_end)))
    query = _listed(session, or_(OpenDay.state == DayState.CLOSED, ended))
    total = session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True)) or 0
    query = query.order_by(OpenDay.ends_at.desc(), OpenDay.id.desc())
    query = query.offset((number - 1) * PER_PAGE).limit(PER_PAGE)
    return _to_events(session.execute(query).all()), total


def _listed(session: Session, which: ColumnElement[bool]) -> Select[OpenDay, Tenant, str]:
    """Build the base query: open days matching `which`, of active tenants that have the plugin."""
    owners = select(Tenant).where(
        Tenant.id.in_(select(OpenDay.tenant_id).where(which)), Tenant.status == "active"
    )
    enabled = [owner.id for owner in session.scalars(owners) if is_on(NAME, owner)]
    return (
        select(OpenDay, Tenant, Organ.name)
        .join(Tenant, Tenant.id == OpenDay.tenant_id)
        .outerjoin(Organ, Organ.id == OpenDay.organ_id)
        .where(which, OpenDay.tenant_id.in_(enabled))
        .options(selectinload(OpenDay.slots))
    )


def _to_events(rows: Sequence[tuple[OpenDay, Tenant, str]]) -> list[ListedEvent]:
    ends = (day.ends_at for day, *_rest in rows)
    now = now_until(*ends, *(slot.starts_at for day, *_rest in rows for slot in day.slots))
    return [
        ListedEvent(
            day, tenant, organ or "",
            sum(free_seats(s) for s in day.slots if s.state == "open" and s.starts_at > now),
        )
        for day, tenant, organ in rows
    ]  # fmt: skip


def quotas_left(session: Session, day: OpenDay) -> dict[int, list[tuple[str, int]]]:
    """Load categories with their free seats, by session; never more than the session itself has."""
    query = (
        select(Quota.slot_id, Category.label, Quota.seats - Quota.taken)
        .join(Category, Category.id == Quota.category_id)
        .where(Quota.open_day_id == day.id, Category.by_invitation.is_(False))
        .order_by(Category.position, Category.id)
    )
    free = {slot.id: free_seats(slot) for slot in day.slots}
    found: dict[int, list[tuple[str, int]]] = {}
    for slot_id, label, left in session.execute(query):
        found.setdefault(slot_id, []).append((label, min(left, free[slot_id])))
    return found
