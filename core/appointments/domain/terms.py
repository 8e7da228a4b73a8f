"""Terms of appointment, confirmed year by year, and how a group is made up."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

# The years of age at which bands begin; N19 names groups between 22 and 65.
AGE_BANDS = ((0, 29), (30, 39), (40, 49), (50, 59), (60, 150))


@dataclass(frozen=True, slots=True)
class AppointmentTerm:
    """A term of appointment: it lasts until `ends_on`, if it is confirmed each year."""

    appointed_on: date
    ends_on: date
    confirmed_until: date


def add_years(day: date, years: int) -> date:
    """Return the same day so many years later; the 29th of February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def start_term(day: date, years: int) -> AppointmentTerm:
    """Return the term that begins on a day; it has to be confirmed after the first year."""
    return AppointmentTerm(day, add_years(day, years), add_years(day, 1))


def confirm_term(term: AppointmentTerm, years: int) -> AppointmentTerm:
    """Confirm for one more year; at the end of the term a new one follows without a gap."""
    if term.confirmed_until < term.ends_on:
        until = min(add_years(term.confirmed_until, 1), term.ends_on)
        return replace(term, confirmed_until=until)
    return AppointmentTerm(
        term.appointed_on, add_years(term.ends_on, years), add_years(term.ends_on, 1)
    )


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """How a group of people is made up: counts by gender, background and age."""

    total: int
    genders: Mapping[str, int]
    backgrounds: Mapping[str, int]
    ages: Sequence[tuple[tuple[int, int], int]]
    unknown_age: int


def count_group(members: Iterable[tuple[str, str, int | None]], year: int) -> GroupFigures:
    """Count members by gender, background, and age at the end of a year."""
    rows = list(members)
    ages = [year - born for _gender, _background, born in rows if born is not None]
    bands = [(band, sum(band[0] <= age <= band[1] for age in ages)) for band in AGE_BANDS]
    return GroupFigures(
        total=len(rows),
        genders=Counter(gender for gender, _background, _born in rows),
        backgrounds=Counter(background for _gender, background, _born in rows),
        ages=bands,
        unknown_age=len(rows) - len(ages),
    )
