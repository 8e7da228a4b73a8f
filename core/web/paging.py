"""Cut a long list into pages: pagination of queries and of rows in memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """The rows of one page; numbers count from 1, `total` counts the rows of the whole list."""

    rows: Sequence[T]
    number: int
    pages: int
    total: int

    @property
    def links(self) -> dict[str, int]:
        """Numbers of the neighbouring pages by link relation (`prev`, `next`)."""
        near = {"prev": self.number - 1, "next": self.number + 1}
        return {rel: number for rel, number in near.items() if 1 <= number <= self.pages}


def paginate(session: Session, query: Select[T], number: int, size: int) -> Page[T]:
    """Run an ordered query of one thing (a model, a column) for one page.

    A number out of range gives the nearest page.
    """
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    return _cut(
        total or 0,
        number,
        size,
        lambda first: session.scalars(query.limit(size).offset(first)).all(),
    )


def paginate_rows(rows: Sequence[T], number: int, size: int) -> Page[T]:
    """Cut one page out of rows in memory; a number out of range gives the nearest page."""
    return _cut(len(rows), number, size, lambda first: rows[first : first + size])


def _cut(total: int, number: int, size: int, load: Callable[[int], Sequence[T]]) -> Page[T]:
    pages = max(1, -(-total // size))
    number = min(max(number, 1), pages)
    return Page(load((number - 1) * size), number, pages, total)
