"""What a citizen does, page by page."""

import re
from datetime import timedelta

from sqlalchemy import select

from core.sdk import Scope, open_session, utc_now
from core.testing.factories.plugins import set_policy
from core.testing.factories.trees import OTHER_COUNTY, SISTER_VILLAGE, TOWN
from core.testing.pages import url_for
from plugins.open_day.models.registration import Registration
from plugins.open_day.registrations.service import register
from plugins.open_day.registrations.validation import RegistrationRequest
from plugins.open_day.tests.factories import OPEN, add_category, add_field, make_day


def form_of(day):
    return url_for("plugin_open_day_registration.form", day.id, day.slots[0].id)


def typed(**changes):
    return {
        "name": "王小明",
        "phone": "13800138000",
        "people": "1",
        "consent": "1",
        "request_key": "key-1",
    } | changes


def full_day(session, county, **columns):
    day = make_day(session, county, slots=2, max_party=4, eligibility="年满18岁", **columns)
    add_category(session, day, "residents", "居民")
    add_category(session, day, "enterprises", "企业", seats=5)
    add_field(session, day, "car", "自驾前往", "checkbox")
    add_field(
        session, day, "plate", "车牌号", required=True, condition_key="car", condition_value="yes"
    )
    add_field(session, day, "age", "年龄", "number", required=True, minimum=18, maximum=75)
    add_field(session, day, "topic", "最关心的事", "choice", choices=["医保", "养老"])
    add_field(session, day, "born", "出生日期", "date")
    session.commit()
    return day


def test_the_list_shows_what_is_coming_and_what_there_was(client, own, county, day):
    gone = utc_now() - timedelta(days=40)
    make_day(own, county, title="上次开放日", state="closed", starts_at=gone, ends_at=gone)
    make_day(own, county, title="还没写完", state="draft")
    own.commit()
    page = client.get(url_for("plugin_open_day.index"))
    assert OPEN in page.text
    assert "报名中" in page.text
    assert "余20个名额" in page.text
    assert "上次开放日" in page.text
    assert "还没写完" not in page.text


def test_a_village_sees_its_countys_days_and_the_county_its_villages(client, own, tree, day):
    with open_session(Scope.own(tree.village)) as session:
        make_day(session, tree.village, title="村务开放日")
    for code in ("990111", "990111100201"):
        page = client.get(url_for("plugin_open_day.index", place=code))
        assert OPEN in page.text
        assert "村务开放日" in page.text
    assert (
        "村务开放日" not in client.get(url_for("plugin_open_day.index", place=SISTER_VILLAGE)).text
    )


def test_a_place_that_switched_it_off_shows_nothing(client, own, tree, day):
    with open_session(Scope.own(tree.town)) as session:
        made = make_day(session, tree.town, title="镇开放日")
    assert "镇开放日" in client.get(url_for("plugin_open_day.index")).text
    set_policy("open_day", tree.town, "off")
    assert "镇开放日" not in client.get(url_for("plugin_open_day.index")).text
    client.get(url_for("plugin_open_day.show", made.id, place=TOWN), status=404)
    client.get(url_for("plugin_open_day.index", place=TOWN), status=404)
    client.get(url_for("plugin_open_day.index", place=OTHER_COUNTY), status=404)


def test_a_draft_or_another_places_day_has_no_page(client, own, county, tree, day):
    draft = make_day(own, county, state="draft")
    own.commit()
    client.get(url_for("plugin_open_day.show", draft.id), status=404)
    client.get(url_for("plugin_open_day.show", day.id, place=TOWN), status=404)
    client.get(url_for("plugin_open_day_registration.form", day.id, 999), status=404)


def test_the_page_of_a_day_tells_all(client, own, county):
    day = full_day(own, county, transport="2路公交车到政务中心站", theme="走进政务服务")
    page = client.get(url_for("plugin_open_day.show", day.id))
    for text in (
        "2路公交车",
        "走进政务服务",
        "0954-7012345",
        "余20个名额",
        "企业最多5个",
        "年满18岁",
    ):
        assert text in page.text
    assert len(page.select("//a[contains(@href, '/register/')]")) == 2


def test_a_cancelled_day_says_so(client, own, county):
    day = make_day(own, county, state="cancelled", state_reason="受天气影响")
    own.commit()
    page = client.get(url_for("plugin_open_day.show", day.id))
    assert "本次开放日取消举办" in page.text
    assert "受天气影响" in page.text
    assert not page.select("//a[contains(@href, '/register/')]")


def test_registering_leads_to_the_ticket(client, own, county):
    day = full_day(own, county)
    form = client.get(form_of(day))
    assert "勾选了“自驾前往”的" in form.text
    answers = {
        "category": "residents",
        "eligible": "1",
        "answer-car": "1",
        "answer-plate": "宁D12345",
        "answer-age": "40",
        "answer-topic": "医保",
        "people": "2",
        "companions": "李四",
    }
    sent = client.post(form_of(day), typed(**answers), status=303)
    page = client.get(sent.location)
    assert "报名成功" in page.text
    assert "13800138000" not in page.text
    assert "王小明" not in page.text
    own.expire_all()
    made = own.scalar(select(Registration))
    assert (made.head_count, made.source, made.consent_version) == (2, "self", 1)
    assert {a.field.key: a.value for a in made.answers}["plate"] == "宁D12345"
    svg = client.get(f"{sent.location}qr.svg")
    assert svg.headers["Content-Type"].startswith("image/svg+xml")
    assert b"BEGIN:VEVENT" in client.get(f"{sent.location}calendar.ics").data


def test_nothing_typed_is_lost_when_something_is_wrong(client, own, county):
    day = full_day(own, county)
    wrong = {
        "phone": "138",
        "category": "enterprises",
        "answer-car": "1",
        "answer-age": "12",
        "answer-topic": "养老",
        "needs": "轮椅",
        "companions": "李四",
        "people": "2",
    }
    page = client.post(form_of(day), typed(**wrong), status=422)
    for text in ("电话号码有误", "不小于18", "请填写：车牌号", "请确认您符合参加条件"):
        assert text in page.text
    assert page.select("//input[@name='name']/@value") == ["王小明"]
    assert page.select("//input[@name='needs']/@value") == ["轮椅"]
    assert page.select("//select[@name='answer-topic']/option[@selected]/@value") == ["养老"]
    assert page.select("//input[@name='answer-car']/@checked")
    assert page.select("//input[@name='category'][@checked]/@value") == ["enterprises"]
    assert page.select("//textarea[@name='companions']")[0].text.strip() == "李四"
    links = page.select("//div[contains(@class, 'error-summary')]//a/@href")
    ids = set(page.select("//@id"))
    assert {link.removeprefix("#") for link in links} <= ids
    own.expire_all()
    assert own.scalars(select(Registration)).all() == []


def test_the_same_phone_is_told_where_its_registration_is(client, day):
    client.post(form_of(day), typed(), status=303)
    page = client.post(form_of(day), typed(request_key="key-2"), status=409)
    assert "该手机号已经报名" in page.text
    assert page.select("//input[@name='name']/@value") == ["王小明"]


def test_sending_twice_leads_to_the_same_ticket(client, day):
    first = client.post(form_of(day), typed(), status=303)
    assert client.post(form_of(day), typed(), status=303).location == first.location


def test_a_closed_registration_leads_back_to_the_day(client, own, county):
    day = make_day(own, county, closes_at=utc_now() - timedelta(hours=1))
    own.commit()
    assert client.get(form_of(day), status=302).location.endswith(f"/open-days/{day.id}/")
    assert "本场目前不能报名" in client.post(form_of(day), typed(), status=409).text


def test_a_ticket_is_found_by_phone_and_code_only(client, app, day):
    sent = client.post(form_of(day), typed(), status=303)
    code = re.search(r"tickets/(\w+)/", sent.location).group(1)
    client.forget()
    ticket = client.get(sent.location)
    assert not ticket.select("//form[contains(@action, '/tickets/')]")
    assert "请先填写手机号" in ticket.text
    assert client.get(f"{sent.location}cancel/", status=302).location.endswith(code)
    page = client.post(
        url_for("plugin_open_day_tickets.find"),
        {"phone": "13800138001", "ticket": code},
        status=422,
    )
    assert "没有找到对应的报名" in page.text
    shown = f"{code[:4]}-{code[4:8]}-{code[8:]}".lower()
    found = client.post(
        url_for("plugin_open_day_tickets.find"),
        {"phone": "138 0013 8000", "ticket": shown},
        status=303,
    )
    assert found.location == sent.location
    assert client.get(sent.location).select("//a[contains(@href, '/cancel/')]")


def test_guessing_codes_is_slow(client, own, day):
    guess = {"phone": "13800138000", "ticket": "ABCDEFGHJKMN"}
    address = url_for("plugin_open_day_tickets.find")
    for _number in range(10):
        client.post(address, guess, status=422)
    assert "过于频繁" in client.post(address, guess, status=429).text
    assert "过于频繁" in client.post(address, guess, status=429).text


def test_people_and_slot_are_changed_on_the_ticket(client, own, county):
    day = make_day(own, county, slots=2, max_party=3)
    own.commit()
    sent = client.post(form_of(day), typed(), status=303)
    client.get(sent.location)
    second = day.slots[1]
    client.post(f"{sent.location}change/", {"people": "3", "slot": second.id}, status=303)
    page = client.get(sent.location)
    assert "报名信息已修改" in page.text
    assert "第2场" in page.text
    own.expire_all()
    made = own.scalar(select(Registration))
    assert (made.slot_id, made.head_count) == (second.id, 3)
    page = client.post(f"{sent.location}change/", {"people": "9", "slot": second.id}, status=422)
    assert "请填写1至3之间的数字" in page.text


def test_cancelling_asks_first(client, own, day):
    sent = client.post(form_of(day), typed(), status=303)
    page = client.get(f"{sent.location}cancel/")
    assert "确定取消报名吗" in page.text
    client.post(f"{sent.location}cancel/", status=303)
    assert "已取消" in client.get(sent.location).text
    client.post(f"{sent.location}cancel/", status=409)
    own.expire_all()
    assert own.scalar(select(Registration.state)) == "cancelled"


def test_who_waits_sees_the_rank_and_accepts_an_offer(client, own, county):
    day = make_day(own, county, capacity=1, offer_hours=24)
    register(
        own, day, day.slots[0], RegistrationRequest(name="甲", phone="13900000001", consent=True)
    )
    own.commit()
    sent = client.post(form_of(day), typed(), status=303)
    page = client.get(sent.location)
    assert "您在候补名单中排第1位" in page.text
    assert "退出候补" in page.text
    own.expire_all()
    first = own.scalar(select(Registration).where(Registration.name == "甲"))
    from plugins.open_day.registrations.service import cancel

    cancel(own, first)
    own.commit()
    assert "已为您保留名额" in client.get(sent.location).text
    client.post(f"{sent.location}accept/", status=303)
    assert "名额已确认" in client.get(sent.location).text


def test_calendars(client, own, county, day):
    feed = client.get(url_for("plugin_open_day.feed"))
    assert feed.headers["Content-Type"].startswith("text/calendar")
    assert feed.data.count(b"BEGIN:VEVENT") == 1
    assert b"BEGIN:VEVENT" in client.get(url_for("plugin_open_day.calendar", day.id)).data
    client.get(url_for("plugin_open_day.calendar", day.id, slot=999), status=404)


def test_an_unknown_ticket_is_not_found(client, county):
    client.get(url_for("plugin_open_day_tickets.show", "ABCDEFGHJKMN"), status=404)
    client.get(url_for("plugin_open_day_tickets.show", "x"), status=404)
    client.get(url_for("plugin_open_day_tickets.qr", "x"), status=404)


def test_in_english(client, day):
    client.cookie("gk_lang", "en")
    page = client.get(url_for("plugin_open_day.show", day.id))
    assert "Registration open" in page.text
    assert "20 places left" in page.text


def test_errors_stand_in_the_order_of_the_fields_and_open_their_part(client, own, county):
    day = full_day(own, county)
    wrong = {
        "name": "", "phone": "138", "people": "9", "needs": "长" * 301, "language": "长" * 21,
        "answer-age": "12", "consent": "",
    }  # fmt: skip
    page = client.post(form_of(day), typed(**wrong), status=422)
    links = page.select("//div[contains(@class, 'error-summary')]//a/@href")
    ids = [str(each) for each in page.select("//form//@id")]
    names = [link.removeprefix("#") for link in links]
    assert {"name", "phone", "people", "needs", "language", "consent"} <= set(names)
    assert sorted(names, key=ids.index) == names
    assert page.select("//form//details[@open]//textarea[@name='companions']")
