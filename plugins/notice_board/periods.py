"""Which days a sheet covers. Village affairs are published at least once a quarter (N21)."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Return whether a day lies in the period."""
        return self.first <= day <= self.last


def to_quarter(day: date) -> Period:
    """Return the quarter that a day lies in."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    following = date(first.year + (first.month == 10), (first.month + 2) % 12 + 1, 1)
    return Period(first, following - timedelta(days=1))


def quarter_before(period: Period) -> Period:
    """Return the quarter before the one in which a period begins."""
    return to_quarter(to_quarter(period.first).first - timedelta(days=1))


def asked_period(first: date | None, last: date | None, today: date) -> Period:
    """Return the period between two days; the quarter of `today` where they are no period."""
    if first is None or last is None or first > last:
        return to_quarter(today)
    return Period(first, last)
