"""Scheduled jobs: expire offers, end waits, queue reminders (every 5 min); erase a place."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from core import sdk

from .domain.states import DayState, RegistrationState
from .manifest import NAME, SURVEY
from .models import followup
from .models import registration as tables
from .models.registration import Answer, EventSession, OpenDay, Registration
from .notifications.outbox import queue_reminders, to_subject
from .notifications.webhook import TOPIC, set_endpoint
from .registrations.transitions import lapse_over, left_waiting
from .registrations.waitlist import expire_offers

# Those that others point to come last.
TABLES_TO_ERASE = (
    followup.CheckInEvent, followup.Nomination, followup.Reply, followup.YearPlan,
    tables.OpenDayEvent, Answer, tables.Companion, tables.Draw, Registration, tables.Quota,
    tables.FormField, tables.Category, EventSession, OpenDay,
)  # fmt: skip


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
    """Withdraw notices to people whose data was erased of late."""
    erased = Registration.purged_at > sdk.utc_now() - timedelta(days=2)
    query = select(Registration).where(Registration.tenant_id == tenant.id, erased)
    for registration in session.scalars(query):
        sdk.cancel_notices(session, tenant, to_subject(registration))


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
