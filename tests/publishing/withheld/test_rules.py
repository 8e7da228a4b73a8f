"""The register holds numbers, never titles; days of months are counted as people do."""

from calendar import monthrange
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.publishing.withheld.rules import LONGEST_REFERENCE, add_months, is_reference


@pytest.mark.parametrize("number", ["〔2026〕12号", "民政密-3号", "A-2026/17", "保审〔2026〕1号"])
def test_numbers_of_files_are_taken(number):
    assert is_reference(number)


@pytest.mark.parametrize(
    "title",
    [
        "关于张某某低保待遇的处理意见",
        "《2026年征地补偿方案》3号",
        "青石镇柳湾村征地补偿标准讨论稿2026",
        "讨论稿",
        "12 号 低保",
        "1" * (LONGEST_REFERENCE + 1),
        "",
    ],
)
def test_a_title_is_no_number(title):
    """N4: the register never says what it is that is withheld."""
    assert not is_reference(title)


@given(st.dates(date(1900, 1, 1), date(2150, 12, 31)), st.integers(0, 60))
def test_months_are_added_as_people_count(day, months):
    later = add_months(day, months)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    assert (later.year, later.month) == (year, month + 1)
    assert later.day == min(day.day, monthrange(later.year, later.month)[1])
