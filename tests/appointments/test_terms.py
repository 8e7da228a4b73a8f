"""Terms: two years, confirmed each year, without gaps; figures of a group lose nobody."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.appointments.domain.terms import (
    add_years,
    confirm_term,
    count_group,
    start_term,
)

DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
MEMBER = st.tuples(
    st.sampled_from(("female", "male", "unknown")),
    st.sampled_from(("deputy", "media", "resident")),
    st.none() | st.integers(1940, 2010),
)


def test_a_term_of_two_years_is_confirmed_once_and_then_begins_anew():
    term = start_term(date(2024, 2, 29), 2)
    assert (term.confirmed_until, term.ends_on) == (date(2025, 2, 28), date(2026, 2, 28))
    second = confirm_term(term, 2)
    assert (second.confirmed_until, second.ends_on) == (date(2026, 2, 28), date(2026, 2, 28))
    third = confirm_term(second, 2)
    assert (third.confirmed_until, third.ends_on) == (date(2027, 2, 28), date(2028, 2, 28))


@given(DAYS, st.integers(1, 5), st.integers(1, 12))
def test_each_confirmation_is_for_a_year_and_never_beyond_the_term(day, years, times):
    term = start_term(day, years)
    for _time in range(times):
        before, term = term, confirm_term(term, years)
        assert before.confirmed_until < term.confirmed_until <= term.ends_on
        assert term.confirmed_until <= before.confirmed_until + timedelta(days=366)
        assert term.ends_on in {before.ends_on, add_years(before.ends_on, years)}


@given(st.lists(MEMBER), st.integers(2000, 2100))
def test_everybody_is_counted_once(members, year):
    figures = count_group(members, year)
    assert sum(figures.genders.values()) == sum(figures.backgrounds.values()) == figures.total
    banded = sum(count for _band, count in figures.ages)
    assert banded + figures.unknown_age <= figures.total == len(members)
