"""The kinds of findable things, which features register from above, and the engine they go to.

Read from the database what an engine has found, as it is now.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

import structlog
from flask import Flask, current_app
from flask_babel import LazyString
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.errors import Invalid
from core.search.answer_cards import AnswerSource
from core.search.document import SearchDocument, split_document_id
from core.search.engines.base import (
    BackendUnavailableError,
    SearchBackend,
    SearchPage,
    SearchRequest,
    SuggestRequest,
)
from core.search.engines.embedded.backend import EmbeddedBackend
from core.search.engines.meilisearch.backend import MeiliBackend
from core.search.query.vocabulary import Vocabulary
from core.search.scope import SearchScope
from core.settings import Settings

log = structlog.get_logger("gongkai.search")

T = TypeVar("T")

# Groups of words, of each of which one is wanted.
WordGroups = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class SearchKind:
    """One kind of findable thing.

    `load` gives the documents of these keys in their present state; what is not public (or is no
    more) is left out, and is then forgotten. `keys` gives the keys of everything that a tenant
    owns, or of everything there is for `None`. Both run in the session's scope. `names` says what
    the public things of a tenant and those below are called, a sample of them where they are many:
    what is mistyped is repaired with their words. `titled` gives keys of public things, the
    newest ones up to a number, whose titles have what is wanted
    (`answering.database_fallback.says`): that is what search has left where no engine can
    answer. `offered` says at which tenants the kind exists for whoever asks there (`None`: at
    all).
    """

    name: str
    label: LazyString
    load: Callable[[Session, Sequence[str]], Iterable[SearchDocument]]
    keys: Callable[[Session, int | None], Iterable[str]]
    names: Callable[[Session, Tenant], Iterable[str]] | None = None
    titled: Callable[[Session, Tenant, WordGroups, int], Iterable[str]] | None = None
    offered: Callable[[Tenant], bool] | None = None


class SearchEngine:
    """What search consists of in this process: who answers, who stands in, and what is findable."""

    def __init__(self, backend: SearchBackend, *fallbacks: SearchBackend) -> None:
        self.backend = backend
        self.fallbacks = fallbacks
        self.kinds: dict[str, SearchKind] = {}
        self.vocabulary = Vocabulary()
        self.answer_sources: list[AnswerSource] = []

    @property
    def backends(self) -> tuple[SearchBackend, ...]:
        """All that are kept up to date, the one that answers first."""
        return (self.backend, *self.fallbacks)

    def per_backend(self) -> tuple["SearchEngine", ...]:
        """The same with one backend each, for whoever looks after them one by one."""
        if not self.fallbacks:
            return (self,)
        return tuple(self._with_only(backend) for backend in self.backends)

    def _with_only(self, backend: SearchBackend) -> "SearchEngine":
        side = SearchEngine(backend)
        side.kinds, side.vocabulary = self.kinds, self.vocabulary
        return side

    def turn(self, last_resort: "Answerer") -> "FailoverSession":
        """Answer one person's search, whatever is down."""
        return FailoverSession((*self.backends, last_resort))

    def register(self, kind: SearchKind) -> None:
        """Make a kind findable; its name is part of ids: ASCII letters, digits and `_`."""
        if not kind.name.isidentifier() or not kind.name.isascii():
            raise ValueError(f"{kind.name!r} cannot be part of an id")
        self.kinds[kind.name] = kind

    def offered(self, tenant: Tenant) -> dict[str, SearchKind]:
        """The kinds that exist for whoever asks at a tenant."""
        return {
            name: kind
            for name, kind in self.kinds.items()
            if kind.offered is None or kind.offered(tenant)
        }

    def narrowed(self, tenant: Tenant, chosen: frozenset[str] | None) -> frozenset[str] | None:
        """The chosen kinds as far as they exist at a tenant; `None` where nothing narrows."""
        offered = frozenset(self.offered(tenant))
        if chosen is None:
            return None if len(offered) == len(self.kinds) else offered
        return chosen & offered

    def kind(self, name: str) -> SearchKind:
        """The kind of this name; raises `Invalid`."""
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
        """Documents of one kind; none where nobody has registered it."""
        return list(self.kinds[kind].load(session, keys)) if kind in self.kinds else []


class Answerer(Protocol):
    """What can answer a search: an engine, or what is left without one."""

    name: str

    def search(self, request: SearchRequest) -> SearchPage: ...

    def suggest(self, request: SuggestRequest) -> tuple[str, ...]: ...


class FailoverSession:
    """One person's search: whoever had to stand in once answers the rest of it."""

    def __init__(self, answering: Sequence[Answerer]) -> None:
        self._first = answering[0]
        self._left = list(answering)

    @property
    def name(self) -> str:
        """Who answers now."""
        return self._left[0].name

    @property
    def degraded(self) -> bool:
        """Whether another than the usual one answers."""
        return self._left[0] is not self._first

    def search(self, request: SearchRequest) -> SearchPage:
        """The first answer that can be had."""
        return self._ask(lambda one: one.search(request))

    def suggest(self, request: SuggestRequest) -> tuple[str, ...]:
        """The first suggestions that can be had."""
        return self._ask(lambda one: one.suggest(request))

    def _ask(self, question: Callable[[Answerer], T]) -> T:
        while len(self._left) > 1:
            try:
                return question(self._left[0])
            except BackendUnavailableError as error:
                log.warning("search engine down", engine=self.name, reason=str(error))
                del self._left[0]
        return question(self._left[0])


def init_search(app: Flask, settings: Settings) -> SearchEngine:
    """Give the application its engine; nothing is opened before the first use."""
    engine = SearchEngine(*_backends(settings))
    app.extensions["search"] = engine
    return engine


def _backends(settings: Settings) -> Iterator[SearchBackend]:
    if settings.meili_url:
        yield MeiliBackend(settings.meili_url, settings.meili_key, settings.meili_index)
    if not settings.meili_url or settings.search_fallback == "embedded":
        yield EmbeddedBackend(settings.data_dir / "search")


def search_engine() -> SearchEngine:
    """The current application's engine."""
    engine: SearchEngine = current_app.extensions["search"]
    return engine


def read_documents(
    engine: SearchEngine,
    session: Session,
    ids: Sequence[str],
    scope: SearchScope,
    now: datetime,
) -> list[SearchDocument]:
    """Documents in the order of the ids; what is no longer public, or not for here, is left out."""
    by_kind: dict[str, list[str]] = {}
    for one in ids:
        kind, pk = split_document_id(one)
        by_kind.setdefault(kind, []).append(pk)
    documents = {
        document.id: document
        for kind, keys in by_kind.items()
        for document in engine.load(session, kind, keys)
        if scope.admits(document, now)
    }
    return [documents[one] for one in ids if one in documents]
