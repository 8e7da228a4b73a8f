"""The arrangement of holidays of a year, as it was imported from the State Council's notice."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from core.calendar.domain.working_days import ArrangedDay
from core.clock import now
from core.db.base import Base


class HolidayNotice(Base):
    """The days that the notice of a year names; the same for all tenants.

    `days` holds `{"day": "2027-01-01", "is_working": false, "festival": "元旦"}` for each.
    """

    __tablename__ = "holiday_notice"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    days: Mapped[list[Any]] = mapped_column(comment="days off, and weekend days that are worked")
    imported_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    def list_days(self) -> Iterator[ArrangedDay]:
        """List the stored days as the rules know them."""
        for stored in self.days:
            day = date.fromisoformat(stored["day"])
            yield ArrangedDay(day, stored["is_working"], stored["festival"])


def build_notice(year: int, days: Iterable[ArrangedDay]) -> HolidayNotice:
    """Build the row of a year's notice."""
    stored = [
        {"day": named.day.isoformat(), "is_working": named.is_working, "festival": named.festival}
        for named in days
    ]
    return HolidayNotice(year=year, days=stored)
