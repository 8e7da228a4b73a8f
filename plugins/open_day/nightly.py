"""What happens without anybody asking: offers run out, reminders, messages, the purge."""

from collections.abc import Iterable

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

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
from plugins.open_day.endings import lapse_over, left_waiting
from plugins.open_day.manifest import NAME
from plugins.open_day.models import (
    Answer,
    Attempt,
    Category,
    Companion,
    Draw,
    FormField,
    Notice,
    OpenDay,
    OpenDayEvent,
    Quota,
    Registration,
    Slot,
    Telling,
)
from plugins.open_day.notices import MOST_ATTEMPTS, Deliver, note_reminders, send_notices
from plugins.open_day.retention import purge
from plugins.open_day.rules import DayState, State
from plugins.open_day.staff_models import KEPT
from plugins.open_day.waiting import expire_offers
from plugins.open_day.webhook import tell_changes

# Those that others point to come last.
OURS = (
    Attempt,
    Telling,
    Notice,
    OpenDayEvent,
    Answer,
    Companion,
    Draw,
    Registration,
    Quota,
    FormField,
    Category,
    Slot,
    OpenDay,
)


def jobs() -> Iterable[Job]:
    """The work that cannot wait for the night."""
    return (Job(f"{NAME}_round", go_round, Schedule(minute="*/5")),)


def go_round() -> None:
    """End offers and waits that are over, note reminders, send messages, tell changes."""
    for tenant in _busy_tenants():
        for slot_id in _slots_with_late_offers(tenant):
            with open_session(Scope.own(tenant)) as session:
                expire_offers(session, slot_id)
        with open_session(Scope.own(tenant)) as session:
            lapse_over(session, tenant.id, utc_now())
        with open_session(Scope.own(tenant)) as session:
            note_reminders(session, tenant.id)
        with open_session(Scope.own(tenant)) as session:
            send_notices(session, tenant.id, _carrier(session, tenant))
        with open_session(Scope.own(tenant)) as session:
            tell_changes(session, tenant)


def _carrier(session: Session, tenant: Tenant) -> Deliver:
    def deliver(to: str, text: str, about: str) -> bool:
        return bool(notify(session, tenant, Message(to=to, text=text, about=about)))

    return deliver


def daily(session: Session, tenant: Tenant) -> None:
    """Remove personal data whose time is over."""
    purge(session, tenant.id)


def erase(session: Session, tenant: Tenant) -> None:
    """Delete everything that the plugin keeps of the place."""
    for model in (*KEPT, *OURS):
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
            .join(Slot, Slot.id == Registration.slot_id)
            .join(OpenDay, OpenDay.id == Registration.open_day_id)
            .where(left_waiting(utc_now()))
        )
        untold = (
            select(Telling.tenant_id)
            .join(OpenDayEvent, OpenDayEvent.tenant_id == Telling.tenant_id)
            .where(
                OpenDayEvent.id > Telling.upto,
                OpenDayEvent.registration_id.is_not(None),
                Telling.next_try_at <= utc_now(),
            )
        )
        busy = or_(*(Tenant.id.in_(each) for each in (ahead, waiting, over, untold)))
        on = Tenant.id.in_(tenants_with(NAME))
        return list(session.scalars(select(Tenant).where(busy, on).order_by(Tenant.id)))


def _slots_with_late_offers(tenant: Tenant) -> list[int]:
    with open_session(Scope.own(tenant)) as session:
        query = select(Registration.slot_id).where(
            Registration.tenant_id == tenant.id,
            Registration.state == State.OFFERED,
            Registration.offer_expires_at <= utc_now(),
        )
        return list(session.scalars(query.distinct()))
