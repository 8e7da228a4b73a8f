"""The yearly notice, read strictly: what does not fit is refused with its place."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar.domain.notice import NoticeError, NoticeFault, parse_notice
from core.calendar.service import load_calendar
from core.db.scope import open_session

from .notices import OF_2026, OF_2027


def test_the_notice_of_2026_says_what_the_library_knows(app):
    with open_session(None) as session:
        known = {day: named for day, named in load_calendar(session).arranged.items()
                 if day.year == 2026}  # fmt: skip
    read = {named.day: named.is_working for named in parse_notice(OF_2026, 2026)}
    assert read == {day: named.is_working for day, named in known.items()}
    assert sum(read.values()) == 6


def test_older_wordings_are_read():
    read = {named.day: named.is_working for named in parse_notice(OF_2027, 2027)}
    off = sorted(day for day, is_working in read.items() if not is_working)
    assert off[:3] == [date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2)]
    assert off[3:10] == [date(2027, 2, 6 + number) for number in range(7)]
    assert {date(2027, 4, 5), date(2027, 6, 9), date(2027, 9, 15)} < set(off)
    assert len(off) == 3 + 7 + 1 + 5 + 1 + 1 + 7
    worked = sorted(day for day, is_working in read.items() if is_working)
    assert [f"{day:%m-%d}" for day in worked] == ["01-31", "02-14", "05-08", "09-26", "10-09"]


def test_the_festival_stands_with_its_days():
    named = {found.day: found.festival for found in parse_notice(OF_2027, 2027)}
    assert named[date(2027, 1, 31)] == named[date(2027, 2, 6)] == "春节"
    assert date(2027, 2, 5) not in named  # advice is no arrangement


def test_one_long_paragraph_is_read_too():
    together = "".join(OF_2026.split())
    assert parse_notice(together.replace("一、元旦", "\n一、元旦"), 2026) == parse_notice(
        OF_2026, 2026
    )


@pytest.mark.parametrize(
    ("wrong", "right", "fault"),
    [
        ("2025年", "2026年", NoticeFault.OTHER_YEAR),
        ("端阳节", "端午节", NoticeFault.MISSING_FESTIVAL),
        ("1月4日(周一)上班", "1月4日(周日)上班", NoticeFault.WRONG_WEEKDAY),
        ("1月5日上班", "1月4日(周日)上班", NoticeFault.WRONG_WEEKDAY),
        ("共8天", "共9天", NoticeFault.WRONG_COUNT),
        ("4月31日至6日", "4月4日(周六)至6日(周一)", NoticeFault.UNREADABLE),
        ("四日至六日", "4月4日(周六)至6日(周一)", NoticeFault.UNREADABLE),
        ("1月3日(周六)", "5月9日(周六)", NoticeFault.TWICE),
    ],
)
def test_what_does_not_fit_is_refused(wrong, right, fault):
    assert right in OF_2026
    with pytest.raises(NoticeError) as caught:
        parse_notice(OF_2026.replace(right, wrong), 2026)
    assert caught.value.fault is fault
    assert caught.value.text


LETTERS = ":、。0123456789年月日至()周一上班放假共天\n"


@given(st.text(alphabet=LETTERS, max_size=120))
def test_no_text_breaks_the_reader(text):
    spoilt = OF_2026.replace("4月4日(周六)至6日(周一)放假", text)
    with suppress(NoticeError):
        assert parse_notice(spoilt, 2026)
