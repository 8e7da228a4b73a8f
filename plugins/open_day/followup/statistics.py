"""Numbers of open days from the database, for the rules of `domain.statistics`."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from core.sdk import Context, Tenant, below, utc_now, zone

from ..domain.states import HOLDING, DayState, RegistrationState
from ..domain.statistics import (
    WALK_IN,
    Attendance,
    Figures,
    UnitYear,
    figures,
    plan_against_done,
)
from ..manifest import MANAGE
from ..models.followup import YearPlan
from ..models.registration import EventSession, OpenDay, Registration


def load_figures(session: Session, days: Sequence[OpenDay]) -> Figures:
    """Count these open days together."""
    ids, now = [day.id for day in days], utc_now()
    query = (
        select(Registration, Tenant.name, EventSession.ends_at)
        .join(EventSession, EventSession.id == Registration.slot_id)
        .outerjoin(Tenant, Tenant.id == Registration.residence_id)
        .where(
            Registration.open_day_id.in_(ids),
            Registration.state.in_(HOLDING) | (Registration.attended_count > 0),
        )
        .options(selectinload(Registration.category))
    )
    taken = [
        _to_attendance(one, village or "", over=ends_at <= now)
        for one, village, ends_at in session.execute(query)
    ]
    capacity = select(EventSession.capacity).where(
        EventSession.open_day_id.in_(ids),
        EventSession.state != "cancelled",
        EventSession.is_counted,
    )
    return figures(sum(session.scalars(capacity)), taken)


def _to_attendance(one: Registration, village: str, *, over: bool) -> Attendance:
    arrived, has_place = one.attended_count or 0, one.state in HOLDING
    return Attendance(
        heads=one.head_count if has_place else arrived,
        came=arrived,
        source=one.source if has_place else WALK_IN,
        category=one.category.label if one.category else "",
        village=village,
        over=one.state == RegistrationState.NO_SHOW or over,
        exception=not has_place,
    )


def days_of_year(session: Session, tenant: Tenant, year: int) -> list[OpenDay]:
    """List the open days of a year at a tenant and below it that were announced, by date."""
    begin = datetime(year, 1, 1, tzinfo=zone())
    end = datetime(year + 1, 1, 1, tzinfo=zone())
    query = (
        select(OpenDay)
        .join(Tenant, Tenant.id == OpenDay.tenant_id)
        .where(
            or_(Tenant.id == tenant.id, below(tenant.path)),
            OpenDay.is_template.is_(False),
            OpenDay.state.in_((DayState.PUBLISHED, DayState.CLOSED)),
            OpenDay.starts_at >= begin,
            OpenDay.starts_at < end,
        )
        .options(selectinload(OpenDay.organ))
        .order_by(OpenDay.starts_at, OpenDay.id)
    )
    return list(session.scalars(query))


def units_of_year(
    session: Session, tenant: Tenant, year: int, days: Sequence[OpenDay]
) -> list[UnitYear]:
    """Compare what each unit had planned for the year, has held and has announced."""
    places = select(Tenant).where(Tenant.id.in_({day.tenant_id for day in days}))
    names = {place.id: place.name for place in session.scalars(places)}
    now = utc_now()
    held = [_unit(day, names) for day in days if day.ends_at and day.ends_at <= now]
    coming = [_unit(day, names) for day in days if day.ends_at and day.ends_at > now]
    planned = [(one.unit, one.planned) for one in find_plan(session, tenant, year)]
    return plan_against_done(planned, held, coming)


def _unit(day: OpenDay, names: dict[int, str]) -> str:
    return day.organ.name if day.organ else names[day.tenant_id]


def find_plan(session: Session, tenant: Tenant, year: int) -> list[YearPlan]:
    """List the tenant's plan for a year, in the order in which it was written."""
    query = select(YearPlan).where(YearPlan.tenant_id == tenant.id, YearPlan.year == year)
    return list(session.scalars(query.order_by(YearPlan.id)))


def set_plan(ctx: Context, year: int, units: Sequence[tuple[str, int]]) -> None:
    """Write the plan of a year anew."""
    ctx.require(MANAGE)
    for plan in find_plan(ctx.session, ctx.tenant, year):
        ctx.session.delete(plan)
    ctx.session.flush()
    for unit, planned in dict(units).items():
        plan = YearPlan(tenant_id=ctx.tenant.id, year=year, unit=unit, planned=planned)
        ctx.session.add(plan)
    ctx.audit("open_day.year_plan", str(year), units=len(units))
    ctx.session.flush()
