"""Change the sessions, categories and questions of an open day."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.sdk import Conflict, Context, Invalid, NotFound

from ..domain.warnings import ConfigIssue, EventSettings, SessionSettings, list_issues
from ..i18n import _
from ..manifest import MANAGE
from ..models import registration as tables
from ..models.registration import Category, EventSession, FormField, OpenDay, Quota
from ..registrations.capacity import set_capacity
from ..registrations.transitions import Cause, end_cancelled_slots
from ..registrations.validation import to_questions
from ..registrations.waitlist import promote_day
from .copies import set_span
from .lifecycle import is_editable, log_edit

Row = TypeVar("Row", EventSession, Category, FormField)

# What may change in a session while people are registering.
_CHANGEABLE = (
    "guide", "waiting_on", "waiting_limit", "self_check_in", "check_in_from", "check_in_until",
    "state", "is_counted", "capacity_text",
)  # fmt: skip
_SEATS = {"capacity", "reserved"}


def get_part(rows: Sequence[Row], row_id: int) -> Row:
    """Return a session, category or question of the day by its id; raises `NotFound`."""
    for row in rows:
        if row.id == row_id:
            return row
    raise NotFound(_("This is not part of the open day."))


def new_key(prefix: str, taken: Sequence[str]) -> str:
    """Build a key that no other has; keys never change, so that answers keep their question."""
    numbers = [int(key[len(prefix) :]) for key in taken if re.fullmatch(f"{prefix}[0-9]+", key)]
    return f"{prefix}{max(numbers, default=0) + 1}"


def _require_editable(ctx: Context, day: OpenDay) -> None:
    ctx.require(MANAGE, organ=day.organ_id)
    if not is_editable(day):
        raise Conflict(_("Postpone the open day first: people have registered for what it says."))


def add_slot(ctx: Context, day: OpenDay, values: Mapping[str, Any]) -> EventSession:
    """Add a session."""
    _require_editable(ctx, day)
    slot = EventSession(tenant_id=day.tenant_id, **values)
    day.slots.append(slot)
    set_span(day)
    log_edit(ctx, day, slot.name)
    return slot


def change_slot(ctx: Context, day: OpenDay, slot: EventSession, values: Mapping[str, Any]) -> None:
    """Change a session; once it is announced, its time and place are fixed.

    Who waits gets the seats that are more; who is registered is told that it is cancelled.
    """
    ctx.require(MANAGE, organ=day.organ_id)
    names = set(values) - _SEATS if is_editable(day) else set(values) & set(_CHANGEABLE)
    for name in names:
        setattr(slot, name, values[name])
    set_span(day)
    log_edit(ctx, day, slot.name)
    if not set_capacity(ctx.session, slot, values["capacity"], values["reserved"]):
        raise Invalid({"capacity": _("More places are taken already.")})
    ctx.session.refresh(slot)
    end_cancelled_slots(ctx.session, day, Cause(ctx.actor))
    promote_day(ctx.session, day)


def remove_slot(ctx: Context, day: OpenDay, slot: EventSession) -> None:
    """Remove a session that nobody has registered for."""
    _require_editable(ctx, day)
    if _is_used(ctx, tables.Registration.slot_id, slot.id):
        raise Conflict(_("People have registered for this session. Cancel it instead."))
    day.slots.remove(slot)
    set_span(day)
    log_edit(ctx, day, slot.name)


def _is_used(ctx: Context, column: Any, row_id: int) -> bool:
    return ctx.session.scalar(select(column).where(column == row_id).limit(1)) is not None


def list_quotas(session: Session, slot: EventSession) -> list[Quota]:
    """List the places of categories in a session."""
    return list(session.scalars(select(Quota).where(Quota.slot_id == slot.id)))


def set_quotas(session: Session, slot: EventSession, seats: Mapping[int, int]) -> None:
    """Give categories their places; none that is taken can go."""
    present = {quota.category_id: quota for quota in list_quotas(session, slot)}
    own = {"tenant_id": slot.tenant_id, "open_day_id": slot.open_day_id, "slot_id": slot.id}
    for category_id, count in seats.items():
        quota = present.pop(category_id, None)
        taken = quota.taken if quota else _count_taken(session, slot, category_id)
        if count < taken:
            raise Invalid({f"quota-{category_id}": _("More places are taken already.")})
        if quota is None:
            quota = Quota(category_id=category_id, taken=taken, **own)
            session.add(quota)
        quota.seats = count
    for quota in present.values():
        session.delete(quota)
    session.flush()


def _count_taken(session: Session, slot: EventSession, category_id: int) -> int:
    query = select(func.coalesce(func.sum(tables.Registration.head_count), 0)).where(
        tables.Registration.slot_id == slot.id,
        tables.Registration.category_id == category_id,
        tables.Registration.pool.is_not(None),
    )
    return session.scalar(query) or 0


def add_category(ctx: Context, day: OpenDay, values: Mapping[str, Any]) -> None:
    """Add a category of people."""
    _require_editable(ctx, day)
    if any(category.label == values["label"] for category in day.categories):
        raise Invalid({"label": _("There is this category already.")})
    keys = [category.key for category in day.categories]
    own = {"key": new_key("c", keys), "position": _next_position(day.categories)}
    day.categories.append(Category(tenant_id=day.tenant_id, **(own | dict(values))))
    log_edit(ctx, day, values["label"])


def add_usual_categories(ctx: Context, day: OpenDay) -> None:
    """Add residents, enterprises, deputies, media and students, as far as they are missing."""
    usual = (
        ("residents", _("Residents"), False),
        ("enterprises", _("Enterprises"), False),
        ("deputies", _("Deputies and committee members"), True),
        ("media", _("Media"), True),
        ("students", _("Students"), False),
    )
    present = {text for category in day.categories for text in (category.key, category.label)}
    for key, label, by_invitation in usual:
        if not present & {key, label}:
            add_category(ctx, day, {"key": key, "label": label, "by_invitation": by_invitation})


def _next_position(rows: Sequence[Category] | Sequence[FormField]) -> int:
    return max((row.position for row in rows), default=0) + 1


def remove_category(ctx: Context, day: OpenDay, category: Category) -> None:
    """Remove a category that nobody has registered in."""
    _require_editable(ctx, day)
    if _is_used(ctx, tables.Registration.category_id, category.id):
        raise Conflict(_("People have registered in this category."))
    day.categories.remove(category)
    log_edit(ctx, day, category.label)


def add_field(ctx: Context, day: OpenDay, values: Mapping[str, Any]) -> None:
    """Add a question at the end of the form."""
    _require_editable(ctx, day)
    key = new_key("q", [field.key for field in day.fields])
    position = _next_position(day.fields)
    day.fields.append(FormField(tenant_id=day.tenant_id, key=key, position=position, **values))
    log_edit(ctx, day, values["label"])


def change_field(ctx: Context, day: OpenDay, field: FormField, values: Mapping[str, Any]) -> None:
    """Change a question; what kind it is only while nobody has answered it."""
    _require_editable(ctx, day)
    if values["kind"] != field.kind and _is_used(ctx, tables.Answer.field_id, field.id):
        raise Invalid({"kind": _("It has been answered; add another question instead.")})
    for name, value in values.items():
        setattr(field, name, value)
    log_edit(ctx, day, field.label)


def remove_field(ctx: Context, day: OpenDay, field: FormField) -> None:
    """Remove a question that nobody has answered."""
    _require_editable(ctx, day)
    if _is_used(ctx, tables.Answer.field_id, field.id):
        raise Conflict(_("This question has been answered and stays."))
    if any(other.condition_key == field.key for other in day.fields):
        raise Conflict(_("Another question depends on this one."))
    day.fields.remove(field)
    log_edit(ctx, day, field.label)


def move_field(ctx: Context, day: OpenDay, field: FormField, step: int) -> None:
    """Move a question up (-1) or down (1)."""
    _require_editable(ctx, day)
    ordered = list(day.fields)
    place = ordered.index(field)
    ordered.insert(min(max(place + step, 0), len(ordered) - 1), ordered.pop(place))
    for position, other in enumerate(ordered, 1):
        other.position = position
    log_edit(ctx, day, field.label)
    ctx.session.expire(day, ["fields"])


def find_issues(session: Session, day: OpenDay) -> list[tuple[ConfigIssue, str]]:
    """List what the organiser probably did not mean, each with the session or question."""
    quotas: dict[int, list[int]] = {}
    for quota in session.scalars(select(Quota).where(Quota.open_day_id == day.id)):
        quotas.setdefault(quota.slot_id, []).append(quota.seats)
    labels = {field.key: field.label for field in day.fields}
    settings = EventSettings(
        mode=day.mode,
        opens_at=day.opens_at,
        closes_at=day.closes_at,
        max_party=day.max_party,
        offer_hours=day.offer_hours,
        has_consent=bool(day.consent_text),
        slots=tuple(_settings(day, slot, quotas.get(slot.id, [])) for slot in day.slots),
        open_categories=tuple(not category.by_invitation for category in day.categories),
        questions=tuple(to_questions(day.fields)),
    )
    return [(issue, labels.get(where, where)) for issue, where in list_issues(settings)]


def _settings(day: OpenDay, slot: EventSession, quotas: list[int]) -> SessionSettings:
    return SessionSettings(
        name=slot.name,
        starts_at=slot.starts_at,
        capacity=slot.capacity,
        reserved=slot.reserved,
        waiting_on=slot.waiting_on,
        waiting_limit=slot.waiting_limit,
        quotas=tuple(quotas) if len(quotas) == len(day.categories) else (),
    )
