"""Registering, changing, cancelling: seats are counted, the waiting list moves up."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.sdk import Conflict, Invalid, utc_now
from core.testing.kit import erase_due
from plugins.open_day.manifest import NAME
from plugins.open_day.models.registration import (
    Answer,
    Companion,
    EventSession,
    OpenDay,
    OpenDayEvent,
    Registration,
)
from plugins.open_day.registrations.changes import change_people, change_slot
from plugins.open_day.registrations.service import (
    accept,
    cancel,
    decline,
    register,
)
from plugins.open_day.registrations.transitions import Cause
from plugins.open_day.registrations.validation import RegistrationRequest
from plugins.open_day.registrations.waitlist import accept_offer, expire_offers, promote, rank
from plugins.open_day.tests.factories import add_category, add_field, make_day, told

STAFF = Cause(note="材料不全")


def requested(number=1, **changes):
    return RegistrationRequest(
        **{"name": "王小明", "phone": f"138{number:08d}", "consent": True} | changes
    )


def states(session, day):
    query = select(Registration.phone, Registration.state).where(Registration.open_day_id == day.id)
    return [state for _phone, state in sorted(session.execute(query).all())]


def slot_of(session, day):
    return session.scalars(
        select(EventSession)
        .where(EventSession.open_day_id == day.id)
        .execution_options(populate_existing=True)
    ).first()


def fill(session, day, people):
    slot = day.slots[0]
    return [register(session, day, slot, requested(number)) for number in range(1, people + 1)]


@pytest.mark.both_databases
def test_the_last_seat_and_then_the_waiting_list(own, county):
    day = make_day(own, county, capacity=2)
    made = fill(own, day, 4)
    assert [r.state for r in made] == ["confirmed", "confirmed", "waiting", "waiting"]
    assert [rank(own, r) for r in made] == [None, None, 1, 2]
    slot = slot_of(own, day)
    assert (slot.taken, slot.waiting, slot.waiting_last) == (2, 2, 2)


@pytest.mark.both_databases
def test_who_waits_moves_up_when_somebody_cancels(own, county):
    day = make_day(own, county, capacity=2)
    made = fill(own, day, 4)
    cancel(own, made[0])
    assert [r.state for r in made] == ["cancelled", "confirmed", "confirmed", "waiting"]
    assert rank(own, made[3]) == 1
    slot = slot_of(own, day)
    assert (slot.taken, slot.waiting) == (2, 1)
    notices = told(own)
    assert notices == ["confirmed", "confirmed", "waiting", "waiting", "cancelled", "promoted"]
    events = own.scalars(select(OpenDayEvent.to_state).order_by(OpenDayEvent.id)).all()
    assert events[-2:] == ["cancelled", "confirmed"]


def test_a_party_too_big_for_what_is_left_keeps_its_place(own, county):
    day = make_day(own, county, capacity=3, max_party=3)
    first = register(own, day, day.slots[0], requested(1, people="2"))
    register(own, day, day.slots[0], requested(2))
    big = register(own, day, day.slots[0], requested(3, people="3"))
    small = register(own, day, day.slots[0], requested(4))
    cancel(own, first)
    assert (big.state, small.state) == ("waiting", "confirmed")
    assert rank(own, big) == 1


def test_a_full_waiting_list_refuses(own, county):
    day = make_day(own, county, capacity=1, slot={"waiting_limit": 1})
    fill(own, day, 2)
    own.commit()
    with pytest.raises(Conflict, match="候补名单也已满"):
        register(own, day, day.slots[0], requested(3))


def test_a_day_without_waiting_list_refuses_when_full(own, county):
    day = make_day(own, county, capacity=1, slot={"waiting_on": False})
    fill(own, day, 1)
    own.commit()
    with pytest.raises(Conflict):
        register(own, day, day.slots[0], requested(3))


@pytest.mark.both_databases
def test_a_phone_registers_once(own, county):
    day = make_day(own, county, slots=2)
    register(own, day, day.slots[0], requested(1))
    own.commit()
    with pytest.raises(Conflict, match="已经报名"):
        register(own, day, day.slots[1], requested(1, phone="138 0000 0001"))
    assert states(own, day) == ["confirmed"]
    assert slot_of(own, day).taken == 1


def test_a_phone_that_cancelled_can_register_again(own, day):
    cancel(own, register(own, day, day.slots[0], requested(1)))
    assert register(own, day, day.slots[0], requested(1)).state == "confirmed"


def test_one_registration_a_slot_where_the_day_says_so(own, county):
    day = make_day(own, county, slots=2, one_per_phone=False)
    register(own, day, day.slots[0], requested(1))
    register(own, day, day.slots[1], requested(1))
    own.commit()
    with pytest.raises(Conflict):
        register(own, day, day.slots[1], requested(1))


@pytest.mark.both_databases
def test_the_same_form_sent_twice_is_one_registration(own, day):
    first = register(own, day, day.slots[0], requested(1, request_key="k1"))
    own.commit()
    assert register(own, day, day.slots[0], requested(1, request_key="k1")).id == first.id
    assert slot_of(own, day).taken == 1


def test_quotas_limit_a_category_within_the_slot(own, county):
    day = make_day(own, county, capacity=3)
    add_category(own, day, "residents", "居民", seats=2)
    add_category(own, day, "students", "学生", seats=1)
    slot = day.slots[0]
    made = [register(own, day, slot, requested(n, category="students")) for n in (1, 2)]
    made += [register(own, day, slot, requested(n, category="residents")) for n in (3, 4, 5)]
    expected = ["confirmed", "waiting", "confirmed", "confirmed", "waiting"]
    assert [r.state for r in made] == expected
    cancel(own, made[2])
    assert made[4].state == "confirmed"
    assert made[1].state == "waiting"


def test_a_category_by_invitation_cannot_be_chosen(own, day):
    add_category(own, day, "residents", "居民")
    add_category(own, day, "media", "媒体", by_invitation=True)
    with pytest.raises(Invalid) as caught:
        register(own, day, day.slots[0], requested(category="media"))
    assert set(caught.value.fields) == {"category"}


def test_reserved_seats_are_for_those_whom_the_staff_registers(own, county):
    day = make_day(own, county, capacity=3, slot={"reserved": 2})
    made = fill(own, day, 2)
    assert [r.state for r in made] == ["confirmed", "waiting"]
    invited = register(own, day, day.slots[0], requested(9, source="invitation", consent=False))
    assert (invited.state, invited.pool) == ("confirmed", "reserved")
    cancel(own, invited)
    assert made[1].state == "waiting"
    assert slot_of(own, day).reserved_taken == 0


def test_everything_wrong_is_told_at_once_and_nothing_is_stored(own, county):
    day = make_day(own, county, max_party=3, eligibility="本县居民")
    add_field(own, day, "car", "是否开车", "checkbox")
    add_field(
        own, day, "plate", "车牌号", required=True, condition_key="car", condition_value="yes"
    )
    bad = RegistrationRequest(
        name=" ", phone="12", people="9", companions="甲\n乙", answers={"car": "on"}
    )
    with pytest.raises(Invalid) as caught:
        register(own, day, day.slots[0], bad)
    fields = {"name", "phone", "people", "companions", "answer-plate", "consent", "eligible"}
    assert set(caught.value.fields) == fields
    assert states(own, day) == []


def test_answers_are_kept_with_their_own_term(own, day):
    add_field(own, day, "idea", "想了解什么", retention_days=7)
    add_field(own, day, "diet", "饮食")
    answers = {"idea": "低保怎么申请", "diet": "清真"}
    registration = register(own, day, day.slots[0], requested(1, answers=answers))
    kept = {answer.field.key: answer.purge_on for answer in registration.answers}
    assert kept == {
        "idea": (day.slots[0].ends_at + timedelta(days=7)).date(),
        "diet": None,
    }


def test_offers_that_nobody_accepts_go_to_the_next(own, county):
    day = make_day(own, county, capacity=1, offer_hours=24)
    made = fill(own, day, 3)
    cancel(own, made[0])
    assert [r.state for r in made] == ["cancelled", "offered", "waiting"]
    later = utc_now() + timedelta(hours=25)
    assert expire_offers(own, day.slots[0].id, later) == 1
    assert [r.state for r in made] == ["cancelled", "cancelled", "offered"]
    assert made[1].state_reason == "offer_expired"
    accept_offer(own, made[2])
    assert made[2].state == "confirmed"
    assert slot_of(own, day).taken == 1
    assert expire_offers(own, day.slots[0].id, later) == 0


def test_an_offer_that_has_run_out_cannot_be_accepted(own, county):
    day = make_day(own, county, capacity=1, offer_hours=24)
    made = fill(own, day, 2)
    cancel(own, made[0])
    made[1].offer_expires_at = utc_now() - timedelta(minutes=1)
    own.flush()
    with pytest.raises(Conflict):
        accept_offer(own, made[1])


def test_the_next_who_registers_ends_offers_that_have_run_out(own, county):
    day = make_day(own, county, capacity=1, offer_hours=24)
    made = fill(own, day, 2)
    cancel(own, made[0])
    made[1].offer_expires_at = utc_now() - timedelta(minutes=1)
    own.flush()
    assert register(own, day, day.slots[0], requested(7)).state == "confirmed"
    assert made[1].state == "cancelled"


def test_people_are_changed_within_the_seats(own, county):
    day = make_day(own, county, capacity=3, max_party=3)
    mine = register(own, day, day.slots[0], requested(1, people="2", companions="李四"))
    other = register(own, day, day.slots[0], requested(2, people="1"))
    waits = register(own, day, day.slots[0], requested(3))
    with pytest.raises(Invalid) as caught:
        change_people(own, mine, 3)
    assert "people" in caught.value.fields
    change_people(own, mine, 1)
    assert (mine.head_count, mine.companions, waits.state) == (1, [], "confirmed")
    assert (other.head_count, slot_of(own, day).taken) == (1, 3)


def test_another_slot_is_taken_before_the_present_one_is_given_up(own, county):
    day = make_day(own, county, capacity=1, slots=2)
    first, second = day.slots
    mine = register(own, day, first, requested(1))
    waits = register(own, day, first, requested(2))
    other = register(own, day, second, requested(3))
    with pytest.raises(Invalid):
        change_slot(own, mine, second)
    assert mine.slot_id == first.id
    cancel(own, other)
    change_slot(own, mine, second)
    assert (mine.slot.id, waits.state) == (second.id, "confirmed")


def test_moderated_registrations_wait_for_a_decision(own, county):
    day = make_day(own, county, capacity=1, mode="moderated")
    made = fill(own, day, 3)
    assert {r.state for r in made} == {"pending"}
    accept(own, made[1], STAFF)
    accept(own, made[0], STAFF)
    decline(own, made[2], STAFF)
    assert [r.state for r in made] == ["waiting", "confirmed", "declined"]
    with pytest.raises(Invalid):
        decline(own, made[0], Cause(note=" "))
    with pytest.raises(Conflict):
        accept(own, made[2], STAFF)


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "draft"},
        {"mode": "invitation"},
        {"mode": "none"},
        {"opens_at": utc_now() + timedelta(days=1), "closes_at": utc_now() + timedelta(days=2)},
        {"closes_at": utc_now() - timedelta(minutes=1)},
    ],
)
def test_nobody_registers_when_it_is_not_open(own, county, columns):
    day = make_day(own, county, **columns)
    with pytest.raises(Conflict):
        register(own, day, day.slots[0], requested())


def test_a_bigger_slot_takes_in_those_who_wait(own, county):
    day = make_day(own, county, capacity=1)
    made = fill(own, day, 3)
    own.execute(update(EventSession).where(EventSession.open_day_id == day.id).values(capacity=2))
    assert promote(own, day.slots[0].id) == [made[1]]
    assert promote(own, day.slots[0].id) == []


def test_nobody_is_promoted_while_the_day_is_postponed(own, county):
    day = make_day(own, county, capacity=1)
    made = fill(own, day, 2)
    day.state, day.state_reason = "postponed", "天气原因"
    own.flush()
    cancel(own, made[0])
    assert made[1].state == "waiting"


def test_personal_data_goes_when_its_time_is_over(own, county):
    day = make_day(own, county, max_party=2, retention_days=30)
    add_field(own, day, "idea", "想了解什么", retention_days=7)
    mine = register(
        own,
        day,
        day.slots[0],
        requested(1, people="2", companions="李四", answers={"idea": "养老"}, needs="轮椅"),
    )
    ended = day.slots[0].ends_at
    own.commit()
    assert erased(ended + timedelta(days=8)) == {Answer: 1}
    own.expire_all()
    assert own.scalars(select(Answer)).all() == []
    assert mine.name
    assert erased(ended + timedelta(days=31)) == {Registration: 1, Companion: 1}
    own.expire_all()
    kept = own.get(Registration, mine.id)
    assert (kept.name, kept.phone, kept.phone_digest, kept.needs) == ("", "", None, "")
    assert (kept.companions, kept.head_count, kept.state) == ([], 2, "confirmed")
    assert kept.purged_at is not None
    assert erased(ended + timedelta(days=32)) == {}


def erased(now):
    """What the nightly job erases of open days: rows by model."""
    ours = (each for each in erase_due(now) if each.group.feature == NAME and each.rows)
    return {each.group.model: each.rows for each in ours}


def test_the_county_template_is_read_below_it(own, county, tree):
    from core.sdk import Scope, open_session

    make_day(own, county, state="draft", is_template=True)
    own.commit()
    with open_session(Scope.own(tree.town)) as below:
        assert below.scalars(select(OpenDay.title)).all() == ["走进政务大厅"]
        assert below.scalars(select(Registration)).all() == []
