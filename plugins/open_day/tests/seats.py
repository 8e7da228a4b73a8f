"""Compare the counters of an open day's sessions and quotas with the registrations themselves."""

from sqlalchemy import select

from plugins.open_day.models.registration import EventSession, Quota, Registration

HOLDING = {"confirmed", "offered", "attended", "no_show"}


def check_seats(session, day, *, fits=True):
    """Check that counters are right and, where `fits`, that nobody waits who would fit."""
    session.flush()
    found = session.scalars(select(Registration).where(Registration.open_day_id == day.id)).all()
    query = select(EventSession).where(EventSession.open_day_id == day.id)
    for slot in session.scalars(query.execution_options(populate_existing=True)):
        here = [r for r in found if r.slot_id == slot.id]
        held = sum(r.head_count for r in here if r.state in HOLDING)
        assert slot.taken == held <= slot.capacity
        waiting = sorted((r for r in here if r.state == "waiting"), key=lambda r: r.waiting_number)
        assert slot.waiting == len(waiting)
        left = _quotas_left(session, slot, here)
        if fits:
            _nobody_fits(slot, waiting, left)


def _quotas_left(session, slot, here):
    quotas = session.scalars(
        select(Quota).where(Quota.slot_id == slot.id).execution_options(populate_existing=True)
    )
    left = {}
    for quota in quotas:
        mine = [r for r in here if r.category_id == quota.category_id and r.state in HOLDING]
        assert quota.taken == sum(r.head_count for r in mine) <= quota.seats
        left[quota.category_id] = quota.seats - quota.taken
    return left


def _nobody_fits(slot, waiting, left):
    for registration in waiting:
        free = min(slot.capacity - slot.taken, left.get(registration.category_id, 10**6))
        assert registration.head_count > free
