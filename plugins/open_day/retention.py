"""Remove personal data when its time is over: answers by their own, people by their day's."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from core.sdk import utc_now
from plugins.open_day.models import Answer, Attempt, OpenDay, Registration, Slot

ATTEMPTS_ARE_KEPT = timedelta(hours=1)


def purge(session: Session, tenant_id: int, now: datetime | None = None) -> int:
    """Remove what is past its term at a tenant; the number of registrations made nameless.

    Counts stay: a nameless registration keeps its slot, category, head count and state.
    """
    now = now or utc_now()
    session.execute(
        delete(Answer).where(Answer.tenant_id == tenant_id, Answer.purge_on <= now.date())
    )
    session.execute(
        delete(Attempt).where(Attempt.tenant_id == tenant_id, Attempt.at <= now - ATTEMPTS_ARE_KEPT)
    )
    due = _past_term(session, tenant_id, now)
    for registration in due:
        make_nameless(registration, now)
    return len(due)


def make_nameless(registration: Registration, now: datetime) -> None:
    """Remove everything about the person; what is counted stays."""
    registration.name = registration.phone = registration.organisation = ""
    registration.needs = registration.language = ""
    registration.phone_digest = registration.claim = registration.request_key = None
    registration.companions.clear()
    registration.answers.clear()
    registration.purged_at = now


def _past_term(session: Session, tenant_id: int, now: datetime) -> list[Registration]:
    found = session.execute(
        select(Registration, Slot.ends_at, OpenDay.retention_days)
        .join(Slot, Slot.id == Registration.slot_id)
        .join(OpenDay, OpenDay.id == Registration.open_day_id)
        .where(
            Registration.tenant_id == tenant_id,
            Registration.purged_at.is_(None),
            Slot.ends_at < now,
        )
        .options(selectinload(Registration.companions), selectinload(Registration.answers))
    )
    return [
        registration
        for registration, ends_at, days in found
        if ends_at + timedelta(days=days) <= now
    ]
