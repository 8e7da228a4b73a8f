"""What the staff does with many people at once: decide on registrations, enter lists.

Each person has a savepoint, so that one who cannot be taken harms no other.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from core.sdk import Conflict, Context, GongkaiError, Invalid, savepoint

from ..i18n import _
from ..manifest import MANAGE
from ..models.registration import EventSession, Registration
from .capacity import OPEN, RESERVED
from .participant_lists import ListOutcome, Person
from .service import accept, cancel, decline, register
from .transitions import Cause, confirm, flush
from .validation import RegistrationRequest

Item = TypeVar("Item")


def try_each(
    session: Session, items: Iterable[Item], work: Callable[[Item], object]
) -> list[tuple[Item, str]]:
    """Work on each item in a savepoint of its own; return those that failed, and why."""
    failed = []
    for item in items:
        try:
            with savepoint(session):
                work(item)
        except GongkaiError as error:
            failed.append((item, error.message))
    return failed


@dataclass(frozen=True, slots=True)
class BulkResult:
    """How many worked, and what was wrong with the others, each with who it is about."""

    count: int
    failed: list[tuple[str, str]]


def _let_in(session: Session, registration: Registration, cause: Cause) -> None:
    """Accept who is to be decided on; give a place to who waits."""
    if registration.state == "pending":
        accept(session, registration, cause)
    elif registration.state != "waiting":
        raise Conflict(_("This registration is neither to be decided nor waiting."))
    elif not confirm(session, registration, cause, (RESERVED, OPEN), "promoted"):
        raise Conflict(_("There are not enough free places."))
    flush(session)


_ACTS: dict[str, Callable[[Session, Registration, Cause], None]] = {
    "accept": _let_in,
    "decline": decline,
    "cancel": cancel,
}


def decide(ctx: Context, chosen: Sequence[Registration], act: str, reason: str) -> BulkResult:
    """Accept, decline or cancel several registrations; the reason is for the record."""
    if not chosen:
        raise Invalid({"chosen": _("Tick at least one person.")})
    for organ in {registration.day.organ_id for registration in chosen}:
        ctx.require(MANAGE, organ=organ)
    if act not in _ACTS:
        raise Invalid({"act": _("Choose what is to be done.")})
    reason = " ".join(reason.split())[:200]
    if act != "accept" and not reason:
        raise Invalid({"reason": _("Say why.")})

    def work(registration: Registration) -> None:
        _ACTS[act](ctx.session, registration, Cause(ctx.actor, reason))
        ctx.audit(f"open_day.{act}", str(registration.id), reason=reason)

    failed = try_each(ctx.session, chosen, work)
    messages = [(registration.name, message) for registration, message in failed]
    return BulkResult(len(chosen) - len(failed), messages)


def to_request(person: Person, source: str, *, unit: str = "", **more: Any) -> RegistrationRequest:
    """Convert a row of a list to a registration request."""
    return RegistrationRequest(
        name=person.name, phone=person.phone, people=str(person.heads),
        organisation=unit or person.unit, source=source, **more,
    )  # fmt: skip


def enter_people(  # noqa: PLR0913 - where, whom, how
    ctx: Context,
    slot: EventSession,
    people: Sequence[Person],
    *,
    source: str,
    category: str = "",
    unit: str = "",
) -> ListOutcome:
    """Register everybody of a list; return who was registered and who could not be, and why."""
    ctx.require(MANAGE, organ=slot.day.organ_id)

    entered: list[Person] = []

    def work(person: Person) -> None:
        request = to_request(person, source, unit=unit, category=category)
        register(ctx.session, slot.day, slot, request, Cause(ctx.actor, person.note))
        entered.append(person)

    refused = try_each(ctx.session, people, work)
    if entered:
        ctx.audit(f"open_day.{source}", str(slot.id), people=len(entered), unit=unit)
    return ListOutcome(entered, [], refused)
