"""What happens without anybody asking: offers run out, reminders, messages, the purge.

Remove personal data when its time is over: answers by their own, people by their day's.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session, selectinload

from core.sdk import (
    Job,
    Message,
    Schedule,
    Scope,
    Tenant,
    notify,
    open_session,
    tenants_with,
    utc_now,
)

from .domain.states import DayState, RegistrationState
from .manifest import NAME
from .models.followup import FOLLOWUP_TABLES
from .models.registration import (
    Answer,
    Attempt,
    Category,
    Companion,
    Draw,
    EventSession,
    FormField,
    Notice,
    OpenDay,
    OpenDayEvent,
    Quota,
    Registration,
    WebhookCursor,
)
from .notifications.outbox import MOST_ATTEMPTS, Deliver, queue_reminders, send_notices
from .notifications.webhook import send_changes
from .registrations.transitions import lapse_over, left_waiting
from .registrations.waitlist import expire_offers

ATTEMPTS_ARE_KEPT = timedelta(hours=1)


def purge_personal_data(session: Session, tenant_id: int, now: datetime | None = None) -> int:
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
        anonymize(registration, now)
    return len(due)


def anonymize(registration: Registration, now: datetime) -> None:
    """Remove everything about the person; what is counted stays."""
    registration.name = registration.phone = registration.organisation = ""
    registration.needs = registration.language = ""
    registration.phone_digest = registration.claim = registration.request_key = None
    registration.companions.clear()
    registration.answers.clear()
    registration.purged_at = now


def _past_term(session: Session, tenant_id: int, now: datetime) -> list[Registration]:
    found = session.execute(
        select(Registration, EventSession.ends_at, OpenDay.retention_days)
        .join(EventSession, EventSession.id == Registration.slot_id)
        .join(OpenDay, OpenDay.id == Registration.open_day_id)
        .where(
            Registration.tenant_id == tenant_id,
            Registration.purged_at.is_(None),
            EventSession.ends_at < now,
        )
        .options(selectinload(Registration.companions), selectinload(Registration.answers))
    )
    return [
        registration
        for registration, ends_at, days in found
        if ends_at + timedelta(days=days) <= now
    ]


# Those that others point to come last.
REGISTRATION_TABLES = (
    Attempt,
    WebhookCursor,
    Notice,
    OpenDayEvent,
    Answer,
    Companion,
    Draw,
    Registration,
    Quota,
    FormField,
    Category,
    EventSession,
    OpenDay,
)


def jobs() -> Iterable[Job]:
    """The work that cannot wait for the night."""
    return (Job(f"{NAME}_round", run_periodic_tasks, Schedule(minute="*/5")),)


def run_periodic_tasks() -> None:
    """End offers and waits that are over, note reminders, send messages, tell changes."""
    for tenant in _busy_tenants():
        for slot_id in _slots_with_late_offers(tenant):
            with open_session(Scope.own(tenant)) as session:
                expire_offers(session, slot_id)
        with open_session(Scope.own(tenant)) as session:
            lapse_over(session, tenant.id, utc_now())
        with open_session(Scope.own(tenant)) as session:
            queue_reminders(session, tenant.id)
        with open_session(Scope.own(tenant)) as session:
            send_notices(session, tenant.id, _carrier(session, tenant))
        with open_session(Scope.own(tenant)) as session:
            send_changes(session, tenant)


def _carrier(session: Session, tenant: Tenant) -> Deliver:
    def deliver(to: str, text: str, about: str) -> bool:
        return bool(notify(session, tenant, Message(to=to, text=text, about=about)))

    return deliver


def daily(session: Session, tenant: Tenant) -> None:
    """Remove personal data whose time is over."""
    purge_personal_data(session, tenant.id)


def erase(session: Session, tenant: Tenant) -> None:
    """Delete everything that the plugin keeps of the place."""
    for model in (*FOLLOWUP_TABLES, *REGISTRATION_TABLES):
        session.execute(delete(model).where(model.tenant_id == tenant.id))


def _busy_tenants() -> list[Tenant]:
    """Places where the plugin is on and a day is ahead, somebody still waits, or a message does."""
    with open_session(Scope.platform("open days: offers, reminders, messages")) as session:
        ahead = select(OpenDay.tenant_id).where(
            OpenDay.state == DayState.PUBLISHED, OpenDay.ends_at > utc_now()
        )
        waiting = select(Notice.tenant_id).where(
            Notice.sent_at.is_(None), Notice.attempts < MOST_ATTEMPTS
        )
        over = (
            select(Registration.tenant_id)
            .join(EventSession, EventSession.id == Registration.slot_id)
            .join(OpenDay, OpenDay.id == Registration.open_day_id)
            .where(left_waiting(utc_now()))
        )
        untold = (
            select(WebhookCursor.tenant_id)
            .join(OpenDayEvent, OpenDayEvent.tenant_id == WebhookCursor.tenant_id)
            .where(
                OpenDayEvent.id > WebhookCursor.upto,
                OpenDayEvent.registration_id.is_not(None),
                WebhookCursor.next_try_at <= utc_now(),
            )
        )
        busy = or_(*(Tenant.id.in_(each) for each in (ahead, waiting, over, untold)))
        on = Tenant.id.in_(tenants_with(NAME))
        return list(session.scalars(select(Tenant).where(busy, on).order_by(Tenant.id)))


def _slots_with_late_offers(tenant: Tenant) -> list[int]:
    with open_session(Scope.own(tenant)) as session:
        query = select(Registration.slot_id).where(
            Registration.tenant_id == tenant.id,
            Registration.state == RegistrationState.OFFERED,
            Registration.offer_expires_at <= utc_now(),
        )
        return list(session.scalars(query.distinct()))
