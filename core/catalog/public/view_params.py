"""Parameters of the public catalog pages: day (`at`) and levels."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from core.bounds import parse_day
from core.clock import today
from core.web import params


@dataclass(frozen=True, slots=True)
class ViewParams:
    """Parsed parameters; `typed` and `error` keep an invalid day.

    `is_past` is whether the page shows another day than today.
    """

    day: date
    every_level: bool = False
    typed: str = ""
    error: str = ""
    is_past: bool = False

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters for links of the page, defaults left out."""
        at = {"at": self.day.isoformat()} if self.is_past else {}
        return at | ({"levels": "all"} if self.every_level else {})


def read_view_params() -> ViewParams:
    """Parse the query string; an invalid day falls back to today, with an error."""
    typed = params.text("at")
    every_level, present = params.word("levels", ("all",)) == "all", today()
    if not typed:
        return ViewParams(present, every_level)
    try:
        day = parse_day(typed)
    except ValueError:
        message = _("“%(text)s” is no date; write it as 2026-01-31.", text=typed[:40])
        return ViewParams(present, every_level, typed, message)
    return ViewParams(day, every_level, typed, is_past=day != present)
