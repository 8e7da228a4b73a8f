"""Parameters of the public catalog pages: day (`at`) and levels."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from core.bounds import parse_day
from core.clock import today
from core.web import params


@dataclass(frozen=True, slots=True)
class ViewParams:
    """Parsed parameters; `typed` and `error` keep an invalid day."""

    day: date
    every_level: bool = False
    typed: str = ""
    error: str = ""

    @property
    def is_past(self) -> bool:
        """Whether the page shows another day than today."""
        return self.day != today()

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters for links of the page, defaults left out."""
        at = {"at": self.day.isoformat()} if self.is_past else {}
        return at | ({"levels": "all"} if self.every_level else {})


def read_view_params() -> ViewParams:
    """Parse the query string; an invalid day falls back to today, with an error."""
    typed = params.text("at")
    every_level = params.word("levels", ("all",)) == "all"
    if not typed:
        return ViewParams(today(), every_level)
    try:
        return ViewParams(parse_day(typed), every_level, typed)
    except ValueError:
        message = _("“%(text)s” is no date; write it as 2026-01-31.", text=typed[:40])
        return ViewParams(today(), every_level, typed, message)
