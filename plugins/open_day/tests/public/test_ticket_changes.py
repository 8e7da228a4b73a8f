"""Name, phone and people are changed on the ticket; after the deadline the staff decides."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.sdk import utc_now
from core.testing.factories.people import create_person
from core.testing.pages import url_for
from plugins.open_day.models.registration import OpenDayEvent, Registration
from plugins.open_day.registrations.service import register
from plugins.open_day.registrations.validation import RegistrationRequest
from plugins.open_day.tests.factories import make_day, told

FIRST, SECOND = "13800138000", "13900139000"


@pytest.fixture
def day(own, county):
    """A day with two sessions of three places, open for registration."""
    made = make_day(own, county, slots=2, capacity=3, max_party=3)
    own.commit()
    return made


@pytest.fixture
def ticket(client, day):
    """The address of the ticket of somebody who has registered for two."""
    form = url_for("plugin_open_day_registration.form", day.id, day.slots[0].id)
    typed = {"name": "王小明", "phone": FIRST, "people": "2", "companions": "李四", "consent": "1"}
    return client.post(form, typed | {"request_key": "k1"}, status=303).location


def load(own):
    own.expire_all()
    return own.scalars(select(Registration).order_by(Registration.id)).first()


def pass_deadline(own, day):
    day.closes_at = utc_now() - timedelta(minutes=5)
    own.commit()


def staff(client, county, username="liaison"):
    create_person(username, username, county)
    client.sign_out()
    client.sign_in(username)
    return client


def decide(client, made, **typed):
    address = url_for("plugin_open_day_people.change", made.open_day_id, made.id)
    return client.post(address, typed)


@pytest.mark.both_databases
def test_name_and_phone_are_changed_and_the_former_phone_is_told(client, own, day, ticket):
    client.post(f"{ticket}change/", {"name": "王晓明", "phone": "139 0013 9000"}, status=303)
    made = load(own)
    assert (made.name, made.phone, made.head_count) == ("王晓明", SECOND, 2)
    assert told(own, made)[-1] == "phone_changed"
    code = re.search(r"tickets/(\w+)/", ticket)[1]
    find = url_for("plugin_open_day_tickets.find")
    client.post(find, {"phone": FIRST, "ticket": code}, status=422)
    client.post(find, {"phone": SECOND, "ticket": code}, status=303)
    form = url_for("plugin_open_day_registration.form", day.id, day.slots[0].id)
    other = {"name": "赵六", "people": "1", "consent": "1"}
    client.post(form, other | {"phone": SECOND, "request_key": "k2"}, status=409)
    client.post(form, other | {"phone": FIRST, "request_key": "k3"}, status=303)


def test_what_is_wrong_stands_at_its_field_and_stays_typed(client, own, ticket):
    page = client.post(
        f"{ticket}change/", {"name": "名" * 51, "phone": "138", "people": "3"}, status=422
    )
    assert page.select("//p[@id='name-error']")
    assert page.select("//p[@id='phone-error']")
    assert page.select("//input[@id='phone']/@value") == ["138"]
    assert page.select("//input[@id='people']/@value") == ["3"]
    links = page.select("//div[contains(@class, 'error-summary')]//a/@href")
    assert links == ["#name", "#phone"]
    made = load(own)
    assert (made.phone, made.head_count) == (FIRST, 2)


def names(made):
    return [each.name for each in made.companions]


@pytest.mark.both_databases
def test_companions_are_named_anew_and_that_leaves_its_trace(client, own, ticket):
    page = client.get(ticket)
    assert page.select("//textarea[@name='companions']")[0].text.strip() == "李四"
    version = load(own).version
    client.post(f"{ticket}change/", {"people": "3", "companions": "赵六\n钱七\n"}, status=303)
    made = load(own)
    assert (made.head_count, names(made)) == (3, ["赵六", "钱七"])
    assert made.version > version
    [trace] = own.scalars(select(OpenDayEvent).where(OpenDayEvent.note == "同行人员")).all()
    assert (trace.registration_id, trace.move, trace.actor_id) == (made.id, "change", None)
    client.post(f"{ticket}change/", {"companions": ""}, status=303)
    assert (load(own).head_count, names(load(own))) == (3, [])


@pytest.mark.parametrize("typed", ["赵六\n钱七", "名" * 51])
def test_wrong_companions_are_said_at_their_field(client, own, ticket, typed):
    page = client.post(f"{ticket}change/", {"people": "2", "companions": typed}, status=422)
    assert page.select("//p[@id='companions-error']")
    assert page.select("//textarea[@name='companions']")[0].text.strip() == typed
    assert names(load(own)) == ["李四"]


def test_who_comes_with_fewer_need_not_strike_names_out(client, own, ticket):
    client.post(f"{ticket}change/", {"people": "1", "companions": "李四"}, status=303)
    assert (load(own).head_count, names(load(own))) == (1, [])


def test_other_companions_after_the_deadline_are_the_offices_to_decide(
    client, own, county, day, ticket
):
    pass_deadline(own, day)
    client.post(f"{ticket}change/", {"companions": "赵六"}, status=303)
    assert "主办单位尚未答复" in client.get(ticket).text
    made = load(own)
    assert (names(made), made.change_request) == (["李四"], {"companions": ["赵六"]})
    office = staff(client, county)
    shown = office.get(url_for("plugin_open_day_people.show", day.id, made.id))
    assert "赵六" in shown.text
    decide(office, made, act="accept_change")
    assert names(load(own)) == ["赵六"]
    [trace] = own.scalars(select(OpenDayEvent).where(OpenDayEvent.note == "同行人员")).all()
    assert trace.actor_id is not None


def test_nobody_else_changes_it_and_no_phone_is_taken_over(client, own, day, ticket):
    request = RegistrationRequest(name="赵六", phone=SECOND, consent=True)
    register(own, day, day.slots[0], request)
    own.commit()
    page = client.post(f"{ticket}change/", {"phone": SECOND, "name": "王晓明"}, status=409)
    assert "该手机号已经报名" in page.text
    assert load(own).name == "王小明"
    for _number in range(14):
        client.post(f"{ticket}change/", {"phone": SECOND}, status=409)
    client.post(f"{ticket}change/", {"phone": SECOND}, status=429)
    client.forget()
    client.post(f"{ticket}change/", {"phone": "13700137000"}, status=302)
    assert load(own).phone == FIRST


@pytest.mark.both_databases
def test_after_the_deadline_more_is_a_wish_and_fewer_is_done(client, own, county, day, ticket):
    pass_deadline(own, day)
    assert "由主办单位决定" in client.get(ticket).text
    wish = {"people": "3", "name": "王晓明", "phone": SECOND, "slot": str(day.slots[1].id)}
    client.post(f"{ticket}change/", wish, status=303)
    page = client.get(ticket)
    assert "主办单位尚未答复" in page.text
    assert SECOND not in page.text
    made = load(own)
    assert (made.head_count, made.name, made.phone) == (2, "王小明", FIRST)
    assert made.slot_id == day.slots[0].id
    assert made.day.slots[0].taken == 2
    desk = staff(client, county)
    queue = desk.get(url_for("plugin_open_day_decisions.index"))
    assert "王晓明" in queue.text
    assert "第2场" in queue.text
    assert "待定的报名 1 项" in desk.get(url_for("console.home")).text
    assert SECOND in desk.get(url_for("plugin_open_day_people.show", day.id, made.id)).text
    decide(desk, made, act="accept_change")
    made = load(own)
    assert (made.head_count, made.name, made.phone) == (3, "王晓明", SECOND)
    assert made.slot_id == day.slots[1].id
    assert made.change_request is None
    assert told(own, made)[-1] == "change_accepted"
    moves = own.scalars(select(OpenDayEvent.move).where(OpenDayEvent.registration_id == made.id))
    assert {"change_asked", "change_accepted"} <= set(moves)


def test_fewer_people_and_cancelling_need_nobody(client, own, day, ticket):
    pass_deadline(own, day)
    client.post(f"{ticket}change/", {"people": "1"}, status=303)
    made = load(own)
    assert (made.head_count, made.companions, made.change_request) == (1, [], None)
    client.post(f"{ticket}change/", {"people": "3"}, status=303)
    assert load(own).change_request == {"people": 3}
    client.post(f"{ticket}cancel/", status=303)
    made = load(own)
    assert (made.state, made.change_request) == ("cancelled", None)


def test_a_refusal_needs_a_reason_and_is_told(client, own, county, day, ticket):
    pass_deadline(own, day)
    client.post(f"{ticket}change/", {"people": "3"}, status=303)
    desk, made = staff(client, county), load(own)
    decide(desk, made, act="refuse_change")
    assert load(own).change_request == {"people": 3}
    decide(desk, made, act="refuse_change", note="场地已满")
    made = load(own)
    assert (made.head_count, made.change_request) == (2, None)
    assert told(own, made)[-1] == "change_refused"
    assert "场地已满" in desk.get(url_for("plugin_open_day_people.show", day.id, made.id)).text


def test_a_wish_without_places_stays_in_the_queue(client, own, county, day, ticket):
    request = RegistrationRequest(name="赵六", phone=SECOND, consent=True)
    register(own, day, day.slots[0], request)
    pass_deadline(own, day)
    client.post(f"{ticket}change/", {"people": "3"}, status=303)
    desk, made = staff(client, county), load(own)
    decide(desk, made, act="accept_change")
    made = load(own)
    assert (made.head_count, made.change_request) == (2, {"people": 3})
    assert "change_accepted" not in told(own, made)
