"""Drain the outbox: load what changed in its present state and write it to the engine."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import Session

from core.db.base import utc_now
from core.db.scope import Scope, open_session
from core.db.tree import Tenant, below
from core.db.versions import SEARCH_INDEX, mark_changed
from core.log.logger import get_logger
from core.search.document import SearchDocument, document_id
from core.search.engines.base import BackendUnavailableError, WriteOutcome, WriteState, WriteTicket
from core.search.indexing.lease import Lease, held_lease
from core.search.models import SUBTREE, SearchOutbox
from core.search.registry import SearchEngine

BATCH = 1_000
# Keys per statement.
CHUNK = 200
MAX_ATTEMPTS = 8
LONGEST_WAIT = timedelta(minutes=5)
WRITE_TIMEOUT = 15.0
POLL_SECONDS = 0.05
IMMEDIATELY = datetime.max.replace(tzinfo=UTC)

log = get_logger("gongkai.search")

Thing = tuple[str, str]
T = TypeVar("T")


class WriteFailedError(RuntimeError):
    """The engine rejected a batch."""


@dataclass(frozen=True, slots=True)
class IndexingFailure:
    """A thing that could not be indexed, and why."""

    thing: Thing
    reason: str


def drain(engine: SearchEngine) -> int:
    """Index what is due unless another process holds the lease; return the rows processed."""
    with held_lease(engine.backend.name) as lease:
        return 0 if lease is None else _drain_under(engine, lease, utc_now)


def drain_all(engine: SearchEngine) -> int:
    """Index until the outbox is empty, without backoff; wait for another process's lease."""
    settled = 0
    while True:
        with held_lease(engine.backend.name) as lease:
            if lease is not None:
                settled += _drain_under(engine, lease, lambda: IMMEDIATELY)
                return settled
        time.sleep(POLL_SECONDS)


def _drain_under(engine: SearchEngine, lease: Lease, retry_until: Callable[[], datetime]) -> int:
    settled = 0
    while rows := _take(engine, retry_until()):
        _settle(engine, lease, rows)
        settled += len(rows)
    return settled


def settle_due(engine: SearchEngine, lease: Lease) -> list[Thing]:
    """Index one batch of what is due under a lease; return the things of it."""
    rows = _take(engine, utc_now())
    return _settle(engine, lease, rows) if rows else []


def waiting(engine: SearchEngine) -> ColumnElement[bool]:
    """Return the condition on outbox rows of this backend that are not parked."""
    return and_(SearchOutbox.backend == engine.backend.name, SearchOutbox.parked.is_(False))


def _take(engine: SearchEngine, retry_until: datetime) -> list[SearchOutbox]:
    query = (
        select(SearchOutbox)
        .where(
            waiting(engine),
            SearchOutbox.due_at <= utc_now(),
            SearchOutbox.next_try_at <= retry_until,
        )
        .order_by(SearchOutbox.id)
        .limit(BATCH)
    )
    with open_session(None) as session:
        return list(session.scalars(query))


def _settle(engine: SearchEngine, lease: Lease, rows: Sequence[SearchOutbox]) -> list[Thing]:
    """Index what rows name; delete exactly these rows, postpone those that failed."""
    failed: dict[Thing, str] = {}
    settled: list[Thing] = []
    for chunk in chunks(_named(engine, rows), engine.backend.batch):
        lease.keep()
        failed |= {failure.thing: failure.reason for failure in index_things(engine, chunk)}
        settled += chunk
    lease.keep()
    _record(rows, failed)
    return settled


def _named(engine: SearchEngine, rows: Sequence[SearchOutbox]) -> Iterator[Thing]:
    """Yield each named thing once, then what depends on others, then everything below tenants."""
    yield from dict.fromkeys((row.kind, row.pk) for row in rows if not row.kind.startswith(SUBTREE))
    dependents = [row for row in rows if row.kind.startswith(SUBTREE) and row.kind != SUBTREE]
    for named in dict.fromkeys((row.kind[1:], row.pk, row.changed_by) for row in dependents):
        yield from _list_dependents(engine, *named)
    for tenant in dict.fromkeys(row.changed_by for row in rows if row.kind == SUBTREE):
        yield from _things_below(engine, tenant)


def _record(rows: Sequence[SearchOutbox], failed: dict[Thing, str]) -> None:
    with open_session(None) as session:
        mark_changed(session, SEARCH_INDEX)
        done = [row.id for row in rows if (row.kind, row.pk) not in failed]
        for ids in chunks(done, CHUNK):
            session.execute(delete(SearchOutbox).where(SearchOutbox.id.in_(ids)))
        for row in rows:
            if (row.kind, row.pk) in failed:
                _postpone(session.merge(row), failed[row.kind, row.pk])
        named = {(row.kind, row.pk) for row in rows}
        for kind, pk in failed.keys() - named:  # met below a tenant that changed
            log.error("not indexed", kind=kind, pk=pk, reason=failed[kind, pk])


def _postpone(row: SearchOutbox, reason: str) -> None:
    row.attempts += 1
    row.error = reason[:500]
    row.next_try_at = utc_now() + min(timedelta(seconds=2**row.attempts), LONGEST_WAIT)
    row.parked = row.attempts >= MAX_ATTEMPTS
    log.warning("not indexed", kind=row.kind, pk=row.pk, reason=reason, parked=row.parked)


def tell_changed() -> None:
    """Say that the index has changed: pages with hits are made anew."""
    with open_session(None) as session:
        mark_changed(session, SEARCH_INDEX)


def index_things(engine: SearchEngine, things: Sequence[Thing]) -> Iterator[IndexingFailure]:
    """Index things; bisect a failing batch until the things at fault are isolated."""
    try:
        _index(engine, things)
    except BackendUnavailableError:
        raise
    except Exception as error:  # noqa: BLE001 - a feature's fault must not hold up its neighbours
        if len(things) == 1:
            yield IndexingFailure(things[0], f"{type(error).__name__}: {error}")
            return
        middle = len(things) // 2
        yield from index_things(engine, things[:middle])
        yield from index_things(engine, things[middle:])


def _index(engine: SearchEngine, things: Sequence[Thing]) -> None:
    documents, gone = present_state(engine, things)
    if documents:
        _done(engine, engine.backend.upsert(documents))
    if gone:
        _done(engine, engine.backend.delete(gone))


def present_state(
    engine: SearchEngine, things: Sequence[Thing]
) -> tuple[list[SearchDocument], list[str]]:
    """Load documents of the things that are public now, and the ids of the others."""
    by_kind: dict[str, list[str]] = {}
    for kind, pk in things:
        by_kind.setdefault(kind, []).append(pk)
    with open_session(Scope.platform("search indexing")) as session:
        documents = [
            document
            for kind, keys in by_kind.items()
            for document in engine.load(session, kind, keys)
        ]
    gone = {document_id(*thing) for thing in things} - {document.id for document in documents}
    return documents, sorted(gone)


def _done(engine: SearchEngine, ticket: WriteTicket) -> None:
    outcome: WriteOutcome = engine.backend.wait(ticket, WRITE_TIMEOUT)
    if outcome.state is WriteState.FAILED and outcome.permanent:
        raise WriteFailedError(outcome.detail)
    if outcome.state is not WriteState.DONE:  # not the documents' fault: retry later
        raise BackendUnavailableError(outcome.detail or "the engine is still busy")


def _things_below(engine: SearchEngine, tenant_id: int) -> Iterator[Thing]:
    with open_session(Scope.platform("search indexing")) as session:
        owners = _tenants_below(session, tenant_id)
        for owner in owners:
            yield from list_things(engine, session, owner)
    if not owners:  # it is no more, and nothing names what it had
        _done(engine, engine.backend.delete_below(tenant_id))


def _list_dependents(
    engine: SearchEngine, kind_name: str, pk: str, tenant_id: int
) -> Iterator[Thing]:
    """Yield what depends on a thing at a tenant and below, a page at a time."""
    kind = engine.kinds.get(kind_name)
    last = ""
    while kind is not None and kind.dependents is not None:
        with open_session(Scope.platform("search indexing")) as session:
            top = session.get(Tenant, tenant_id)
            keys = kind.dependents(session, top, pk, last, BATCH) if top else ()
        yield from ((kind_name, key) for key in keys)
        if len(keys) < BATCH:
            return
        last = keys[-1]


def _tenants_below(session: Session, tenant_id: int) -> list[int]:
    top = session.get(Tenant, tenant_id)
    if top is None:
        return []
    return list(session.scalars(select(Tenant.id).where(below(top.path)).order_by(Tenant.path)))


def list_things(engine: SearchEngine, session: Session, owner: int | None) -> Iterator[Thing]:
    """Yield all things that a tenant owns, or all there are."""
    for kind in engine.kinds.values():
        for pk in kind.keys(session, owner):
            yield kind.name, pk


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Split items into lists of at most `size`."""
    chunk: list[T] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
