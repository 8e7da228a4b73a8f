"""Seats in the database: taken and given back by conditional updates of one row a slot.

The slot's row is always written first, so that whoever comes second waits for it and then sees
what the first has left; nothing here can take a seat twice.
"""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ..domain.allocation import Seats
from ..models.registration import EventSession, Quota

OPEN, RESERVED = "open", "reserved"


def lock_slots(session: Session, slot_ids: Sequence[int]) -> None:
    """Let nobody else change the seats of these slots until the end of the transaction."""
    for slot_id in sorted(slot_ids):
        _change(session, slot_id, waiting=EventSession.waiting)


def take_seats(
    session: Session,
    slot_id: int,
    category_id: int | None,
    people: int,
    pools: Sequence[str] = (OPEN,),
) -> str | None:
    """Take seats of the first pool that has enough; return its name, or None."""
    pool = next((pool for pool in pools if _take_of(session, slot_id, pool, people)), None)
    if pool is None or category_id is None:
        return pool
    if _take_of_quota(session, slot_id, category_id, people):
        return pool
    _give_to(session, slot_id, pool, people)
    return None


def give_back(
    session: Session, slot_id: int, category_id: int | None, people: int, pool: str
) -> None:
    """Give seats back to the pool that they were taken from."""
    _give_to(session, slot_id, pool, people)
    if category_id is not None:
        session.execute(
            update(Quota)
            .where(Quota.slot_id == slot_id, Quota.category_id == category_id)
            .values(taken=Quota.taken - people),
            execution_options={"synchronize_session": False},
        )


def join_queue(session: Session, slot_id: int) -> int | None:
    """The next number of the slot's waiting list, or None where it is off or full."""
    return session.scalar(
        update(EventSession)
        .where(
            EventSession.id == slot_id,
            EventSession.waiting_on,
            EventSession.waiting_limit.is_(None)
            | (EventSession.waiting < EventSession.waiting_limit),
        )
        .values(waiting=EventSession.waiting + 1, waiting_last=EventSession.waiting_last + 1)
        .returning(EventSession.waiting_last),
        execution_options={"synchronize_session": False},
    )


def leave_queue(session: Session, slot_id: int) -> None:
    """Count one registration less that waits."""
    _change(session, slot_id, waiting=EventSession.waiting - 1)


def lottery_number(session: Session, slot_id: int) -> int:
    """The next number in the slot's draw."""
    return session.scalars(
        update(EventSession)
        .where(EventSession.id == slot_id)
        .values(tickets=EventSession.tickets + 1)
        .returning(EventSession.tickets),
        execution_options={"synchronize_session": False},
    ).one()


def open_seats(session: Session, slot_id: int) -> Seats:
    """Free seats of open registration, and what is left of each quota."""
    capacity, reserved, taken = session.execute(
        select(EventSession.capacity, EventSession.reserved, EventSession.taken).where(
            EventSession.id == slot_id
        )
    ).one()
    quotas = session.execute(
        select(Quota.category_id, Quota.seats - Quota.taken).where(Quota.slot_id == slot_id)
    )
    return Seats(capacity - reserved - taken, dict(quotas.all()))


def _take_of(session: Session, slot_id: int, pool: str, people: int) -> bool:
    if pool == OPEN:
        enough = EventSession.taken + people <= EventSession.capacity - EventSession.reserved
        return _change(session, slot_id, enough, taken=EventSession.taken + people)
    enough = EventSession.reserved_taken + people <= EventSession.reserved
    return _change(session, slot_id, enough, reserved_taken=EventSession.reserved_taken + people)


def _give_to(session: Session, slot_id: int, pool: str, people: int) -> None:
    if pool == OPEN:
        _change(session, slot_id, taken=EventSession.taken - people)
    else:
        _change(session, slot_id, reserved_taken=EventSession.reserved_taken - people)


def _take_of_quota(session: Session, slot_id: int, category_id: int, people: int) -> bool:
    """Count the people against their category's quota; without one there is no limit."""
    mine = (Quota.slot_id == slot_id) & (Quota.category_id == category_id)
    taken = session.scalar(
        update(Quota)
        .where(mine, Quota.taken + people <= Quota.seats)
        .values(taken=Quota.taken + people)
        .returning(Quota.id),
        execution_options={"synchronize_session": False},
    )
    return taken is not None or session.scalar(select(Quota.id).where(mine)) is None


def _change(session: Session, slot_id: int, *conditions: object, **values: object) -> bool:
    """Change the slot's row where the conditions hold; say whether they did."""
    changed = session.scalar(
        update(EventSession)
        .where(EventSession.id == slot_id, *conditions)  # type: ignore[arg-type]
        .values(**values)
        .returning(EventSession.id),
        execution_options={"synchronize_session": False},
    )
    return changed is not None
