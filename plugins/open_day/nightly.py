"""What happens without anybody asking: offers run out, reminders, messages, the purge."""

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.sdk import Job, Schedule, Scope, Tenant, open_session, tenants_with, utc_now
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
)
from plugins.open_day.notices import note_reminders
from plugins.open_day.retention import purge
from plugins.open_day.rules import State
from plugins.open_day.staff_models import KEPT
from plugins.open_day.waiting import expire_offers

# Those that others point to come last.
OURS = (
    Attempt,
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
    """End offers that have run out and note reminders, at each place where the plugin is on."""
    for tenant in _tenants():
        for slot_id in _slots_with_late_offers(tenant):
            with open_session(Scope.own(tenant)) as session:
                expire_offers(session, slot_id)
        with open_session(Scope.own(tenant)) as session:
            note_reminders(session, tenant.id)


def daily(session: Session, tenant: Tenant) -> None:
    """Remove personal data whose time is over."""
    purge(session, tenant.id)


def erase(session: Session, tenant: Tenant) -> None:
    """Delete everything that the plugin keeps of the place."""
    for model in (*KEPT, *OURS):
        session.execute(delete(model).where(model.tenant_id == tenant.id))


def _tenants() -> list[Tenant]:
    with open_session(None) as session:
        return list(session.scalars(select(Tenant).where(Tenant.id.in_(tenants_with(NAME)))))


def _slots_with_late_offers(tenant: Tenant) -> list[int]:
    with open_session(Scope.own(tenant)) as session:
        query = select(Registration.slot_id).where(
            Registration.tenant_id == tenant.id,
            Registration.state == State.OFFERED,
            Registration.offer_expires_at <= utc_now(),
        )
        return list(session.scalars(query.distinct()))
