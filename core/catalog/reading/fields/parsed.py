"""What field parsers take and give."""

from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from core.catalog.reading.model import Note

T = TypeVar("T")


class Option(NamedTuple):
    """The text of one column of a field; `choice` is what a tick in that column chooses.

    `rows` holds the pieces of the text where it goes on in rows below.
    """

    choice: str | None
    text: str
    rows: tuple[str, ...] = ()

    @property
    def pieces(self) -> tuple[str, ...]:
        """The text row by row."""
        return self.rows or (self.text,)


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """A field's value, `None` where the cell does not hold one, and what is to be said of it."""

    value: T | None
    notes: tuple[Note, ...] = ()
