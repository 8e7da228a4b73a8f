"""People of an open day on the desk: lists by filter, one registration, whom a code belongs to.

Registrations and nominations that wait for a decision, of all open days of a place together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from core.sdk import NotFound, Tenant

from ..domain.identifiers import read_code, read_phone
from ..domain.states import HOLDING, SOURCES, DayState, RegistrationState
from ..i18n import _
from ..models.registration import EventSession, OpenDay, OpenDayEvent, Registration
from .digests import phone_digest

ON_A_PAGE = 50
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class DecisionFilter:
    """What the queue shows; empty is everything."""

    day_id: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of what is to be decided, by the beginning of the sessions."""

    rows: Sequence[Registration]
    days: Sequence[tuple[OpenDay, int]]
    total: int
    page: int
    pages: int


def is_undecided() -> ColumnElement[bool]:
    """Condition on registrations and their days: the staff decides, not a draw."""
    asked = or_(OpenDay.mode == "moderated", Registration.source == "nomination")
    return and_(
        Registration.state == RegistrationState.PENDING, OpenDay.state == DayState.PUBLISHED, asked
    )


def count_undecided(session: Session, tenant: Tenant) -> int:
    """How many registrations of a place are to be decided."""
    query = select(func.count(Registration.id)).join(OpenDay, _of_day())
    return session.scalar(query.where(Registration.tenant_id == tenant.id, is_undecided())) or 0


def queue_of(session: Session, tenant: Tenant, wanted: DecisionFilter, page: int) -> Queue:
    """A page of the queue, and the days that have something in it."""
    conditions = _undecided_conditions(tenant, wanted)
    counted = select(func.count(Registration.id)).join(OpenDay, _of_day())
    total = session.scalar(counted.where(*conditions)) or 0
    pages = max(1, -(-total // ON_A_PAGE))
    page = min(max(page, 1), pages)
    query = (
        select(Registration)
        .join(OpenDay, _of_day())
        .join(EventSession, EventSession.id == Registration.slot_id)
        .where(*conditions)
        .options(
            contains_eager(Registration.day),
            contains_eager(Registration.slot),
            selectinload(Registration.category),
        )
        .order_by(EventSession.starts_at, EventSession.id, Registration.id)
    )
    rows = session.scalars(query.limit(ON_A_PAGE).offset((page - 1) * ON_A_PAGE)).all()
    return Queue(rows, _days(session, tenant), total, page, pages)


def chosen_in_queue(
    session: Session, tenant: Tenant, wanted: DecisionFilter, ids: Sequence[str] | None
) -> list[Registration]:
    """Those that were ticked and still wait; all that the filter shows for `None`."""
    query = (
        select(Registration).join(OpenDay, _of_day()).where(*_undecided_conditions(tenant, wanted))
    )
    if ids is not None:
        numbers = [int(one) for one in ids if one.isdecimal() and len(one) < 10]
        query = query.where(Registration.id.in_(numbers[:MOST_AT_ONCE]))
    return list(session.scalars(query.order_by(Registration.id).limit(MOST_AT_ONCE)))


def _undecided_conditions(tenant: Tenant, wanted: DecisionFilter) -> list[ColumnElement[bool]]:
    found = [Registration.tenant_id == tenant.id, is_undecided()]
    if wanted.day_id is not None:
        found.append(Registration.open_day_id == wanted.day_id)
    if wanted.source:
        found.append(Registration.source == wanted.source)
    return found


def _days(session: Session, tenant: Tenant) -> list[tuple[OpenDay, int]]:
    query = (
        select(OpenDay, func.count(Registration.id))
        .join(Registration, _of_day())
        .where(Registration.tenant_id == tenant.id, is_undecided())
        .group_by(OpenDay.id)
        .order_by(OpenDay.starts_at, OpenDay.id)
    )
    return [(day, count) for day, count in session.execute(query)]


def _of_day() -> ColumnElement[bool]:
    return OpenDay.id == Registration.open_day_id


PEOPLE_ON_A_PAGE = 50
LONGEST_QUERY = 50


@dataclass(frozen=True, slots=True)
class RegistrationFilter:
    """What a list of people shows; empty is everything."""

    state: str = ""
    slot_id: int | None = None
    source: str = ""
    category_id: int | None = None
    query: str = ""


@dataclass(frozen=True, slots=True)
class PeopleDesk:
    """One page of registrations."""

    rows: Sequence[Registration]
    total: int
    people: int
    page: int
    pages: int


def read_filter(args: Any) -> RegistrationFilter:
    """A filter from the address; what makes no sense is left out."""

    def number(name: str) -> int | None:
        value = args.get(name, "")
        return int(value) if value.isdecimal() and len(value) < 10 else None

    state, source = args.get("state", ""), args.get("source", "")
    return RegistrationFilter(
        state=state if state in {*RegistrationState, "holding"} else "",
        slot_id=number("slot"),
        source=source if source in SOURCES else "",
        category_id=number("category"),
        query=args.get("q", "").strip()[:LONGEST_QUERY],
    )


def list_people(
    session: Session, day: OpenDay, wanted: RegistrationFilter, page: int
) -> PeopleDesk:
    """Registrations of a day that fit the filter, those to be decided first, then by time."""
    conditions = [Registration.open_day_id == day.id, *_conditions(wanted)]
    total, people = session.execute(
        select(func.count(Registration.id), func.sum(Registration.head_count)).where(*conditions)
    ).one()
    pages = max(1, -(-total // PEOPLE_ON_A_PAGE))
    page = min(max(page, 1), pages)
    query = (
        _loaded()
        .where(*conditions)
        .order_by(
            Registration.state != RegistrationState.PENDING,
            Registration.slot_id,
            Registration.state != RegistrationState.WAITING,
            Registration.waiting_number,
            Registration.id,
        )
        .limit(PEOPLE_ON_A_PAGE)
        .offset((page - 1) * PEOPLE_ON_A_PAGE)
    )
    return PeopleDesk(list(session.scalars(query)), total, people or 0, page, pages)


def _loaded() -> Select[Registration]:
    return select(Registration).options(
        selectinload(Registration.slot), selectinload(Registration.category)
    )


def _conditions(wanted: RegistrationFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.state == "holding":
        found.append(Registration.state.in_(HOLDING))
    elif wanted.state:
        found.append(Registration.state == wanted.state)
    if wanted.slot_id is not None:
        found.append(Registration.slot_id == wanted.slot_id)
    if wanted.source:
        found.append(Registration.source == wanted.source)
    if wanted.category_id is not None:
        found.append(Registration.category_id == wanted.category_id)
    if wanted.query:
        found.append(_matching(wanted.query))
    return found


def _matching(query: str) -> ColumnElement[bool]:
    """By name, unit, last places of the telephone number, whole number, or ticket code."""
    parts: list[ColumnElement[bool]] = [
        Registration.name.contains(query, autoescape=True),
        Registration.organisation.contains(query, autoescape=True),
    ]
    if query.isdecimal() and len(query) >= 4:
        parts.append(Registration.phone.endswith(query, autoescape=True))
    if phone := read_phone(query):
        parts.append(Registration.phone_digest == phone_digest(phone))
    if code := read_code(query):
        parts.append(Registration.code == code)
    return or_(*parts)


def everybody(session: Session, day: OpenDay, *, slot_id: int | None = None) -> list[Registration]:
    """All who hold places, by session and name: for lists, badges and the sign-in sheet."""
    query = _loaded().options(selectinload(Registration.companions))
    query = query.where(Registration.open_day_id == day.id, Registration.state.in_(HOLDING))
    if slot_id is not None:
        query = query.where(Registration.slot_id == slot_id)
    query = query.order_by(Registration.slot_id, Registration.name, Registration.id)
    return list(session.scalars(query))


def get_registration(session: Session, day: OpenDay, registration_id: int) -> Registration:
    """A registration of the day; raises `NotFound`."""
    query = select(Registration).where(
        Registration.id == registration_id, Registration.open_day_id == day.id
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound(_("There is no such registration."))
    return found


def chosen_registrations(session: Session, day: OpenDay, ids: Sequence[str]) -> list[Registration]:
    """Registrations that were ticked in a list, in the order of waiting."""
    numbers = [int(one) for one in ids if one.isdecimal() and len(one) < 10]
    query = select(Registration).where(
        Registration.open_day_id == day.id, Registration.id.in_(numbers[:500])
    )
    return list(session.scalars(query.order_by(Registration.waiting_number, Registration.id)))


def history_of(session: Session, registration: Registration) -> list[OpenDayEvent]:
    """What happened to a registration, the newest first."""
    query = select(OpenDayEvent).where(
        OpenDayEvent.open_day_id == registration.open_day_id,
        OpenDayEvent.registration_id == registration.id,
    )
    return list(session.scalars(query.order_by(OpenDayEvent.id.desc())))


def all_registrations(session: Session, day: OpenDay) -> list[Registration]:
    """Every registration of the day with its answers, for exports."""
    query = _loaded().options(selectinload(Registration.answers))
    query = query.where(Registration.open_day_id == day.id)
    return list(session.scalars(query.order_by(Registration.slot_id, Registration.id)))
