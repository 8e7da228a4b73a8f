"""A message from its sender to the reply: pages, clocks, two people, and who sees what."""

from datetime import date

import pytest
from sqlalchemy import select

from core.calendar.service import add_working_days
from core.clock import today
from core.db.scope import Scope, open_session
from core.messages.domain.life import CaseState
from core.messages.kinds import MessageKind, MessageSubject, add_message_kind, get_topic
from core.messages.models import MessageCase
from core.messages.receiving import NewMessage, receive
from core.portal.enquiries import ENQUIRY, KEY
from core.tenancy.service import ensure_organ
from core.testing.factories.people import create_person
from core.testing.pages import url_for

KIND = "tests.mistake"
FORM = ("messages.form", KIND, "7")
SEND = ("messages.send", KIND, "7")
WORDS = {"text": "电话号码打不通", "phone": "139 1234 5678", "name": "王芳"}


@pytest.fixture(autouse=True)
def kind():
    """A kind of message about one thing, number 7."""

    def find(session, tenant, key):
        del session
        return (
            MessageSubject("石桥镇便民服务中心", f"/{tenant.division_code}/")
            if key == "7"
            else None
        )

    add_message_kind(MessageKind(KIND, "报错", "哪里不对？", find))


def send(client, **words):
    """Send a message; return the address of the sender's page."""
    return client.post(url_for(*SEND), data=WORDS | words, status=303).location


def do(client, address, status, words):
    """Send a form of the staff's page of a message, as it shows the message now."""
    page = client.get(f"{address.rstrip('/').rpartition('/')[0]}/")
    versions = page.select("//input[@name='version']/@value") or ["0"]
    return client.post(address, data={"version": versions[0]} | words, status=status)


def load(tree):
    with open_session(Scope.own(tree.county)) as session:
        return session.scalars(select(MessageCase).order_by(MessageCase.id)).all()


def test_a_sender_gets_a_number_a_day_and_the_way_back(client, tree):
    assert "石桥镇便民服务中心" in client.get(url_for(*FORM)).text
    page = client.get(send(client)).text
    (case,) = load(tree)
    assert case.number == f"{today().year}-00001"
    assert case.due_on == add_working_days(today(), 5).end
    assert case.number in page
    assert str(case.due_on) in page
    words = {"number": case.number, "phone": "13912345678"}
    found = client.post(url_for("messages.find"), data=words, status=303)
    assert found.location.endswith(f"/messages/sent/{case.code}/")


@pytest.mark.parametrize(
    ("number", "phone"), [("2026-99999", "13912345678"), (None, "13912345679"), ("", "")]
)
def test_nobody_finds_a_message_without_both(client, tree, number, phone):
    send(client)
    number = load(tree)[0].number if number is None else number
    client.post(url_for("messages.find"), data={"number": number, "phone": phone}, status=422)


def test_guessing_is_slow(client, tree):
    send(client)
    wrong = {"number": load(tree)[0].number, "phone": "13900000000"}
    for status in [422] * 10 + [429]:
        client.post(url_for("messages.find"), data=wrong, status=status)


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client, tree):
    words = {"text": "", "phone": "12", "name": "王芳"}
    answer = client.post(url_for(*SEND), data=words, status=422)
    assert answer.select("//input[@name='name']/@value") == ["王芳"]
    assert answer.select("//p[@class='field__error']/@id") == ["text-error", "phone-error"]
    assert not load(tree)


def test_the_same_form_sent_twice_is_one_message(client, tree):
    assert send(client, request_key="k" * 20) == send(client, request_key="k" * 20)
    assert len(load(tree)) == 1


def test_what_is_not_there_can_not_be_written_about(client):
    client.get(url_for("messages.form", KIND, "8"), status=404)
    client.get(url_for("messages.form", "tests.unknown", "7"), status=404)


def test_a_reply_is_read_by_two_people_before_the_sender(client, tree, sign_in_as):
    ticket = send(client, may_be_published="yes")
    (case,) = load(tree)
    sign_in_as("liaison", tree.county)
    answer = url_for("messages_console.answer", case.number)
    do(client, answer, 422, {"act": "draft", "reply": ""})
    do(client, answer, 303, {"act": "draft", "reply": "已改为 0999-5551000"})
    judge = url_for("messages_console.judge", case.number)
    do(client, judge, 403, {"act": "reply"})
    assert "已改为" not in client.get(ticket).text
    sign_in_as("reviewer", tree.county)
    do(client, judge, 422, {"act": "send_back"})
    do(client, judge, 303, {"act": "reply"})
    client.get(url_for("messages_console.show", case.number))
    assert "已改为" in client.get(ticket).text
    assert load(tree)[0].state == CaseState.REPLIED


def test_the_author_of_a_reply_does_not_approve_it(client, tree, sign_in_as):
    send(client)
    number = load(tree)[0].number
    sign_in_as("officer", tree.county)
    do(client, url_for("messages_console.answer", number), 303, {"act": "draft", "reply": "好"})
    judge = url_for("messages_console.judge", number)
    do(client, judge, 403, {"act": "reply"})
    assert load(tree)[0].state == CaseState.IN_REVIEW


def test_another_organ_gets_its_own_term(client, tree, sign_in_as, set_clock):
    set_clock(date(2026, 3, 2))
    send(client)
    with open_session(Scope.own(tree.county)) as session:
        organ_id = ensure_organ(session, tree.county, "望川县民政局").id
    sign_in_as("liaison", tree.county)
    set_clock(date(2026, 3, 5))
    number = load(tree)[0].number
    words = {"act": "forward", "organ_id": str(organ_id), "note": "属民政局职责"}
    address = url_for("messages_console.answer", number)
    do(client, address, 422, words | {"note": ""})
    do(client, address, 303, words)
    assert load(tree)[0].due_on == date(2026, 3, 12)
    create_person("民政局联络员", "liaison", tree.county, organ_id=organ_id)
    client.sign_in("民政局联络员")
    client.get(url_for("messages_console.show", number), status=200)


def test_only_the_office_s_wording_is_published_and_only_with_consent(client, tree, sign_in_as):
    for consent in ("yes", ""):
        send(client, may_be_published=consent, text="王芳的电话 13912345678 打不通")
    agreed, kept = load(tree)
    sign_in_as("liaison", tree.county)
    for case in (agreed, kept):
        address = url_for("messages_console.answer", case.number)
        do(client, address, 303, {"act": "draft", "reply": "已更正"})
    sign_in_as("reviewer", tree.county)
    for case, status in ((agreed, 303), (kept, 409)):
        judge = url_for("messages_console.judge", case.number)
        do(client, judge, 303, {"act": "reply"})
        words = {"act": "publish", "public_text": "服务点电话打不通", "public_reply": "已更正"}
        do(client, judge, status, words)
    page = client.get(url_for("messages.index")).text
    assert "服务点电话打不通" in page
    assert "13912345678" not in page
    shown = client.get(url_for("messages.show", agreed.number))
    assert shown.select("//h1/text()") == ["服务点电话打不通"]  # what it is about, not the place
    assert "13912345678" not in shown.text
    client.get(url_for("messages.show", kept.number), status=404)


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("一句话", "一句话"),
        ("\n第一行\n第二行", "第一行"),
        ("长" * 41, "长" * 39 + "…"),
        ("长" * 40,) * 2,
    ],
)
def test_a_published_message_is_headed_by_its_first_line(text, headline):
    assert MessageCase(public_text=text).headline == headline


def test_what_comes_back_says_why_above_the_reply(client, tree, sign_in_as):
    send(client)
    number = load(tree)[0].number
    sign_in_as("liaison", tree.county)
    do(client, url_for("messages_console.answer", number), 303, {"act": "draft", "reply": "好"})
    sign_in_as("reviewer", tree.county)
    back = {"act": "send_back", "note": "请写明日期"}
    do(client, url_for("messages_console.judge", number), 303, back)
    sign_in_as("liaison", tree.county)
    page = client.get(url_for("messages_console.show", number))
    assert page.select("//div[contains(@class,'notice--warn')]/p/text()")[-1] == "请写明日期"


def test_a_sender_rates_the_reply_once(client, tree, sign_in_as):
    ticket = send(client)
    number = load(tree)[0].number
    sign_in_as("liaison", tree.county)
    do(client, url_for("messages_console.answer", number), 303, {"act": "draft", "reply": "好"})
    rating = f"{ticket}rating/"
    client.post(rating, data={"grade": "satisfied"}, status=409)
    sign_in_as("reviewer", tree.county)
    do(client, url_for("messages_console.judge", number), 303, {"act": "reply"})
    client.post(rating, data={"grade": "wonderful"}, status=422)
    client.post(rating, data={"grade": "satisfied"}, status=303)
    client.post(rating, data={"grade": "dissatisfied"}, status=409)
    assert load(tree)[0].satisfaction == "satisfied"


def test_closing_tells_the_sender_why(client, tree, sign_in_as):
    ticket = send(client)
    sign_in_as("liaison", tree.county)
    address = url_for("messages_console.answer", load(tree)[0].number)
    do(client, address, 422, {"act": "hand_over", "note": ""})
    words = {"act": "hand_over", "note": "已转 12345，工单号 2026030099"}
    do(client, address, 303, words)
    assert "2026030099" in client.get(ticket).text
    do(client, address, 409, {"act": "draft", "reply": "好"})


def test_every_place_takes_enquiries_and_says_what_belongs_elsewhere(client, tree):
    for place in (tree.county, tree.town, tree.village):
        home = client.get(url_for("portal.home", place=place))
        address = url_for("messages.form", ENQUIRY, KEY, place=place)
        assert address in home.select("//footer//a/@href")
        assert "12388" in client.get(address).text


@pytest.mark.both_databases
def test_numbers_run_through_the_year_of_a_place(app, tree, set_clock):
    del app
    set_clock(date(2026, 12, 31))
    with open_session(Scope.own(tree.county)) as session:
        topic = get_topic(session, tree.county, KIND, "7")
        numbers = [receive(session, tree.county, topic, NewMessage("话")).number for _ in range(2)]
    set_clock(date(2027, 1, 1))
    with open_session(Scope.own(tree.county)) as session:
        numbers.append(receive(session, tree.county, topic, NewMessage("话")).number)
    assert numbers == ["2026-00001", "2026-00002", "2027-00001"]


def test_late_messages_stand_first_on_the_desk(client, tree, sign_in_as, set_clock):
    set_clock(date(2026, 3, 2))
    send(client)
    set_clock(date(2026, 3, 20))
    sign_in_as("liaison", tree.county)
    assert "2026-03-09" in client.get(url_for("messages_console.index")).text
    home = client.get(url_for("console.home"))
    assert url_for("messages_console.index", tab="open") in home.select("//main//a/@href")
