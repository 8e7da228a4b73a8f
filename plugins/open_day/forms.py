"""Values of web forms: texts, numbers, days, times of day and moments, each with what is wrong."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from .i18n import _


class FormReader:
    """Reads a form field by field; what is wrong gathers in `errors` under the field's name."""

    def __init__(self, form: Mapping[str, str], zone: ZoneInfo) -> None:
        self._form = form
        self._zone = zone
        self.errors: dict[str, str] = {}

    def raw(self, name: str) -> str:
        """What was typed, without what no database keeps."""
        return self._form.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()

    def text(self, name: str, most: int, *, required: str = "") -> str:
        """A text of at most so many characters; `required` is the message where it is missing."""
        value = self.raw(name)
        if not value and required:
            self.errors[name] = required
        elif len(value) > most:
            self.errors[name] = _("At most %(n)s characters.", n=most)
        return value

    def line(self, name: str, most: int, *, required: str = "") -> str:
        """A text on one line."""
        return " ".join(self.text(name, most, required=required).split())

    def number(self, name: str, least: int, most: int, *, required: str = "") -> int | None:
        """A whole number between two bounds."""
        value = self.raw(name)
        if not value:
            if required:
                self.errors[name] = required
            return None
        if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
            self.errors[name] = _(
                "Enter a whole number from %(least)s to %(most)s.", least=least, most=most
            )
            return None
        return int(value)

    def choice(self, name: str, offered: tuple[str, ...], *, required: str = "") -> str:
        """One of the words offered."""
        value = self.raw(name)
        if value and value not in offered:
            self.errors[name] = _("Choose one of the list.")
        elif not value and required:
            self.errors[name] = required
        return value

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self.raw(name))

    def day(self, name: str, *, required: str = "") -> date | None:
        """A day."""
        value = self.raw(name)
        if not value and required:
            self.errors[name] = required
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.errors[name] = _("Enter a day like 2026-09-30.")
        return None

    def clock(self, name: str, *, required: str = "") -> time | None:
        """A time of day."""
        value = self.raw(name).translate({ord("："): ":"})
        if not value and required:
            self.errors[name] = required
        try:
            return time.fromisoformat(value.zfill(5)) if value else None
        except ValueError:
            self.errors[name] = _("Enter a time like 09:30.")
        return None

    def moment(self, name: str) -> datetime | None:
        """A moment in the installation's zone."""
        value = self.raw(name)
        try:
            found = datetime.fromisoformat(value.replace("/", "-")) if value else None
        except ValueError:
            self.errors[name] = _("Enter a day and a time like 2026-09-30 09:30.")
            return None
        return found.replace(tzinfo=self._zone) if found else None

    def at(self, day: date | None, clock: time | None) -> datetime | None:
        """A time of a day."""
        return datetime.combine(day, clock, self._zone) if day and clock else None


def shown_moment(moment: datetime | None, zone: ZoneInfo) -> str:
    """A moment as the field `datetime-local` shows it."""
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if moment else ""
