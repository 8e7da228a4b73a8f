"""Cut a long list into pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """The rows of one page; numbers count from 1, `total` is of the whole list."""

    rows: Sequence[T]
    number: int
    pages: int
    total: int


def page_of(rows: Sequence[T], arguments: Mapping[str, str], size: int = 100) -> Page[T]:
    """The page that `?page=` asks for; a number out of range gives the nearest."""
    pages = max(1, -(-len(rows) // size))
    typed = arguments.get("page", "1")
    asked = int(typed) if typed.isdecimal() and len(typed) <= 6 else 1
    number = min(max(asked, 1), pages)
    return Page(rows[(number - 1) * size : number * size], number, pages, len(rows))
