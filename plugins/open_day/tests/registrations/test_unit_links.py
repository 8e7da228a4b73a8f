"""A unit enters its own nominations by a link; the staff decides on them in one queue."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.sdk import Scope, open_session, read_pasted_list, utc_now
from core.testing.factories.people import create_person
from core.testing.pages import url_for
from plugins.open_day.models.followup import Nomination
from plugins.open_day.models.registration import Registration
from plugins.open_day.public import access
from plugins.open_day.registrations.nominations import (
    LINKS,
    make_link,
    name_people,
    withdraw_link,
)
from plugins.open_day.registrations.participant_lists import read_people
from plugins.open_day.registrations.service import register
from plugins.open_day.registrations.validation import RegistrationRequest
from plugins.open_day.tests.factories import context, make_day, told

both = pytest.mark.both_databases
AGREED = {"agreed": "1"}


@pytest.fixture
def asked(own, county, day):
    """A unit that may name two people for the day's session, and its link."""
    nomination = Nomination(
        tenant_id=county.id, open_day_id=day.id, slot_id=day.slots[0].id, unit="县水务局", quota=2
    )
    own.add(nomination)
    own.flush()
    token = make_link(context(own, county), nomination, day.slots[0])
    own.commit()
    return nomination, token


@pytest.fixture
def liaison(client, county):
    create_person("liaison", "liaison", county)
    client.sign_in("liaison")
    return client


def listed(own):
    own.expire_all()
    return own.scalars(select(Registration).order_by(Registration.id)).all()


def enter(client, address, names):
    """Send a list and confirm what the page read of it."""
    page = client.post(address, AGREED | {"names": names}, status=200)
    rows = page.select("//input[@name='rows']/@value")[0]
    return client.post(address, AGREED | {"act": "confirm", "rows": rows}, status=200)


def people(text):
    return read_people(read_pasted_list(text)).people


def test_a_unit_names_people_and_takes_one_back(client, own, asked):
    _nomination, token = asked
    address = url_for("plugin_open_day_units.names", token)
    page = client.get(address)
    assert page.select("//meta[@name='robots'][@content='noindex']")
    page = enter(client, address, "张三 13812345678\n王五 13912345678\n赵六 13712345678")
    assert "推荐名额已用完" in page.text
    assert "13812345678" not in page.text
    made = listed(own)
    assert [(one.name, one.state, one.source) for one in made] == [
        ("张三", "pending", "nomination"),
        ("王五", "pending", "nomination"),
    ]
    assert all(one.consented_at and one.organisation == "县水务局" for one in made)
    assert told(own) == ["registered", "registered"]
    client.post(
        url_for("plugin_open_day_units.withdraw", token), {"number": str(made[0].id)}, status=303
    )
    assert [one.state for one in listed(own)] == ["cancelled", "pending"]
    enter(client, address, "赵六 13712345678")
    assert [one.name for one in listed(own)] == ["张三", "王五", "赵六"]


def test_a_pasted_list_is_shown_back_before_anybody_is_named(client, own, asked):
    address = url_for("plugin_open_day_units.send", asked[1])
    pasted = "推荐人员名单\n序号\t姓名\t电话\n1\t张三\t13812345678\n2\t李四\t123"
    page = client.post(address, AGREED | {"names": pasted}, status=200)
    [table] = page.select("//main//table")
    assert "张三" in table.text_content()
    assert "13812345678" in table.text_content()
    assert "李四" in page.select("//main//*[contains(@class, 'finding')]")[0].text_content()
    assert page.select("//textarea[@id='names']")[0].text.strip() == pasted
    assert listed(own) == []
    assert told(own) == []
    hidden = ("rows", "names")
    confirmed = {name: page.select(f"//input[@name='{name}']/@value")[0] for name in hidden}
    page = client.post(address, AGREED | {"act": "confirm"} | confirmed, status=200)
    assert "李四" in page.select("//textarea[@id='names']")[0].text, "to be corrected there"
    assert [(one.name, one.phone) for one in listed(own)] == [("张三", "13812345678")]


def test_a_list_is_confirmed_only_by_who_says_that_they_agreed(client, own, asked):
    address = url_for("plugin_open_day_units.send", asked[1])
    client.post(address, {"act": "confirm", "rows": "张三 13812345678"}, status=422)
    client.post(address, AGREED | {"act": "confirm", "rows": ""}, status=422)
    assert listed(own) == []


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"names": "张三 13812345678"}, "agreed"), (AGREED | {"names": " "}, "names")],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client, own, asked, sent, field):
    page = client.post(url_for("plugin_open_day_units.send", asked[1]), sent, status=422)
    assert page.select(f"//*[@id='{field}-error']")
    assert page.select("//textarea[@id='names']")[0].text.strip() == sent["names"].strip()
    assert listed(own) == []


def test_a_link_that_is_wrong_withdrawn_or_of_elsewhere_leads_nowhere(
    client, own, county, asked, tree
):
    nomination, token = asked
    for wrong in ("x", f"{token}x", "a" * 500):
        client.get(url_for("plugin_open_day_units.names", wrong), status=404)
        client.post(url_for("plugin_open_day_units.send", wrong), AGREED, status=404)
    client.get(url_for("plugin_open_day_units.names", token, place=tree.town), status=404)
    assert token not in nomination.link_digest
    withdraw_link(context(own, county), nomination)
    own.commit()
    client.get(url_for("plugin_open_day_units.names", token), status=404)


@pytest.mark.parametrize("what", ["expired", "begun", "cancelled", "day"])
def test_after_its_time_a_link_takes_no_more_names(client, own, asked, day, what):
    nomination, token = asked
    past = utc_now() - timedelta(minutes=1)
    if what == "expired":
        nomination.link_expires_at = past
    elif what == "begun":
        day.slots[0].starts_at = past
    elif what == "cancelled":
        day.slots[0].state = "cancelled"
    else:
        day.state, day.state_reason = "postponed", "消防检查"
    own.commit()
    page = client.post(
        url_for("plugin_open_day_units.send", token),
        AGREED | {"names": "张三 13812345678"},
        status=200,
    )
    assert "推荐时间已截止" in page.text
    assert listed(own) == []


def test_a_network_that_sends_very_many_lists_waits(client, own, asked, monkeypatch):
    monkeypatch.setitem(access.LIMITS, "nominate", (1, timedelta(minutes=10)))
    enter(client, url_for("plugin_open_day_units.send", asked[1]), "张三 13812345678")
    page = client.post(
        url_for("plugin_open_day_units.send", asked[1]),
        AGREED | {"names": "李四 13912345678"},
        status=429,
    )
    assert "李四 13912345678" in page.text
    assert [one.name for one in listed(own)] == ["张三"]


@both
def test_a_unit_never_names_more_than_it_may(own, county, asked):
    nomination, token = asked
    with open_session(Scope.own(county)) as other:
        rival = LINKS.find(other, county, token)
        first = name_people(own, nomination, people("张三 13812345678"))
        own.commit()
        second = name_people(other, rival, people("李四 13912345678\n王五 13712345678"))
    assert len(first.people) == len(second.people) == len(second.refused) == 1
    assert len(listed(own)) == 2


def test_the_staff_makes_shows_once_and_withdraws_a_link(liaison, own, day, asked):
    nomination, old = asked
    base = url_for("plugin_open_day_nominations.nominations", day.id)
    page = liaison.post(
        url_for("plugin_open_day_nominations.link", day.id, nomination.id),
        {"act": "make"},
        status=200,
    )
    [address] = page.select("//a[contains(@href, '/open-days/units/')]/@href")
    token = address.rstrip("/").rsplit("/", 1)[-1]
    assert token not in liaison.get(base).text
    liaison.get(url_for("plugin_open_day_units.names", token))
    liaison.get(url_for("plugin_open_day_units.names", old), status=404)
    liaison.post(
        url_for("plugin_open_day_nominations.link", day.id, nomination.id), {"act": "withdraw"}
    )
    liaison.get(url_for("plugin_open_day_units.names", token), status=404)


@pytest.fixture
def waiting(own, county, asked):
    """Two moderated days with a person each, a nomination of a third day, and who is no case."""
    made = []
    for number in (1, 2):
        moderated = make_day(own, county, mode="moderated", title=f"第{number}次开放日")
        requested = RegistrationRequest(
            name=f"报名人{number}", phone=f"1380000000{number}", consent=True
        )
        made.append(register(own, moderated, moderated.slots[0], requested))
    lottery = make_day(own, county, mode="lottery", lottery_seed="a")
    register(
        own,
        lottery,
        lottery.slots[0],
        RegistrationRequest(name="抽签人", phone="13800000009", consent=True),
    )
    own.commit()
    name_people(own, asked[0], people("被推荐人 13812345678"))
    own.commit()
    return made


def test_the_queue_holds_all_open_days_and_decides_in_bulk(liaison, own, waiting):
    address = url_for("plugin_open_day_decisions.index")
    page = liaison.get(address)
    for name in ("报名人1", "报名人2", "被推荐人"):
        assert name in page.text
    assert "抽签人" not in page.text
    assert "13812345678" not in page.text
    only = liaison.get(url_for("plugin_open_day_decisions.index", source="nomination"))
    assert "报名人1" not in only.text
    page = liaison.post(address, {"act": "decline", "every": "1"}, status=422)
    assert page.select("//*[@id='reason-error']")
    first = str(waiting[0].id)
    liaison.post(address, {"act": "decline", "chosen": first, "reason": "人数已满"}, status=200)
    page = liaison.post(address, {"act": "accept", "every": "1"}, status=200)
    assert "没有待定的报名" in page.text
    states = {one.name: one.state for one in listed(own)}
    assert states == {
        "报名人1": "declined", "报名人2": "confirmed", "抽签人": "pending", "被推荐人": "confirmed",
    }  # fmt: skip
    assert listed(own)[0].state_reason == "人数已满"


def test_the_queue_takes_nothing_of_other_places_or_acts(liaison, own, waiting, tree):
    with open_session(Scope.own(tree.town)) as session:
        theirs = make_day(session, tree.town, mode="moderated")
        requested = RegistrationRequest(name="外镇人", phone="13800000005", consent=True)
        number = register(session, theirs, theirs.slots[0], requested).id
    address = url_for("plugin_open_day_decisions.index")
    assert "外镇人" not in liaison.get(address).text
    liaison.post(address, {"act": "accept", "chosen": str(number)}, status=422)
    liaison.post(address, {"act": "cancel", "every": "1", "reason": "无"}, status=422)
    liaison.post(address, {"act": "accept"}, status=422)
    liaison.sign_out()
    liaison.get(address, status=302)
