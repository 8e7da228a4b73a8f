"""How a reader looks at the catalog: as of which day, and at which levels."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from core.clock import today


@dataclass(frozen=True, slots=True)
class Choice:
    """The choices in an address; `typed` and `error` keep a day that is none."""

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
        """The choices for the links of the page; what is usual is left out."""
        at = {"at": self.day.isoformat()} if self.is_past else {}
        return at | ({"levels": "all"} if self.every_level else {})


def read_choice(arguments: Mapping[str, str]) -> Choice:
    """The choices of an address; a day that is none gives today, and says so."""
    typed = arguments.get("at", "").strip()
    every_level = arguments.get("levels") == "all"
    if not typed:
        return Choice(today(), every_level)
    try:
        return Choice(date.fromisoformat(typed), every_level, typed)
    except ValueError:
        message = _("“%(text)s” is no date; write it as 2026-01-31.", text=typed[:40])
        return Choice(today(), every_level, typed, message)
