"""Reconcile index and database: compare, repair, rebuild, and report the state."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db.base import utc_now
from core.db.scope import Scope, open_session
from core.errors import Conflict
from core.search.document import SearchDocument, split_document_id
from core.search.engines.base import IndexRebuild
from core.search.indexing.indexer import (
    CHUNK,
    Thing,
    chunks,
    index_things,
    list_things,
    present_state,
    settle_due,
    tell_changed,
    waiting,
)
from core.search.indexing.lease import Lease, held_lease
from core.search.models import SearchOutbox
from core.search.registry import SearchEngine

# Documents between two renewals of the lease.
REBUILD_CHUNK = 2_000
# Parked changes that are listed.
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Drift:
    """Ids of documents that are missing, stale or extra in the index."""

    missing: tuple[str, ...]
    stale: tuple[str, ...]
    extra: tuple[str, ...]

    @property
    def none(self) -> bool:
        """Whether index and database agree."""
        return not (self.missing or self.stale or self.extra)


@dataclass(frozen=True, slots=True)
class ParkedChange:
    """A change that was parked after `MAX_ATTEMPTS` retries, with its last error."""

    backend: str
    kind: str
    pk: str
    error: str


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """State of a backend; `lag` is the age of the oldest pending change, in seconds."""

    backend: str
    ok: bool
    documents: int
    pending: int
    parked: int
    lag: float
    detail: str


def verify(engine: SearchEngine) -> Drift:
    """Compare ids and versions in the index with what the features offer now."""
    indexed = dict(engine.backend.versions())
    missing, stale = [], []
    with open_session(Scope.platform("search comparison")) as session:
        for document in _all_documents(engine, session):
            version = indexed.pop(document.id, None)
            if version is None:
                missing.append(document.id)
            elif version != document.version:
                stale.append(document.id)
    return Drift(tuple(missing), tuple(stale), tuple(indexed))


def repair(engine: SearchEngine) -> Drift:
    """Reindex what differs; return what differed."""
    drift = verify(engine)
    things = [split_document_id(one) for one in (*drift.missing, *drift.stale, *drift.extra)]
    with held_lease(engine.backend.name) as lease:
        if lease is None:
            return drift
        for chunk in chunks(things, engine.backend.batch):
            lease.keep()
            list(index_things(engine, chunk))
        tell_changed()
    return drift


def rebuild(engine: SearchEngine) -> int:
    """Build a second index and publish it; return how many documents were loaded.

    Changes made meanwhile are written to both indexes. Raises `Conflict` where another process
    holds the lease.
    """
    with held_lease(engine.backend.name) as lease:
        if lease is None:
            raise Conflict(_("Search is being indexed by another process. Try again in a moment."))
        return _rebuild_under(engine, lease)


def _rebuild_under(engine: SearchEngine, lease: Lease) -> int:
    new_index = engine.backend.begin_rebuild()
    count = 0
    meanwhile: dict[Thing, None] = {}
    try:
        with open_session(Scope.platform("search rebuild")) as session:
            for chunk in chunks(_all_documents(engine, session), REBUILD_CHUNK):
                lease.keep()
                new_index.upsert(chunk)
                count += len(chunk)
                meanwhile |= dict.fromkeys(settle_due(engine, lease))
        _catch_up(engine, new_index, meanwhile, lease)
        lease.keep()
        new_index.publish()
        tell_changed()
    except BaseException:
        new_index.abort()
        raise
    return count


def _catch_up(
    engine: SearchEngine, new_index: IndexRebuild, things: Iterable[Thing], lease: Lease
) -> None:
    """Write what changed meanwhile again: it may have been loaded before it changed."""
    for chunk in chunks(things, CHUNK):
        lease.keep()
        documents, gone = present_state(engine, chunk)
        if documents:
            new_index.upsert(documents)
        if gone:
            new_index.delete(gone)


def prepare(engine: SearchEngine) -> None:
    """Make sure there is an index of this layout, filled from the database."""
    if engine.backend.ensure():
        rebuild(engine)


def _all_documents(engine: SearchEngine, session: Session) -> Iterator[SearchDocument]:
    for chunk in chunks(list_things(engine, session, None), CHUNK):
        for kind in dict.fromkeys(kind for kind, _pk in chunk):
            yield from engine.load(session, kind, [pk for k, pk in chunk if k == kind])


def status(engine: SearchEngine) -> IndexStatus:
    """Return the backend's state, with pending and parked changes."""
    health = engine.backend.health()
    now = utc_now()
    due = (waiting(engine), SearchOutbox.due_at <= now)
    parked = (SearchOutbox.backend == engine.backend.name, SearchOutbox.parked.is_(True))
    with open_session(None) as session:
        pending, oldest = session.execute(
            select(func.count(), func.min(SearchOutbox.created_at)).where(*due)
        ).one()
        given_up = session.scalar(select(func.count()).select_from(SearchOutbox).where(*parked))
    return IndexStatus(
        backend=engine.backend.name,
        ok=health.ok,
        documents=health.documents,
        pending=pending,
        parked=given_up or 0,
        lag=round((now - oldest).total_seconds(), 3) if oldest else 0.0,
        detail=health.detail,
    )


def parked_changes(engine: SearchEngine) -> list[ParkedChange]:
    """List the first parked changes with their errors."""
    parked = (SearchOutbox.backend == engine.backend.name, SearchOutbox.parked.is_(True))
    query = select(SearchOutbox).where(*parked).order_by(SearchOutbox.id).limit(MOST_SHOWN)
    with open_session(None) as session:
        return [
            ParkedChange(row.backend, row.kind, row.pk, row.error or "")
            for row in session.scalars(query)
        ]
