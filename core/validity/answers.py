"""How long the answer to a request holds, said while it is made by whoever knows.

The front of the pages (`core.web.page_cache`) hands each request that may be answered once for
many readers a `Validity`; where there is none, these functions do nothing. What nobody says
anything about holds until the versions of its place change, or the day ends.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import has_request_context, request

_VALIDITY = "gongkai.validity"


class Validity:
    """What is known of one answer: until when it holds, what it depends on, who may keep it."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        #: Why the answer is made anew for each reader; empty where it may be kept.
        self.refusals: set[str] = set()
        #: Names of schedules: what appears at a moment that is stored (`now_scheduled`).
        self.schedules: set[str] = set()
        #: Whether its page shows what lies below the place, as far as the view knows.
        self.shows_below = True
        #: Whether rows were read for it, and for a part of it.
        self.reads_rows = self.has_part_of_rows = False
        #: Ids of places on the chain of which it shows what lies below.
        self.below: set[int] = set()
        self.uses_index = False
        #: What is counted with every reader: name of the counter and its arguments.
        self.counts: list[tuple[str, tuple[Any, ...]]] = []
        #: Whether the view's answer may be kept, and the chain of its place; said at the end.
        self.is_kept = False
        self.chain: tuple[int, ...] = ()

    def include(self, part: "Validity") -> None:
        """Take over what is known of a part of the answer."""
        self.until = min(self.until, part.until)
        self.refusals |= part.refusals
        self.schedules |= part.schedules
        self.has_part_of_rows = self.has_part_of_rows or part.reads_rows or part.has_part_of_rows
        self.below |= part.below
        self.uses_index = self.uses_index or part.uses_index
        self.counts += part.counts


def attach_validity(environ: dict[str, Any], validity: Validity) -> None:
    """Hand a request the validity of its answer."""
    environ[_VALIDITY] = validity


@contextmanager
def attached_validity(validity: Validity) -> Iterator[None]:
    """Have what is said of validity go to this one for a while, where there is a request."""
    if not has_request_context():
        yield
        return
    environ, before = request.environ, request.environ.get(_VALIDITY)
    environ[_VALIDITY] = validity
    try:
        yield
    finally:
        environ[_VALIDITY] = before


def include_validity(part: Validity | None) -> None:
    """Say that the answer of this request has a part of which this is known."""
    validity = current_validity()
    if validity is not None and part is not None:
        validity.include(part)


def current_validity() -> Validity | None:
    """Return the validity of this request's answer; `None` where nobody would keep it."""
    if not has_request_context():
        return None
    # A page asks dozens of times; the proxy costs more than all else.
    present = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - its own method
    known: Validity | None = present.environ.get(_VALIDITY)
    return known


def limit_validity(*moments: datetime | None) -> None:
    """Say that the answer of this request holds until the first of these moments at most."""
    validity = current_validity()
    if validity is not None:
        validity.until = min([validity.until, *filter(None, moments)])


def refuse_keeping(reason: str) -> None:
    """Say that the answer of this request is made anew for each reader, and why."""
    validity = current_validity()
    if validity is not None:
        validity.refusals.add(reason)


def shows_nothing_below() -> None:
    """Say that the view shows nothing that lies below its place: changes there leave the page.

    Parts that plugins add are looked at by themselves: those for which rows were read may show it.
    """
    validity = current_validity()
    if validity is not None:
        validity.shows_below = False


def note_rows_read() -> None:
    """Note that rows are read for what is made at present."""
    validity = current_validity()
    if validity is not None:
        validity.reads_rows = True


def depends_on_index(places: Iterable[int]) -> None:
    """Say that the answer comes out of the search index, and shows what lies below places."""
    validity = current_validity()
    if validity is not None:
        validity.uses_index = True
        validity.below.update(places)


def count_each_time(counter: str, *arguments: Any) -> None:
    """Say what is counted each time that the answer is given, kept or not, beside this time."""
    validity = current_validity()
    if validity is not None:
        validity.counts.append((counter, arguments))
