"""Registrations in lists: those of a day by filter, those that wait for a decision, one by code."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, null, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from core.sdk import Context, NotFound, Page, Tenant, paginate, params, parse_phone

from ..domain.identifiers import read_code
from ..domain.states import HOLDING, SOURCES, DayState, RegistrationState
from ..i18n import _
from ..manifest import CHECK_IN, MANAGE
from ..models.registration import EventSession, OpenDay, OpenDayEvent, Registration
from .transitions import LIVE
from .validation import phone_digest

PER_PAGE = 50
MOST_AT_ONCE = 500
LONGEST_QUERY = 50


@dataclass(frozen=True, slots=True)
class RegistrationFilter:
    """What a list of registrations shows; empty is everything."""

    state: str = ""
    slot_id: int = 0
    source: str = ""
    category_id: int = 0
    query: str = ""
    day_id: int = 0

    @classmethod
    def read(cls) -> "RegistrationFilter":
        """Read the filter from the address; what makes no sense is left out."""
        return cls(
            state=params.word("state", (*RegistrationState, "holding")),
            slot_id=params.number("slot"),
            source=params.word("source", SOURCES),
            category_id=params.number("category"),
            query=params.text("q", LONGEST_QUERY),
            day_id=params.number("day"),
        )

    def conditions(self) -> list[ColumnElement[bool]]:
        """Build the conditions on registrations."""
        states = HOLDING if self.state == "holding" else (self.state,)
        chosen = (
            (self.state, Registration.state.in_(states)),
            (self.slot_id, Registration.slot_id == self.slot_id),
            (self.source, Registration.source == self.source),
            (self.category_id, Registration.category_id == self.category_id),
            (self.day_id, Registration.open_day_id == self.day_id),
        )
        found = [condition for value, condition in chosen if value]
        return [*found, _matches(self.query)] if self.query else found


def _matches(query: str) -> ColumnElement[bool]:
    """Match name, unit, last places of the telephone number, whole number, or ticket code."""
    parts: list[ColumnElement[bool]] = [
        Registration.name.contains(query, autoescape=True),
        Registration.organisation.contains(query, autoescape=True),
    ]
    if query.isdecimal() and len(query) >= 4:
        parts.append(Registration.phone.endswith(query, autoescape=True))
    if phone := parse_phone(query):
        parts.append(Registration.phone_digest == phone_digest(phone))
    if code := read_code(query):
        parts.append(Registration.code == code)
    return or_(*parts)


def is_undecided() -> ColumnElement[bool]:
    """Build the condition on registrations and their days: the staff decides, not a draw."""
    asked = or_(OpenDay.mode == "moderated", Registration.source == "nomination")
    pending = Registration.state == RegistrationState.PENDING
    return and_(pending, OpenDay.state == DayState.PUBLISHED, asked)


def _undecided(ctx: Context) -> Select[Registration]:
    query = select(Registration).join(Registration.day)
    own = ctx.scope(MANAGE).condition(OpenDay.organ_id)
    return query.where(Registration.tenant_id == ctx.tenant.id, own, is_undecided())


def count_undecided(ctx: Context) -> int:
    """Count the registrations and changes that the person is to decide."""
    waiting = (_undecided(ctx), _changes_asked(ctx))
    counts = (query.with_only_columns(func.count(Registration.id)) for query in waiting)
    return sum(ctx.session.scalar(count) or 0 for count in counts)


def _changes_asked(ctx: Context) -> Select[Registration]:
    own = ctx.scope(MANAGE).condition(OpenDay.organ_id)
    asked = Registration.change_request.is_not(null()) & Registration.state.in_(LIVE)
    query = select(Registration).join(Registration.day)
    return query.where(Registration.tenant_id == ctx.tenant.id, own, asked)


def list_changes_asked(ctx: Context) -> list[Registration]:
    """List who asked for a change after the deadline, by the beginning of the sessions."""
    query = _changes_asked(ctx).join(Registration.slot).limit(MOST_AT_ONCE)
    query = query.options(contains_eager(Registration.day), contains_eager(Registration.slot))
    return list(ctx.session.scalars(query.order_by(EventSession.starts_at, Registration.id)))


def list_wishes(registration: Registration) -> list[tuple[str, str]]:
    """List what was asked for after the deadline: what, and how it is to be."""
    wish = registration.change_request or {}
    slots = {slot.id: slot.name for slot in registration.day.slots}
    shown = (
        (_("Session"), slots.get(wish.get("slot", 0), "")),
        (_("People"), str(wish.get("people", ""))),
        (_("Name"), wish.get("name", "")),
        (_("Phone"), wish.get("phone", "")),
        (_("Companions"), _list_names(wish.get("companions"))),
    )
    return [(label, value) for label, value in shown if value]


def _list_names(names: Sequence[str] | None) -> str:
    return "" if names is None else _(", ").join(names) or _("None")


def list_undecided(ctx: Context, wanted: RegistrationFilter, number: int) -> Page[Registration]:
    """Load a page of what is to be decided, by the beginning of the sessions."""
    query = _undecided(ctx).join(Registration.slot).where(*wanted.conditions())
    query = query.options(
        contains_eager(Registration.day),
        contains_eager(Registration.slot),
        selectinload(Registration.category),
    ).order_by(EventSession.starts_at, EventSession.id, Registration.id)
    return paginate(ctx.session, query, number, PER_PAGE)


def list_undecided_days(ctx: Context) -> list[tuple[OpenDay, int]]:
    """List the days that have something to be decided, with how many registrations."""
    query = _undecided(ctx).with_only_columns(OpenDay, func.count(Registration.id))
    query = query.group_by(OpenDay.id).order_by(OpenDay.starts_at, OpenDay.id)
    return [(day, count) for day, count in ctx.session.execute(query)]


def choose_undecided(
    ctx: Context, wanted: RegistrationFilter, ids: Sequence[int] | None
) -> list[Registration]:
    """Load those that were ticked and still wait; all that the filter shows for `None`."""
    query = _undecided(ctx).where(*wanted.conditions())
    if ids is not None:
        query = query.where(_is_ticked(ids))
    return list(ctx.session.scalars(query.order_by(Registration.id).limit(MOST_AT_ONCE)))


def choose(session: Session, day: OpenDay, ids: Sequence[int]) -> list[Registration]:
    """Load the registrations that were ticked in a list, in the order of waiting."""
    query = select(Registration).where(Registration.open_day_id == day.id, _is_ticked(ids))
    return list(session.scalars(query.order_by(Registration.waiting_number, Registration.id)))


def _is_ticked(ids: Sequence[int]) -> ColumnElement[bool]:
    return Registration.id.in_(ids[:MOST_AT_ONCE])


def list_people(
    session: Session, day: OpenDay, wanted: RegistrationFilter, number: int
) -> tuple[Page[Registration], int]:
    """Load a page of a day's registrations, undecided ones first; and how many people in all."""
    query = _of_day(day).where(*wanted.conditions())
    people = session.scalar(query.with_only_columns(func.sum(Registration.head_count)))
    query = query.order_by(
        Registration.state != RegistrationState.PENDING,
        Registration.slot_id,
        Registration.state != RegistrationState.WAITING,
        Registration.waiting_number,
        Registration.id,
    )
    return paginate(session, query, number, PER_PAGE), people or 0


def _of_day(day: OpenDay) -> Select[Registration]:
    query = select(Registration).where(Registration.open_day_id == day.id)
    return query.options(selectinload(Registration.slot), selectinload(Registration.category))


def list_holders(session: Session, day: OpenDay) -> list[Registration]:
    """List all who hold places, by session and name: for lists, badges and the sign-in sheet."""
    query = _of_day(day).options(selectinload(Registration.companions))
    query = query.where(Registration.state.in_(HOLDING))
    query = query.order_by(Registration.slot_id, Registration.name, Registration.id)
    return list(session.scalars(query))


def list_registrations(session: Session, day: OpenDay) -> list[Registration]:
    """List every registration of the day with its answers, for exports."""
    query = _of_day(day).options(selectinload(Registration.answers))
    return list(session.scalars(query.order_by(Registration.slot_id, Registration.id)))


def get_registration(session: Session, day: OpenDay, number: int) -> Registration:
    """Load a registration of the day; raises `NotFound`."""
    registration = session.scalar(_of_day(day).where(Registration.id == number))
    if registration is None:
        raise NotFound(_("There is no such registration."))
    return registration


def find_ticket(session: Session, tenant: Tenant, typed: str) -> Registration | None:
    """Find the registration of a ticket code of this place, however it was typed or scanned."""
    code = read_code(typed)
    query = select(Registration).where(
        Registration.code == code, Registration.tenant_id == tenant.id
    )
    query = query.options(selectinload(Registration.slot), selectinload(Registration.category))
    return session.scalar(query) if code else None


def find_own_ticket(ctx: Context, typed: str) -> Registration | None:
    """Find the registration of a ticket code, if the person checks people in for its day."""
    registration = find_ticket(ctx.session, ctx.tenant, typed)
    if registration is None or not ctx.may(CHECK_IN, organ=registration.day.organ_id):
        return None
    return registration


def list_history(session: Session, registration: Registration) -> list[OpenDayEvent]:
    """List what happened to a registration, the newest first."""
    query = select(OpenDayEvent).where(
        OpenDayEvent.open_day_id == registration.open_day_id,
        OpenDayEvent.registration_id == registration.id,
    )
    return list(session.scalars(query.order_by(OpenDayEvent.id.desc())))
