"""Make open days with their sessions, categories and questions; read what people are told."""

from datetime import timedelta

from core.sdk import OPERATOR, Context, utc_now
from core.testing.kit import list_queued_topics
from plugins.open_day.models.registration import (
    Category,
    EventSession,
    FormField,
    OpenDay,
    Quota,
)

OPEN = "走进政务大厅"


def context(session, tenant, actor=OPERATOR):
    """What a view hands to the services."""
    return Context(session, tenant, actor)


def told(session, registration=None):
    """What registered people (or one of them) are told, in the order of queueing."""
    subject = f"open_day.registration:{registration.id}" if registration is not None else ""
    return list_queued_topics(session, "open_day", subject)


def make_day(session, tenant, *, slots=1, capacity=20, slot=None, **columns):
    """A published day that is open for registration."""
    now = utc_now()
    starts = now + timedelta(days=10)
    values = {
        "title": OPEN,
        "summary": "看审批、问政策、提建议",
        "place": "县政务服务中心一楼大厅",
        "phone": "0954-7012345",
        "state": "published",
        "published_at": now,
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=2),
        "opens_at": now - timedelta(days=1),
        "closes_at": starts - timedelta(days=4),
        "consent_text": "仅用于本次活动。",
    } | columns
    day = OpenDay(tenant_id=tenant.id, **values)
    day.slots = [
        EventSession(
            tenant_id=tenant.id,
            name=f"第{number}场",
            starts_at=starts + timedelta(hours=2 * number),
            ends_at=starts + timedelta(hours=2 * number + 2),
            capacity=capacity,
            **({"waiting_limit": 10} | (slot or {})),
        )
        for number in range(1, slots + 1)
    ]
    session.add(day)
    session.flush()
    return day


def add_category(session, day, key, label, *, seats=None, **columns):
    """A category of a day, with a quota in every slot if it has seats of its own."""
    category = Category(tenant_id=day.tenant_id, key=key, label=label, **columns)
    day.categories.append(category)
    session.flush()
    if seats is not None:
        for slot in day.slots:
            session.add(
                Quota(
                    tenant_id=day.tenant_id,
                    open_day_id=day.id,
                    slot_id=slot.id,
                    category_id=category.id,
                    seats=seats,
                )
            )
    session.flush()
    return category


def add_field(session, day, key, label, kind="text", **columns):
    """A question of a day's form."""
    field = FormField(tenant_id=day.tenant_id, key=key, label=label, kind=kind, **columns)
    day.fields.append(field)
    session.flush()
    return field
