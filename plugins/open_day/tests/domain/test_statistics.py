"""Numbers of open days."""

from hypothesis import given
from hypothesis import strategies as st

from plugins.open_day.domain.statistics import (
    WALK_IN,
    Attendance,
    UnitYear,
    figures,
    plan_against_done,
)

taken = st.lists(
    st.builds(
        Attendance,
        heads=st.integers(0, 30),
        came=st.integers(0, 40),
        source=st.sampled_from(["open", "staff", WALK_IN]),
        category=st.sampled_from(["", "residents", "deputies"]),
        village=st.sampled_from(["", "崾岘村", "柳湾村"]),
        over=st.booleans(),
    ),
    max_size=20,
)


@given(st.integers(0, 200), taken)
def test_parts_add_up_to_the_whole(capacity, rows):
    told = figures(capacity, rows)
    people = sum(row.heads for row in rows)
    assert told.expected + told.walked_in == people
    assert sum(count for _name, count in told.sources) == people
    assert sum(count for _name, count in told.categories) == people
    assert told.no_shows <= people
    assert told.due <= told.expected
    if all(row.over for row in rows):
        assert people <= told.came + told.no_shows


def test_figures_of_one_open_day():
    rows = [
        Attendance(10, 8, "open", "residents", "崾岘村"),
        Attendance(5, 5, "staff", "deputies", "柳湾村"),
        Attendance(2, 2, WALK_IN, "", "崾岘村"),
    ]
    told = figures(20, rows)
    assert (told.expected, told.came, told.walked_in, told.no_shows) == (15, 15, 2, 2)
    assert (told.fill_percent, told.no_show_percent) == (75, 13)
    assert told.villages == ("崾岘村", "柳湾村")


def test_who_may_still_come_has_not_stayed_away():
    told = figures(20, [Attendance(10, 8), Attendance(6, 0, over=False)])
    assert (told.expected, told.due, told.no_shows, told.no_show_percent) == (16, 10, 2, 20)


def test_without_a_bound_nothing_is_filled():
    assert figures(0, []).fill_percent is None
    assert figures(0, []).no_show_percent is None


def test_a_units_year():
    told = plan_against_done([("县水务局", 2), ("县教育局", 1)], ["县水务局", "东镇"], ["县水务局"])
    assert told == [
        UnitYear("县水务局", 2, 1, 1),
        UnitYear("县教育局", 1, 0, 0),
        UnitYear("东镇", 0, 1, 0),
    ]
    assert [unit.missing for unit in told] == [0, 1, 0]
