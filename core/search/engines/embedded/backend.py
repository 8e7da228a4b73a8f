"""The embedded engine: tantivy over tokens that are cut in Python.

Files below one folder: `CURRENT` names the index that answers; each index is a folder with its
layout in `layout.json`. There is one writer at a time (tantivy locks the folder, the drainer's
lease sees to it before); readers notice a commit or another `CURRENT` by themselves.
"""

import json
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from tantivy import DocAddress, Index, IndexWriter, Order, Query, Searcher

from core.search.document import SearchDocument
from core.search.engines.base import (
    FACETS,
    MAX_REACHABLE,
    BackendHealth,
    BackendUnavailableError,
    Hit,
    IndexRebuild,
    SearchPage,
    SearchRequest,
    Sort,
    SuggestRequest,
    WriteOutcome,
    WriteState,
    WriteTicket,
)
from core.search.engines.embedded.dictionary import Dictionary
from core.search.engines.embedded.query import QueryBuilder
from core.search.engines.embedded.schema import build_schema, fingerprint, to_index
from core.search.engines.embedded.score_bounds import most_of_others
from core.search.engines.embedded.terms import TermQueries

# What is written is held so long in memory; more is only taken where there is more to write.
WRITER_BYTES, REBUILD_BYTES = 50_000_000, 400_000_000
MAX_FACET_VALUES = 100
# Scores that differ by less are equal; then the newer document comes first.
SCORE_STEP = 0.05
# So many are looked at beyond a page, for those that are equal to its last.
SPARE = 50
# More groups hardly ever stand in one title.
MOST_GROUPS_IN_TITLES = 3


@dataclass(frozen=True, slots=True)
class _OpenIndex:
    """An opened index, with what tells whether it is still the newest."""

    process: int
    name: str
    changed: int
    index: Index
    searcher: Searcher
    dictionary: Dictionary


class EmbeddedBackend:
    """Search on this machine, in this process."""

    name = "embedded"
    batch = 200

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._opened: _OpenIndex | None = None

    # Files.

    def _current(self) -> str | None:
        with suppress(FileNotFoundError, UnicodeError):
            return (self._folder / "CURRENT").read_bytes().decode("ascii").strip()
        return None

    def _fits(self, name: str) -> bool:
        with suppress(FileNotFoundError, ValueError, TypeError, KeyError):
            layout = json.loads((self._folder / name / "layout.json").read_text(encoding="utf-8"))
            return bool(layout["fingerprint"] == fingerprint())
        return False

    def _create(self) -> str:
        name = uuid4().hex
        path = self._folder / name
        path.mkdir(parents=True)
        Index(build_schema(), path=str(path))
        (path / "layout.json").write_text(
            json.dumps({"fingerprint": fingerprint()}), encoding="utf-8"
        )
        return name

    def _point_to(self, name: str) -> None:
        """Make an index the one that answers, in one step; the others go."""
        draft = self._folder / f"CURRENT.{name}"
        draft.write_text(name, encoding="ascii")
        draft.replace(self._folder / "CURRENT")
        for other in self._folder.iterdir():
            if other.is_dir() and other.name != name:
                shutil.rmtree(other, ignore_errors=True)

    def ensure(self) -> bool:
        """Create an empty index where none fits or can be read; `True` if it must be filled."""
        with suppress(BackendUnavailableError), reading():
            self._commit()
            return False
        self._point_to(self._create())
        return True

    # Reading.

    def _commit(self) -> _OpenIndex:
        """The newest commit; the index is opened anew after a fork, reloaded after each one."""
        with self._lock:
            try:
                return self._newest()
            except OSError:
                # Another index was published between two looks; its files are there now.
                return self._newest()

    def _newest(self) -> _OpenIndex:
        name = self._current()
        opened = self._opened
        same = opened is not None and (opened.process, opened.name) == (os.getpid(), name)
        if name is None or not (same or self._fits(name)):
            raise BackendUnavailableError("there is no index of this version")
        changed = (self._folder / name / "meta.json").stat().st_mtime_ns
        if same and opened is not None and opened.changed == changed:
            return opened
        index = opened.index if same and opened is not None else self._load(name)
        index.reload()
        searcher = index.searcher()
        self._opened = _OpenIndex(os.getpid(), name, changed, index, searcher, Dictionary(searcher))
        return self._opened

    def _load(self, name: str) -> Index:
        try:
            index = Index.open(str(self._folder / name))
        except ValueError as error:
            raise BackendUnavailableError(str(error)) from error
        index.config_reader("manual")  # no watching thread: it would not survive a fork
        return index

    def search(self, request: SearchRequest) -> SearchPage:
        """Answer one question from the newest commit."""
        with reading():
            return self._search(request)

    def _search(self, request: SearchRequest) -> SearchPage:
        commit = self._commit()
        terms = TermQueries(commit.index.schema, commit.dictionary)
        builder = QueryBuilder(terms, request.scope, titles_only=request.titles_only)
        matching = builder.found(request)
        total, facets = self._counts(commit.searcher, matching, request.facets)
        found = self._found(commit, builder, matching, request) if total else []
        hits = tuple(self._page(commit.searcher, found, request))
        return SearchPage(hits=hits, total=total, facets=facets)

    def _found(
        self, commit: _OpenIndex, builder: QueryBuilder, matching: Query, request: SearchRequest
    ) -> list[tuple[Any, DocAddress]]:
        """The reachable documents in order; fewer, where these fill the page for certain."""
        if request.sort is Sort.NEWEST:
            by_day = {"order_by_field": "published", "order": Order.Desc}
            return self._best(commit.searcher, matching, request, **by_day)
        first = self._in_titles(commit, builder, matching, request)
        return first or self._best(commit.searcher, builder.ordered(matching, request), request)

    def _in_titles(
        self, commit: _OpenIndex, builder: QueryBuilder, matching: Query, request: SearchRequest
    ) -> list[tuple[Any, DocAddress]]:
        """The page, where titles alone tell what stands on it; else nothing."""
        may_say, required = commit.dictionary.may_say, request.variant.required
        told = len(required) <= MOST_GROUPS_IN_TITLES
        if not told or not all(may_say(group, "title") for group in required):
            return []
        end = request.offset + request.limit
        for about in (True, False) if builder.crowded(request.variant) else (False,):
            query = builder.titled(matching, request, about=about)
            found = self._best(commit.searcher, query, request)
            if len(found) < end:
                continue
            least = most_of_others(request.variant, request.scope, may_say, about=about)
            if found[end - 1][0] > least:
                return found
        return []

    def _best(
        self, searcher: Searcher, query: Query, request: SearchRequest, **order: Any
    ) -> list[tuple[Any, DocAddress]]:
        """The first documents: those of the page, and all that are equal to its last."""
        end = min(request.offset + request.limit, MAX_REACHABLE)
        # Whatever has a lone character is worth the same: more are equal than can be spared for.
        alike = len(request.variant.raw_query) == 1
        limit = MAX_REACHABLE if alike else end + SPARE
        found = searcher.search(query, limit=limit, count=False, **order).hits
        if not alike and len(found) == limit:
            last = self._rank(found[-1][0], request.sort)
            if last == self._rank(found[end - 1][0], request.sort):
                found = searcher.search(query, limit=MAX_REACHABLE, count=False, **order).hits
        return list(found)

    def suggest(self, request: SuggestRequest) -> tuple[str, ...]:
        """Ids of documents whose title goes on from what is typed."""
        with reading():
            commit = self._commit()
            terms = TermQueries(commit.index.schema, commit.dictionary)
            query = QueryBuilder(terms, request.scope).suggest(request)
            found = commit.searcher.search(query, limit=request.limit, count=False)
            return tuple(self._id(commit.searcher, address) for _, address in found.hits)

    def _page(
        self, searcher: Searcher, found: list[tuple[Any, DocAddress]], request: SearchRequest
    ) -> Iterator[Hit]:
        """One page; equals are put in order across its borders, so that pages never overlap."""
        end = min(request.offset + request.limit, len(found))
        ranks = [self._rank(value, request.sort) for value, _ in found[:end]]
        for value, _ in found[end:] if end else ():
            if (rank := self._rank(value, request.sort)) != ranks[-1]:
                break
            ranks.append(rank)
        addresses = [address for _, address in found[: len(ranks)]]
        days = searcher.fast_field_values("published", addresses)
        ties = searcher.fast_field_values("version", addresses)
        entries = sorted(
            (-rank, -(day or 0), tie, place)
            for place, (rank, day, tie) in enumerate(zip(ranks, days, ties, strict=False))
        )
        for rank, _, _, place in entries[request.offset : request.offset + request.limit]:
            yield Hit(self._id(searcher, addresses[place]), -rank)

    @staticmethod
    def _rank(value: float, sort: Sort) -> float:
        return float(value) if sort is Sort.NEWEST else round(value / SCORE_STEP) * SCORE_STEP

    @staticmethod
    def _id(searcher: Searcher, address: DocAddress) -> str:
        return str(searcher.doc(address).get_first("id"))

    @staticmethod
    def _counts(
        searcher: Searcher, query: Query, names: Iterable[str]
    ) -> tuple[int, dict[str, dict[str, int]]]:
        """How many documents match, and how many of each value of these facets."""
        # A document has one kind, no less and no more: their counts add up to all.
        asked = [name for name in FACETS if name in {"kind", *names}]
        wanted = {name: {"terms": {"field": name, "size": MAX_FACET_VALUES}} for name in asked}
        counted = {name: one["buckets"] for name, one in searcher.aggregate(query, wanted).items()}
        facets = {
            name: {bucket["key"]: int(bucket["doc_count"]) for bucket in buckets}
            for name, buckets in counted.items()
        }
        total = sum(facets["kind"].values())
        return total, {name: facets[name] for name in asked if name in names}

    def versions(self) -> Iterator[tuple[str, int]]:
        """Yield id and version of every document held."""
        searcher = self._commit().searcher
        found = searcher.search(Query.all_query(), limit=max(1, searcher.num_docs)).hits
        addresses = [address for _, address in found]
        versions = searcher.fast_field_values("version", addresses)
        for address, version in zip(addresses, versions, strict=True):
            yield self._id(searcher, address), int(version or 0)

    def health(self) -> BackendHealth:
        """Say whether there is an index that answers, and how much it holds."""
        try:
            with reading():
                return BackendHealth(ok=True, documents=self._commit().searcher.num_docs)
        except BackendUnavailableError as error:
            return BackendHealth(ok=False, documents=0, detail=str(error))

    def close(self) -> None:
        """Forget the opened index."""
        with self._lock:
            self._opened = None

    # Writing.

    def _write(self, change: Callable[[IndexWriter], None]) -> WriteTicket:
        name = self._current()
        if name is None or not self._fits(name):
            raise BackendUnavailableError("there is no index of this version")
        write_index(self._folder / name, change)
        return WriteTicket(name)

    def upsert(self, documents: Sequence[SearchDocument]) -> WriteTicket:
        """Add or replace documents in one commit."""
        return self._write(lambda writer: put(writer, documents))

    def delete(self, ids: Iterable[str]) -> WriteTicket:
        """Forget documents in one commit."""
        gone = list(ids)
        return self._write(lambda writer: drop(writer, gone))

    def delete_below(self, tenant: int) -> WriteTicket:
        """Forget what a tenant and those below it owned, in one commit."""
        # Not by term: there the number would be taken for one of another type.
        everything = Query.term_query(build_schema(), "scope", tenant)

        def change(writer: IndexWriter) -> None:
            writer.delete_documents_by_query(everything)

        return self._write(change)

    def wait(self, ticket: WriteTicket, timeout: float) -> WriteOutcome:
        """Writes here are done when they return."""
        del ticket, timeout
        return WriteOutcome(WriteState.DONE)

    def begin_rebuild(self) -> IndexRebuild:
        """Start an empty index beside the one that answers."""
        return EmbeddedRebuild(self._folder / self._create(), self._point_to)


@contextmanager
def reading() -> Iterator[None]:
    """Say in our words that files are missing or spoilt; raises `BackendUnavailableError`."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise BackendUnavailableError(str(error)) from error
    except BaseException as error:
        # What the engine finds in spoilt files may surprise it: that is no Exception of Python's.
        if type(error).__name__ != "PanicException":
            raise
        raise BackendUnavailableError("the index cannot be read") from error


class EmbeddedRebuild:
    """An index in the making; nobody reads it before it is published.

    It is written in one commit: fewer and larger segments are smaller together, and answer faster.
    """

    def __init__(self, path: Path, publish: Callable[[str], None]) -> None:
        self._path = path
        self._publish = publish
        self._writer = open_writer(path, REBUILD_BYTES)

    def upsert(self, documents: Sequence[SearchDocument]) -> None:
        """Add documents."""
        put(self._writer, documents)

    def delete(self, ids: Iterable[str]) -> None:
        """Take documents out again."""
        drop(self._writer, ids)

    def publish(self) -> None:
        """Let this index answer from now on."""
        with self._writer:
            pass
        self._publish(self._path.name)

    def abort(self) -> None:
        """Throw this index away."""
        self._writer.rollback()
        shutil.rmtree(self._path, ignore_errors=True)


def open_writer(path: Path, heap: int = WRITER_BYTES) -> IndexWriter:
    """Open an index anew for writing: its files may have changed meanwhile."""
    try:
        return Index.open(str(path)).writer(heap_size=heap, num_threads=1)
    except (OSError, ValueError) as error:
        raise BackendUnavailableError(str(error)) from error


def write_index(path: Path, change: Callable[[IndexWriter], None]) -> None:
    """Change an index and commit."""
    # Commits at the end, rolls back on an error, lets go of the lock.
    with open_writer(path) as writer:
        change(writer)


def put(writer: IndexWriter, documents: Sequence[SearchDocument]) -> None:
    """Add documents in place of those with the same id."""
    for document in documents:
        writer.delete_documents_by_term("id", document.id)
        writer.add_document(to_index(document))


def drop(writer: IndexWriter, ids: Iterable[str]) -> None:
    """Remove documents by id."""
    for document in ids:
        writer.delete_documents_by_term("id", document)
