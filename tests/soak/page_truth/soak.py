"""Readers of a tree that changes without pause see no page that is older than a second.

Three workers of the web server, a process that changes the tree, a midnight in the middle
(docs/soak.md).
"""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from math import inf
from pathlib import Path

from core.app import create_app
from core.clock import first_moment, now, set_offset, today
from core.db.scope import open_session
from core.settings import Settings, resource
from core.testing.databases import Databases
from core.testing.factories.catalog import FIRST, SECOND, define_items
from core.testing.factories.people import PASSWORD, create_person
from core.testing.factories.trees import Tree, load_tree
from core.testing.pages import url_for
from core.testing.serving import environment_for, serve_installation
from tests.soak.browser import STORED, Browser
from tests.soak.fetching import fetch, wait_until
from tests.soak.page_truth.changes import FEEDS, PLACES
from tests.soak.page_truth.ledger import OLDEST, Ledger, Truth
from tests.soak.page_truth.readers import PERSON, Readers, ReadPage, list_addresses

SECONDS, READERS, SEED, TRIES = 600.0, 3, 1, 3
LEVELS = ("county", "township", "village")
# So many publications that are newer may stand before one on the first page of a list.
FIRST_PAGE = 8
# What no page of another place shows; names of places lead from one to the other.
OWN_KINDS = frozenset({"title", "ahead", "list", "organ", "item"})


@dataclass(slots=True)
class PageTruthReport:
    """What was changed and read, and what was not true of it."""

    kind: str
    took: float
    changes: Counter[str]
    read: int
    kept: int
    unchanged: int
    signed_in: int
    oldest: float
    wrong: list[str]
    saw_midnight: bool

    def __str__(self) -> str:
        return (
            f"{self.kind}: {self.read} pages in {self.took:.0f} s ({self.kept} kept,"
            f" {self.unchanged} answered as unchanged), {self.signed_in} of a signed-in person;"
            f" changes {dict(sorted(self.changes.items()))}; oldest {self.oldest:.2f} s;"
            f" midnight {'seen' if self.saw_midnight else 'not seen'}; wrong {len(self.wrong)}:"
            f" {self.wrong[:5]}"
        )

    def check(self) -> None:
        """Assert that no page was old, another's or withdrawn, and that pages were kept at all."""
        assert not self.wrong, str(self)
        assert self.saw_midnight, str(self)
        assert self.kept * 2 > self.read, str(self)
        assert {"title", "organ", "place", "item", FEEDS} <= set(self.changes), str(self)


def run_page_truth(
    kind: str, folder: Path, seconds: float = SECONDS, midnight: float = SECONDS / 2
) -> PageTruthReport:
    """Read and change for so many seconds; midnight comes so many seconds from now, about.

    Where the machine is too slow to have readers before it, they are had again with a later one.
    """
    databases = Databases()
    try:
        for number in range(TRIES):
            place = folder / str(number)
            place.mkdir()
            with databases.fresh(kind, place, "tree") as url:
                report = _run_on(kind, url, place, seconds, midnight * 2**number)
            if report.saw_midnight:
                break
    finally:
        set_offset(0)
        databases.stop()
    return report


def _run_on(kind: str, url: str, folder: Path, seconds: float, midnight: float) -> PageTruthReport:
    settings = Settings(
        data_dir=folder / "data",
        database_url=url,
        secret_key="a soak's key of its own",
        clock_offset=_find_offset(midnight),
        page_cache="on",
    )
    app = create_app(settings.changed(testing=True))
    with app.app_context():
        report = _run(kind, settings, folder, seconds)
        app.extensions["sqlalchemy"].engine.dispose()
    return report


def _find_offset(seconds: float) -> int:
    """Return by how much clocks are ahead of ours so that midnight (UTC+8) comes in a while."""
    into_day = (time.time() + 8 * 3600) % 86_400
    return int(86_400 - into_day - seconds)


def _run(kind: str, settings: Settings, folder: Path, seconds: float) -> PageTruthReport:
    with open_session(None) as session:
        tree = load_tree(session)
    items = {FIRST: ("事项一", LEVELS), SECOND: ("事项二", LEVELS)}
    define_items(tree.nation, "jiuzhu", "社会救助", items)
    places = [getattr(tree, name).division_code for name in PLACES]
    midnight = time.monotonic() + _until_midnight()
    shifted = {"GONGKAI_CLOCK_OFFSET": str(settings.clock_offset)}
    ledger = folder / "ledger"
    log = folder / "log"
    with (
        _changing(settings, shifted, ledger),
        serve_installation(settings, workers=3, environment=shifted, log=log) as served,
    ):
        wait_until(lambda: fetch(served.url, "/healthz")[0] == 200)
        own = _sign_in(served.url, tree)
        readers = Readers(served.url, Ledger(ledger), list_addresses(places, places[:-1]), own)
        wait_until(lambda: _has_begun(ledger))
        started = time.monotonic()
        readers.read(READERS, SEED, max(started + seconds, midnight + 2 * OLDEST))
        took = time.monotonic() - started
    readers.follow()
    return _judge(kind, tree, readers, took, midnight)


def _until_midnight() -> float:
    return (first_moment(today() + timedelta(days=1)) - now()).total_seconds()


def _sign_in(url: str, tree: Tree) -> str:
    """Sign somebody in; returns the cookies of the browser."""
    create_person(PERSON, "officer", tree.county)
    browser = Browser(url)
    address, fields = browser.read_form(url_for("accounts.sign_in"), "username")
    status, _ = browser.post(address, fields | {"username": PERSON, "password": PASSWORD})
    assert status in STORED, status
    return browser.cookies


def _has_begun(ledger: Path) -> bool:
    """Whether every kind of thing is there that a page is asked to show."""
    return FEEDS in {change.kind for change in Ledger(ledger).read_new()}


@contextmanager
def _changing(settings: Settings, shifted: dict[str, str], ledger: Path) -> Iterator[None]:
    """Have another process change the tree until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.soak.page_truth.changes", str(ledger), str(SEED)],
        env=os.environ | environment_for(settings) | shifted,
        cwd=resource(),
        stdin=subprocess.PIPE,
    )
    with process:
        yield
    assert process.returncode == 0, process.returncode


def _judge(
    kind: str, tree: Tree, readers: Readers, took: float, midnight: float
) -> PageTruthReport:
    truth = Truth(iter(readers.changes))
    judge = _Judge(truth, tree)
    for page in readers.seen:
        judge.look_at(page)
    before = any(page.answered < midnight - OLDEST for page in readers.seen)
    after = any(page.asked > midnight + OLDEST for page in readers.seen)
    changes = Counter(change.kind for change in readers.changes)
    return PageTruthReport(
        kind, took, changes, len(readers.seen), readers.kept, readers.unchanged,
        readers.signed_in, judge.oldest, [*readers.wrong, *judge.wrong], before and after,
    )  # fmt: skip


class _Judge:
    """Holds what pages showed against what was true when they were asked for."""

    def __init__(self, truth: Truth, tree: Tree) -> None:
        self._truth = truth
        self._related = _list_related(tree)
        self._organs = {truth.first(each).place: each for each in truth.registers("organ")}
        self._names = {truth.first(each).place: each for each in truth.registers("place")}
        self._feeds = {truth.first(each).place: each for each in truth.registers(FEEDS)}
        self._items = dict(
            zip((f"item {FIRST}", f"item {SECOND}"), truth.registers("item"), strict=True)
        )
        self._published = truth.list_appearances("title", "ahead")
        self.oldest = 0.0
        self.wrong: list[str] = []

    def look_at(self, page: ReadPage) -> None:
        """Note what is wrong with a page."""
        for register, version in page.words:
            self._expect(page, register, version)
            shown = self._truth.first(register)
            if shown.kind in OWN_KINDS and shown.place not in self._related[page.place]:
                self._complain(page, f"{shown.kind} of {shown.place}")
        for register in self._list_required(page):
            if register not in {each for each, _ in page.words}:
                self._expect(page, register, 0)
        self._look_at_feeds(page)

    def _list_required(self, page: ReadPage) -> Iterator[int]:
        """Yield the registers that a page must show as long as they are anything."""
        if page.register:
            yield page.register
            if page.status == 200:
                yield self._organs[page.place]
        elif page.kind == "home":
            yield self._names[page.place]
        elif page.kind == "index":
            yield from self._list_newest(page)
        elif page.kind in self._items:
            yield self._items[page.kind]

    def _list_newest(self, page: ReadPage) -> Iterator[int]:
        """Yield the place's publications that so few are newer than that they stand first."""
        below = self._related[page.place]
        newer = [each for each in self._published if each.began <= page.answered]
        newest = [each for each in newer if each.place in below][-FIRST_PAGE:]
        yield from (each.register for each in newest if each.place == page.place)

    def _look_at_feeds(self, page: ReadPage) -> None:
        """Whether the feeds are on shows on a home, and at their own address."""
        register = self._feeds.get(page.place)
        if register is None or page.kind not in {"home", "feed"}:
            return
        is_on = page.has_feeds if page.kind == "home" else page.status == 200
        known = self._truth.list_versions(register)
        shown = [each for each in known if each % 2 == is_on]
        self._expect_any(page, register, shown)

    def _expect(self, page: ReadPage, register: int, version: int) -> None:
        self._expect_any(page, register, [version])

    def _expect_any(self, page: ReadPage, register: int, shown: Sequence[int]) -> None:
        """Note how long all versions that a page may have shown were over."""
        moments = page.asked, page.answered
        age = min((self._truth.age(register, each, *moments) for each in shown), default=inf)
        if age <= OLDEST:
            self.oldest = max(self.oldest, age)
            return
        kind = self._truth.first(register).kind
        self._complain(page, f"{kind} {register}, version {shown[:3]}, over for {age:.2f} s")

    def _complain(self, page: ReadPage, what: str) -> None:
        self.wrong.append(f"{page.kind} of {page.place} at {page.asked:.2f}: {what}")


def _list_related(tree: Tree) -> dict[str, set[str]]:
    """List for each place those above it, itself and those below."""
    lines = (
        (tree.nation, tree.county, tree.town, tree.village),
        (tree.nation, tree.county, tree.sister_town, tree.far_village),
        (tree.nation, tree.other_county),
    )
    found: dict[str, set[str]] = {}
    for line in lines:
        codes = {place.division_code for place in line}
        for code in codes:
            found[code] = found.get(code, set()) | codes
    return found
