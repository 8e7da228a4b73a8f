"""The register: who is in it, what is decided about them, private links, what the night does."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from core import sdk
from core.sdk import Conflict, Context, Invalid, NotFound, Tenant, keyed_digest, today, utc_now

from ..domain.appointments import (
    HOLDING_STATES,
    NEED_REASON,
    OPEN_STATES,
    SUPERVISOR_TRANSITIONS,
    SupervisorState,
    SupervisorTransition,
)
from ..domain.terms import AppointmentTerm, GroupFigures, confirm_term, count_group, start_term
from ..i18n import _, _l
from ..manifest import MANAGE, NAME
from ..models.register import ConflictOfInterest, EvaluationSupervisor

LIFE = sdk.Workflow(SUPERVISOR_TRANSITIONS)
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
    years: int = sdk.get_plugin_settings(NAME, tenant)["term_years"]
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


RENEWAL = f"{NAME}.renewal"
_TEXTS = {
    SupervisorTransition.APPOINT: _l(
        "%(place)s has appointed you as supervisor until %(until)s. The letter of appointment "
        "holds the address of your own page."
    ),
    SupervisorTransition.CONFIRM: _l("%(place)s has confirmed your appointment until %(until)s."),
    SupervisorTransition.DECLINE: _l(
        "Thank you for your interest in becoming a supervisor of %(place)s. This time others "
        "were appointed."
    ),
    SupervisorTransition.SUSPEND: _l("Your work as supervisor of %(place)s is suspended."),
    SupervisorTransition.RESUME: _l("Your work as supervisor of %(place)s goes on."),
    SupervisorTransition.END: _l(
        "Your term as supervisor of %(place)s has ended. Thank you for your work."
    ),
}
for _transition, _text in _TEXTS.items():
    sdk.add_notice_template(f"{NAME}.{_transition}", _text)
sdk.add_notice_template(
    RENEWAL,
    _l("Your appointment as supervisor of %(place)s lasts until %(until)s and awaits renewal."),
)


def to_notice_subject(supervisor: EvaluationSupervisor) -> str:
    """Name a supervisor's row for the notices about it."""
    return f"{NAME}:{supervisor.id}"


def tell_supervisor(
    session: Session, tenant: Tenant, supervisor: EvaluationSupervisor, topic: str
) -> None:
    """Queue the notice of a decision or reminder; of each term a reminder is sent once."""
    until = str(supervisor.confirmed_until or "")
    key = f"{topic}:{supervisor.id}:{until}" if topic == RENEWAL else None
    sdk.queue_notice(
        session,
        tenant,
        topic if topic == RENEWAL else f"{NAME}.{topic}",
        supervisor.phone,
        {"place": tenant.name, "until": until},
        subject=to_notice_subject(supervisor),
        dedupe_key=key,
    )


def tend_register(session: Session, tenant: Tenant) -> None:
    """Do what the day asks for; doing it twice changes nothing."""
    settings = sdk.get_plugin_settings(NAME, tenant)
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
        sdk.cancel_notices(session, tenant, to_notice_subject(supervisor))


#: The links that open the desks of supervisors without an account.
LINKS = sdk.PrivateLinks(f"{NAME}.link", EvaluationSupervisor.link_digest)


def make_link(ctx: Context, supervisor: EvaluationSupervisor) -> str:
    """Give a supervisor a new link in the place of an earlier one; return its secret."""
    ctx.require(MANAGE)
    if supervisor.state not in HOLDING_STATES:
        raise Conflict(_("Only somebody who is appointed has a page of their own."))
    secret = LINKS.make(supervisor)
    ctx.audit(f"{NAME}.link", str(supervisor.id))
    ctx.session.flush()
    return secret


def withdraw_link(ctx: Context, supervisor: EvaluationSupervisor) -> None:
    """Let the link lead nowhere from now on."""
    ctx.require(MANAGE)
    LINKS.withdraw(supervisor)
    ctx.audit(f"{NAME}.link_withdrawn", str(supervisor.id))


def load_by_link(ctx: Context, secret: str) -> EvaluationSupervisor:
    """Load the supervisor whose desk a link opens; raises `NotFound`."""
    holds = EvaluationSupervisor.state.in_(HOLDING_STATES)
    supervisor: EvaluationSupervisor = LINKS.load(ctx, secret, holds)
    return supervisor


def get_supervisor(session: Session, tenant: Tenant, number: int) -> EvaluationSupervisor:
    """Return a supervisor or applicant of the place; raises `NotFound`."""
    supervisor = session.get(EvaluationSupervisor, number)
    if supervisor is None or supervisor.tenant_id != tenant.id:
        raise NotFound
    return supervisor


def select_supervisors(tenant: Tenant, state: str = "") -> "Select[EvaluationSupervisor]":
    """Build the query of the register, or of those in one state, by name."""
    query = select(EvaluationSupervisor).where(EvaluationSupervisor.tenant_id == tenant.id)
    if state:
        query = query.where(EvaluationSupervisor.state == state)
    return query.order_by(EvaluationSupervisor.name, EvaluationSupervisor.id)


def list_appointed(session: Session, tenant: Tenant) -> Sequence[EvaluationSupervisor]:
    """List those who may judge today: appointed, and neither suspended nor over."""
    current = EvaluationSupervisor.confirmed_until >= today()
    return session.scalars(select_supervisors(tenant, "appointed").where(current)).all()


def load_conflicts(session: Session, tenant: Tenant) -> frozenset[tuple[int, str, int]]:
    """Load who must not judge whom: supervisor, "organ" or "township", its id."""
    rows = session.scalars(
        select(ConflictOfInterest).where(ConflictOfInterest.tenant_id == tenant.id)
    )
    return frozenset((row.supervisor_id, *row.subject_key) for row in rows)


def load_figures(session: Session, tenant: Tenant) -> GroupFigures:
    """Count how the group of appointed supervisors is made up."""
    rows = list_appointed(session, tenant)
    members = ((row.gender, row.background, row.birth_year) for row in rows)
    return count_group(members, today().year)


def count_undecided(session: Session, tenant: Tenant) -> int:
    """Count applications and nominations that nobody has decided."""
    return _count(session, tenant, EvaluationSupervisor.state.in_(OPEN_STATES))


def count_ending(session: Session, tenant: Tenant, days: int) -> int:
    """Count those whose appointment ends within some days unless it is confirmed."""
    is_appointed = EvaluationSupervisor.state == SupervisorState.APPOINTED
    ends = EvaluationSupervisor.confirmed_until <= today() + timedelta(days=days)
    return _count(session, tenant, is_appointed & ends)


def _count(session: Session, tenant: Tenant, condition: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(EvaluationSupervisor)
    found = session.scalar(query.where(EvaluationSupervisor.tenant_id == tenant.id, condition))
    return found or 0
