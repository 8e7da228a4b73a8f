"""Hours as offices write them: read, or left in their words; and said again."""

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.opening_hours.domain.model import hours_from_json, hours_to_json
from core.opening_hours.domain.parsing import parse_hours
from core.opening_hours.domain.wording import hours_to_words

WORKDAYS, ALL = [0, 1, 2, 3, 4], [0, 1, 2, 3, 4, 5, 6]
OFFICE = [["08:30", "12:00"], ["14:30", "18:00"]]
MARKET_DAYS = [2, 5, 8, 12, 15, 18, 22, 25, 28]


def rule(periods, holidays="ask", **days):
    return {**days, "periods": periods, "holidays": holidays}


READ = {
    "周一至周五 8:30-12:00,14:30-18:00": [rule(OFFICE, "official", weekdays=WORKDAYS)],
    "周二至周日 9:00-17:30": [rule([["09:00", "17:30"]], weekdays=[1, 2, 3, 4, 5, 6])],
    "周一至周五 8:30-12:00,14:30-18:00;周六上午": [
        rule(OFFICE, "official", weekdays=WORKDAYS),
        rule([["08:30", "12:00"]], "official", weekdays=[5]),
    ],
    "周一至周五": [rule(None, "official", weekdays=WORKDAYS)],
    "每天": [rule(None, weekdays=ALL)],
    "工作日 上午：8：30—12：00，下午：2：30—6：00（法定节假日除外）": [
        rule(OFFICE, "official", weekdays=WORKDAYS)
    ],
    "星期一到星期五 8点半至12点、14点30分至18点": [rule(OFFICE, "official", weekdays=WORKDAYS)],
    "周一至周五 上午八点半至十二点": [rule([["08:30", "12:00"]], "official", weekdays=WORKDAYS)],
    "9:00-17:00(周一闭馆)": [rule([["09:00", "17:00"]], weekdays=[1, 2, 3, 4, 5, 6])],
    "每天9:00-17:00，周一闭馆": [rule([["09:00", "17:00"]], weekdays=[1, 2, 3, 4, 5, 6])],
    "周一至周五8:30-18:00，午休12:00-14:30": [rule(OFFICE, "official", weekdays=WORKDAYS)],
    "周一至周五8:30-17:30（中午不休），周六、周日及法定节假日休息": [
        rule([["08:30", "17:30"]], "official", weekdays=WORKDAYS)
    ],
    "周一至周五 夏季(5月1日至9月30日)8:00-12:00;冬季(10月1日至次年4月30日)8:30-12:00": [
        rule([["08:00", "12:00"]], "official", weekdays=WORKDAYS, season=["05-01", "09-30"]),
        rule([["08:30", "12:00"]], "official", weekdays=WORKDAYS, season=["10-01", "04-30"]),
    ],
    "周一至周五 8:30-18:00;7月1日至8月31日 8:00-14:00": [
        rule([["08:30", "18:00"]], "official", weekdays=WORKDAYS, season=["09-01", "06-30"]),
        rule([["08:00", "14:00"]], "official", weekdays=WORKDAYS, season=["07-01", "08-31"]),
    ],
    "5月至9月 每天 8:00-20:00": [
        rule([["08:00", "20:00"]], weekdays=ALL, season=["05-01", "09-30"])
    ],
    "农历逢二五八赶集": [rule(None, lunar_days=MARKET_DAYS)],
    "农历逢2、5、8 8:00-13:00": [rule([["08:00", "13:00"]], lunar_days=MARKET_DAYS)],
    "农历逢十": [rule(None, lunar_days=[10, 20, 30])],
    "农历初一、十五": [rule(None, lunar_days=[1, 15])],
    "每月10日接种": [rule(None, month_days=[10], service="接种")],
    "每月10、20日 8:00-11:30": [rule([["08:00", "11:30"]], month_days=[10, 20])],
    "每月1日至3日 8:00-11:30": [rule([["08:00", "11:30"]], month_days=[1, 2, 3])],
    "每月十日（遇节假日顺延）": [rule(None, month_days=[10], is_postponed=True)],
    "每月最后一天": [rule(None, month_days=[-1])],
    "每月第一、三个周三 9:00-12:00": [rule([["09:00", "12:00"]], weekdays=[2], weeks=[1, 3])],
    "每月最后一个周五": [rule(None, weekdays=[4], weeks=[-1])],
    "24小时": [rule([["00:00", "24:00"]], "open", weekdays=ALL)],
    "全年无休 9:00-17:00": [rule([["09:00", "17:00"]], "open", weekdays=ALL)],
    "每天9:00-17:00，节假日休息": [rule([["09:00", "17:00"]], "closed", weekdays=ALL)],
    "每天9:00-17:00，节假日照常开放": [rule([["09:00", "17:00"]], "open", weekdays=ALL)],
    "周一、周三、周五 9:00-12:00": [rule([["09:00", "12:00"]], weekdays=[0, 2, 4])],
    "周一三五 9:00-12:00": [rule([["09:00", "12:00"]], weekdays=[0, 2, 4])],
    "周五至周一 9:00-12:00": [rule([["09:00", "12:00"]], weekdays=[0, 4, 5, 6])],
    "周末及节假日 10:00-16:00": [
        rule([["10:00", "16:00"]], "closed", weekdays=[5, 6]),
        rule([["10:00", "16:00"]], "only", weekdays=ALL),
    ],
    "周一至周五;夜间值班电话：0999-5551234（18:00-次日8:00）": [
        rule(None, "official", weekdays=WORKDAYS),
        rule([["18:00", "08:00"]], "open", weekdays=ALL, phone="0999-5551234"),
    ],
    "每天 18:00-2:00": [rule([["18:00", "02:00"]], weekdays=ALL)],
    "每天 9:00-24:00": [rule([["09:00", "24:00"]], weekdays=ALL)],
    "2026年10月1日至7日休息;每天9:00-17:00": [
        rule([], dates=[["2026-10-01", "2026-10-07"]]),
        rule([["09:00", "17:00"]], weekdays=ALL),
    ],
}
LEFT_IN_WORDS = [
    "",
    "以电话为准",
    "周一至周五 以电话为准",
    "周一至周五 9:00-17:00,请提前预约",
    "9:00-17:00",  # on which days?
    "周一至周五 9:00-5:00",  # in the afternoon, or past midnight?
    "周一至周五 9:00-25:00",
    "周一至周五 9:00-12:00,11:00-14:00",
    "夏季 8:00-12:00",  # from when to when?
    "夏令时(2月30日至9月30日) 周一 8:00-12:00",
    "逢二五八",  # by which calendar?
    "每月32日",
    "每月第一个周一闭馆,每天9:00-17:00",
    "周六、周日休息",
    "周一休息,周一 8:00-9:00",
    "隔周周三 9:00-12:00",
    "单双日轮流 9:00-12:00",
    "2026年2月30日休息;每天9:00-17:00",
    "周一至周五 18:00-次日8:00 值班电话 13900001111",  # whose times are they?
    "有人就开",
    "8" * 501,
]


@pytest.mark.parametrize(("text", "rules"), READ.items(), ids=str)
def test_what_offices_write_is_read(text, rules):
    hours = parse_hours(text)
    assert hours is not None
    assert hours_to_json(hours)["rules"] == rules


@pytest.mark.parametrize("text", LEFT_IN_WORDS)
def test_what_would_have_to_be_guessed_is_left_in_words(text):
    assert parse_hours(text) is None


@pytest.mark.parametrize("text", READ)
def test_hours_said_in_chinese_are_read_as_the_same(text):
    hours = parse_hours(text)
    assert parse_hours(hours_to_words(hours)) == hours


def test_every_value_of_the_list_of_points_is_read(shared_data):
    with (shared_data / "docs" / "service_points.csv").open(encoding="utf-8-sig") as file:
        texts = {row["hours"] for row in csv.DictReader(file)}
    assert len(texts) >= 4
    assert all(parse_hours(text) for text in texts)


@pytest.mark.parametrize(
    ("text", "english"),
    [
        (
            "周一至周五 8:30-12:00,14:30-18:00;周六上午",
            "Monday to Friday 08:30–12:00, 14:30–18:00; Saturday 08:30–12:00",
        ),
        ("农历逢二五八 8:00-13:00", "lunar days ending with 2, 5, 8 08:00–13:00"),
        ("每月10日、20日(遇节假日顺延)", "day 10, 20 of the month (or the next working day)"),
        ("每月最后一个周五 18:00-次日2:00", "last Friday of the month 18:00–next day 02:00"),
        (
            "5月1日至9月30日 每天 全天;节假日休息",
            "1 May to 30 September every day all day",
        ),
        ("每天 8:00-9:00;节假日休息", "every day 08:00–09:00; closed on public holidays"),
        ("周末及节假日 10:00-16:00", "Saturday, Sunday 10:00–16:00; public holidays 10:00–16:00"),
        ("2026年10月1日休息;24小时", "1 October 2026 closed; every day all day"),
        ("值班电话 13900001111", "duty telephone 13900001111"),
        ("农历初一、十五", "lunar days 1, 15"),
        ("每月第2个周三", "second Wednesday of the month"),
    ],
)
def test_hours_are_said_in_english(text, english):
    assert hours_to_words(parse_hours(text), chinese=False) == english


pieces = st.sampled_from(
    [*READ, "周一", "周六上午", "9:00-12:00", "下午2:00-5:00", "休息", "节假日除外", "农历", "逢",
     "每月", "至", "-", ";", ",", "、", "(", ")", "24小时", "5月1日", "次日", "值班电话", "x"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(pieces, max_size=6).map("".join) | st.text(max_size=30))
def test_any_text_is_read_or_left_and_never_fails(text):
    hours = parse_hours(text)
    if hours is not None:
        assert any(rule.periods != () for rule in hours.rules)
        assert hours_to_words(hours)
        assert hours_to_words(hours, chinese=False)
        assert hours_from_json(hours_to_json(hours)) == hours
