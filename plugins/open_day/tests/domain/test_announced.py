"""Times and numbers of people are read as announcements print them, or kept as words."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.open_day.domain.announced import ToldTime, read_people, read_times


@pytest.mark.parametrize(
    ("text", "start", "end", "words"),
    [
        ("9:00", time(9), None, ""),
        ("09：00", time(9), None, ""),
        ("上午9:00开始", time(9), None, ""),
        ("上午9时", time(9), None, ""),
        ("下午2点半", time(14, 30), None, ""),
        ("下午2:30—4:30", time(14, 30), time(16, 30), ""),
        ("9:00-11:30", time(9), time(11, 30), ""),
        ("上午9时30分至11时", time(9, 30), time(11), ""),
        ("中午12:00", time(12), None, ""),
        ("晚上7点", time(19), None, ""),
        ("上午", None, None, "上午"),
        ("全天", None, None, "全天"),
        ("每天9:00—17:00", time(9), time(17), "每天9:00—17:00"),
        ("9:00-11:30,14:30-17:00", time(9), time(17), "9:00-11:30,14:30-17:00"),
        ("25:00", None, None, "25:00"),
        ("", None, None, ""),
    ],
)
def test_times(text, start, end, words):
    assert read_times(text) == ToldTime(start, end, words)


@pytest.mark.parametrize(
    ("text", "number"),
    [("30", 30), ("３０人", 30), ("30 名", 30), ("1,000", 1000), ("30 余人", None), ("不限", None),
     ("20-30人", None), ("约50人", None), ("", None)],
)  # fmt: skip
def test_numbers_of_people(text, number):
    assert read_people(text) == number


@given(st.times(), st.sampled_from(["{:%H:%M}", "{0.hour}时{0.minute}分", "{:%H：%M}开始"]))
def test_every_clock_time_is_read(clock, written):
    wanted = clock.replace(second=0, microsecond=0)
    assert read_times(written.format(wanted)) == ToldTime(wanted)


@given(st.text(max_size=100))
def test_whatever_is_typed_is_a_time_or_stays_in_words(text):
    told = read_times(text)
    assert told.words == text.strip() or (told.words == "" and (told.start or not text.strip()))
    assert told.end is None or told.start is not None
