"""A notice that is imported counts in every process, and its dates are no longer provisional."""

from datetime import date

import pytest

from core.calendar.domain.notice import NoticeError
from core.calendar.labels import explain
from core.calendar.service import (
    add_working_days,
    import_notice,
    is_working_day,
    load_calendar,
    working_days_between,
)
from core.command import with_locale
from core.db.scope import open_session

from .notices import OF_2026, OF_2027


def take_over(text, year):
    with open_session(None) as session:
        import_notice(session, text, year)


@pytest.mark.both_databases
@pytest.mark.usefixtures("app")
def test_dates_move_once_the_year_is_published():
    before = add_working_days(date(2026, 12, 10), 20)
    assert (before.end, before.is_provisional) == (date(2027, 1, 7), True)
    take_over(OF_2027, 2027)
    after = add_working_days(date(2026, 12, 10), 20)
    assert (after.end, after.is_provisional) == (date(2027, 1, 11), False)
    assert is_working_day(date(2027, 1, 31))
    assert not is_working_day(date(2026, 12, 31))


@pytest.mark.usefixtures("app")
def test_a_notice_counts_before_the_library_and_before_an_earlier_one():
    assert is_working_day(date(2026, 5, 9))
    for make_up in ("5月10日(周日)", "5月16日(周六)"):
        take_over(OF_2026.replace("5月9日(周六)", make_up), 2026)
    assert not is_working_day(date(2026, 5, 9))
    assert not is_working_day(date(2026, 5, 10))
    assert is_working_day(date(2026, 5, 16))


@pytest.mark.usefixtures("app")
def test_a_wrong_notice_changes_nothing():
    with pytest.raises(NoticeError):
        take_over(OF_2027.replace("共5天", "共4天"), 2027)
    with open_session(None) as session:
        assert 2027 not in load_calendar(session).years


@pytest.mark.usefixtures("app")
def test_a_derivation_is_printed():
    with with_locale():
        lines = explain(add_working_days(date(2026, 9, 18), 20))
        assert lines[0] == "自2026-09-18起20个工作日:2026-10-22"
        assert "不计:2026-10-01 – 2026-10-07,国庆节" in lines
        assert "计入:2026-09-20,国庆节调休上班" in lines
        assert not any("2027" in line for line in lines)
        provisional = explain(add_working_days(date(2026, 12, 10), 20))
        assert provisional[-1].startswith("暂定:")
        assert explain(working_days_between(date(2026, 10, 7), date(2026, 9, 30)))[0]


def test_the_command_takes_a_notice_over(gongkai, tmp_path):
    file = tmp_path / "2027.txt"
    file.write_bytes(OF_2027.encode("gb18030"))
    answer = gongkai("calendar", "import", str(file), "--year", "2027", "--json").json
    assert answer == {"year": 2027, "days_off": 25, "days_worked": 5}
    shown = gongkai("calendar", "add", "2026-12-10", "20", "--json").json
    assert (shown["end"], shown["is_provisional"]) == ("2027-01-11", False)
    refused = gongkai("calendar", "import", str(file), "--year", "2028", "--json")
    assert refused.status == 1
    assert "2027年" in refused.json["error"]["message"]
