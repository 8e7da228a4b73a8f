"""Numbers of a workbook are read as the sheet shows them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tables.formats.number_format import show_number, show_text

ZERO = dt.datetime(1899, 12, 30, tzinfo=dt.UTC)


def serial(*parts):
    return (dt.datetime(*parts, tzinfo=dt.UTC) - ZERO) / dt.timedelta(days=1)


DAY = serial(2026, 1, 31)


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ('m"月"d"日"', "1月31日"),
        ('yyyy"年"m"月"', "2026年1月"),
        ('[$-804]yyyy"年"m"月"d"日";@', "2026年1月31日"),
        ('[DBNum1][$-804]yyyy"年"m"月"d"日"', "二〇二六年一月三十一日"),
        ("yyyy-mm-dd", "2026-01-31"),
        ("yyyy\\-m\\-d", "2026-1-31"),
        ("m/d", "1/31"),
        ('d"日"', "31日"),
        ('"每月"d"日前"', "每月31日前"),
        ('yyyy"年"', "2026年"),
        ("aaaa", "星期六"),
        ("mmm-yy", "Jan-26"),
    ],
)
def test_dates(code, shown):
    assert show_number(DAY, code) == shown


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        (serial(2026, 1, 31, 8, 5), 'm"月"d"日"h"时"m"分"', "1月31日8时5分"),
        (serial(2026, 1, 31, 14, 30), '上午/下午h"时"mm"分"', "下午2时30分"),
        (1.5, "[h]:mm", "36:00"),
        (3, '00"号"', "03号"),
        (505, "0000", "0505"),
        (20, '0"个工作日内"', "20个工作日内"),
        (20, 'G/通用格式"个工作日"', "20个工作日"),
        (1234567, "#,##0", "1,234,567"),
        (1234567, "000\\-0000", "123-4567"),
        (0.256, "0.0%", "25.6%"),
        (1.005, "0.00", "1.01"),
        (-1234.5, "#,##0.00;(#,##0.00)", "(1,234.50)"),
        (0.1 + 0.2, "General", "0.3"),
        (12, "[DBNum1]General", "十二"),
        (5, '[>100]"大";"小"', "小"),
        (5, ";;;", ""),
        (0, "0;-0;;@", ""),
        (7, "", "7"),
    ],
)
def test_numbers(number, code, shown):
    assert show_number(number, code) == shown


@pytest.mark.parametrize(
    ("text", "code", "shown"),
    [("3", '"第"@"号"', "第3号"), ("x", ";;;", ""), ("x", "General", "x"), ("x", "0;-0;;@", "x")],
)
def test_texts(text, code, shown):
    assert show_text(text, code) == shown


@given(st.text('yYmMdDhHsS0#?.,;@[]"年月日 -/%Ee$', max_size=12), st.floats(-1e9, 1e9))
def test_no_format_stops_the_reader(code, number):
    assert isinstance(show_number(number, code), str)
    assert isinstance(show_text("x", code), str)


@given(st.dates(dt.date(1901, 1, 1), dt.date(2100, 1, 1)))
def test_no_year_is_shown_that_the_sheet_does_not_show(day):
    shown = show_number(serial(day.year, day.month, day.day), 'm"月"d"日"')
    assert shown == f"{day.month}月{day.day}日"
