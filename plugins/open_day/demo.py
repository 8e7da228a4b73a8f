"""Things to see in the demonstration: open days around the present date, with some people."""

import json
from datetime import datetime, time, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import get_timezone
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import Organ, Tenant, touch, utc_now

from .manifest import NAME
from .models.registration import Category, EventSession, FormField, OpenDay, Quota
from .registrations.lottery import ensure_seed
from .registrations.service import register
from .registrations.validation import RegistrationRequest

FILE = "demo.json"
OPENS_BEFORE = timedelta(days=3)
COPIED = (
    "title", "theme", "summary", "body", "place", "transport", "parking", "accessibility",
    "contact", "phone", "mode", "max_party", "offer_hours", "series", "recurrence",
    "eligibility", "is_template",
)  # fmt: skip
FIRST_PHONE = 19900000001


def load(session: Session, tenant: Tenant) -> None:
    """Put in the days of one place, once; what is there stays as it is."""
    there = select(OpenDay.id).where(OpenDay.tenant_id == tenant.id).limit(1)
    if session.scalar(there) is not None:
        return
    data = json.loads(Path(__file__).with_name(FILE).read_text("utf-8"))
    for told in data["days"]:
        if told["tenant"] == tenant.division_code:
            _add(session, tenant, told, data)


def _add(session: Session, tenant: Tenant, told: dict[str, Any], data: dict[str, Any]) -> None:
    day = _day(session, tenant, told, data["consent"])
    session.add(day)
    session.flush()
    _add_quotas(session, day, told)
    ensure_seed(day)
    _add_people(session, day, told, data["names"])
    if day.state != "draft":
        touch(session, NAME, day.id, tenant.id)


def _day(session: Session, tenant: Tenant, told: dict[str, Any], consent: str) -> OpenDay:
    slots = [_slot(tenant, told, slot) for slot in told["slots"]]
    starts, ends = min(s.starts_at for s in slots), max(s.ends_at for s in slots)
    before = told.get("closes_days_before")
    state = told.get("state", "published")
    return OpenDay(
        tenant_id=tenant.id,
        **{name: told[name] for name in COPIED if name in told},
        organ_id=session.scalar(select(Organ.id).where(Organ.name == told.get("organ"))),
        state=state,
        published_at=None if state == "draft" else utc_now() - OPENS_BEFORE,
        starts_at=starts,
        ends_at=ends,
        opens_at=starts - timedelta(days=60) if told["in_days"] < 0 else utc_now() - OPENS_BEFORE,
        closes_at=starts - timedelta(days=before) if before else None,
        consent_text=consent,
        slots=slots,
        categories=[
            Category(
                tenant_id=tenant.id,
                position=position,
                **{key: value for key, value in category.items() if key != "seats"},
            )
            for position, category in enumerate(told.get("categories", ()))
        ],
        fields=[
            FormField(tenant_id=tenant.id, position=position, **asked)
            for position, asked in enumerate(told.get("fields", ()))
        ],
    )


def _slot(tenant: Tenant, told: dict[str, Any], slot: dict[str, Any]) -> EventSession:
    zone = ZoneInfo(str(get_timezone()))
    on = (utc_now().astimezone(zone) + timedelta(days=told["in_days"])).date()

    def at(clock: str) -> datetime:
        return datetime.combine(on, time.fromisoformat(clock), zone)

    plain = {key: value for key, value in slot.items() if key not in {"from", "to"}}
    return EventSession(
        tenant_id=tenant.id, starts_at=at(slot["from"]), ends_at=at(slot["to"]), **plain
    )


def _add_quotas(session: Session, day: OpenDay, told: dict[str, Any]) -> None:
    seats = {c["key"]: c["seats"] for c in told.get("categories", ()) if "seats" in c}
    for slot in day.slots:
        for category in day.categories:
            if category.key in seats:
                session.add(
                    Quota(
                        tenant_id=day.tenant_id,
                        open_day_id=day.id,
                        slot_id=slot.id,
                        category_id=category.id,
                        seats=seats[category.key],
                    )
                )
    session.flush()


def _add_people(session: Session, day: OpenDay, told: dict[str, Any], names: list[str]) -> None:
    name, phone = cycle(names), FIRST_PHONE
    for group in told.get("people", ()):
        for _number in range(group["count"]):
            requested = RegistrationRequest(
                name=next(name),
                phone=str(phone),
                people=str(group["party"]),
                category=group.get("category", ""),
                consent=True,
                eligible=True,
            )
            register(session, day, day.slots[group["slot"]], requested)
            phone += 1
