"""Open, closed, unknown: against a model that walks minute by minute, and worked out by hand."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.opening_hours.domain.model import hours_from_json, hours_to_json, read_time, write_time
from core.opening_hours.domain.parsing import parse_hours
from core.opening_hours.domain.schedule import (
    OpenState,
    find_duty_phone,
    list_spans,
    next_opening_change,
    opening_state,
)
from tests.opening_hours.calendars import CALENDARS, CHINA, HOLIDAYS, MAKE_UP
from tests.opening_hours.slow_model import SlowModel

OPEN, CLOSED, UNKNOWN = OpenState.OPEN, OpenState.CLOSED, OpenState.UNKNOWN

quarters = st.integers(0, 95).map(lambda quarter: write_time(quarter * 15))
periods = st.none() | st.lists(
    st.tuples(quarters, quarters | st.just("24:00")).map(list), max_size=3
)
days_of_year = st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: f"{day:%m-%d}")
some_dates = st.dates(date(2027, 12, 20), date(2028, 3, 10))
ranges = st.tuples(some_dates, st.integers(0, 5)).map(
    lambda pair: [pair[0].isoformat(), (pair[0] + timedelta(pair[1])).isoformat()]
)


def numbers(least, most):
    return st.lists(st.integers(least, most), unique=True, min_size=1, max_size=5)


week_days = st.just([0, 1, 2, 3, 4]) | numbers(0, 6)
month_days = numbers(1, 31) | st.just([-1]) | st.just([29, -1])
policies = st.sampled_from(["official", "closed", "open", "ask", "only"])
kinds = st.one_of(
    st.fixed_dictionaries({"weekdays": week_days}),
    st.fixed_dictionaries({"weekdays": week_days, "season": st.tuples(days_of_year, days_of_year)}),
    st.fixed_dictionaries(
        {"weekdays": week_days, "weeks": st.sampled_from([[1], [2, 4], [5, -1]])}
    ),
    st.fixed_dictionaries({"month_days": month_days, "is_postponed": st.booleans()}),
    st.fixed_dictionaries({"lunar_days": numbers(1, 30)}),
    st.fixed_dictionaries({"dates": st.lists(ranges, min_size=1, max_size=2)}),
    st.fixed_dictionaries({"season": st.tuples(days_of_year, days_of_year)}),
)
rules = st.builds(
    lambda kind, times, policy, service: {
        **{
            name: list(value) if isinstance(value, tuple) else value for name, value in kind.items()
        },
        "periods": times,
        "holidays": policy,
        **({"service": service} if service else {}),
    },
    kinds,
    periods,
    policies,
    st.sampled_from(["", "", "接种"]),
)
stored_hours = st.lists(rules, max_size=4).map(lambda each: {"rules": each})
moments = st.builds(
    datetime.combine,
    st.dates(date(2026, 9, 15), date(2026, 10, 15))
    | st.dates(date(2027, 12, 25), date(2028, 3, 8)),
    st.times(timezones=st.just(CHINA)),
)


@settings(max_examples=300, deadline=None)
@given(stored_hours, moments, st.sampled_from(["", "接种"]))
def test_every_moment_agrees_with_the_slow_model(stored, moment, service):
    slow = SlowModel(stored, HOLIDAYS, MAKE_UP)
    assert opening_state(hours_from_json(stored), moment, CALENDARS, service) == slow.answer(
        moment, service
    )


@settings(max_examples=20, deadline=None)
@given(stored_hours, moments)
def test_the_next_change_is_where_the_walk_meets_it(stored, moment):
    walked = SlowModel(stored, HOLIDAYS, MAKE_UP).walk(moment, most=30 * 60)
    found = next_opening_change(hours_from_json(stored), moment, CALENDARS)
    limit = moment.replace(second=0, microsecond=0) + timedelta(hours=30)
    assert walked == (found if found and found <= limit else None)


@settings(max_examples=100, deadline=None)
@given(stored_hours)
def test_what_is_stored_comes_back(stored):
    hours = hours_from_json(stored)
    assert hours_from_json(hours_to_json(hours)) == hours


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


OFFICE = parse_hours("周一至周五 8:30-12:00,14:30-18:00;周六上午")
MUSEUM = parse_hours("周二至周日 9:00-17:30")
MARKET = parse_hours("农历逢二五八 8:00-13:00")
VACCINE = parse_hours("周一至周五 8:30-17:30;每月10日(遇节假日顺延) 8:30-11:30 接种")
NIGHT = parse_hours("每天 18:00-次日2:00")
SEASONS = parse_hours(
    "夏季(5月1日至9月30日)周一至周五 8:00-12:00;冬季(10月1日至次年4月30日)周一至周五 9:00-12:00"
)


@pytest.mark.parametrize(
    ("hours", "moment", "state"),
    [
        (OFFICE, "2026-11-30T08:29:59", CLOSED),
        (OFFICE, "2026-11-30T08:30", OPEN),
        (OFFICE, "2026-11-30T11:59:59", OPEN),
        (OFFICE, "2026-11-30T12:00", CLOSED),  # lunch
        (OFFICE, "2026-11-28T09:00", OPEN),  # a Saturday morning
        (OFFICE, "2026-11-28T15:00", CLOSED),
        (OFFICE, "2026-10-01T09:00", CLOSED),  # a Thursday, National Day
        (OFFICE, "2026-10-03T09:00", CLOSED),  # a Saturday of the holiday
        (OFFICE, "2026-10-10T15:00", OPEN),  # a Saturday that is worked
        (OFFICE, "2026-09-20T15:00", OPEN),  # a Sunday that is worked
        (MUSEUM, "2026-11-30T10:00", CLOSED),  # Monday
        (MUSEUM, "2026-10-01T10:00", UNKNOWN),  # nobody has said
        (MUSEUM, "2026-10-01T18:00", CLOSED),  # closed at this hour in any case
        (MARKET, "2026-11-30T09:00", OPEN),  # 十月廿二
        (MARKET, "2026-12-01T09:00", CLOSED),
        (VACCINE, "2026-11-30T09:00", OPEN),
        (NIGHT, "2026-12-01T01:59", OPEN),
        (NIGHT, "2026-12-01T02:00", CLOSED),
        (SEASONS, "2026-09-30T08:30", OPEN),
        (SEASONS, "2026-10-08T08:30", CLOSED),
        (SEASONS, "2027-01-04T09:00", OPEN),
        (parse_hours("周一至周五"), "2026-11-30T09:00", UNKNOWN),
        (parse_hours("周一至周五"), "2026-11-29T09:00", CLOSED),
        (parse_hours("每月29日 9:00-10:00"), "2028-02-29T09:30", OPEN),
        (parse_hours("每月最后一天 9:00-10:00"), "2028-02-29T09:30", OPEN),
        (parse_hours("每月最后一天 9:00-10:00"), "2028-02-28T09:30", CLOSED),
        (parse_hours("2月29日至3月2日 每天 9:00-10:00"), "2027-02-28T09:30", CLOSED),
        (parse_hours("2月29日至3月2日 每天 9:00-10:00"), "2028-02-29T09:30", OPEN),
        (parse_hours("2月29日至3月2日 每天 9:00-10:00"), "2027-03-01T09:30", OPEN),
        (parse_hours("2026年12月1日休息;每天24小时"), "2026-12-01T09:30", CLOSED),
        (hours_from_json({"rules": []}), "2026-12-01T09:30", UNKNOWN),
        (hours_from_json(None), "2026-12-01T09:30", UNKNOWN),
    ],
)
def test_moments_worked_out_by_hand(hours, moment, state):
    assert opening_state(hours, at(moment), CALENDARS) is state


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        ("2026-10-10T09:00", OPEN),  # the 10th, a worked Saturday
        ("2026-09-10T09:00", OPEN),
        ("2026-09-10T12:00", CLOSED),
        ("2028-02-05T09:00", CLOSED),
        ("2026-10-12T09:00", CLOSED),
    ],
)
def test_a_service_with_days_of_its_own(moment, state):
    assert opening_state(VACCINE, at(moment), CALENDARS, "接种") is state


def test_a_day_off_moves_to_the_next_working_day():
    first = parse_hours("每月1日(遇节假日顺延) 9:00-10:00")
    open_days = [
        day
        for day in (date(2026, 10, 1) + timedelta(number) for number in range(31))
        if opening_state(first, datetime.combine(day, time(9, 30), CHINA), CALENDARS) is OPEN
    ]
    assert open_days == [date(2026, 10, 8)]


def test_services_without_hours_of_their_own_have_those_of_the_point():
    assert opening_state(VACCINE, at("2026-11-30T15:00"), CALENDARS, "社保卡") is OPEN


@pytest.mark.parametrize(
    ("hours", "moment", "change"),
    [
        (OFFICE, "2026-11-30T10:00", "2026-11-30T12:00"),
        (OFFICE, "2026-09-30T18:00", "2026-10-08T08:30"),
        (NIGHT, "2026-12-31T23:00", "2027-01-01T02:00"),
        (MARKET, "2026-11-30T13:00", "2026-12-03T08:00"),
        (SEASONS, "2026-04-30T13:00", "2026-05-01T08:00"),
        (parse_hours("每月29日 9:00-10:00"), "2027-01-29T12:00", "2027-03-29T09:00"),
        (parse_hours("周一至周五"), "2026-11-27T09:00", "2026-11-28T00:00"),
        (parse_hours("每天24小时"), "2026-11-27T09:00", None),
        (hours_from_json(None), "2026-11-27T09:00", None),
    ],
)
def test_the_next_change_worked_out_by_hand(hours, moment, change):
    assert next_opening_change(hours, at(moment), CALENDARS) == (at(change) if change else None)


def test_a_change_later_than_asked_for_is_none():
    assert next_opening_change(OFFICE, at("2026-09-30T18:00"), CALENDARS, days=7) is None


def test_the_duty_telephone_is_answered_at_night():
    hours = parse_hours("周一至周五 8:30-18:00;夜间值班电话 0999-5551234(18:00-次日8:00)")
    assert find_duty_phone(hours, at("2026-12-01T03:00"), CALENDARS) == "0999-5551234"
    assert opening_state(hours, at("2026-12-01T03:00"), CALENDARS) is CLOSED
    assert find_duty_phone(hours, at("2026-12-01T10:00"), CALENDARS) == ""


def test_stretches_of_a_day_are_listed_once_and_in_order():
    twice = parse_hours("周一至周五 8:30-12:00,14:30-18:00;周一上午")
    spans = list_spans(twice, date(2026, 11, 30), CALENDARS)
    shown = [(write_time(span.begin), write_time(span.end)) for span in spans]
    assert shown == [("08:30", "12:00"), ("14:30", "18:00")]
    assert list_spans(OFFICE, date(2026, 11, 29), CALENDARS) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"rules": "8:30"},
        {"rules": ["8:30"]},
        {"rules": [{}] * 41},
        {"rules": [{"periods": [["25:00", "26:00"]]}]},
        {"rules": [{"periods": [["08:30"]]}]},
        {"rules": [{"weekdays": [7]}]},
        {"rules": [{"month_days": [0]}]},
        {"rules": [{"lunar_days": [31]}]},
        {"rules": [{"season": ["02-30", "03-01"]}]},
        {"rules": [{"dates": [["2026-10-02", "2026-10-01"]]}]},
        {"rules": [{"holidays": "never"}]},
        {"rules": [{"opens": "08:30"}]},
    ],
)
def test_what_is_stored_wrongly_is_refused(wrong):
    with pytest.raises(ValueError, match="rule"):
        hours_from_json(wrong)


@given(st.integers(0, 24 * 60))
def test_times_of_day_come_back(minutes):
    assert read_time(write_time(minutes)) == minutes
