"""Links by which a unit enters its own nominations: no account, one unit, one session, an end.

The link holds 192 random bits and is shown once; what is kept is a keyed hash of it. What a unit
enters is undecided until the staff has looked at it.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from core.sdk import Actor, Conflict, GongkaiError, Tenant, record, require, utc_now, zone

from ..domain.participant_lists import ListOutcome, Person
from ..domain.states import ENDED, DayState, RegistrationState
from ..i18n import _
from ..manifest import MANAGE
from ..models.followup import Nomination
from ..models.registration import EventSession, OpenDay, Registration
from .digests import link_digest
from .service import cancel, register
from .transitions import Cause
from .validation import RegistrationRequest

TOKEN_BYTES = 24
LONGEST_TOKEN = 64
# What a unit can still take back: nobody has come yet.
WITHDRAWABLE = (
    RegistrationState.PENDING,
    RegistrationState.CONFIRMED,
    RegistrationState.WAITING,
    RegistrationState.OFFERED,
)


def make_link(
    session: Session, actor: Actor, tenant: Tenant, nomination: Nomination, slot: EventSession
) -> str:
    """Give a unit a new link in the place of an earlier one; the secret part of its address."""
    require(actor, MANAGE, tenant)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    nomination.link_digest = link_digest(token)
    nomination.link_expires_at = _expiry(nomination, slot)
    record(session, actor, tenant, "open_day.nomination_link", str(nomination.id))
    session.flush()
    return token


def withdraw_link(session: Session, actor: Actor, tenant: Tenant, nomination: Nomination) -> None:
    """Let the unit's link lead nowhere from now on."""
    require(actor, MANAGE, tenant)
    nomination.link_digest = nomination.link_expires_at = None
    record(session, actor, tenant, "open_day.nomination_link_withdrawn", str(nomination.id))
    session.flush()


def _expiry(nomination: Nomination, slot: EventSession) -> datetime:
    """The end of the day by which names are wanted, never after the session begins."""
    if nomination.due_on is None:
        return slot.starts_at
    end = datetime.combine(nomination.due_on + timedelta(days=1), time(), zone())
    return min(end, slot.starts_at)


def find_link(session: Session, tenant: Tenant, token: str) -> Nomination | None:
    """The nomination that a link opens, whether its time is over or not."""
    if not 0 < len(token) <= LONGEST_TOKEN:
        return None
    query = select(Nomination).where(
        Nomination.link_digest == link_digest(token), Nomination.tenant_id == tenant.id
    )
    return session.scalar(query)


def is_open(nomination: Nomination, day: OpenDay, slot: EventSession) -> bool:
    """Whether the unit can name people now."""
    expires, now = nomination.link_expires_at, utc_now()
    if expires is None or now >= min(expires, slot.starts_at):
        return False
    return day.state == DayState.PUBLISHED and slot.state != "cancelled"


def named_by(session: Session, nomination: Nomination) -> list[Registration]:
    """Whom the unit has named for its session, in the order of entry."""
    query = select(Registration).where(_of_unit(nomination))
    return list(session.scalars(query.order_by(Registration.id)))


def places_left(session: Session, nomination: Nomination) -> int:
    """How many more people the unit may name."""
    query = select(func.coalesce(func.sum(Registration.head_count), 0)).where(
        _of_unit(nomination), Registration.state.not_in(ENDED)
    )
    return max(0, nomination.quota - (session.scalar(query) or 0))


def _of_unit(nomination: Nomination) -> ColumnElement[bool]:
    return (
        (Registration.slot_id == nomination.slot_id)
        & (Registration.source == "nomination")
        & (Registration.organisation == nomination.unit)
    )


def name_people(session: Session, nomination: Nomination, people: Iterable[Person]) -> ListOutcome:
    """Register whom a unit names, each in a transaction of its own; who could not be, and why."""
    outcome, number = ListOutcome(), nomination.id
    for person in people:
        try:
            _name_one(session, number, person)
            session.commit()
            outcome.people.append(person)
        except GongkaiError as error:
            session.rollback()
            outcome.refused.append((person, error.message))
    return outcome


def _name_one(session: Session, number: int, person: Person) -> None:
    nomination = _locked(session, number)
    slot = session.get_one(EventSession, nomination.slot_id)
    if not is_open(nomination, slot.day, slot):
        raise Conflict(_("The time for naming people is over."))
    if person.heads > places_left(session, nomination):
        raise Conflict(_("Your unit has named as many people as it may."))
    requested = RegistrationRequest(
        name=person.name,
        phone=person.phone,
        people=str(person.heads),
        organisation=nomination.unit,
        consent=True,
        source="nomination",
        undecided=True,
    )
    register(session, slot.day, slot, requested, Cause(note=person.note))


def _locked(session: Session, number: int) -> Nomination:
    """The nomination, with everybody else who has its link made to wait."""
    session.execute(
        update(Nomination).where(Nomination.id == number).values(quota=Nomination.quota),
        execution_options={"synchronize_session": False},
    )
    query = select(Nomination).where(Nomination.id == number)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def withdraw_nominee(session: Session, nomination: Nomination, number: int) -> None:
    """Withdraw somebody whom the unit has named. Raises `Conflict` once that is too late."""
    found = next((one for one in named_by(session, nomination) if one.id == number), None)
    if found is None or found.state not in WITHDRAWABLE:
        raise Conflict(_("That is no longer possible: the registration has changed."))
    cancel(session, found, Cause(note=_("Withdrawn by the unit")))
