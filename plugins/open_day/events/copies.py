"""Copies of open days: the last one again, a template of the county, a whole series."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import Actor, Tenant, require, zone

from ..domain.recurrence import Rhythm
from ..manifest import MANAGE
from ..models.registration import Category, EventSession, FormField, OpenDay, Quota
from .lifecycle import create_day

# What a copy takes over; the rest (state, seed, dates of registration) is its own.
_SAID = (
    "title", "theme", "summary", "body", "place", "transport", "parking", "accessibility",
    "contact", "phone", "item_id", "mode", "max_party", "one_per_phone", "offer_hours",
    "eligibility", "remind_hours", "consent_text", "retention_days",
)  # fmt: skip
_OF_SLOT = (
    "name", "place", "capacity", "reserved", "guide", "self_check_in", "waiting_on",
    "waiting_limit",
)  # fmt: skip
_TIMES_OF_SLOT = ("check_in_from", "check_in_until")
_OF_CATEGORY = ("key", "label", "position", "by_invitation")
_OF_FIELD = (
    "key", "label", "help", "kind", "choices", "required", "minimum", "maximum", "condition_key",
    "condition_value", "personal", "retention_days", "position",
)  # fmt: skip
_RECURRENCE = {
    Rhythm.WEEKLY: "weekly",
    Rhythm.FORTNIGHTLY: "weekly",
    Rhythm.MONTHLY_DAY: "monthly",
    Rhythm.MONTHLY_WEEKDAY: "monthly",
}


def copy_parts(session: Session, source: OpenDay, day: OpenDay, shift: timedelta) -> None:
    """Give a day the sessions, categories, seats of categories and questions of another."""
    categories = {one.id: _copy_category(one, day) for one in source.categories}
    slots = {one.id: _copy_slot(one, day, shift) for one in source.slots}
    day.fields.extend(
        FormField(tenant_id=day.tenant_id, **{name: getattr(one, name) for name in _OF_FIELD})
        for one in source.fields
    )
    session.flush()
    for quota in session.scalars(select(Quota).where(Quota.open_day_id == source.id)):
        session.add(
            Quota(
                tenant_id=day.tenant_id,
                open_day_id=day.id,
                slot_id=slots[quota.slot_id].id,
                category_id=categories[quota.category_id].id,
                seats=quota.seats,
            )
        )
    set_span(day)
    session.flush()


def _copy_category(one: Category, day: OpenDay) -> Category:
    made = Category(tenant_id=day.tenant_id, **{name: getattr(one, name) for name in _OF_CATEGORY})
    day.categories.append(made)
    return made


def _copy_slot(one: EventSession, day: OpenDay, shift: timedelta) -> EventSession:
    made = EventSession(tenant_id=day.tenant_id, **{name: getattr(one, name) for name in _OF_SLOT})
    made.starts_at, made.ends_at = one.starts_at + shift, one.ends_at + shift
    for name in _TIMES_OF_SLOT:
        moment: datetime | None = getattr(one, name)
        setattr(made, name, moment + shift if moment else None)
    day.slots.append(made)
    return made


def set_span(day: OpenDay) -> None:
    """Let the day begin with its first session and end with its last."""
    running = [slot for slot in day.slots if slot.state != "cancelled"] or list(day.slots)
    day.starts_at = min((slot.starts_at for slot in running), default=None)
    day.ends_at = max((slot.ends_at for slot in running), default=None)


def shift_to(moment: datetime, to_day: date) -> timedelta:
    """How far to move a moment so that it falls on another day at the same time of day."""
    local = moment.astimezone(zone())
    return datetime.combine(to_day, local.time(), zone()) - local


def make_series(  # noqa: PLR0913 - who, where, which, when
    session: Session,
    actor: Actor,
    tenant: Tenant,
    day: OpenDay,
    *,
    days: Sequence[date],
    rhythm: Rhythm,
) -> list[OpenDay]:
    """Repeat a day on further days, each as a draft; the day itself joins the series."""
    require(actor, MANAGE, tenant)
    day.series = day.series or f"{day.id}"
    day.recurrence = _RECURRENCE[rhythm]
    return [_repeat(session, actor, tenant, day, one) for one in days]


def _repeat(session: Session, actor: Actor, tenant: Tenant, day: OpenDay, on: date) -> OpenDay:
    values = {name: getattr(day, name) for name in _SAID}
    values |= {"series": day.series, "recurrence": day.recurrence, "copied_from_id": day.id}
    values["organ_id"] = day.organ_id
    shift = shift_to(day.slots[0].starts_at, on)
    for name in ("opens_at", "closes_at"):
        moment: datetime | None = getattr(day, name)
        values[name] = moment + shift if moment else None
    made = create_day(session, actor, tenant, values)
    copy_parts(session, day, made, shift)
    return made
