"""What narrows and orders the list of a place's publications: words, organ, genre, days."""

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
_SEARCHED = (Publication.title, Publication.index_number, Publication.document_number)


@dataclass(frozen=True, slots=True)
class ListFilters:
    """The choice of a reader; empty values narrow nothing. Days are those of publication."""

    words: str = ""
    organ_id: int | None = None
    genre: str = ""
    since: date | None = None
    until: date | None = None
    sort: str = "work"

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return bool(self.words or self.organ_id or self.genre or self.since or self.until)

    def to_query(self) -> dict[str, Any]:
        """Return the parameters of an address that shows the same list."""
        given = {
            "q": self.words,
            "organ": self.organ_id,
            "genre": self.genre,
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
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
        if self.since:
            yield Publication.published_at >= first_moment(self.since)
        if self.until:
            yield Publication.published_at < first_moment(self.until + timedelta(days=1))


def read_filters() -> ListFilters:
    """Read the filters of an address; what makes no sense narrows nothing."""
    return ListFilters(
        words=params.text("q", 80),
        organ_id=params.number("organ", most=10**9) or None,
        genre=params.text("genre", 40),
        since=params.day("since"),
        until=params.day("until"),
        sort=params.word("sort", SORTS, "work"),
    )


def _holds(column: InstrumentedAttribute[Any], word: str) -> ColumnElement[bool]:
    return func.lower(column).contains(word.lower(), autoescape=True)
