"""Links by which a unit enters its own nominations: no account, one unit, one session, an end.

What a unit enters is undecided until the staff has looked at it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from core.sdk import Conflict, Context, Invalid, NotFound, PrivateLinks, utc_now, zone

from ..domain.states import ENDED, DayState, RegistrationState
from ..i18n import _
from ..manifest import MANAGE
from ..models.followup import Nomination
from ..models.registration import EventSession, OpenDay, Registration
from .bulk import to_request, try_each
from .participant_lists import ListOutcome, Person
from .service import cancel, register
from .transitions import Cause

LINKS = PrivateLinks("open_day.link", Nomination.link_digest)
# Whom a unit can still withdraw: nobody has come yet.
WITHDRAWABLE = (
    RegistrationState.PENDING,
    RegistrationState.CONFIRMED,
    RegistrationState.WAITING,
    RegistrationState.OFFERED,
)


def list_nominations(session: Session, day: OpenDay) -> list[tuple[Nomination, int]]:
    """List the units that may nominate, each with how many people it has named."""
    query = select(Nomination).where(Nomination.open_day_id == day.id)
    found = session.scalars(query.order_by(Nomination.slot_id, Nomination.unit))
    return [(nomination, count_named(session, nomination)) for nomination in found]


def get_nomination(session: Session, day: OpenDay, number: int) -> Nomination:
    """Load a nomination of the day; raises `NotFound`."""
    query = select(Nomination).where(Nomination.id == number, Nomination.open_day_id == day.id)
    nomination = session.scalar(query)
    if nomination is None:
        raise NotFound(_("This is not part of the open day."))
    return nomination


def add_nominations(
    ctx: Context, slot: EventSession, units: Iterable[tuple[str, int]], due_on: date | None
) -> None:
    """Let units nominate for a session; those that may already stay as they are."""
    query = select(Nomination.unit).where(Nomination.slot_id == slot.id)
    present = set(ctx.session.scalars(query))
    for unit, quota in dict(units).items():
        if unit not in present:
            ctx.session.add(
                Nomination(
                    tenant_id=slot.tenant_id, open_day_id=slot.open_day_id, slot_id=slot.id,
                    unit=unit, quota=quota, due_on=due_on,
                )
            )  # fmt: skip
    ctx.audit("open_day.nominations", str(slot.open_day_id))


def read_units(text: str) -> list[tuple[str, int]]:
    """Read units with their numbers, one on each line: 县水务局 3. Raises `Invalid`."""
    found = []
    for line in filter(str.strip, text.splitlines()):
        unit, _blank, number = " ".join(line.replace("，", " ").split()).rpartition(" ")
        number = number.removesuffix("人")
        if not unit or not number.isdecimal() or not 1 <= int(number[:4]) <= 500 or len(unit) > 100:
            wrong = _("Write each line like this: Water bureau 3. Wrong: %(line)s",
                      line=line.strip()[:60])  # fmt: skip
            raise Invalid({"units": wrong})
        found.append((unit, int(number)))
    if not found:
        raise Invalid({"units": _("Enter at least one unit.")})
    return found


def check_quota(session: Session, nomination: Nomination, people: Sequence[Person]) -> None:
    """Raise `Invalid` where a unit names more people than it may."""
    named, left = sum(person.heads for person in people), places_left(session, nomination)
    if named > left:
        message = _(
            "%(unit)s may name %(n)s more, not %(m)s.", unit=nomination.unit, n=left, m=named
        )
        raise Invalid({"names": message})


def make_link(ctx: Context, nomination: Nomination, slot: EventSession) -> str:
    """Give a unit a new link in the place of an earlier one; return its secret token."""
    ctx.require(MANAGE, organ=slot.day.organ_id)
    token = LINKS.make(nomination)
    nomination.link_expires_at = _expiry(nomination, slot)
    ctx.audit("open_day.nomination_link", str(nomination.id))
    ctx.session.flush()
    return token


def withdraw_link(ctx: Context, nomination: Nomination) -> None:
    """Let the unit's link lead nowhere from now on."""
    ctx.require(MANAGE, organ=nomination.day.organ_id)
    LINKS.withdraw(nomination)
    nomination.link_expires_at = None
    ctx.audit("open_day.nomination_link_withdrawn", str(nomination.id))
    ctx.session.flush()


def _expiry(nomination: Nomination, slot: EventSession) -> datetime:
    """Return the end of the day by which names are wanted, never after the session begins."""
    if nomination.due_on is None:
        return slot.starts_at
    end = datetime.combine(nomination.due_on + timedelta(days=1), time(), zone())
    return min(end, slot.starts_at)


def is_open(nomination: Nomination, slot: EventSession) -> bool:
    """Say whether the unit can name people now."""
    expires, now = nomination.link_expires_at, utc_now()
    if expires is None or now >= min(expires, slot.starts_at):
        return False
    return slot.day.state == DayState.PUBLISHED and slot.state != "cancelled"


def list_named(session: Session, nomination: Nomination) -> list[Registration]:
    """List whom the unit has named for its session, in the order of entry."""
    query = select(Registration).where(_is_named_by(nomination))
    return list(session.scalars(query.order_by(Registration.id)))


def count_named(session: Session, nomination: Nomination) -> int:
    """Count the people whom the unit has named and who were not refused."""
    people = select(func.coalesce(func.sum(Registration.head_count), 0))
    query = people.where(_is_named_by(nomination), Registration.state.not_in(ENDED))
    return session.scalar(query) or 0


def places_left(session: Session, nomination: Nomination) -> int:
    """Return how many more people the unit may name."""
    return max(0, nomination.quota - count_named(session, nomination))


def _is_named_by(nomination: Nomination) -> ColumnElement[bool]:
    return (
        (Registration.slot_id == nomination.slot_id)
        & (Registration.source == "nomination")
        & (Registration.organisation == nomination.unit)
    )


def name_people(session: Session, nomination: Nomination, people: Sequence[Person]) -> ListOutcome:
    """Register whom a unit names, one by one; say who could not be, and why."""
    # Everybody else who has the unit's link waits until the end of the transaction.
    lock = update(Nomination).where(Nomination.id == nomination.id)
    lock = lock.values(quota=Nomination.quota)
    session.execute(lock, execution_options={"synchronize_session": False})
    session.refresh(nomination)
    slot = session.get_one(EventSession, nomination.slot_id)

    named: list[Person] = []

    def name(person: Person) -> None:
        if not is_open(nomination, slot):
            raise Conflict(_("The time for naming people is over."))
        if person.heads > places_left(session, nomination):
            raise Conflict(_("Your unit has named as many people as it may."))
        request = to_request(person, "nomination", unit=nomination.unit)
        request = replace(request, consent=True, undecided=True)
        register(session, slot.day, slot, request, Cause(note=person.note))
        named.append(person)

    refused = try_each(session, people, name)
    return ListOutcome(named, [], refused)


def withdraw_nominee(session: Session, nomination: Nomination, number: int) -> None:
    """Withdraw somebody whom the unit has named. Raises `Conflict` once that is too late."""
    named = (one for one in list_named(session, nomination) if one.id == number)
    registration = next(named, None)
    if registration is None or registration.state not in WITHDRAWABLE:
        raise Conflict(_("That is no longer possible: the registration has changed."))
    cancel(session, registration, Cause(note=_("Withdrawn by the unit")))
