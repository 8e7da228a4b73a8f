"""Registry of search kinds and backends; failover between backends; loading of hits.

Features register their kinds from above; search knows none of them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar

from flask import Flask, current_app
from flask_babel import LazyString
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.clock import now_until
from core.db.tree import Tenant
from core.errors import Invalid
from core.log.logger import get_logger
from core.search.document import SearchDocument, split_document_id
from core.search.engines.base import (
    BackendUnavailableError,
    SearchBackend,
    SearchPage,
    SearchRequest,
    SuggestRequest,
)
from core.search.scope import SearchScope
from core.settings import Settings

if TYPE_CHECKING:
    from core.search.answer_cards import AnswerSource
    from core.search.query.vocabulary import Vocabulary

log = get_logger("gongkai.search")

T = TypeVar("T")

# A title has to contain one word of each group.
WordGroups = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class SearchKind:
    """One kind of things that can be found, as a feature or plugin registers it.

    `load` loads the documents of some keys in their present state; it leaves out what is not public
    or deleted, which then leaves the index. `keys` lists the keys of all that a tenant owns, or of
    everything for `None`. Both run in the session's scope. `names` lists titles of public things of
    a tenant and those below (a sample where they are many): spelling is corrected with their words.
    `titled` finds the keys of public things by title, the newest up to a limit (build the condition
    with `answering.database_fallback.says`): the fallback where no engine can answer. `offered`
    tells at which tenants the kind exists (`None`: at all). `thing` gives the key of what a
    document is about, from the document's key, where several places have documents about one thing:
    they are shown as one result. `dependents` lists the keys of what depends on another thing (a
    catalog item, by its id) at a tenant and those below, in pages: after a key, at most so many.
    """

    name: str
    label: LazyString
    load: Callable[[Session, Sequence[str]], Iterable[SearchDocument]]
    keys: Callable[[Session, int | None], Iterable[str]]
    names: Callable[[Session, Tenant], Iterable[str]] | None = None
    titled: Callable[[Session, Tenant, WordGroups, int], Iterable[str]] | None = None
    offered: Callable[[Tenant], bool] | None = None
    thing: Callable[[str], str] | None = None
    dependents: Callable[[Session, Tenant, str, str, int], Sequence[str]] | None = None


class SearchEngine:
    """The backends of this process, the fallbacks among them, and the registered kinds."""

    def __init__(self, backend: SearchBackend, *fallbacks: SearchBackend) -> None:
        self._opened = (backend, *fallbacks)
        self.kinds: dict[str, SearchKind] = {}
        self.answer_sources: list[AnswerSource] = []

    @cached_property
    def backend(self) -> SearchBackend:
        """The preferred backend."""
        return self._opened[0]

    @cached_property
    def fallbacks(self) -> tuple[SearchBackend, ...]:
        """What answers where the preferred backend cannot."""
        return self._opened[1:]

    @cached_property
    def vocabulary(self) -> "Vocabulary":
        """The words of the places that were searched in this process."""
        from core.search.query.vocabulary import Vocabulary  # by the first search

        return Vocabulary()

    @property
    def backends(self) -> tuple[SearchBackend, ...]:
        """All backends that are kept up to date, the preferred one first."""
        return (self.backend, *self.fallbacks)

    def per_backend(self) -> tuple["SearchEngine", ...]:
        """Split into one engine per backend, for indexing and maintenance."""
        if not self.fallbacks:
            return (self,)
        return tuple(self._with_only(backend) for backend in self.backends)

    def _with_only(self, backend: SearchBackend) -> "SearchEngine":
        single = SearchEngine(backend)
        single.kinds, single.vocabulary = self.kinds, self.vocabulary
        return single

    def failover(self, last: "Answerer") -> "FailoverSession":
        """Return the backends of one search, tried in order; `last` answers where all are down."""
        return FailoverSession((*self.backends, last))

    def register(self, kind: SearchKind) -> None:
        """Register a kind; raises `ValueError` for a name that cannot be part of ids."""
        self.kinds[kind.name] = _check_kind(kind)

    def offered(self, tenant: Tenant) -> dict[str, SearchKind]:
        """Return the kinds that exist at a tenant, by name."""
        return {
            name: kind
            for name, kind in self.kinds.items()
            if kind.offered is None or kind.offered(tenant)
        }

    def allowed_kinds(
        self, tenant: Tenant, chosen: frozenset[str] | None = None
    ) -> frozenset[str] | None:
        """Return the chosen kinds that exist at a tenant; `None` where all kinds are allowed."""
        offered = frozenset(self.offered(tenant))
        if chosen is None:
            return None if len(offered) == len(self.kinds) else offered
        return chosen & offered

    def things(self, kinds: frozenset[str] | None) -> dict[str, Callable[[str], str]]:
        """Return, for each of some kinds (`None`: all) that has things, how to find their keys."""
        return {
            name: kind.thing
            for name, kind in self.kinds.items()
            if kind.thing and (kinds is None or name in kinds)
        }

    def kind(self, name: str) -> SearchKind:
        """Return the kind of a name; raises `Invalid`."""
        if name not in self.kinds:
            known = ", ".join(sorted(self.kinds))
            raise Invalid(
                {
                    "kind": _(
                        "There is no kind “%(kind)s” here. Known: %(known)s.",
                        kind=name,
                        known=known,
                    )
                }
            )
        return self.kinds[name]

    def load(self, session: Session, kind: str, keys: Sequence[str]) -> list[SearchDocument]:
        """Load documents of one kind; none where it is not registered."""
        return list(self.kinds[kind].load(session, keys)) if kind in self.kinds else []


def _check_kind(kind: SearchKind) -> SearchKind:
    """Return the kind; its name is part of ids: ASCII letters, digits and `_`."""
    if not kind.name.isidentifier() or not kind.name.isascii():
        raise ValueError(f"{kind.name!r} cannot be part of an id")
    return kind


class _LateEngine(SearchEngine):
    """An engine whose parts are loaded by the first that asks for one; few commands do."""

    def __init__(
        self,
        settings: Settings,
        list_kinds: Callable[[], Iterable[SearchKind]],
        list_sources: Callable[[], list["AnswerSource"]],
    ) -> None:
        self._settings = settings
        self._list_kinds = list_kinds
        self._list_sources = list_sources

    @cached_property
    def kinds(self) -> dict[str, SearchKind]:  # type: ignore[override]  # made at first use
        return {kind.name: kind for kind in map(_check_kind, self._list_kinds())}

    @cached_property
    def answer_sources(self) -> "list[AnswerSource]":  # type: ignore[override]  # as well
        return self._list_sources()

    @cached_property
    def _opened(self) -> tuple[SearchBackend, ...]:  # type: ignore[override]  # made at first use
        return tuple(_backends(self._settings))


class Answerer(Protocol):
    """What can answer a search: a backend, or the database fallback."""

    name: str

    def search(self, request: SearchRequest) -> SearchPage: ...

    def suggest(self, request: SuggestRequest) -> tuple[str, ...]: ...


class FailoverSession:
    """The backends of one search, tried in order; one that failed is not asked again."""

    def __init__(self, answering: Sequence[Answerer]) -> None:
        self._first = answering[0]
        self._left = list(answering)

    @property
    def name(self) -> str:
        """Name of the backend that answers now."""
        return self._left[0].name

    @property
    def degraded(self) -> bool:
        """Whether a fallback answers instead of the preferred backend."""
        return self._left[0] is not self._first

    def search(self, request: SearchRequest) -> SearchPage:
        """Search with the first backend that is available."""
        return self._first_available(lambda backend: backend.search(request))

    def suggest(self, request: SuggestRequest) -> tuple[str, ...]:
        """Suggest with the first backend that is available."""
        return self._first_available(lambda backend: backend.suggest(request))

    def _first_available(self, call: Callable[[Answerer], T]) -> T:
        while len(self._left) > 1:
            try:
                return call(self._left[0])
            except BackendUnavailableError as error:
                log.warning("search engine down", engine=self.name, reason=str(error))
                del self._left[0]
        return call(self._left[0])


def init_search(
    app: Flask,
    settings: Settings,
    list_kinds: Callable[[], Iterable[SearchKind]],
    list_sources: Callable[[], list["AnswerSource"]],
) -> SearchEngine:
    """Attach the engine to the application; what it has is made at first use."""
    engine = _LateEngine(settings, list_kinds, list_sources)
    app.extensions["search"] = engine
    return engine


def _backends(settings: Settings) -> Iterator[SearchBackend]:
    # Of the two engines only what is used is loaded.
    if settings.meili_url:
        from core.search.engines.meilisearch.backend import MeiliBackend

        yield MeiliBackend(settings.meili_url, settings.meili_key, settings.meili_index)
    if not settings.meili_url or settings.search_fallback == "embedded":
        from core.search.engines.embedded.backend import EmbeddedBackend

        yield EmbeddedBackend(settings.data_dir / "search")


def load_synonyms(
    session: Session, tenant: Tenant, words: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Load the words of documents that the search takes for each of these at a place."""
    synonyms = search_engine().vocabulary.words(session, tenant).synonyms
    return {word: synonyms.get(word, ()) for word in words}


def search_engine() -> SearchEngine:
    """Return the current application's engine."""
    engine: SearchEngine = current_app.extensions["search"]
    return engine


def read_documents(
    engine: SearchEngine,
    session: Session,
    ids: Sequence[str],
    scope: SearchScope,
    now: datetime,
) -> list[SearchDocument]:
    """Load documents in the order of the ids; leave out what is not public or out of scope."""
    by_kind: dict[str, list[str]] = {}
    for document_id in ids:
        kind, pk = split_document_id(document_id)
        by_kind.setdefault(kind, []).append(pk)
    documents = {
        document.id: document
        for kind, keys in by_kind.items()
        for document in engine.load(session, kind, keys)
        if _admits(scope, document, now)
    }
    return [documents[document_id] for document_id in ids if document_id in documents]


def _admits(scope: SearchScope, document: SearchDocument, now: datetime) -> bool:
    """Return whether a document is shown; what shows it holds until it expires."""
    if document.expires_at is not None:
        now_until(document.expires_at)
    return scope.admits(document, now)
