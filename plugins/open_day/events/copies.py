"""Copies of open days: the last one again, a template of the county, a whole series."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import Context, zone

from ..domain.recurrence import Rhythm
from ..manifest import MANAGE
from ..models.registration import Category, EventSession, FormField, OpenDay, Quota
from .lifecycle import create_day

# What a copy takes over; the rest (state, seed, dates of registration) is its own.
_OF_DAY = (
    "title", "theme", "summary", "body", "place", "transport", "parking", "accessibility",
    "contact", "phone", "item_id", "signup", "max_party", "one_per_phone", "offer_hours",
    "eligibility", "remind_hours", "consent_text", "retention_days", "organ_id",
)  # fmt: skip
_OF_SESSION = (
    "name", "place", "capacity", "reserved", "guide", "self_check_in", "waiting_on",
    "waiting_limit", "start_shown", "end_shown", "time_text", "is_counted", "capacity_text",
)  # fmt: skip
_TIMES_OF_SESSION = ("starts_at", "ends_at", "check_in_from", "check_in_until")
_OF_CATEGORY = ("key", "label", "position", "by_invitation")
_OF_FIELD = (
    "key", "label", "help", "kind", "choices", "required", "minimum", "maximum", "condition_key",
    "condition_value", "personal", "retention_days", "position",
)  # fmt: skip


def _values(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _times(row: Any, names: Iterable[str], shift: timedelta) -> dict[str, datetime | None]:
    return {name: at and at + shift for name, at in _values(row, names).items()}


def copy_parts(session: Session, source: OpenDay, day: OpenDay, shift: timedelta) -> None:
    """Give a day the sessions, categories, seats of categories and questions of another."""
    tenant_id = day.tenant_id
    categories = {
        category.id: Category(tenant_id=tenant_id, **_values(category, _OF_CATEGORY))
        for category in source.categories
    }
    slots = {
        slot.id: EventSession(
            tenant_id=tenant_id,
            **_values(slot, _OF_SESSION),
            **_times(slot, _TIMES_OF_SESSION, shift),
        )
        for slot in source.slots
    }
    day.categories.extend(categories.values())
    day.slots.extend(slots.values())
    day.fields.extend(
        FormField(tenant_id=tenant_id, **_values(field, _OF_FIELD)) for field in source.fields
    )
    session.flush()
    for quota in session.scalars(select(Quota).where(Quota.open_day_id == source.id)):
        slot_id, category_id = slots[quota.slot_id].id, categories[quota.category_id].id
        own = {"tenant_id": tenant_id, "open_day_id": day.id, "seats": quota.seats}
        session.add(Quota(slot_id=slot_id, category_id=category_id, **own))
    set_span(day)
    session.flush()


def to_shift(before: datetime, after: datetime, *, whole_days: bool) -> timedelta:
    """Return how far sessions move with the first one: by its days only, or by its time too."""
    if not whole_days:
        return after - before
    return after.astimezone(zone()).date() - before.astimezone(zone()).date()


def set_span(day: OpenDay) -> None:
    """Let the day begin with its first session and end with its last."""
    running = [slot for slot in day.slots if slot.state != "cancelled"] or list(day.slots)
    day.starts_at = min((slot.starts_at for slot in running), default=None)
    day.ends_at = max((slot.ends_at for slot in running), default=None)


def make_series(ctx: Context, day: OpenDay, days: Sequence[date], rhythm: Rhythm) -> list[OpenDay]:
    """Repeat a day on further days, each as a draft; the day itself joins the series."""
    ctx.require(MANAGE, organ=day.organ_id)
    weekly = rhythm in {Rhythm.WEEKLY, Rhythm.FORTNIGHTLY}
    day.series, day.recurrence = day.series or f"{day.id}", "weekly" if weekly else "monthly"
    return [_repeat(ctx, day, on) for on in days]


def _repeat(ctx: Context, day: OpenDay, on: date) -> OpenDay:
    begins = day.slots[0].starts_at.astimezone(zone())
    shift = datetime.combine(on, begins.time(), zone()) - begins
    values = _values(day, (*_OF_DAY, "series", "recurrence"))
    values |= _times(day, ("opens_at", "closes_at"), shift)
    repeated = create_day(ctx, values | {"copied_from_id": day.id})
    copy_parts(ctx.session, day, repeated, shift)
    return repeated
