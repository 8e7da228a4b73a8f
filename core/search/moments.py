"""Days and moments as the engines' numbers."""

from datetime import UTC, date, datetime

# Later than everything: exact in every number format that an engine may use.
NEVER = 10**12


def moment_number(moment: datetime | None) -> int:
    """Seconds; `NEVER` where there is no such moment."""
    return NEVER if moment is None else max(0, int(moment.astimezone(UTC).timestamp()))


def day_number(day: date | None) -> int:
    """Days; 0 where there is no date."""
    return 0 if day is None else day.toordinal()
