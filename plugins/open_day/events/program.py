"""Change the sessions, categories and questions of an open day."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.sdk import Actor, Conflict, Invalid, NotFound, Tenant, require

from ..domain.questions import FormQuestion
from ..domain.warnings import ConfigIssue, EventSettings, SessionSettings, list_issues
from ..i18n import _
from ..manifest import MANAGE
from ..models.registration import (
    Answer,
    Category,
    EventSession,
    FormField,
    OpenDay,
    Quota,
    Registration,
)
from ..registrations.transitions import Cause, end_cancelled_slots
from ..registrations.waitlist import promote_day
from .copies import set_span
from .lifecycle import is_editable, log_edit
from .program_forms import new_key

Row = TypeVar("Row", EventSession, Category, FormField)

# What may change in a session while people are registering.
_OPEN_SLOT = (
    "guide", "capacity", "reserved", "waiting_on", "waiting_limit", "self_check_in",
    "check_in_from", "check_in_until", "state",
)  # fmt: skip
_SEATS = ("capacity", "reserved")
_USUAL = (
    ("residents", False), ("enterprises", False), ("deputies", True), ("media", True),
    ("students", False),
)  # fmt: skip


def usual_labels() -> dict[str, str]:
    """The usual categories, as people call them."""
    return {
        "residents": _("Residents"),
        "enterprises": _("Enterprises"),
        "deputies": _("Deputies and committee members"),
        "media": _("Media"),
        "students": _("Students"),
    }


def slot_of(day: OpenDay, slot_id: int) -> EventSession:
    """A session of the day; raises `NotFound`."""
    return _one(day.slots, slot_id)


def category_of(day: OpenDay, category_id: int) -> Category:
    """A category of the day; raises `NotFound`."""
    return _one(day.categories, category_id)


def field_of(day: OpenDay, field_id: int) -> FormField:
    """A question of the day; raises `NotFound`."""
    return _one(day.fields, field_id)


def _one(rows: Sequence[Row], row_id: int) -> Row:
    for row in rows:
        if row.id == row_id:
            return row
    raise NotFound(_("This is not part of the open day."))


def _may_plan(actor: Actor, tenant: Tenant, day: OpenDay) -> None:
    require(actor, MANAGE, tenant)
    if not is_editable(day):
        raise Conflict(_("Postpone the open day first: people have registered for what it says."))


def add_slot(
    session: Session, actor: Actor, tenant: Tenant, day: OpenDay, values: Mapping[str, Any]
) -> EventSession:
    """Add a session."""
    _may_plan(actor, tenant, day)
    slot = EventSession(tenant_id=day.tenant_id, **values)
    day.slots.append(slot)
    set_span(day)
    log_edit(session, actor, tenant, day, slot.name)
    return slot


def change_slot(  # noqa: PLR0913 - who, where, which, what
    session: Session,
    actor: Actor,
    tenant: Tenant,
    day: OpenDay,
    slot: EventSession,
    *,
    values: Mapping[str, Any],
) -> None:
    """Change a session; once it is announced, its time and place are fixed.

    Who waits gets the seats that are more; who is registered is told that it is cancelled.
    """
    require(actor, MANAGE, tenant)
    names = set(values) if is_editable(day) else set(values) & set(_OPEN_SLOT)
    for name in names - set(_SEATS):
        setattr(slot, name, values[name])
    set_span(day)
    log_edit(session, actor, tenant, day, slot.name)
    _set_seats(session, slot, values["capacity"], values["reserved"])
    end_cancelled_slots(session, day, Cause(actor))
    promote_day(session, day)


def _set_seats(session: Session, slot: EventSession, capacity: int, reserved: int) -> None:
    """One conditional update, so that nobody takes a place that is being taken away."""
    changed = session.execute(
        update(EventSession)
        .where(
            EventSession.id == slot.id,
            EventSession.taken <= capacity - reserved,
            EventSession.reserved_taken <= reserved,
        )
        .values(capacity=capacity, reserved=reserved)
        .execution_options(synchronize_session=False)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]  # of an update it has one
        raise Invalid({"capacity": _("More places are taken already.")})
    session.refresh(slot)


def remove_slot(
    session: Session, actor: Actor, tenant: Tenant, day: OpenDay, slot: EventSession
) -> None:
    """Remove a session that nobody has registered for."""
    _may_plan(actor, tenant, day)
    if session.scalar(select(func.count(Registration.id)).where(Registration.slot_id == slot.id)):
        raise Conflict(_("People have registered for this session. Cancel it instead."))
    day.slots.remove(slot)
    set_span(day)
    log_edit(session, actor, tenant, day, slot.name)


def quotas_of(session: Session, slot: EventSession) -> list[Quota]:
    """Places of categories in a session."""
    return list(session.scalars(select(Quota).where(Quota.slot_id == slot.id)))


def set_quotas(session: Session, slot: EventSession, seats: Mapping[int, int]) -> None:
    """Give categories their places; none that is taken can go."""
    present = {quota.category_id: quota for quota in quotas_of(session, slot)}
    for category_id, count in seats.items():
        quota = present.pop(category_id, None)
        if quota is None:
            taken = _taken_by(session, slot, category_id)
            quota = Quota(
                tenant_id=slot.tenant_id, open_day_id=slot.open_day_id, slot_id=slot.id,
                category_id=category_id, seats=max(count, taken), taken=taken,
            )  # fmt: skip
            session.add(quota)
        if count < quota.taken:
            name = f"quota-{category_id}"
            raise Invalid({name: _("More places are taken already.")})
        quota.seats = count
    for quota in present.values():
        session.delete(quota)
    session.flush()


def _taken_by(session: Session, slot: EventSession, category_id: int) -> int:
    query = select(func.coalesce(func.sum(Registration.head_count), 0)).where(
        Registration.slot_id == slot.id,
        Registration.category_id == category_id,
        Registration.pool.is_not(None),
    )
    return session.scalar(query) or 0


def add_category(
    session: Session, actor: Actor, tenant: Tenant, day: OpenDay, values: Mapping[str, Any]
) -> None:
    """Add a category of people."""
    _may_plan(actor, tenant, day)
    if any(one.label == values["label"] for one in day.categories):
        raise Invalid({"label": _("There is this category already.")})
    key = values.get("key") or new_key("c", [one.key for one in day.categories])
    place = max((one.position for one in day.categories), default=0) + 1
    day.categories.append(
        Category(tenant_id=day.tenant_id, position=place, **{**values, "key": key})
    )
    log_edit(session, actor, tenant, day, values["label"])


def add_usual_categories(session: Session, actor: Actor, tenant: Tenant, day: OpenDay) -> None:
    """Add residents, enterprises, deputies, media and students, as far as they are missing."""
    labels = usual_labels()
    present = {one.key for one in day.categories} | {one.label for one in day.categories}
    for key, invited in _USUAL:
        if key not in present and labels[key] not in present:
            values = {"key": key, "label": labels[key], "by_invitation": invited}
            add_category(session, actor, tenant, day, values)


def remove_category(
    session: Session, actor: Actor, tenant: Tenant, day: OpenDay, category: Category
) -> None:
    """Remove a category that nobody has registered in."""
    _may_plan(actor, tenant, day)
    used = select(func.count(Registration.id)).where(Registration.category_id == category.id)
    if session.scalar(used):
        raise Conflict(_("People have registered in this category."))
    day.categories.remove(category)
    log_edit(session, actor, tenant, day, category.label)


def add_field(
    session: Session, actor: Actor, tenant: Tenant, day: OpenDay, values: Mapping[str, Any]
) -> None:
    """Add a question at the end of the form."""
    _may_plan(actor, tenant, day)
    place = max((one.position for one in day.fields), default=0) + 1
    key = new_key("q", [one.key for one in day.fields])
    day.fields.append(FormField(tenant_id=day.tenant_id, key=key, position=place, **values))
    log_edit(session, actor, tenant, day, values["label"])


def change_field(  # noqa: PLR0913 - who, where, which, what
    session: Session,
    actor: Actor,
    tenant: Tenant,
    day: OpenDay,
    field: FormField,
    *,
    values: Mapping[str, Any],
) -> None:
    """Change a question; what kind it is only while nobody has answered it."""
    _may_plan(actor, tenant, day)
    if values["kind"] != field.kind and _is_answered(session, field):
        raise Invalid({"kind": _("It has been answered; add another question instead.")})
    for name, value in values.items():
        setattr(field, name, value)
    log_edit(session, actor, tenant, day, field.label)


def remove_field(
    session: Session, actor: Actor, tenant: Tenant, day: OpenDay, field: FormField
) -> None:
    """Remove a question that nobody has answered."""
    _may_plan(actor, tenant, day)
    if _is_answered(session, field):
        raise Conflict(_("This question has been answered and stays."))
    if any(one.condition_key == field.key for one in day.fields):
        raise Conflict(_("Another question depends on this one."))
    day.fields.remove(field)
    log_edit(session, actor, tenant, day, field.label)


def move_field(  # noqa: PLR0913 - who, where, which, whither
    session: Session, actor: Actor, tenant: Tenant, day: OpenDay, field: FormField, *, step: int
) -> None:
    """Move a question up (-1) or down (1)."""
    _may_plan(actor, tenant, day)
    ordered = list(day.fields)
    place = ordered.index(field)
    ordered.insert(min(max(place + step, 0), len(ordered) - 1), ordered.pop(place))
    for number, one in enumerate(ordered, 1):
        one.position = number
    log_edit(session, actor, tenant, day, field.label)
    session.expire(day, ["fields"])


def _is_answered(session: Session, field: FormField) -> bool:
    query = select(func.count(Answer.id)).where(Answer.field_id == field.id)
    return bool(session.scalar(query))


def find_issues(session: Session, day: OpenDay) -> list[tuple[ConfigIssue, str]]:
    """What the organiser probably did not mean, each with the session or question it is about."""
    quotas: dict[int, list[int]] = {}
    for quota in session.scalars(select(Quota).where(Quota.open_day_id == day.id)):
        quotas.setdefault(quota.slot_id, []).append(quota.seats)
    labels = {one.key: one.label for one in day.fields}
    plan = EventSettings(
        mode=day.mode,
        opens_at=day.opens_at,
        closes_at=day.closes_at,
        max_party=day.max_party,
        offer_hours=day.offer_hours,
        has_consent=bool(day.consent_text),
        slots=tuple(_planned(day, slot, quotas.get(slot.id, [])) for slot in day.slots),
        open_categories=tuple(not one.by_invitation for one in day.categories),
        questions=tuple(_question(one) for one in day.fields),
    )
    return [(issue, labels.get(where, where)) for issue, where in list_issues(plan)]


def _planned(day: OpenDay, slot: EventSession, quotas: list[int]) -> SessionSettings:
    bounded = len(quotas) == len(day.categories)
    return SessionSettings(
        name=slot.name,
        starts_at=slot.starts_at,
        capacity=slot.capacity,
        reserved=slot.reserved,
        waiting_on=slot.waiting_on,
        waiting_limit=slot.waiting_limit,
        quotas=tuple(quotas) if bounded else (),
    )


def _question(one: FormField) -> FormQuestion:
    return FormQuestion(
        key=one.key,
        kind=one.kind,
        required=one.required,
        choices=tuple(one.choices),
        minimum=one.minimum,
        maximum=one.maximum,
        condition_key=one.condition_key,
        condition_value=one.condition_value,
    )
