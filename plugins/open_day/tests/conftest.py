"""An open day at a county where the plugin is on."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.sdk import OPERATOR, Context, Scope, open_session, utc_now
from core.testing.factories.plugins import set_policy
from core.testing.kit import QueuedNotice
from plugins.open_day.models.registration import (
    Category,
    EventSession,
    FormField,
    OpenDay,
    Quota,
)

OPEN = "走进政务大厅"


@pytest.fixture
def county(app, tree):
    """The county, with the plugin on; a busy machine is no reason to leave its parts out."""
    app.extensions["gongkai"].plugin_call_seconds = 60
    app.extensions["gongkai"].plugin_page_seconds = 120
    set_policy("open_day", tree.county)
    return tree.county


@pytest.fixture
def own(app, county):
    """A session of the county's own."""
    with open_session(Scope.own(county)) as session:
        yield session


def context(session, tenant, actor=OPERATOR):
    """What a view hands to the services."""
    return Context(session, tenant, actor)


def told(session, registration=None):
    """What registered people (or one of them) are told, in the order of queueing."""
    query = select(QueuedNotice.topic).order_by(QueuedNotice.id)
    if registration is not None:
        subject = f"open_day.registration:{registration.id}"
        query = query.where(QueuedNotice.subject == subject)
    return [topic.removeprefix("open_day.") for topic in session.scalars(query)]


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


@pytest.fixture
def day(own, county):
    """An open day with one slot of 20 places."""
    made = make_day(own, county)
    own.commit()
    return made
