"""A message that goes to another place, corrections and their thanks, and who is reminded."""

from datetime import date

import pytest
from sqlalchemy import select

from core.db.scope import Scope, open_session
from core.messages.kinds import MessageKind, MessageSubject, add_message_kind
from core.messages.models import MessageCase, MessageContact
from core.messages.reminders import remind_offices
from core.notifications.models import QueuedNotice
from core.portal.enquiries import ENQUIRY, KEY
from core.tenancy.service import ensure_organ
from core.testing.factories.people import create_person
from core.testing.pages import url_for

KIND = "tests.mistake"
THANKS = "谢谢您，已经改正。"
PHONE = "13912345678"
WORDS = {"text": "几点下班", "phone": "139 1234 5678", "name": "王芳"}


@pytest.fixture(autouse=True)
def correction():
    """A kind of message that says what is wrong with a thing."""

    def find(session, tenant, key):
        del session
        home = f"/{tenant.division_code}/"
        return MessageSubject("便民服务中心", home, edit_url=f"{home}console/")

    add_message_kind(
        MessageKind(
            KIND, "报错", "哪里不对？", find,
            aspects=("电话不对", "地址不对"), thanks=THANKS, publishable=False,
        )
    )  # fmt: skip


def send(client, place, kind=ENQUIRY, key=KEY, **words):
    """Send a message; return the address of its sender's page."""
    address = url_for("messages.send", kind, key, place=place)
    return client.post(address, data=WORDS | words, status=303).location


def load(place):
    """The messages of a place, in the order of their coming."""
    with open_session(Scope.own(place)) as session:
        query = select(MessageCase).order_by(MessageCase.id)
        cases = session.scalars(query).all()
        return [(case, list(case.history), case.transfer) for case in cases]


def notices(topic=""):
    """Recipient and facts of what waits to be sent, of one topic."""
    with open_session(Scope.platform("test")) as session:
        query = select(QueuedNotice).where(QueuedNotice.topic.startswith(f"messages.{topic}"))
        return [(row.recipient, row.facts) for row in session.scalars(query.order_by("id"))]


def act(client, place, number, status=303, /, view="answer", **words):
    """Do something with a message, as its page shows it now."""
    page = client.get(url_for("messages_console.show", number, place=place))
    version = (page.select("//input[@name='version']/@value") or ["0"])[0]
    address = url_for(f"messages_console.{view}", number, place=place)
    return client.post(address, data={"version": version} | words, status=status)


def make_organs(session, place):
    """Make two organs; return their ids."""
    return [ensure_organ(session, place, name).id for name in ("民政局", "税务局")]


def tell(place, phone="13800000001", organ_id=None):
    """Have a number told of a place's messages."""
    with open_session(Scope.own(place)) as session:
        session.add(MessageContact(tenant_id=place.id, phone=phone, organ_id=organ_id))


@pytest.mark.both_databases
def test_a_message_goes_down_to_a_township_and_its_sender_with_it(
    client, tree, sign_in_as, set_clock
):
    set_clock(date(2026, 3, 2))
    ticket = send(client, tree.county)
    tell(tree.town)
    set_clock(date(2026, 3, 5))
    sign_in_as("liaison", tree.county)
    number = load(tree.county)[0][0].number
    words = {"act": "transfer", "place": tree.town.division_code, "note": "属镇里的事"}
    act(client, tree.county, number, 422, **words | {"note": ""})
    act(client, tree.county, number, 422, **words | {"place": tree.other_town.division_code})
    act(client, tree.county, number, **words)
    ((case, history, transfer),) = load(tree.county)
    ((passed, events, _transfer),) = load(tree.town)
    assert (case.state, case.name, case.phone) == ("handed_over", "", "")
    assert history[-1].note == "属镇里的事"
    assert (transfer.place_name, transfer.number) == (tree.town.name, passed.number)
    assert (passed.text, passed.name, passed.phone) == ("几点下班", "王芳", PHONE)
    assert passed.due_on == date(2026, 3, 12)
    assert (events[0].note, events[0].actor_name) == ("属镇里的事", tree.county.name)
    assert [to for to, _facts in notices("passed_on")] == [PHONE]
    assert [to for to, _facts in notices("arrived")] == ["13800000001"]
    there = client.get(ticket, status=303).location
    assert f"/{tree.town.division_code}/messages/sent/" in there
    assert passed.number in client.get(there).text
    found = client.post(
        url_for("messages.find", place=tree.county),
        data={"number": number, "phone": PHONE},
        status=303,
    )
    assert client.get(found.location, status=303).location == there
    act(client, tree.county, number, 409, **words)


def test_a_township_passes_a_message_up_and_to_its_villages_only(client, tree, sign_in_as):
    send(client, tree.town)
    sign_in_as("liaison", tree.town)
    number = load(tree.town)[0][0].number
    page = client.get(url_for("messages_console.show", number, place=tree.town))
    offered = set(page.select("//select[@name='place']/option/@value")) - {""}
    wanted = (tree.county, tree.village, tree.sister_village)
    assert offered == {place.division_code for place in wanted}
    words = {"act": "transfer", "place": tree.county.division_code, "note": "请县里答复"}
    act(client, tree.town, number, **words)
    assert load(tree.county)[0][0].text == "几点下班"


def test_what_somebody_has_answered_meanwhile_is_not_passed_on(client, tree, sign_in_as):
    send(client, tree.county)
    sign_in_as("liaison", tree.county)
    number = load(tree.county)[0][0].number
    address = url_for("messages_console.answer", number, place=tree.county)
    words = {"act": "transfer", "place": tree.town.division_code, "note": "属镇里"}
    stale = {"version": "1"} | words
    act(client, tree.county, number, act="draft", reply="五点半")
    client.post(address, data=stale, status=409)
    assert not load(tree.town)


def test_a_correction_is_put_right_and_its_sender_thanked(client, tree, sign_in_as):
    ticket = send(client, tree.county, KIND, "7", aspects="电话不对", text="")
    assert load(tree.county)[0][0].text == "电话不对"
    sign_in_as("liaison", tree.county)
    number = load(tree.county)[0][0].number
    page = client.get(url_for("messages_console.show", number, place=tree.county))
    assert f"/{tree.county.division_code}/console/" in page.select("//main//a/@href")
    act(client, tree.county, number, act="accept")
    assert THANKS in client.get(ticket).text
    assert [to for to, _facts in notices("thanked")] == [PHONE]
    act(client, tree.county, number, 409, act="accept")


def links_of_case(client, place):
    """Where the page of a place's only message leads to."""
    number = load(place)[0][0].number
    page = client.get(url_for("messages_console.show", number, place=place))
    return page, page.select("//main//a/@href")


@pytest.mark.both_databases
def test_a_subject_stays_at_its_place_when_its_message_goes_on(client, tree, sign_in_as):
    """Whoever gets it sees what it is about; only who keeps the subject can put it right."""
    ticket = send(client, tree.county, KIND, "7", aspects="电话不对", text="")
    sign_in_as("liaison", tree.county)
    number = load(tree.county)[0][0].number
    words = {"act": "transfer", "place": tree.town.division_code, "note": "属镇里的事"}
    act(client, tree.county, number, **words)
    sign_in_as("liaison", tree.town)
    page, links = links_of_case(client, tree.town)
    home = f"/{tree.county.division_code}/"
    assert home in links
    assert f"{home}console/" not in links
    assert not page.select("//button[@value='accept']")
    there = client.get(ticket, status=303).location
    assert home in client.get(there).select("//main//a/@href")


def test_a_county_puts_right_what_a_township_passes_up(client, tree, sign_in_as):
    send(client, tree.town, KIND, "7", aspects="电话不对", text="")
    sign_in_as("liaison", tree.town)
    words = {"act": "transfer", "place": tree.county.division_code, "note": "请县里改"}
    act(client, tree.town, load(tree.town)[0][0].number, **words)
    sign_in_as("liaison", tree.county)
    page, links = links_of_case(client, tree.county)
    assert f"/{tree.town.division_code}/console/" in links
    assert page.select("//button[@value='accept']")


def test_only_corrections_are_closed_with_thanks(client, tree, sign_in_as):
    send(client, tree.county)
    sign_in_as("liaison", tree.county)
    number = load(tree.county)[0][0].number
    act(client, tree.county, number, 409, act="accept")
    page = client.get(url_for("messages_console.show", number, place=tree.county))
    assert not page.select("//button[@value='accept']")


def test_a_correction_needs_a_word_or_a_choice_and_is_never_published(client, tree):
    address = url_for("messages.send", KIND, "7", place=tree.county)
    page = client.post(address, data={"text": ""}, status=422)
    assert "请勾选哪里不对" in page.text
    assert not page.select("//input[@name='name']")  # nobody needs it to put a number right
    client.post(address, data={"aspects": "别的"}, status=422)
    assert not client.get(address).select("//input[@name='may_be_published']")
    send(client, tree.county, KIND, "7", may_be_published="yes")
    assert not load(tree.county)[0][0].may_be_published


@pytest.mark.both_databases
def test_the_office_is_told_before_and_after_the_term(app, client, tree, set_clock):
    del app
    set_clock(date(2026, 3, 2))
    tell(tree.county)
    send(client, tree.county)  # due on Monday, 9 March
    told = {}
    for day in (6, 7, 8, 9, 10, 10, 11, 16, 17):
        set_clock(date(2026, 3, day))
        before = len(notices())
        remind_offices()
        told[day] = told.get(day, 0) + len(notices()) - before
    assert [len(notices(topic)) for topic in ("arrived", "due", "late", "urged")] == [1, 1, 1, 1]
    assert {day for day, number in told.items() if number} == {6, 10, 16}


def test_an_organ_is_told_of_its_own_messages_only(client, tree, sign_in_as):
    with open_session(Scope.own(tree.county)) as session:
        civil, other = (
            ensure_organ(session, tree.county, name).id for name in ("民政局", "税务局")
        )
    tell(tree.county, "13800000002", civil)
    tell(tree.county, "13800000003", other)
    send(client, tree.county)
    assert notices("arrived") == []
    sign_in_as("liaison", tree.county)
    number = load(tree.county)[0][0].number
    act(client, tree.county, number, act="forward", organ_id=str(civil), note="属民政局")
    assert [to for to, _facts in notices("arrived")] == ["13800000002"]
    assert PHONE not in str(notices("arrived"))


def test_who_only_reviews_is_not_led_to_the_numbers(client, tree, sign_in_as):
    desk = url_for("messages_console.index", place=tree.county)
    contacts = url_for("messages_console.contacts", place=tree.county)
    for role, offered in (("liaison", 1), ("reviewer", 0)):
        sign_in_as(role, tree.county)
        assert client.get(desk).select("//main//a/@href").count(contacts) == offered
        client.get(contacts, status=200 if offered else 403)


def test_people_of_one_organ_keep_its_numbers_and_no_others(client, tree, sign_in_as):
    with open_session(Scope.own(tree.county)) as session:
        civil, other = (
            ensure_organ(session, tree.county, name).id for name in ("民政局", "税务局")
        )
    tell(tree.county, "13800000003", other)
    create_person("民政局联络员", "liaison", tree.county, organ_id=civil)
    client.sign_in("民政局联络员")
    address = url_for("messages_console.contacts", place=tree.county)
    assert "13800000003" not in client.get(address).text
    client.post(address, data={"phone": "12"}, status=422)
    client.post(address, data={"phone": "13800000004"}, status=403)
    client.post(address, data={"phone": "13800000004", "organ_id": str(other)}, status=422)
    for _twice in range(2):
        client.post(address, data={"phone": "13800000004", "organ_id": str(civil)}, status=303)
    assert client.get(address).text.count("13800000004") == 2  # the number, and its button
    with open_session(Scope.own(tree.county)) as session:
        ids = {one.phone: one.id for one in session.scalars(select(MessageContact))}
    remove = ("messages_console.remove_contact",)
    client.post(url_for(*remove, ids["13800000003"], place=tree.county), status=403)
    client.post(url_for(*remove, ids["13800000004"], place=tree.county), status=303)
    sign_in_as("liaison", tree.county)
    assert "13800000004" not in client.get(address).text
    client.post(address, data={"phone": "13800000005", "organ_id": ""}, status=303)
    assert "13800000005" in client.get(address).text


def test_the_desk_shows_one_kind_and_what_came_of_the_year(client, tree, sign_in_as):
    send(client, tree.county)
    send(client, tree.county, KIND, "7")
    sign_in_as("liaison", tree.county)
    desk = ("messages_console.index",)
    assert (
        len(client.get(url_for(*desk, place=tree.county)).select("//main//li[@class='row']")) == 2
    )
    page = client.get(url_for(*desk, place=tree.county, kind=KIND))
    assert len(page.select("//main//li[@class='row']")) == 1
    assert "2" in page.select("//*[@class='figures__number']/text()")
