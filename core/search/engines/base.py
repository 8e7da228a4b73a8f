"""The interface between search and its engines, and the values that cross it.

An engine answers ids in order; the texts that people see are read from the database.

Days and moments as the engines' numbers.

What a document's place in the answer is made of, the same for every engine.

Every group of the question earns its share of POINTS: for being there at all, and more for standing
in what a document is about, or in its title. All that is how near a document is adds up to less
than one group's step, and the words' own weight to less than a step of nearness.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Protocol

from core.search.document import SearchDocument
from core.search.query.planner import QueryVariant
from core.search.scope import SearchScope

# Nobody turns more pages than this holds; engines need not order what lies behind it.
MAX_REACHABLE = 1_000
MAX_PER_PAGE = 50
# What answers are counted and narrowed by, in the order of a request's filters.
FACETS = ("kind", "topic", "organ", "year", "level", "validity")


class BackendUnavailableError(RuntimeError):
    """The engine cannot answer now: down, not built yet, or of another version."""


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """One question to an engine; `now` decides what has expired.

    Each filter names the values that may be answered, `None` admits all. With `titles_only` words
    are looked for in titles alone.
    """

    variant: QueryVariant
    scope: SearchScope
    now: datetime
    kinds: frozenset[str] | None = None
    topics: frozenset[str] | None = None
    organs: frozenset[str] | None = None
    years: frozenset[str] | None = None
    levels: frozenset[str] | None = None
    validities: frozenset[str] | None = None
    titles_only: bool = False
    date_from: date | None = None
    date_to: date | None = None
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 10
    facets: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.limit <= MAX_PER_PAGE or self.offset < 0:
            raise ValueError("a page has 1 to 50 hits and starts at 0 or later")

    @property
    def chosen(self) -> Mapping[str, frozenset[str]]:
        """Facet values that may be answered, by facet; a facet that is not there is free."""
        values = (self.kinds, self.topics, self.organs, self.years, self.levels, self.validities)
        pairs = zip(FACETS, values, strict=True)
        return {facet: wanted for facet, wanted in pairs if wanted is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestRequest:
    """What somebody is typing, and whose titles may complete it."""

    typed: str
    scope: SearchScope
    now: datetime
    kinds: frozenset[str] | None = None
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that matches."""

    id: str
    score: float


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
    """A write that was handed over; `key` is the engine's own name for it."""

    key: str


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """How a write ended; a `permanent` failure lies in the documents, not in the engine."""

    state: WriteState
    permanent: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True)
class BackendHealth:
    """Whether an engine can answer, and how much it holds."""

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
        """Let the new index answer from now on; the old one goes."""

    def abort(self) -> None:
        """Throw the new index away; the old one answers on."""


class SearchBackend(Protocol):
    """What every engine does, tried by one contract suite.

    `batch` is how many documents it takes best at once.
    """

    name: str
    batch: int

    def ensure(self) -> bool:
        """Create what is missing; `True` where the index is new or outdated and must be filled."""

    def upsert(self, documents: Sequence[SearchDocument]) -> WriteTicket:
        """Hand over documents; those with a known id are replaced."""

    def delete(self, ids: Iterable[str]) -> WriteTicket:
        """Hand over ids to forget; unknown ones are no error."""

    def delete_below(self, tenant: int) -> WriteTicket:
        """Hand over a tenant that is no more: its documents go, and those of all below it."""

    def wait(self, ticket: WriteTicket, timeout: float) -> WriteOutcome:
        """Wait up to `timeout` seconds for a write to be findable."""

    def search(self, request: SearchRequest) -> SearchPage:
        """Answer one question; raises `BackendUnavailableError`."""

    def suggest(self, request: SuggestRequest) -> tuple[str, ...]:
        """Ids of documents whose title goes on from what is typed: as words, pinyin or initials.

        Those that begin with it come first. Raises `BackendUnavailableError`.
        """

    def versions(self) -> Iterator[tuple[str, int]]:
        """Yield id and version of every document held."""

    def begin_rebuild(self) -> IndexRebuild:
        """Start a second index."""

    def health(self) -> BackendHealth:
        """Say how the engine is; never raises."""

    def close(self) -> None:
        """Let go of files and connections; the next use opens them again."""


# Later than everything: exact in every number format that an engine may use.
NEVER = 10**12


def encode_moment(moment: datetime | None) -> int:
    """Seconds; `NEVER` where there is no such moment."""
    return NEVER if moment is None else max(0, int(moment.astimezone(UTC).timestamp()))


def encode_day(day: date | None) -> int:
    """Days; 0 where there is no date."""
    return 0 if day is None else day.toordinal()


# Text that says the very word stands before one that only says another for it (of Meilisearch's
# hits, which come without their bodies, as far as their commonest words tell).
AS_TYPED = 0.6
POINTS, IN_TITLE, BY_OTHER_WORD, IN_ABOUT, PER_STEP = 8_192.0, 1.5, 1.25, 0.5, 4.0
# What is no longer in force comes after everything that has as much of the question; but who asks
# for a document by its number wants that one, in force or not.
REPEALED, BY_NUMBER = -3 * POINTS, 8 * POINTS
