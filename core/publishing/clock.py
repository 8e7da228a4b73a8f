"""Days and moments in the zone of the installation (a setting; in China one zone)."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask import current_app


def zone() -> ZoneInfo:
    """The zone in which days begin."""
    return ZoneInfo(current_app.extensions["gongkai"].timezone)


def local_day(moment: datetime) -> date:
    """The day it was for people."""
    return moment.astimezone(zone()).date()


def beginning_of(day: date) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time.min, zone())


def stamp(moment: datetime | None) -> str:
    """A moment as page tags want it: YYYY-MM-DD HH:MM."""
    return moment.astimezone(zone()).strftime("%Y-%m-%d %H:%M") if moment else ""
