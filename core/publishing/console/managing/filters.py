"""What narrows and orders the list of publications: words, place, organ, genre, days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.orm import InstrumentedAttribute

from core.clock import first_moment
from core.publishing.models import Publication
from core.web import params

SORTS = {
    "work": _l("What is to be done first"),
    "published": _l("Published last first"),
    "changed": _l("Changed last first"),
    "title": _l("By title"),
}
# Which day of a publication the two days of a filter are about.
DAYS = {
    "published": _l("Date of publication"),
    "formed": _l("Date of formation"),
    "changed": _l("Date of the last change"),
}
_SEARCHED = (Publication.title, Publication.index_number, Publication.document_number)


@dataclass(frozen=True, slots=True)
class ListFilters:
    """The choice of a reader; empty values narrow nothing.

    `place` is empty for the place itself, `below` for it and all below, or the code of a place
    below; `day` says which day `since` and `until` are about.
    """

    words: str = ""
    place: str = ""
    organ_id: int | None = None
    genre: str = ""
    since: date | None = None
    until: date | None = None
    day: str = "published"
    sort: str = "work"

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        chosen = (self.words, self.place, self.organ_id, self.genre, self.since, self.until)
        return any(chosen)

    def to_query(self) -> dict[str, Any]:
        """Return the parameters of an address that shows the same list."""
        given = {
            "q": self.words,
            "place": self.place,
            "organ": self.organ_id,
            "genre": self.genre,
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
            "day": self.day if self.day != "published" else "",
            "sort": self.sort if self.sort != "work" else "",
        }
        return {name: value for name, value in given.items() if value}

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield the conditions on publications; every word must be in the title or a number."""
        for word in self.words.split():
            yield or_(*(_holds(column, word) for column in _SEARCHED))
        if self.organ_id:
            yield Publication.organ_id == self.organ_id
        if self.genre:
            yield Publication.genre == self.genre
        yield from self._day_conditions()

    def _day_conditions(self) -> Iterator[ColumnElement[bool]]:
        if self.day == "formed":
            if self.since:
                yield Publication.formed_on >= self.since
            if self.until:
                yield Publication.formed_on <= self.until
            return
        column = Publication.updated_at if self.day == "changed" else Publication.published_at
        if self.since:
            yield column >= first_moment(self.since)
        if self.until:
            yield column < first_moment(self.until + timedelta(days=1))


def read_filters() -> ListFilters:
    """Read the filters of an address; what makes no sense narrows nothing."""
    return ListFilters(
        words=params.text("q", 80),
        place=params.text("place", 12),
        organ_id=params.number("organ", most=10**9) or None,
        genre=params.text("genre", 40),
        since=params.day("since"),
        until=params.day("until"),
        day=params.word("day", DAYS, "published"),
        sort=params.word("sort", SORTS, "work"),
    )


def _holds(column: InstrumentedAttribute[Any], word: str) -> ColumnElement[bool]:
    return func.lower(column).contains(word.lower(), autoescape=True)
