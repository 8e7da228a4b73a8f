from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.search.query.dates import find_period
from core.search.query.planner import plan_query

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2026年5月20日停水", (2026, 5, 20), (2026, 5, 20)),
        ("2026-05-20 停水", (2026, 5, 20), (2026, 5, 20)),
        ("2026/5 停水", (2026, 5, 1), (2026, 5, 31)),
        ("5月20号停水", (2026, 5, 20), (2026, 5, 20)),
        ("十二月三号停电", (2025, 12, 3), (2025, 12, 3)),
        ("十月二十一日", (2026, 10, 21), (2026, 10, 21)),
        ("二月份公示", (2026, 2, 1), (2026, 2, 28)),
        ("去年十二月公示", (2025, 12, 1), (2025, 12, 31)),
        ("昨天的通知", (2026, 11, 29), (2026, 11, 29)),
        ("上个月低保公示", (2026, 10, 1), (2026, 10, 31)),
        ("本周停电", (2026, 11, 30), (2026, 12, 6)),
    ],
)
def test_dates_are_read_as_people_write_them(typed, first, last):
    _span, period = find_period(typed, TODAY)
    assert (period.first, period.last) == (date(*first), date(*last))


@pytest.mark.parametrize(
    "typed", ["2023年预算", "3个月内", "第5月台", "望政办发〔2026〕14号", "2月30日", "低保", ""]
)
def test_what_names_no_day_or_month_is_no_date(typed):
    assert find_period(typed, TODAY) is None


@given(st.text(alphabet="0123456789年月日号一二十三上个本周昨天-/. 停水", max_size=20), st.dates())
def test_any_text_on_any_day_is_read_without_failing(typed, today):
    found = find_period(typed, today)
    assert found is None or found[1].first <= found[1].last


def test_a_date_beside_words_is_first_taken_for_the_day_of_publication():
    plan = plan_query("5月20日停水通知", today=TODAY)
    assert plan.dated.published.first == date(2026, 5, 20)
    assert [group.terms[0].text for group in plan.dated.required] == ["停水"]
    # Where nothing was published then, the date only raises the score of texts that name it.
    assert [group.terms[0].text for group in plan.variants[0].required] == ["停水"]
    assert all(variant.published is None for variant in plan.variants)


def test_a_date_alone_is_looked_for_in_texts():
    assert plan_query("5月20日", today=TODAY).dated is None
    assert not plan_query("5月20日", today=TODAY).empty
