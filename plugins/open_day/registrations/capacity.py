"""Seats in the database: taken and given back by conditional updates of one row a session.

The session's row is always written first, so that whoever comes second waits for it and then sees
what the first has left; nothing here can take a seat twice.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from ..domain.allocation import Seats
from ..models.registration import EventSession, Quota, Registration

OPEN, RESERVED = "open", "reserved"
_UNSYNCED = {"synchronize_session": False}


def free_seats(slot: EventSession, pools: Sequence[str] = (OPEN,)) -> int:
    """Return how many seats of these pools nobody has: the one formula of free seats."""
    free = {
        OPEN: slot.capacity - slot.reserved - slot.taken,
        RESERVED: slot.reserved - slot.reserved_taken,
    }
    return max(0, sum(free[pool] for pool in pools))


def load_open_seats(session: Session, slot_id: int) -> Seats:
    """Load the free seats of open registration anew, and what is left of each quota."""
    slot = session.get_one(EventSession, slot_id)
    session.refresh(slot, ["capacity", "reserved", "taken"])
    left = select(Quota.category_id, Quota.seats - Quota.taken).where(Quota.slot_id == slot_id)
    return Seats(free_seats(slot), dict(session.execute(left).all()))


def lock_slots(session: Session, slot_ids: Sequence[int]) -> None:
    """Lock the rows of these sessions until the end of the transaction, in one order."""
    for slot_id in sorted(slot_ids):
        _change(session, slot_id, waiting=EventSession.waiting)


def take_seats(
    session: Session,
    registration: Registration,
    pools: Sequence[str] = (OPEN,),
    *,
    slot_id: int | None = None,
    people: int | None = None,
) -> str | None:
    """Take seats of the first pool that has enough; return its name, or `None`.

    They are for all people of the registration in its session, unless others are given.
    """
    slot_id, people = slot_id or registration.slot_id, people or registration.head_count
    pool = next((pool for pool in pools if _count(session, slot_id, pool, people)), None)
    if pool is None or _count_in_quota(session, slot_id, registration.category_id, people):
        return pool
    _count(session, slot_id, pool, -people)
    return None


def give_back(session: Session, registration: Registration, people: int | None = None) -> None:
    """Give seats back to the pool they were taken from: all of the registration's, or so many."""
    people = people or registration.head_count
    if registration.pool is not None:
        _count(session, registration.slot_id, registration.pool, -people)
        _count_in_quota(session, registration.slot_id, registration.category_id, -people)


def set_capacity(session: Session, slot: EventSession, capacity: int, reserved: int) -> bool:
    """Change the number of seats in one conditional update; say whether none was taken away."""
    enough = (EventSession.taken <= capacity - reserved, EventSession.reserved_taken <= reserved)
    return bool(_change(session, slot.id, *enough, capacity=capacity, reserved=reserved))


def join_queue(session: Session, slot_id: int) -> int | None:
    """Return the next number of the session's waiting list, `None` where it is off or full."""
    limit = EventSession.waiting_limit
    has_room = limit.is_(None) | (EventSession.waiting < limit)
    waiting, last = EventSession.waiting + 1, EventSession.waiting_last + 1
    return _change(
        session, slot_id, EventSession.waiting_on, has_room,
        returning=EventSession.waiting_last, waiting=waiting, waiting_last=last,
    )  # fmt: skip


def leave_queue(session: Session, slot_id: int) -> None:
    """Count one registration less that waits."""
    _change(session, slot_id, waiting=EventSession.waiting - 1)


def next_lottery_number(session: Session, slot_id: int) -> int | None:
    """Return the next number in the session's draw."""
    number = EventSession.tickets
    return _change(session, slot_id, returning=number, tickets=number + 1)


def _count(session: Session, slot_id: int, pool: str, people: int) -> bool:
    """Count more (or fewer) people in a pool, if it has the seats."""
    if pool == OPEN:
        taken = EventSession.taken + people
        enough = taken <= EventSession.capacity - EventSession.reserved
        return bool(_change(session, slot_id, enough, taken=taken))
    taken = EventSession.reserved_taken + people
    enough = taken <= EventSession.reserved
    return bool(_change(session, slot_id, enough, reserved_taken=taken))


def _count_in_quota(session: Session, slot_id: int, category_id: int | None, people: int) -> bool:
    """Count people against their category's quota; without one there is no limit."""
    if category_id is None:
        return True
    mine = (Quota.slot_id == slot_id) & (Quota.category_id == category_id)
    query = update(Quota).where(mine, Quota.taken + people <= Quota.seats)
    query = query.values(taken=Quota.taken + people).returning(Quota.id)
    taken = session.scalar(query, execution_options=_UNSYNCED)
    return taken is not None or session.scalar(select(Quota.id).where(mine)) is None


def _change(
    session: Session,
    slot_id: int,
    *conditions: ColumnElement[bool] | InstrumentedAttribute[bool],
    returning: InstrumentedAttribute[int] = EventSession.id,
    **values: object,
) -> int | None:
    """Change the session's row where the conditions hold; `None` where they do not."""
    query = update(EventSession).where(EventSession.id == slot_id, *conditions)
    query = query.values(**values).returning(returning)
    return session.scalar(query, execution_options=_UNSYNCED)
