"""What is decided about supervisors: taken up, appointed, confirmed, suspended, ended."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import sdk
from core.sdk import Conflict, Context, Invalid, Tenant, Workflow, get_plugin_settings, keyed_digest

from ..domain.appointments import (
    NEED_REASON,
    OPEN_STATES,
    SUPERVISOR_TRANSITIONS,
    SupervisorState,
    SupervisorTransition,
)
from ..domain.terms import AppointmentTerm, confirm_term, start_term
from ..i18n import _
from ..manifest import MANAGE, NAME
from ..models.register import EvaluationSupervisor
from .notices import tell_supervisor

LIFE = Workflow(SUPERVISOR_TRANSITIONS)
PHONE = f"{NAME}.phone"
_CURRENT = (*OPEN_STATES, SupervisorState.APPOINTED, SupervisorState.SUSPENDED)


def set_person(supervisor: EvaluationSupervisor, values: Mapping[str, Any]) -> None:
    """Set who somebody is, with the digest by which the number is found."""
    for name, value in values.items():
        setattr(supervisor, name, value)
    supervisor.phone_digest = keyed_digest(PHONE, supervisor.phone) if supervisor.phone else None


def find_by_phone(session: Session, tenant: Tenant, phone: str) -> EvaluationSupervisor | None:
    """Find somebody who has applied or serves, by the telephone number."""
    query = select(EvaluationSupervisor).where(
        EvaluationSupervisor.tenant_id == tenant.id,
        EvaluationSupervisor.phone_digest == keyed_digest(PHONE, phone),
        EvaluationSupervisor.state.in_(_CURRENT),
    )
    return session.scalars(query.order_by(EvaluationSupervisor.id)).first()


def take_application(session: Session, tenant: Tenant, values: Mapping[str, Any]) -> None:
    """Take an application or nomination; of a number that is there already nothing is changed.

    The sender is told the same either way: nobody learns who is in the register.
    """
    if find_by_phone(session, tenant, values["phone"]) is None:
        session.add(_build(tenant, values))


def enter_person(ctx: Context, values: Mapping[str, Any]) -> EvaluationSupervisor:
    """Enter somebody whom the office or a unit has nominated; raises `Invalid` for one known."""
    ctx.require(MANAGE)
    if find_by_phone(ctx.session, ctx.tenant, values["phone"]) is not None:
        raise Invalid({"phone": _("Somebody with this number is in the register already.")})
    supervisor = _build(ctx.tenant, values)
    supervisor.source, supervisor.state = "nomination", SupervisorState.NOMINATED
    ctx.session.add(supervisor)
    ctx.session.flush()
    ctx.audit(f"{NAME}.enter", str(supervisor.id))
    return supervisor


def _build(tenant: Tenant, values: Mapping[str, Any]) -> EvaluationSupervisor:
    nominated = bool(values.get("nominated_by"))
    supervisor = EvaluationSupervisor(
        tenant_id=tenant.id,
        source="nomination" if nominated else "application",
        state=SupervisorState.NOMINATED if nominated else SupervisorState.APPLIED,
    )
    set_person(supervisor, values)
    return supervisor


def change_person(
    ctx: Context, supervisor: EvaluationSupervisor, values: Mapping[str, Any]
) -> None:
    """Change what the register says of somebody; raises `Invalid` for another's number."""
    ctx.require(MANAGE)
    other = find_by_phone(ctx.session, ctx.tenant, values["phone"])
    if other is not None and other.id != supervisor.id:
        raise Invalid({"phone": _("Somebody with this number is in the register already.")})
    set_person(supervisor, values)
    ctx.audit(f"{NAME}.change", str(supervisor.id))


def decide(ctx: Context, supervisor: EvaluationSupervisor, values: Mapping[str, Any]) -> None:
    """Decide about somebody; raises `Invalid` or `Conflict` and then changes nothing."""
    ctx.require(MANAGE)
    act = SupervisorTransition(values["act"])
    reason = values.get("reason") or ""
    if act in NEED_REASON and not reason:
        raise Invalid({"reason": _("Say why, in a few words.")})
    if not LIFE.can(SupervisorState(supervisor.state), act):
        raise Conflict(_("That is no longer possible: the state has changed."))
    if act is SupervisorTransition.APPOINT:
        _appoint(ctx, supervisor, values)
    if act is SupervisorTransition.CONFIRM:
        _set_term(supervisor, confirm_term(_get_term(supervisor), _years(ctx.tenant)))
    move(ctx.session, ctx.tenant, supervisor, act, reason)
    ctx.audit(f"{NAME}.{act}", str(supervisor.id))


def move(
    session: Session,
    tenant: Tenant,
    supervisor: EvaluationSupervisor,
    act: SupervisorTransition,
    reason: str = "",
) -> None:
    """Make a transition and tell the person; one whose term ends loses the private link."""
    state = LIFE.next_state(SupervisorState(supervisor.state), act)
    supervisor.state, supervisor.reason = state, reason
    is_over = state in {SupervisorState.ENDED, SupervisorState.DECLINED}
    supervisor.ended_on = sdk.today() if is_over else None
    supervisor.link_digest = None if is_over else supervisor.link_digest
    tell_supervisor(session, tenant, supervisor, act)


def _appoint(ctx: Context, supervisor: EvaluationSupervisor, values: Mapping[str, Any]) -> None:
    day: date = values.get("day") or sdk.today()
    if not supervisor.name:
        raise Conflict(_("The data of this person have been erased; enter the person anew."))
    term = start_term(day, _years(ctx.tenant))
    if term.confirmed_until < sdk.today():
        raise Invalid({"day": _("A term that began then would be over by now.")})
    number = values.get("letter_number") or propose_number(ctx.session, ctx.tenant, day)
    if _is_taken(ctx, supervisor, number):
        raise Invalid({"letter_number": _("Another letter has this number.")})
    supervisor.letter_number = number
    _set_term(supervisor, term)


def _years(tenant: Tenant) -> int:
    years: int = get_plugin_settings(NAME, tenant)["term_years"]
    return years


def _set_term(supervisor: EvaluationSupervisor, term: AppointmentTerm) -> None:
    supervisor.appointed_on = term.appointed_on
    supervisor.term_ends_on, supervisor.confirmed_until = term.ends_on, term.confirmed_until


def _get_term(supervisor: EvaluationSupervisor) -> AppointmentTerm:
    appointed, ends = supervisor.appointed_on, supervisor.term_ends_on
    confirmed = supervisor.confirmed_until
    if appointed is None or ends is None or confirmed is None:
        raise Conflict(_("That is no longer possible: the state has changed."))
    return AppointmentTerm(appointed, ends, confirmed)


def _is_taken(ctx: Context, supervisor: EvaluationSupervisor, number: str) -> bool:
    query = select(EvaluationSupervisor.id).where(
        EvaluationSupervisor.tenant_id == ctx.tenant.id,
        EvaluationSupervisor.letter_number == number,
        EvaluationSupervisor.id != supervisor.id,
    )
    return ctx.session.scalar(query) is not None


def propose_number(session: Session, tenant: Tenant, day: date) -> str:
    """Propose the number of the next letter of a year: 聘〔2026〕3号."""
    head = f"聘〔{day.year}〕"
    query = select(EvaluationSupervisor.letter_number).where(
        EvaluationSupervisor.tenant_id == tenant.id,
        EvaluationSupervisor.letter_number.startswith(head, autoescape=True),
    )
    found = filter(None, session.scalars(query))
    used = (number.removeprefix(head).removesuffix("号") for number in found)
    numbers = [int(number) for number in used if number.isdecimal() and len(number) < 6]
    return f"{head}{max(numbers, default=0) + 1}号"


def count_by_state(session: Session, tenant: Tenant) -> dict[str, int]:
    """Count the register by state."""
    query = (
        select(EvaluationSupervisor.state, func.count())
        .where(EvaluationSupervisor.tenant_id == tenant.id)
        .group_by(EvaluationSupervisor.state)
    )
    return {row[0]: row[1] for row in session.execute(query)}
