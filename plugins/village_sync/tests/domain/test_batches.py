"""The batch that a title, a caption or a column names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.village_sync.domain.batches import find_batch, split_batch, to_count
from plugins.village_sync.labels import say_batch


@pytest.mark.parametrize(
    ("texts", "batch"),
    [
        (("柳湾村2026年第二批耕地地力保护补贴公示",), "2026-b2"),
        (("2026年度第3期",), "2026-b3"),
        (("石家湾村2026年第三季度低保对象",), "2026-q3"),
        (("2026年10月份低保金发放",), "2026-m10"),
        (("2026年上半年资产发包",), "2026-h1"),
        (("2026年度耕地地力保护补贴",), "2026"),
        (("2025—2026年度冬春救助",), "2025/2026"),
        (("第二批", "2026年危房改造"), "2026-b2"),
        (("二", "2026年危房改造"), "2026-b2"),
        (("２０２６年第１２批",), "2026-b12"),
        (("2026年第三季度第二批",), "2026-q3-b2"),
        (("2026年第十一批",), "2026-b11"),
        (("2026年11月3日低保公示",), ""),
        (("2026-11-03",), ""),
        (("低保对象公示",), ""),
        (("第二批低保对象",), ""),
        (("2025年和2026年补贴",), ""),
        (("补贴公示（第一榜）", "2026年"), "2026"),
    ],
)
def test_a_batch_is_read_where_it_is_sure(texts, batch):
    assert find_batch(*texts) == batch


@given(st.integers(1, 99), st.integers(2000, 2099))
def test_a_batch_means_the_same_in_chinese_and_arabic_numerals(number, year):
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    chinese = (
        (digits[tens] if tens > 1 else "") + "十" * (tens > 0) + (digits[ones] if ones else "")
    )
    assert to_count(chinese) == number
    assert find_batch(f"{year}年第{chinese}批") == find_batch(f"{year}年第{number}批")


@given(st.dates())
def test_a_calendar_day_is_never_a_batch(day):
    assert find_batch(f"{day.year}年{day.month}月{day.day}日公示", day.isoformat()) == ""


def test_a_batch_is_said_in_words(app):
    assert split_batch("2026-q3-b2") == ("2026", {"q": 3, "b": 2})
    assert say_batch("2026-q3-b2") == "2026年 第3季度 第2批"
