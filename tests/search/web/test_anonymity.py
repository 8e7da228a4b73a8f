"""Which questions are counted, in which form, and that nothing of it leads to a person."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.search.analytics.anonymity import (
    BUCKETS,
    ENOUGH_ASKERS,
    address_bucket,
    has_enough_askers,
    query_digest,
    to_countable_query,
)
from tests.search.invented_names import invent_names

MONTH = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("滑雪场", "滑雪场"), (" 滑雪场,在哪 ", "滑雪场 在哪"), ("摇號", "摇号"),
        ("〔2024〕21号", "2024 21号"), ("KTV", "ktv"),
    ],
)  # fmt: skip
def test_a_question_is_counted_in_one_form(typed, words):
    assert to_countable_query(typed) == words


@pytest.mark.parametrize(
    "typed",
    [
        "张伟低保", "王小二", "李建国 宅基地", "34122219900101123X", "138 0013 8000",
        "低保 13800138000", "", "?!", "很" * 31,
    ],
)  # fmt: skip
def test_queries_that_look_personal_are_not_counted(typed):
    assert to_countable_query(typed) is None


@pytest.mark.parametrize("pattern", ["{}", "{}低保", "村民{}", "{} 宅基地"])
def test_no_name_of_two_hundred_is_counted(pattern):
    counted = [name for name in invent_names() if to_countable_query(pattern.format(name))]
    assert counted == []


@pytest.mark.parametrize(
    "typed", ["敬老院", "养老金涨了多少", "石桥镇低保", "慈善", "失业金怎么领"]
)
def test_places_and_matters_are_counted(typed):
    assert to_countable_query(typed) == typed


@given(st.text(max_size=60))
def test_no_text_breaks_the_rules(typed):
    words = to_countable_query(typed)
    assert words is None or 0 < len(words) <= 30


@given(st.lists(st.ip_addresses().map(str), min_size=1, max_size=50))
def test_words_are_kept_only_after_several_different_addresses(addresses):
    corners = 0
    for address in addresses:
        corners |= address_bucket(address, "secret", MONTH)
    assert corners < 1 << BUCKETS
    if has_enough_askers(corners):
        assert len(set(addresses)) >= ENOUGH_ASKERS


def test_one_address_never_makes_a_query_public():
    corners = 0
    for _time in range(100):
        corners |= address_bucket("10.0.0.7", "secret", MONTH)
    assert not has_enough_askers(corners)


def test_a_digest_tells_nothing_without_the_secret_and_changes_by_month():
    digests = {
        query_digest("滑雪场", secret, month)
        for secret in ("one", "two")
        for month in (MONTH, date(2026, 12, 1))
    }
    assert len(digests) == 4
    assert all(len(digest) == 32 for digest in digests)
