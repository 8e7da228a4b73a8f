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
    Facet,
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
from core.search.engines.embedded.index_writer import EmbeddedRebuild, put, remove, write_index
from core.search.engines.embedded.nearby import NearbySearch
from core.search.engines.embedded.pruning.score_bounds import max_score_elsewhere
from core.search.engines.embedded.query import QueryBuilder
from core.search.engines.embedded.schema import build_schema, fingerprint
from core.search.engines.embedded.terms import TermQueries

MAX_FACET_VALUES = 100
# Scores that differ by less are equal; then the newer document comes first.
SCORE_STEP = 0.05
# Fetched beyond a page, for documents whose score equals that of its last hit.
SPARE = 50
# More groups hardly ever stand in one title.
MAX_TITLE_GROUPS = 3
# With fewer matches, scoring all of them takes less than a title pass that may fall short (measured
# with `python -m tests.bench pruning`).
TITLE_PASS_FROM = 1_000


@dataclass(frozen=True, slots=True)
class _OpenIndex:
    """An opened index, and what shows whether it is still the newest commit."""

    process: int
    name: str
    meta: Path
    changed: tuple[int, int]
    index: Index
    searcher: Searcher
    dictionary: Dictionary


class EmbeddedBackend:
    """Search on this machine, in this process.

    Without `prune` every posting list is read to its end: the same answers, for comparison.
    """

    name = "embedded"
    batch = 200

    def __init__(self, folder: Path, *, prune: bool = True) -> None:
        self._folder = folder
        # Looked at with every search: to put a path together takes longer than to look.
        self._current_file = folder / "CURRENT"
        self._prune = prune
        self._lock = threading.Lock()
        self._opened: _OpenIndex | None = None

    # Files.

    def _current(self) -> str | None:
        with suppress(FileNotFoundError, UnicodeError):
            return self._current_file.read_bytes().decode("ascii").strip()
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
        """Make an index the current one atomically, and remove the others."""
        draft = self._folder / f"CURRENT.{name}"
        draft.write_text(name, encoding="ascii")
        draft.replace(self._current_file)
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
        """Return the newest commit: reopened after a fork, reloaded after another commit."""
        with self._lock:
            try:
                return self._newest()
            except OSError:
                # Another index was published meanwhile; its files are there now.
                return self._newest()

    def _newest(self) -> _OpenIndex:
        name = self._current()
        opened = self._opened
        same = opened is not None and (opened.process, opened.name) == (os.getpid(), name)
        if name is None or not (same or self._fits(name)):
            raise BackendUnavailableError("there is no index of this version")
        meta = opened.meta if same and opened is not None else self._folder / name / "meta.json"
        commit = meta.stat()
        changed = (commit.st_mtime_ns, commit.st_ino)  # a clock ticks slower than commits follow
        if same and opened is not None and opened.changed == changed:
            return opened
        index = opened.index if same and opened is not None else self._load(name)
        index.reload()
        searcher = index.searcher()
        self._opened = _OpenIndex(
            os.getpid(), name, meta, changed, index, searcher, Dictionary(searcher)
        )
        return self._opened

    def _load(self, name: str) -> Index:
        try:
            index = Index.open(str(self._folder / name))
        except ValueError as error:
            raise BackendUnavailableError(str(error)) from error
        index.config_reader("manual")  # a watching thread would not survive a fork
        return index

    def search(self, request: SearchRequest) -> SearchPage:
        """Answer one query from the newest commit."""
        with reading():
            return self._search(request)

    def _search(self, request: SearchRequest) -> SearchPage:
        commit = self._commit()
        terms = TermQueries(commit.index.schema, commit.dictionary)
        builder = QueryBuilder(
            terms, request.scope, titles_only=request.titles_only, prune=self._prune
        )
        matches = builder.matches(request)
        nearby = None
        if request.vicinity is not None:
            nearby = NearbySearch(commit.index.schema, commit.searcher, request.vicinity)
            matches = nearby.restrict(matches)
        total, facets = self._counts(commit.searcher, matches, request.facets)
        if nearby and total and request.sort is Sort.NEAREST:
            hits = self._nearest(commit.searcher, nearby, matches, request, total)
        else:
            entries = self._ordered(commit, builder, matches, request, total) if total else []
            hits = self._page(commit.searcher, entries, request, nearby)
        return SearchPage(hits=hits, total=total, facets=facets)

    def _nearest(
        self,
        searcher: Searcher,
        nearby: NearbySearch,
        matches: Query,
        request: SearchRequest,
        total: int,
    ) -> tuple[Hit, ...]:
        """Return one page of the matches by distance."""
        end = min(request.offset + request.limit, MAX_REACHABLE)
        measured = nearby.find_nearest(matches, total, end)[request.offset : end]
        return tuple(
            Hit(self._id(searcher, address), -metres, metres=metres) for metres, address in measured
        )

    def _ordered(
        self,
        commit: _OpenIndex,
        builder: QueryBuilder,
        matches: Query,
        request: SearchRequest,
        total: int,
    ) -> list[tuple[Any, DocAddress]]:
        """Return the reachable documents in order; fewer, where these certainly fill the page."""
        if request.sort is Sort.NEWEST:
            by_day = {"order_by_field": "published", "order": Order.Desc}
            return self._best(commit.searcher, matches, request, **by_day)
        if self._prune and total >= TITLE_PASS_FROM and request.vicinity is None:
            entries = self._title_pass(commit, builder, matches, request)
            if entries:
                return entries
        return self._best(commit.searcher, builder.ranked(matches, request), request)

    def _title_pass(
        self, commit: _OpenIndex, builder: QueryBuilder, matches: Query, request: SearchRequest
    ) -> list[tuple[Any, DocAddress]]:
        """Return the page where titles alone decide it (early termination); else nothing."""
        may_say, required = commit.dictionary.may_say, request.variant.required
        decidable = len(required) <= MAX_TITLE_GROUPS
        if not decidable or not all(may_say(group, "title") for group in required):
            return []
        end = request.offset + request.limit
        query = builder.title_pass(matches, request)
        entries = self._best(commit.searcher, query, request)
        bound = max_score_elsewhere(request.variant, request.scope, may_say)
        return entries if len(entries) >= end and entries[end - 1][0] > bound else []

    def _best(
        self, searcher: Searcher, query: Query, request: SearchRequest, **order: Any
    ) -> list[tuple[Any, DocAddress]]:
        """Return the first documents: those of the page, and all that equal its last."""
        end = min(request.offset + request.limit, MAX_REACHABLE)
        # All documents with a lone character score alike: more of them than `SPARE`.
        alike = len(request.variant.raw_query) == 1
        limit = MAX_REACHABLE if alike else end + SPARE
        entries = searcher.search(query, limit=limit, count=False, **order).hits
        if not alike and len(entries) == limit:
            last = self._rank(entries[-1][0], request.sort)
            if last == self._rank(entries[end - 1][0], request.sort):
                entries = searcher.search(query, limit=MAX_REACHABLE, count=False, **order).hits
        return list(entries)

    def suggest(self, request: SuggestRequest) -> tuple[str, ...]:
        """Return ids of documents whose titles complete what is typed."""
        with reading():
            commit = self._commit()
            terms = TermQueries(commit.index.schema, commit.dictionary)
            query = QueryBuilder(terms, request.scope).suggest(request)
            found = commit.searcher.search(query, limit=request.limit, count=False)
            return tuple(self._id(commit.searcher, address) for _, address in found.hits)

    def _page(
        self,
        searcher: Searcher,
        entries: list[tuple[Any, DocAddress]],
        request: SearchRequest,
        nearby: NearbySearch | None = None,
    ) -> tuple[Hit, ...]:
        """Return one page; ties are ordered across its borders, so that pages never overlap."""
        end = min(request.offset + request.limit, len(entries))
        ranks = [self._rank(value, request.sort) for value, _ in entries[:end]]
        for value, _ in entries[end:] if end else ():
            if (rank := self._rank(value, request.sort)) != ranks[-1]:
                break
            ranks.append(rank)
        addresses = [address for _, address in entries[: len(ranks)]]
        days = searcher.fast_field_values("published", addresses)
        ties = searcher.fast_field_values("version", addresses)
        ordered = sorted(
            (-rank, -(day or 0), tie, place)
            for place, (rank, day, tie) in enumerate(zip(ranks, days, ties, strict=False))
        )
        shown = [
            (addresses[place], -rank)
            for rank, _, _, place in ordered[request.offset : request.offset + request.limit]
        ]
        far = nearby.measure([address for address, _ in shown]) if nearby else [None] * len(shown)
        return tuple(
            Hit(str(searcher.doc(address).get_first("id")), rank, metres=metres)
            for (address, rank), metres in zip(shown, far, strict=True)
        )

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
        """Return how many documents match, and how many of each value of some facets."""
        # Each document has exactly one kind, so the counts of kinds add up to the total.
        counted_facets = [name for name in FACETS if name in {Facet.KIND, *names}]
        aggregations = {
            name: {"terms": {"field": name, "size": MAX_FACET_VALUES}} for name in counted_facets
        }
        counted = searcher.aggregate(query, aggregations)
        facets = {
            name: {bucket["key"]: int(bucket["doc_count"]) for bucket in counted[name]["buckets"]}
            for name in counted_facets
        }
        total = sum(facets[Facet.KIND].values())
        return total, {name: facets[name] for name in counted_facets if name in names}

    def versions(self) -> Iterator[tuple[str, int]]:
        """Yield id and version of every document held."""
        searcher = self._commit().searcher
        found = searcher.search(Query.all_query(), limit=max(1, searcher.num_docs)).hits
        addresses = [address for _, address in found]
        versions = searcher.fast_field_values("version", addresses)
        for address, version in zip(addresses, versions, strict=True):
            yield self._id(searcher, address), int(version or 0)

    def health(self) -> BackendHealth:
        """Return whether there is a readable index, and how many documents it has."""
        try:
            with reading():
                return BackendHealth(ok=True, documents=self._commit().searcher.num_docs)
        except BackendUnavailableError as error:
            return BackendHealth(ok=False, documents=0, detail=str(error))

    def close(self) -> None:
        """Close the index; the next use opens it again."""
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
        """Remove documents in one commit."""
        gone = list(ids)
        return self._write(lambda writer: remove(writer, gone))

    def delete_below(self, tenant: int) -> WriteTicket:
        """Remove what a tenant and those below it owned, in one commit."""
        # Not `delete_documents_by_term`: it would take the number for another type.
        everything = Query.term_query(build_schema(), "scope", tenant)

        def change(writer: IndexWriter) -> None:
            writer.delete_documents_by_query(everything)

        return self._write(change)

    def wait(self, ticket: WriteTicket, timeout: float) -> WriteOutcome:
        """Return at once: writes are synchronous."""
        del ticket, timeout
        return WriteOutcome(WriteState.DONE)

    def begin_rebuild(self) -> IndexRebuild:
        """Create an empty index beside the current one."""
        return EmbeddedRebuild(self._folder / self._create(), self._point_to)


@contextmanager
def reading() -> Iterator[None]:
    """Turn errors of missing or corrupt index files into `BackendUnavailableError`."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise BackendUnavailableError(str(error)) from error
    except BaseException as error:
        # A panic of the Rust library over corrupt files; not a subclass of Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise BackendUnavailableError("the index cannot be read") from error
