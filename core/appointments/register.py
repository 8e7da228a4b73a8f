"""A register of people appointed for a term: who is in it, what is decided, what the night does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from core.accounts.private_links import PrivateLinks
from core.appointments.domain.life import (
    APPOINTMENT_TRANSITIONS,
    HOLDING_STATES,
    NEED_REASON,
    OPEN_STATES,
    AppointmentState,
    AppointmentTransition,
)
from core.appointments.domain.terms import (
    AppointmentTerm,
    GroupFigures,
    confirm_term,
    count_group,
    start_term,
)
from core.appointments.labels import STATES
from core.appointments.models import AppointedPerson
from core.clock import today
from core.db.base import utc_now
from core.db.tree import Tenant
from core.errors import Conflict, Invalid, NotFound
from core.notifications.outbox import cancel_notices, queue_notice
from core.notifications.templates import add_notice_template
from core.plugins.activation.settings import get_plugin_settings
from core.redaction import keyed_digest
from core.web.context import Context
from core.workflow import Workflow

LIFE = Workflow(APPOINTMENT_TRANSITIONS)
RENEWAL = "renewal"
_CURRENT = (*OPEN_STATES, *HOLDING_STATES)


@dataclass(frozen=True, slots=True)
class AppointmentRegister:
    """The people of a feature, whose settings are `AppointmentSettings`, in a table of its own.

    `manage` is the permission to decide, `kinds` and `backgrounds` are words for what the table
    allows. `letter` says in a letter as what somebody is appointed (`%(kind)s`, `%(place)s`,
    `%(from)s`, `%(until)s`), `desk` is the endpoint of the page that a private link opens. `texts`
    are the notices of decisions, and of a renewal that is due, by `AppointmentTransition`
    (`%(place)s`, `%(until)s`).
    """

    name: str
    table: type[Any]  # an `AppointedPerson` that is mapped
    manage: str
    kinds: Mapping[str, Any]
    backgrounds: Mapping[str, Any]
    letter: Any
    desk: str
    texts: Mapping[str, Any]

    def add_texts(self) -> None:
        """Make the notices known; once, when the feature is loaded."""
        for topic, text in self.texts.items():
            add_notice_template(f"{self.name}.{topic}", text)

    @property
    def links(self) -> PrivateLinks:
        """The links that open somebody's desk."""
        return PrivateLinks(f"{self.name}.link", self.table.link_digest)

    @property
    def phone_purpose(self) -> str:
        """The purpose of the hash by which a telephone number is found."""
        return f"{self.name}.phone"

    def say_state(self, person: AppointedPerson) -> tuple[Any, str]:
        """Say where somebody stands, with the tone in which it is shown."""
        return STATES[AppointmentState(person.state)]

    def get_settings(self, tenant: Tenant) -> dict[str, Any]:
        """Return what the place has set."""
        return get_plugin_settings(self.name, tenant)

    def set_person(self, person: AppointedPerson, values: Mapping[str, Any]) -> None:
        """Set who somebody is, with the hash by which the number is found."""
        for name, value in values.items():
            setattr(person, name, value)
        person.phone_digest = self._digest(person.phone) if person.phone else None

    def _digest(self, phone: str) -> str:
        return keyed_digest(self.phone_purpose, phone)

    def _find_by_phone(self, session: Session, tenant: Tenant, phone: str) -> Any:
        query = self.select(tenant).where(
            self.table.phone_digest == self._digest(phone), self.table.state.in_(_CURRENT)
        )
        return session.scalars(query.order_by(None).order_by(self.table.id)).first()

    def take_application(self, session: Session, tenant: Tenant, values: Mapping[str, Any]) -> None:
        """Take an application or nomination; of a number that is there already nothing is changed.

        The sender is told the same either way: nobody learns who is in the register.
        """
        if self._find_by_phone(session, tenant, values["phone"]) is None:
            session.add(self._build(tenant, values, is_nominated=bool(values["nominated_by"])))

    def enter(self, ctx: Context, values: Mapping[str, Any]) -> Any:
        """Enter somebody whom the office or a unit nominates; raises `Invalid` for one known."""
        ctx.require(self.manage)
        self._refuse_known(ctx, values["phone"])
        person = self._build(ctx.tenant, values, is_nominated=True)
        ctx.session.add(person)
        ctx.session.flush()
        ctx.audit(f"{self.name}.enter", str(person.id))
        return person

    def _refuse_known(self, ctx: Context, phone: str, known: int | None = None) -> None:
        other = self._find_by_phone(ctx.session, ctx.tenant, phone)
        if other is not None and other.id != known:
            raise Invalid({"phone": _("Somebody with this number is in the register already.")})

    def _build(self, tenant: Tenant, values: Mapping[str, Any], *, is_nominated: bool) -> Any:
        source = "nomination" if is_nominated else "application"
        state = AppointmentState.NOMINATED if is_nominated else AppointmentState.APPLIED
        person = self.table(tenant_id=tenant.id, source=source, state=state)
        self.set_person(person, values)
        return person

    def change(self, ctx: Context, person: AppointedPerson, values: Mapping[str, Any]) -> None:
        """Change what the register says of somebody; raises `Invalid` for another's number."""
        ctx.require(self.manage)
        self._refuse_known(ctx, values["phone"], person.id)
        self.set_person(person, values)
        ctx.audit(f"{self.name}.change", str(person.id))

    def decide(self, ctx: Context, person: AppointedPerson, values: Mapping[str, Any]) -> None:
        """Decide about somebody; raises `Invalid` or `Conflict` and then changes nothing."""
        ctx.require(self.manage)
        act, reason = AppointmentTransition(values["act"]), values.get("reason") or ""
        if act in NEED_REASON and not reason:
            raise Invalid({"reason": _("Say why, in a few words.")})
        if not LIFE.can(AppointmentState(person.state), act):
            raise Conflict(_("That is no longer possible: the state has changed."))
        if act is AppointmentTransition.APPOINT:
            self._appoint(ctx, person, values)
        if act is AppointmentTransition.CONFIRM:
            _set_term(person, confirm_term(_get_term(person), self._years(ctx.tenant)))
        self._move(ctx.session, ctx.tenant, person, act, reason)
        ctx.audit(f"{self.name}.{act}", str(person.id))

    def _move(
        self, session: Session, tenant: Tenant, person: Any, act: AppointmentTransition, reason: str
    ) -> None:
        """Make a transition and tell the person; one whose term ends loses the private link."""
        person.state = LIFE.next_state(AppointmentState(person.state), act)
        person.reason = reason
        is_over = person.state in {AppointmentState.ENDED, AppointmentState.DECLINED}
        person.ended_on = today() if is_over else None
        person.link_digest = None if is_over else person.link_digest
        self._tell(session, tenant, person, act)

    def _appoint(self, ctx: Context, person: AppointedPerson, values: Mapping[str, Any]) -> None:
        day: date = values.get("day") or today()
        if not person.name:
            raise Conflict(_("The data of this person have been erased; enter the person anew."))
        term = start_term(day, self._years(ctx.tenant))
        if term.confirmed_until < today():
            raise Invalid({"day": _("A term that began then would be over by now.")})
        number = values.get("letter_number") or self.propose_number(ctx.session, ctx.tenant, day)
        same = (self.table.letter_number == number) & (self.table.id != person.id)
        if ctx.session.scalar(self.select(ctx.tenant).where(same)) is not None:
            raise Invalid({"letter_number": _("Another letter has this number.")})
        person.letter_number = number
        _set_term(person, term)

    def _years(self, tenant: Tenant) -> int:
        years: int = self.get_settings(tenant)["term_years"]
        return years

    def propose_term(self, tenant: Tenant) -> AppointmentTerm:
        """Propose the term of somebody who is appointed today."""
        return start_term(today(), self._years(tenant))

    def propose_number(self, session: Session, tenant: Tenant, day: date) -> str:
        """Propose the number of the next letter of a year: 聘〔2026〕3号."""
        head, number = f"聘〔{day.year}〕", self.table.letter_number
        like = number.startswith(head, autoescape=True)
        found = session.scalars(select(number).where(self.table.tenant_id == tenant.id, like))
        used = (each.removeprefix(head).removesuffix("号") for each in found)
        numbers = [int(each) for each in used if each.isdecimal() and len(each) < 6]
        return f"{head}{max(numbers, default=0) + 1}号"

    def _tell(self, session: Session, tenant: Tenant, person: Any, topic: str) -> None:
        """Queue the notice of a decision or reminder; of each term a reminder is sent once."""
        until = str(person.confirmed_until or "")
        key = f"{self.name}.{topic}:{person.id}:{until}" if topic == RENEWAL else None
        facts = {"place": tenant.name, "until": until}
        queue_notice(
            session, tenant, f"{self.name}.{topic}", person.phone, facts,
            subject=self._name(person), dedupe_key=key,
        )  # fmt: skip

    def _name(self, person: AppointedPerson) -> str:
        return f"{self.name}:{person.id}"

    def tend(self, session: Session, tenant: Tenant) -> None:
        """Do what the day asks for; doing it twice changes nothing.

        End terms that nobody has confirmed, remind of those that end soon, decline what nobody has
        decided for as long as data are kept, withdraw notices to people who were erased of late.
        """
        settings, ends = self.get_settings(tenant), self.table.confirmed_until
        keep, soon = timedelta(days=settings["keep_days"]), self._ends_soon(tenant)
        old = self.table.state.in_(OPEN_STATES) & (self.table.created_at < utc_now() - keep)
        act = AppointmentTransition
        for person in self._list(session, tenant, self._holds(), ends < today()):
            self._move(session, tenant, person, act.END, _("The term is over."))
        for person in self._list(session, tenant, soon):
            self._tell(session, tenant, person, RENEWAL)
        for person in self._list(session, tenant, old):
            self._move(session, tenant, person, act.DECLINE, _("Nobody has decided in time."))
        lately = self.table.erased_at > utc_now() - timedelta(days=2)
        for person in self._list(session, tenant, lately):
            cancel_notices(session, tenant, self._name(person))

    def _holds(self) -> ColumnElement[bool]:
        holds: ColumnElement[bool] = self.table.state.in_(HOLDING_STATES)
        return holds

    def _ends_soon(self, tenant: Tenant) -> ColumnElement[bool]:
        until = today() + timedelta(days=self.get_settings(tenant)["remind_days"])
        is_appointed = self.table.state == AppointmentState.APPOINTED
        soon: ColumnElement[bool] = is_appointed & (self.table.confirmed_until <= until)
        return soon

    def _list(self, session: Session, tenant: Tenant, *where: ColumnElement[bool]) -> Sequence[Any]:
        return session.scalars(self.select(tenant).where(*where)).all()

    def make_link(self, ctx: Context, person: AppointedPerson) -> str:
        """Give somebody a new link in the place of an earlier one; return its secret."""
        ctx.require(self.manage)
        if person.state not in HOLDING_STATES:
            raise Conflict(_("Only somebody who is appointed has a page of their own."))
        secret = self.links.make(person)
        ctx.audit(f"{self.name}.link", str(person.id))
        ctx.session.flush()
        return secret

    def withdraw_link(self, ctx: Context, person: AppointedPerson) -> None:
        """Let the link lead nowhere from now on."""
        ctx.require(self.manage)
        self.links.withdraw(person)
        ctx.audit(f"{self.name}.link_withdrawn", str(person.id))

    def load_by_link(self, ctx: Context, secret: str) -> Any:
        """Load the person whose desk a link opens; raises `NotFound`."""
        return self.links.load(ctx, secret, self._holds())

    def get(self, ctx: Context, number: int) -> Any:
        """Return somebody of the register of the place; raises `NotFound`."""
        person = ctx.session.get(self.table, number)
        if person is None or person.tenant_id != ctx.tenant.id:
            raise NotFound
        return person

    def select(self, tenant: Tenant, state: str = "") -> Select[Any]:
        """Build the query of the register, or of those in one state, by name."""
        query = select(self.table).where(self.table.tenant_id == tenant.id)
        if state:
            query = query.where(self.table.state == state)
        return query.order_by(self.table.name, self.table.id)

    def list_appointed(self, session: Session, tenant: Tenant) -> Sequence[Any]:
        """List those who serve today: appointed, and neither suspended nor over."""
        current = self.table.confirmed_until >= today()
        is_appointed = self.table.state == AppointmentState.APPOINTED
        return self._list(session, tenant, is_appointed, current)

    def load_figures(self, session: Session, tenant: Tenant) -> GroupFigures:
        """Count how the group of those who serve is made up."""
        rows = self.list_appointed(session, tenant)
        members = ((row.gender, row.background, row.birth_year) for row in rows)
        return count_group(members, today().year)

    def count_by_state(self, session: Session, tenant: Tenant) -> dict[str, int]:
        """Count the register by state."""
        query = select(self.table.state, func.count()).where(self.table.tenant_id == tenant.id)
        return {row[0]: row[1] for row in session.execute(query.group_by(self.table.state))}

    def count_waiting(self, ctx: Context) -> tuple[int, int]:
        """Count what nobody has decided, and appointments that end soon unless confirmed."""
        conditions = (self.table.state.in_(OPEN_STATES), self._ends_soon(ctx.tenant))
        undecided, ending = (func.count(case((condition, 1))) for condition in conditions)
        query = select(undecided, ending).where(self.table.tenant_id == ctx.tenant.id)
        row = ctx.session.execute(query).one()
        return row[0], row[1]


def _set_term(person: AppointedPerson, term: AppointmentTerm) -> None:
    person.appointed_on = term.appointed_on
    person.term_ends_on, person.confirmed_until = term.ends_on, term.confirmed_until


def _get_term(person: AppointedPerson) -> AppointmentTerm:
    appointed, ends, confirmed = person.appointed_on, person.term_ends_on, person.confirmed_until
    if appointed is None or ends is None or confirmed is None:
        raise Conflict(_("That is no longer possible: the state has changed."))
    return AppointmentTerm(appointed, ends, confirmed)
