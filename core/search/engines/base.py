"""The interface of search engines: requests, result pages, writes, and the ranking they share.

An engine returns document ids in order; the texts that people see are read from the database.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final, Protocol

from core.search.document import SearchDocument
from core.search.geo import Vicinity
from core.search.query.planner import QueryVariant
from core.search.scope import SearchScope

# Pages end here; engines need not order what lies behind it.
MAX_REACHABLE = 1_000


class Facet(StrEnum):
    """A field that answers are counted and filtered by."""

    KIND = "kind"
    TOPIC = "topic"
    ORGAN = "organ"
    YEAR = "year"
    LEVEL = "level"
    VALIDITY = "validity"


FACETS: Final = tuple(Facet)
# Allowed values by facet; a facet that is missing is not filtered.
Filters = Mapping[Facet, frozenset[str]]


class BackendUnavailableError(RuntimeError):
    """The engine cannot answer now: down, not built yet, or of another layout version."""


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    NEAREST = "nearest"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """One query to an engine; `now` decides what has expired.

    With `titles_only` words are looked for in titles alone. `facets` are counted over all matches.
    With a `vicinity` only documents with a position within its radius match; `Sort.NEAREST` needs
    one.
    """

    variant: QueryVariant
    scope: SearchScope
    now: datetime
    filters: Filters = field(default_factory=dict)
    titles_only: bool = False
    date_from: date | None = None
    date_to: date | None = None
    vicinity: Vicinity | None = None
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 10
    facets: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.limit <= MAX_REACHABLE or self.offset < 0:
            raise ValueError(f"a page has 1 to {MAX_REACHABLE} hits and starts at 0 or later")
        if self.sort is Sort.NEAREST and self.vicinity is None:
            raise ValueError("nearest to what?")


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestRequest:
    """An unfinished query, to be completed with titles in scope; `kinds` of `None` admits all."""

    typed: str
    scope: SearchScope
    now: datetime
    kinds: frozenset[str] | None = None
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that matches; `score` is comparable within one answer only.

    `others` are documents of the same thing in other places (`answering.grouping`). `metres` is its
    distance where a vicinity was asked for.
    """

    id: str
    score: float
    others: tuple[str, ...] = ()
    metres: float | None = None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Hits in order, how many there are in all, and counts by facet value."""

    hits: tuple[Hit, ...]
    total: int
    total_exact: bool = True
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class WriteState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class WriteTicket:
    """A write that was handed over; `key` is the engine's own id of it."""

    key: str


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """How a write ended; a `permanent` failure is the documents' fault: no retry helps."""

    state: WriteState
    permanent: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True)
class BackendHealth:
    """Whether an engine can answer, and how many documents it has."""

    ok: bool
    documents: int
    detail: str = ""


class IndexRebuild(Protocol):
    """A second index, filled beside the one that answers."""

    def upsert(self, documents: Sequence[SearchDocument]) -> None:
        """Add documents to the new index."""

    def delete(self, ids: Iterable[str]) -> None:
        """Take documents out of the new index again."""

    def publish(self) -> None:
        """Replace the current index with the new one."""

    def abort(self) -> None:
        """Discard the new index; the current one stays."""


class SearchBackend(Protocol):
    """What every engine does (tests/search/contract); `batch` documents are written at once."""

    name: str
    batch: int

    def ensure(self) -> bool:
        """Create what is missing; `True` where the index is new or outdated and must be filled."""

    def upsert(self, documents: Sequence[SearchDocument]) -> WriteTicket:
        """Add documents, replacing those with a known id."""

    def delete(self, ids: Iterable[str]) -> WriteTicket:
        """Remove documents by id; unknown ids are no error."""

    def delete_below(self, tenant: int) -> WriteTicket:
        """Remove the documents of a deleted tenant and of all below it."""

    def wait(self, ticket: WriteTicket, timeout: float) -> WriteOutcome:
        """Wait up to `timeout` seconds until a write can be found."""

    def search(self, request: SearchRequest) -> SearchPage:
        """Answer one query; raises `BackendUnavailableError`."""

    def suggest(self, request: SuggestRequest) -> tuple[str, ...]:
        """Return ids of documents whose titles complete what is typed (words, pinyin, initials).

        Titles that begin with it come first. Raises `BackendUnavailableError`.
        """

    def versions(self) -> Iterator[tuple[str, int]]:
        """Yield id and version of every document held."""

    def begin_rebuild(self) -> IndexRebuild:
        """Start a second index."""

    def health(self) -> BackendHealth:
        """Return the engine's state; never raises."""

    def close(self) -> None:
        """Close files and connections; the next use opens them again."""


# Later than every moment, and exact as a float64 too, which engines may store numbers as.
NEVER = 10**12


def encode_moment(moment: datetime | None) -> int:
    """Encode a moment as seconds since 1970; `None` as `NEVER`."""
    return NEVER if moment is None else max(0, int(moment.astimezone(UTC).timestamp()))


def encode_day(day: date | None) -> int:
    """Encode a date as its ordinal; `None` as 0."""
    return 0 if day is None else day.toordinal()


# The ranking, the same for every engine. Each group of a query earns its share of POINTS for being
# matched, and a multiple of that share for where it stands. The steps are so far apart that a later
# one hardly ever outweighs an earlier one: first where the words stand, then nearness (PER_STEP for
# a step in the tree), then the engine's own weight of words (BM25).
POINTS = 8_192.0
# A title says what a document is; the summary, the domain and the organ say what it is about.
IN_TITLE, IN_ABOUT = 1.5, 0.5
# A synonym in the title counts less than the typed word there, but more than the typed word in the
# summary, since the lists name synonyms for the same matter.
BY_OTHER_WORD = 1.25
# A text with the typed word stands before one that has a synonym only (Meilisearch's hits come
# without their bodies: there as far as their commonest words tell).
AS_TYPED = 0.6
# One step in the tree, times `UP` or `DOWN` of core.search.scope.
PER_STEP = 4.0
# What is no longer in force comes after everything that has as much of the query.
REPEALED = -3 * POINTS
# Who types a document's number wants that document, in force or not.
BY_NUMBER = 8 * POINTS
