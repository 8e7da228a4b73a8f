"""What the staff does with people: decide in bulk, enter lists, nominate.

Each person is a transaction of their own, so that one who cannot be taken harms no other.

Tables of people in files: XLSX, CSV, Word or HTML, read as the catalog's tables are.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.sdk import (
    Actor,
    Conflict,
    Deadline,
    GongkaiError,
    Invalid,
    Line,
    Tenant,
    UnreadableFile,
    read_blocks,
    record,
    require,
)

from ..domain.participant_lists import ListOutcome, ListRow, Person, pasted_rows
from ..domain.states import ENDED
from ..i18n import _
from ..labels import ROW_FAULTS
from ..manifest import MANAGE
from ..models.followup import Nomination
from ..models.registration import EventSession, OpenDay, Registration
from .service import accept, cancel, decline, register
from .transitions import Cause
from .validation import RegistrationRequest
from .waitlist import give_place

POOLS = ("reserved", "open")


@dataclass(slots=True)
class BulkResult:
    """How many worked, and what was wrong with the others, each with who it is about."""

    count: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)


def _let_in(session: Session, registration: Registration, cause: Cause) -> None:
    """Accept who is to be decided on; give a place to who waits."""
    if registration.state == "pending":
        accept(session, registration, cause)
    elif registration.state != "waiting":
        raise Conflict(_("This registration is neither to be decided nor waiting."))
    elif not give_place(session, registration, cause, POOLS):
        raise Conflict(_("There are not enough free places."))


def _give_up(session: Session, registration: Registration, cause: Cause) -> None:
    if not cause.note:
        raise Invalid({"reason": _("Say why.")})
    cancel(session, registration, cause)


ACTS: dict[str, Callable[[Session, Registration, Cause], None]] = {
    "accept": _let_in,
    "decline": decline,
    "cancel": _give_up,
}


def decide(  # noqa: PLR0913 - who, where, which, what, why
    session: Session,
    actor: Actor,
    tenant: Tenant,
    chosen: Sequence[Registration],
    *,
    act: str,
    reason: str,
) -> BulkResult:
    """Accept, decline or cancel several registrations; the reason is for the record."""
    require(actor, MANAGE, tenant)
    if not chosen:
        raise Invalid({"chosen": _("Tick at least one person.")})
    if act not in ACTS:
        raise Invalid({"act": _("Choose what is to be done.")})
    reason = " ".join(reason.split())[:200]
    if act in {"decline", "cancel"} and not reason:
        raise Invalid({"reason": _("Say why.")})
    done = BulkResult()
    for number in [registration.id for registration in chosen]:
        registration = session.get_one(Registration, number)
        name = registration.name
        try:
            ACTS[act](session, registration, Cause(actor, reason))
            record(session, actor, tenant, f"open_day.{act}", str(number), reason=reason)
            session.commit()
            done.count += 1
        except GongkaiError as error:
            session.rollback()
            done.failed.append((name, error.message))
    return done


def enter_people(  # noqa: PLR0913 - who, where, whom, how
    session: Session,
    actor: Actor,
    tenant: Tenant,
    slot: EventSession,
    people: Iterable[Person],
    *,
    source: str,
    category: str = "",
    unit: str = "",
) -> ListOutcome:
    """Register everybody of a list; gives back who was registered and who could not be, why."""
    require(actor, MANAGE, tenant)
    outcome, slot_id = ListOutcome(), slot.id
    for person in people:
        slot = session.get_one(EventSession, slot_id)
        requested = RegistrationRequest(
            name=person.name,
            phone=person.phone,
            people=str(person.heads),
            category=category,
            organisation=unit or person.unit,
            needs="",
            source=source,
        )
        try:
            register(session, slot.day, slot, requested, Cause(actor, person.note))
            session.commit()
            outcome.people.append(person)
        except GongkaiError as error:
            session.rollback()
            outcome.refused.append((person, error.message))
    if outcome.people:
        count = len(outcome.people)
        record(session, actor, tenant, f"open_day.{source}", str(slot_id), people=count, unit=unit)
    return outcome


def nominations_of(session: Session, day: OpenDay) -> list[tuple[Nomination, int]]:
    """Units that may nominate, each with how many people it has named, by session and unit."""
    counted = session.execute(
        select(Registration.slot_id, Registration.organisation, func.sum(Registration.head_count))
        .where(
            Registration.open_day_id == day.id,
            Registration.source == "nomination",
            Registration.state.not_in(ENDED),
        )
        .group_by(Registration.slot_id, Registration.organisation)
    )
    named = {(slot_id, unit): people for slot_id, unit, people in counted}
    query = select(Nomination).where(Nomination.open_day_id == day.id)
    found = session.scalars(query.order_by(Nomination.slot_id, Nomination.unit))
    return [
        (nomination, named.get((nomination.slot_id, nomination.unit), 0)) for nomination in found
    ]


def rows_wrong(outcome: ListOutcome) -> list[dict[str, Any]]:
    """What was wrong with a list, row by row, for the page."""
    told = [
        {"severity": "error", "message": ROW_FAULTS[row.fault], "excerpt": row.text,
         "where": _("Row %(n)s", n=row.place)}
        for row in outcome.faults
    ]  # fmt: skip
    told += [
        {"severity": "error", "message": message, "excerpt": person.name,
         "where": _("Row %(n)s", n=person.place)}
        for person, message in outcome.refused
    ]  # fmt: skip
    return told


def may_nominate(session: Session, nomination: Nomination, people: Sequence[Person]) -> None:
    """Raise `Invalid` where a unit names more people than it may."""
    day = session.get_one(OpenDay, nomination.open_day_id)
    named = {one.id: count for one, count in nominations_of(session, day)}
    more = sum(person.heads for person in people)
    left = nomination.quota - named.get(nomination.id, 0)
    if more > left:
        raise Invalid(
            {"names": _("%(unit)s may name %(n)s more, not %(m)s.",
                        unit=nomination.unit, n=max(left, 0), m=more)}
        )  # fmt: skip


LARGEST = 5 * 2**20


def rows_of(data: bytes, filename: str) -> list[ListRow]:
    """Rows of the file's first table, or of its lines; raises `Invalid` (field `file`)."""
    try:
        blocks = read_blocks(data, filename, Deadline(filename), max_bytes=LARGEST)
    except UnreadableFile as error:
        raise Invalid({"file": error.message()}) from error
    lines = [block for block in blocks if isinstance(block, Line)]
    tables = [block for block in blocks if not isinstance(block, Line)]
    if tables:
        return [
            (str(row.number + 1), [row.text(place) for place in range(len(row.slots))])
            for row in tables[0].rows
        ]
    if not lines:
        raise Invalid({"file": _("There is no table in this file.")})
    return pasted_rows("\n".join(line.text for line in lines))
