"""Open days as counties print them: without an end, without numbers, by telephone, in words."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from sqlalchemy import select

from core.sdk import Scope, open_session, utc_now
from core.testing.factories.people import create_person
from core.testing.kit import index_changes, open_search_index
from core.testing.pages import url_for
from plugins.open_day.models.registration import OpenDay

CHINA = ZoneInfo("Asia/Shanghai")
DAY = utc_now().date() + timedelta(days=20)
PRINTED = f"{DAY.year}年{DAY.month}月{DAY.day}日"
ALL = {"mode": "none", "date": DAY.isoformat(), "max_party": "1", "retention_days": "180"}

# As announcements give them: what is typed, what the page must show, DTSTART and DTEND.
ANNOUNCEMENTS = {
    "only from when": (
        {
            "title": "“走进城市生活垃圾焚烧发电厂”政务开放日",
            "starts": "上午9:00开始",
            "capacity": "30 余人",
            "place": "县循环经济产业园",
            "eligibility": "人大代表、政协委员、企业代表、群众代表",
            "phone": "0954-7012345",
        },
        (PRINTED, "09:00", "30 余人", "群众代表", "0954-7012345", "无需报名"),
        ("0900", None),
    ),
    "only the day": (
        {"title": "县图书馆向社会开放", "place": "县图书馆新馆"},
        (PRINTED, "县图书馆新馆", "无需报名"),
        ("day", None),
    ),
    "by telephone": (
        {
            "title": "“食安护航”检验检测实验室开放活动",
            "mode": "telephone",
            "starts": "下午2:30—4:30",
            "capacity": "20名左右",
            "place": "县市场监管局四楼",
            "eligibility": "关心食品安全的市民",
            "phone": "0954-7054321",
        },
        (PRINTED, "14:30–16:30", "20名左右", "电话报名：0954-7054321"),
        ("1430", "1630"),
    ),
    "in words": (
        {
            "title": "消防救援大队营区开放日",
            "starts": "上午",
            "place": "县消防救援大队",
            "capacity": "每场不超过50人",
            "eligibility": "中小学生及家长",
        },
        (PRINTED, "上午", "每场不超过50人", "中小学生及家长"),
        ("day", None),
    ),
    "several days": (
        {
            "title": "自来水厂开放周",
            "last_day": (DAY + timedelta(days=4)).isoformat(),
            "starts": "每天9:00—17:00(法定节假日除外)",
            "place": "县第二水厂",
            "mode": "invitation",
            "capacity": "60",
        },
        (PRINTED, "每天9:00—17:00(法定节假日除外)", "60人", "定向邀请"),
        ("0900", "1700"),
    ),
}


@pytest.fixture
def announce(client, county):
    """Enter an announcement in the form, and let a second person announce it."""
    for role in ("liaison", "reviewer"):
        create_person(role, role, county)

    def entered(typed):
        client.sign_in("liaison")
        page = client.post(url_for("plugin_open_day_days.create"), ALL | typed, status=302)
        number = int(re.search(r"open-days/(\d+)/", page.location)[1])
        for shown in ("detail", "edit"):
            client.get(url_for(f"plugin_open_day_days.{shown}", number))
        client.post(url_for("plugin_open_day_approval.submit", number))
        client.sign_out()
        client.sign_in("reviewer")
        client.get(url_for("plugin_open_day_approval.look", number))
        decided = {"act": "publish"}
        client.post(url_for("plugin_open_day_approval.decide", number), decided, status=302)
        client.sign_out()
        return number

    return entered


def find_slot(number):
    with open_session(Scope.platform("test")) as session:
        return session.scalars(select(OpenDay).where(OpenDay.id == number)).one().slots[0]


def to_clock(prop):
    """A time of a calendar as it was typed; `day` for a date without a time."""
    if prop is None:
        return None
    return prop.dt.astimezone(CHINA).strftime("%H%M") if hasattr(prop.dt, "hour") else "day"


@pytest.mark.both_databases
@pytest.mark.parametrize("printed", ANNOUNCEMENTS)
def test_what_counties_print_is_entered_and_announced(client, announce, printed):
    typed, shown, (start, end) = ANNOUNCEMENTS[printed]
    open_search_index()
    number = announce(typed)
    page = client.get(url_for("plugin_open_day.show", number))
    for text in (typed["title"], *shown):
        assert text in page.text, text
    assert "100000" not in page.text
    assert "23:59" not in page.text
    [event] = Calendar.from_ical(client.get(url_for("plugin_open_day.calendar", number)).data).walk(
        "VEVENT"
    )
    assert (to_clock(event["dtstart"]), to_clock(event.get("dtend"))) == (start, end)
    assert typed["title"] in client.get(url_for("portal.home")).text
    index_changes()
    found = client.get(f"{url_for('search.page')}?q={typed['place']}")
    assert typed["title"] in found.text


@pytest.mark.parametrize("printed", ANNOUNCEMENTS)
def test_the_sessions_form_shows_again_what_was_typed(client, announce, printed):
    typed = ANNOUNCEMENTS[printed][0]
    number = announce(typed)
    before = find_slot(number)
    client.sign_in("liaison")
    client.post(url_for("plugin_open_day_approval.stopped", number, "postpone"), {"note": "大雨"})
    address = url_for("plugin_open_day_plan.edit_slot", number, before.id)
    page = client.get(address)
    names = ("name", "date", "last_day", "starts", "ends", "capacity", "reserved")
    again = {name: page.select(f"//input[@id='{name}']/@value")[0] for name in names}
    client.post(address, again, status=302)
    after = find_slot(number)
    for column in (
        "starts_at", "ends_at", "start_shown", "end_shown", "time_text", "capacity",
        "capacity_text", "is_counted",
    ):  # fmt: skip
        assert getattr(after, column) == getattr(before, column), column


def test_places_that_are_counted_must_be_a_number(client, announce):
    announce(ALL | {"title": "先有一个"})
    client.sign_in("liaison")
    typed = ALL | {"title": "网上报名", "mode": "first_come", "capacity": "30 余人"}
    page = client.post(url_for("plugin_open_day_days.create"), typed, status=422)
    assert page.select("//p[@id='capacity-error']")
    assert page.select("//input[@id='capacity']/@value") == ["30 余人"]


def test_a_day_that_turns_to_online_registration_needs_its_number_first(client, announce):
    client_day = announce(ALL | {"title": "先公布"})
    client.sign_in("liaison")
    client.post(
        url_for("plugin_open_day_approval.stopped", client_day, "postpone"), {"note": "改为报名"}
    )
    with open_session(Scope.platform("test")) as session:
        day = session.get_one(OpenDay, client_day)
        day.mode = "first_come"
    client.sign_out()
    client.sign_in("reviewer")
    answer = url_for("plugin_open_day_approval.decide", client_day)
    page = client.post(answer, {"act": "publish"}, status=422)
    assert "网上报名须先填写每场的名额数" in page.text


def test_errors_stand_in_the_order_of_the_fields_and_open_their_part(client, announce):
    announce(ALL | {"title": "先有一个"})
    client.sign_in("liaison")
    wrong = ALL | {
        "title": "", "date": "", "starts": "08:00", "ends": "07:00", "mode": "telephone",
        "opens_at": "x", "retention_days": "0", "theme": "长" * 101, "item_id": "nothing",
        "parking": "南门可停车",
    }  # fmt: skip
    page = client.post(url_for("plugin_open_day_days.create"), wrong, status=422)
    links = page.select("//div[contains(@class, 'error-summary')]//a/@href")
    ids = [str(each) for each in page.select("//form//@id")]
    places = [ids.index(link.removeprefix("#")) for link in links]
    assert len(links) >= 7
    assert places == sorted(places)
    assert len(page.select("//form//details[@open]")) == 3
    assert page.select("//input[@id='parking']/@value") == ["南门可停车"]


def test_parts_stay_folded_until_they_hold_something(client, announce):
    announce(ALL | {"title": "先有一个"})
    client.sign_in("liaison")
    page = client.get(url_for("plugin_open_day_days.new"))
    assert len(page.select("//form//details")) == 3
    assert page.select("//form//details[@open]") == []
    outside = page.select("//form//*[@name][not(ancestor::details)][not(@type='hidden')]")
    assert len(outside) <= 12
