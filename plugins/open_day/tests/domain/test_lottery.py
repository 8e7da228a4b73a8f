"""The draw: after the end of registration, repeatable from what is published, once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.sdk import Conflict, utc_now
from core.testing.pages import url_for
from plugins.open_day.domain.allocation import Party, Seats, commitment, draw
from plugins.open_day.models.registration import EventSession, Registration
from plugins.open_day.registrations.lottery import draw_lottery, ensure_seed, seed_commitment
from plugins.open_day.registrations.service import register
from plugins.open_day.registrations.transitions import Cause
from plugins.open_day.registrations.validation import RegistrationRequest
from plugins.open_day.tests.factories import make_day


@pytest.fixture
def lottery(own, county):
    """A day with three places to draw, for which seven people have registered."""
    day = make_day(own, county, capacity=3, mode="lottery", slot={"waiting_limit": 2})
    ensure_seed(day)
    for number in range(7):
        requested = RegistrationRequest(name=f"人{number}", phone=f"139{number:08d}", consent=True)
        assert register(own, day, day.slots[0], requested).state == "pending"
    own.commit()
    return day


def close(session, day):
    day.closes_at = utc_now() - timedelta(minutes=1)
    session.commit()


def test_no_draw_while_people_can_still_register(own, lottery):
    with pytest.raises(Conflict, match="报名截止后"):
        draw_lottery(own, lottery, lottery.slots[0], Cause())


@pytest.mark.both_databases
def test_the_record_is_enough_to_repeat_the_draw(own, lottery):
    close(own, lottery)
    record = draw_lottery(own, lottery, lottery.slots[0], Cause())
    own.commit()
    assert commitment(record.seed) == seed_commitment(lottery)
    parties = [Party(number, people, category) for number, people, category in record.entries]
    again = draw(parties, record.seed, Seats(record.seats, dict(record.quotas)))
    assert again == (record.drawn, record.winners)
    query = select(Registration.state, Registration.lottery_number)
    states = {number: state for state, number in own.execute(query)}
    assert {n for n, state in states.items() if state == "confirmed"} == set(record.winners)
    losers = [number for number in record.drawn if number not in record.winners]
    assert [states[number] for number in losers] == ["waiting"] * 2 + ["declined"] * 2
    order = select(Registration.lottery_number).order_by(Registration.waiting_number)
    assert own.scalars(order.where(Registration.state == "waiting")).all() == losers[:2]
    slot = own.get(EventSession, lottery.slots[0].id, populate_existing=True)
    assert (slot.taken, slot.waiting) == (3, 2)
    with pytest.raises(Conflict, match="已经抽签"):
        draw_lottery(own, lottery, lottery.slots[0], Cause())


def test_the_page_shows_numbers_and_the_seed_but_no_person(client, own, lottery):
    root = url_for("plugin_open_day.show", lottery.id)
    page = client.get(root)
    assert seed_commitment(lottery) in page.text
    assert lottery.lottery_seed not in page.text
    assert "尚未抽签" in client.get(url_for("plugin_open_day.draw", lottery.id)).text
    close(own, lottery)
    draw_lottery(own, lottery, lottery.slots[0], Cause())
    own.commit()
    page = client.get(url_for("plugin_open_day.draw", lottery.id))
    assert lottery.lottery_seed in page.text
    assert len(page.select("//tbody/tr")) == 7
    assert "人1" not in page.text
    ticket = own.scalar(select(Registration.code))
    assert ticket not in page.text


def test_a_day_without_lottery_has_no_record(client, day):
    client.get(url_for("plugin_open_day.draw", day.id), status=404)
