"""Scheduled jobs: expire offers, end waits, queue reminders (every 5 min); purge (daily).

Personal data is removed when its time is over: answers by their own terms, people by their day's.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session, selectinload

from core import sdk

from .domain.states import DayState, RegistrationState
from .manifest import NAME, SURVEY
from .models import followup
from .models import registration as tables
from .models.registration import Answer, EventSession, OpenDay, Registration
from .notifications.outbox import queue_reminders, subject_of
from .notifications.webhook import TOPIC, set_endpoint
from .registrations.transitions import lapse_over, left_waiting
from .registrations.waitlist import expire_offers

# Those that others point to come last.
TABLES_TO_ERASE = (
    followup.CheckInEvent, followup.Nomination, followup.Reply, followup.YearPlan,
    tables.OpenDayEvent, Answer, tables.Companion, tables.Draw, Registration, tables.Quota,
    tables.FormField, tables.Category, EventSession, OpenDay,
)  # fmt: skip


def purge_personal_data(session: Session, tenant: sdk.Tenant, now: datetime | None = None) -> int:
    """Remove what is past its term at a tenant; return the number of registrations anonymized.

    Counts stay: an anonymous registration keeps its session, category, head count and state.
    """
    now = now or sdk.utc_now()
    expired = Answer.purge_on <= now.date()
    session.execute(delete(Answer).where(Answer.tenant_id == tenant.id, expired))
    due = _past_term(session, tenant.id, now)
    for registration in due:
        sdk.cancel_notices(session, tenant, subject_of(registration))
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
    query = (
        select(Registration, EventSession.ends_at, OpenDay.retention_days)
        .join(Registration.slot)
        .join(Registration.day)
        .where(
            Registration.tenant_id == tenant_id,
            Registration.purged_at.is_(None),
            EventSession.ends_at < now,
        )
        .options(selectinload(Registration.companions), selectinload(Registration.answers))
    )
    return [
        registration
        for registration, ends_at, days in session.execute(query)
        if ends_at + timedelta(days=days) <= now
    ]


def jobs() -> Iterable[sdk.Job]:
    """Return the work that cannot wait for the night."""
    return (sdk.Job(f"{NAME}_round", run_periodic_tasks, sdk.Schedule(minute="*/5")),)


def run_periodic_tasks() -> None:
    """Expire offers and end waits that are over, queue reminders; each in its own transaction."""
    tenants = {tenant.id: tenant for tenant in _busy_tenants()}
    offers = [(tenants[tenant_id], slot_id) for tenant_id, slot_id in _late_offers(tenants)]
    sdk.for_each_in_own_transaction(
        lambda offer: sdk.Scope.own(offer[0]),
        offers,
        lambda session, offer: expire_offers(session, offer[1]),
    )
    for work in (
        lambda session, tenant: lapse_over(session, tenant.id, sdk.utc_now()),
        lambda session, tenant: queue_reminders(session, tenant.id),
        set_endpoint,
    ):
        sdk.for_each_in_own_transaction(sdk.Scope.own, tenants.values(), work)


def daily(session: Session, tenant: sdk.Tenant) -> None:
    """Remove personal data whose time is over."""
    purge_personal_data(session, tenant)


def erase(session: Session, tenant: sdk.Tenant) -> None:
    """Delete everything that the plugin keeps of the place."""
    sdk.erase_questionnaires(session, tenant, SURVEY)
    sdk.erase_notices(session, tenant, NAME)
    sdk.set_webhook_endpoints(session, tenant, TOPIC, [])
    for model in TABLES_TO_ERASE:
        session.execute(delete(model).where(model.tenant_id == tenant.id))


def _busy_tenants() -> list[sdk.Tenant]:
    """Load places where the plugin is on and a day is ahead, or somebody still waits."""
    with sdk.open_session(sdk.Scope.platform("open days: offers, reminders")) as session:
        ahead = select(OpenDay.tenant_id).where(
            OpenDay.state == DayState.PUBLISHED, OpenDay.ends_at > sdk.utc_now()
        )
        waiting = select(Registration.tenant_id).join(Registration.slot).join(Registration.day)
        over = waiting.where(left_waiting(sdk.utc_now()))
        busy = or_(sdk.Tenant.id.in_(ahead), sdk.Tenant.id.in_(over))
        enabled = sdk.Tenant.id.in_(sdk.tenants_with(NAME))
        return list(
            session.scalars(select(sdk.Tenant).where(busy, enabled).order_by(sdk.Tenant.id))
        )


def _late_offers(tenant_ids: Iterable[int]) -> list[tuple[int, int]]:
    """Load the sessions with offers that ran out, each with its place."""
    with sdk.open_session(sdk.Scope.platform("open days: offers")) as session:
        query = select(Registration.tenant_id, Registration.slot_id).where(
            Registration.tenant_id.in_(tenant_ids),
            Registration.state == RegistrationState.OFFERED,
            Registration.offer_expires_at <= sdk.utc_now(),
        )
        return [(tenant_id, slot_id) for tenant_id, slot_id in session.execute(query.distinct())]
