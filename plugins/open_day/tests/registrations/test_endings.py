"""Nobody stays on a waiting list that has come to its end, and everybody is told how it ended."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.sdk import utc_now
from plugins.open_day import jobs
from plugins.open_day.domain.states import DayTransition
from plugins.open_day.events.lifecycle import change_state
from plugins.open_day.events.program import change_slot
from plugins.open_day.models.registration import EventSession, Registration
from plugins.open_day.registrations.service import register
from plugins.open_day.registrations.validation import RegistrationRequest
from plugins.open_day.tests.factories import context, make_day, told

both = pytest.mark.both_databases


def sign_up(session, day, number, slot=0):
    requested = RegistrationRequest(name=f"报名人{number}", phone=f"138{number:08d}", consent=True)
    made = register(session, day, day.slots[slot], requested)
    session.commit()
    return made


def states(session):
    session.expire_all()
    return [one.state for one in session.scalars(select(Registration).order_by(Registration.id))]


def change(session, county, day, word, note=""):
    change_state(context(session, county), day, word, note)
    session.commit()


def seats(slot, capacity, **values):
    return {"capacity": capacity, "reserved": 0, "name": slot.name, "state": "open"} | values


@both
def test_a_day_that_is_resumed_promotes_its_waiting_list_then_tells_everybody(own, county):
    day = make_day(own, county, capacity=1)
    first, second, third = (sign_up(own, day, number) for number in (1, 2, 3))
    change(own, county, day, DayTransition.POSTPONE, "消防检查")
    slot = day.slots[0]
    change_slot(context(own, county), day, slot, seats(slot, 2))
    own.commit()
    assert states(own) == ["confirmed", "waiting", "waiting"]
    change(own, county, day, DayTransition.RESUME)
    assert states(own) == ["confirmed", "confirmed", "waiting"]
    assert told(own, first) == ["confirmed", "day_postponed", "day_changed"]
    assert told(own, second) == ["waiting", "day_postponed", "promoted"]
    assert told(own, third) == ["waiting", "day_postponed", "day_changed"]


@both
def test_more_seats_go_to_who_waits_at_once(own, county):
    day = make_day(own, county, capacity=1)
    _first, second = (sign_up(own, day, number) for number in (1, 2))
    slot = day.slots[0]
    change_slot(context(own, county), day, slot, seats(slot, 2))
    own.commit()
    assert states(own) == ["confirmed", "confirmed"]
    assert told(own, second)[-1] == "promoted"


@both
def test_nothing_is_left_of_a_day_that_is_cancelled(own, county):
    day = make_day(own, county, capacity=1)
    first, second = (sign_up(own, day, number) for number in (1, 2))
    change(own, county, day, DayTransition.CANCEL, "台风")
    assert states(own) == ["cancelled", "cancelled"]
    assert told(own, first)[-1] == told(own, second)[-1] == "day_cancelled"
    slot = own.get_one(EventSession, day.slots[0].id)
    assert (slot.taken, slot.waiting) == (0, 0)


@both
def test_who_waits_for_a_day_that_is_closed_is_told_that_it_is_over(own, county):
    day = make_day(own, county, capacity=1, offer_hours=24)
    first, second, third = (sign_up(own, day, number) for number in (1, 2, 3))
    second.state, second.pool = "waiting", None
    own.commit()
    change(own, county, day, DayTransition.CLOSE)
    assert states(own) == ["no_show", "declined", "declined"]
    assert told(own, first) == ["confirmed"]
    assert told(own, second)[-1] == told(own, third)[-1] == "lapsed"


@both
def test_a_session_that_is_cancelled_ends_its_own_only(own, county):
    day = make_day(own, county, slots=2, capacity=1)
    first, second = sign_up(own, day, 1), sign_up(own, day, 2, slot=1)
    slot = day.slots[0]
    change_slot(context(own, county), day, slot, seats(slot, 1, state="cancelled"))
    own.commit()
    assert states(own) == ["cancelled", "confirmed"]
    assert told(own, first)[-1] == "cancelled"
    assert told(own, second) == ["confirmed"]


@both
def test_the_round_ends_what_waits_for_a_session_that_is_over(own, county):
    day = make_day(own, county, capacity=1)
    later = make_day(own, county, capacity=1, state="postponed", state_reason="消防检查")
    _first, second = (sign_up(own, day, number) for number in (1, 2))
    slot = day.slots[0]
    slot.starts_at, slot.ends_at = (utc_now() - timedelta(hours=hours) for hours in (4, 2))
    day.ends_at = slot.ends_at
    later.slots[0].ends_at = slot.ends_at
    later.slots[0].starts_at = slot.starts_at
    own.commit()
    jobs.run_periodic_tasks()
    assert states(own) == ["confirmed", "declined"]
    before = told(own)
    jobs.run_periodic_tasks()
    own.expire_all()
    assert told(own) == before
    assert told(own, second)[-1] == "lapsed"
