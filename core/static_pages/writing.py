"""Write the pages of places into files, from the home on along their links.

The versions of a place are read before anything of it is, and again once its files are linked: what
changed meanwhile takes the link away again. A place whose pages stand already is passed over.
"""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app
from lxml import html
from lxml.etree import ParserError

from core.clock import first_moment, today
from core.db.scope import open_session
from core.static_pages.changing import is_changing
from core.static_pages.folder import INDEX, StaticFolder, StaticPlace, make_readable, write_file
from core.static_pages.rendering import PageRenderer, PlaceStamp, load_stamp

# Of a place, those that are the fewest clicks from its home; the others are made when asked for.
MOST_PAGES = 100
_WRITABLE = re.compile(r"(/[A-Za-z0-9_-]{1,100}){1,12}/")


class PlaceOutcome(StrEnum):
    """What became of the pages of a place."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    #: Something of it changed while its pages were written; they are made when asked for.
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True)
class PlaceResult:
    """What became of the pages of a place, and how many there are new."""

    outcome: PlaceOutcome
    pages: int = 0


@dataclass(frozen=True, slots=True)
class _Day:
    """The day for which pages are written."""

    date: date
    end: datetime

    @property
    def name(self) -> str:
        return self.date.isoformat()


class StaticWriter:
    """Writes the pages of one place after the other; close it."""

    def __init__(self, folder: StaticFolder) -> None:
        self._folder = folder
        self._renderer = PageRenderer(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 - asked in a thread of its own

    def close(self) -> None:
        """End what renders the pages."""
        self._renderer.close()

    def write(self, place: StaticPlace) -> PlaceResult:
        """Write the pages of a place and link them, unless they stand already."""
        if is_changing(self._folder, place.chain):
            return PlaceResult(PlaceOutcome.OVERTAKEN)
        day, stamp = _present_day(), _read_stamp(place)
        linked = self._folder.find_stamp(place.chain) == stamp.name
        if linked and self._folder.is_done(place.code, stamp.name, day.name):
            return PlaceResult(PlaceOutcome.UNCHANGED)
        folder = self._folder.open_day(place.code, stamp.name, day.name)
        written = sum(self._write_pages(place, stamp, day, folder))
        self._folder.link(place, stamp.name)
        if self._is_overtaken(place, stamp, day):
            self._folder.unlink(place.chain)
            return PlaceResult(PlaceOutcome.OVERTAKEN)
        self._folder.mark_done(place.code, stamp.name, day.name)
        return PlaceResult(PlaceOutcome.WRITTEN, written)

    def _is_overtaken(self, place: StaticPlace, stamp: PlaceStamp, day: _Day) -> bool:
        """Return whether something changed since the versions were read; asked after linking."""
        return (
            is_changing(self._folder, place.chain)
            or _read_stamp(place) != stamp
            or _present_day() != day
        )

    def _write_pages(
        self, place: StaticPlace, stamp: PlaceStamp, day: _Day, folder: Path
    ) -> Iterator[bool]:
        """Write what may be written, the fewest clicks from the home first."""
        home = f"/{place.code}/"
        waiting, seen = [home], {home}
        for path in waiting:
            page = self._renderer.render(place, path)
            if page is None:
                continue
            links = [link for link in _list_links(page.body, place) if link not in seen]
            fresh = list(dict.fromkeys(links))[: MOST_PAGES - len(seen)]
            seen.update(fresh)
            waiting += fresh
            if page.is_file(stamp, day.end) and page.kept is not None:
                target = folder / path.removeprefix(home)
                make_readable(target, self._folder.root)
                _write_page(target, page.kept.load_plain(), page.kept.body)
                yield True


def _present_day() -> _Day:
    day = today()
    return _Day(day, first_moment(day + timedelta(days=1)))


def _read_stamp(place: StaticPlace) -> PlaceStamp:
    with open_session(None) as session:
        return load_stamp(session, place.chain)


def _write_page(folder: Path, plain: bytes, compressed: bytes) -> None:
    """Write both forms of a page, compressed first: the web server looks for it beside the other.

    The web server makes the tag of a file from its time and size, so the time follows from the
    content: pages that differ have other tags, also where both were written within a second.
    """
    moment = int.from_bytes(blake2b(plain, digest_size=4).digest()) >> 1
    if compressed != plain:
        write_file(folder / f"{INDEX}.gz", compressed, moment)
    write_file(folder / INDEX, plain, moment)


def _list_links(body: bytes, place: StaticPlace) -> Iterator[str]:
    """List the paths of pages of the same place to which a page links."""
    home = f"{place.prefix}/{place.code}/"
    try:
        found = html.fromstring(body.decode()).xpath("//a/@href")
    except (ParserError, ValueError):
        return
    for address in map(str, found):
        parts = urlsplit(address)
        own = not parts.netloc and not parts.query and parts.path.startswith(home)
        path = parts.path.removeprefix(place.prefix)
        if own and _WRITABLE.fullmatch(path):
            yield path


def write_places(
    folder: StaticFolder, places: Sequence[StaticPlace], *, seconds: float | None = None
) -> Iterator[tuple[StaticPlace, PlaceResult]]:
    """Write the pages of places in turn, for so long at most; the others have to wait."""
    ends = time.monotonic() + seconds if seconds is not None else None
    with closing(StaticWriter(folder)) as writer:
        for place in places:
            if ends is not None and time.monotonic() > ends:
                return
            yield place, writer.write(place)
