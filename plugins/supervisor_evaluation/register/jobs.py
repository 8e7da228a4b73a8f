"""Each night: terms that are over end, those that end soon are reminded of, old applications go."""

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import Tenant, cancel_notices, get_plugin_settings, today, utc_now

from ..domain.appointments import HOLDING_STATES, OPEN_STATES, SupervisorState, SupervisorTransition
from ..i18n import _
from ..manifest import NAME
from ..models.register import EvaluationSupervisor
from .notices import RENEWAL, tell_supervisor, to_notice_subject
from .service import move

if TYPE_CHECKING:
    from sqlalchemy import Select


def tend_register(session: Session, tenant: Tenant) -> None:
    """Do what the day asks for; doing it twice changes nothing."""
    settings = get_plugin_settings(NAME, tenant)
    end_terms(session, tenant)
    remind_of_renewal(session, tenant, settings["remind_days"])
    drop_old_applications(session, tenant, settings["keep_days"])
    _withdraw_notices(session, tenant)


def end_terms(session: Session, tenant: Tenant) -> None:
    """End appointments that nobody has confirmed beyond yesterday."""
    over = EvaluationSupervisor.confirmed_until < today()
    for supervisor in session.scalars(_holding(tenant).where(over)):
        move(session, tenant, supervisor, SupervisorTransition.END, _("The term is over."))


def remind_of_renewal(session: Session, tenant: Tenant, days: int) -> None:
    """Tell those whose appointment ends within some days."""
    soon = EvaluationSupervisor.confirmed_until <= today() + timedelta(days=days)
    appointed = EvaluationSupervisor.state == SupervisorState.APPOINTED
    for supervisor in session.scalars(_holding(tenant).where(soon, appointed)):
        tell_supervisor(session, tenant, supervisor, RENEWAL)


def drop_old_applications(session: Session, tenant: Tenant, days: int) -> None:
    """Decline what nobody has decided for as long as data are kept, so that they are erased."""
    query = select(EvaluationSupervisor).where(
        EvaluationSupervisor.tenant_id == tenant.id,
        EvaluationSupervisor.state.in_(OPEN_STATES),
        EvaluationSupervisor.created_at < utc_now() - timedelta(days=days),
    )
    for supervisor in session.scalars(query):
        reason = _("Nobody has decided in time.")
        move(session, tenant, supervisor, SupervisorTransition.DECLINE, reason)


def _holding(tenant: Tenant) -> "Select[EvaluationSupervisor]":
    return select(EvaluationSupervisor).where(
        EvaluationSupervisor.tenant_id == tenant.id,
        EvaluationSupervisor.state.in_(HOLDING_STATES),
    )


def _withdraw_notices(session: Session, tenant: Tenant) -> None:
    """Withdraw notices to people whose data were erased of late."""
    erased = EvaluationSupervisor.erased_at > utc_now() - timedelta(days=2)
    query = select(EvaluationSupervisor).where(EvaluationSupervisor.tenant_id == tenant.id, erased)
    for supervisor in session.scalars(query):
        cancel_notices(session, tenant, to_notice_subject(supervisor))
