"""Transactional outbox: record changes of search documents in the changing transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.db.base import utc_now
from core.db.transactions import after_commit
from core.jobs.queue import enqueue
from core.log.logger import get_logger
from core.search.models import SUBTREE, SearchOutbox
from core.search.registry import search_engine

DRAIN = "search_drain"

log = get_logger("gongkai.search")


def touch(
    session: Session, kind: str, pk: str | int, tenant_id: int, *, at: datetime | None = None
) -> None:
    """Record that a thing changed, appeared or was deleted; with `at`, that it will change then.

    There is one row per backend, so that one may lag behind. `tenant_id` is the tenant whose change
    it is. Bulk updates, which the ORM does not see, have to be recorded one by one, or with
    `touch_subtree`.
    """
    due = at or utc_now()
    session.add_all(
        SearchOutbox(backend=backend.name, kind=kind, pk=str(pk), changed_by=tenant_id, due_at=due)
        for backend in search_engine().backends
    )
    after_commit(session, enqueue, DRAIN)  # one wake-up a transaction is enough


def touch_dependents(
    session: Session, pk: str, tenant_id: int, *, at: datetime | None = None
) -> None:
    """Record that documents of a tenant and those below which depend on a thing changed.

    It is one row for each kind that has such documents: indexing finds them, in bounded batches.
    """
    for kind in search_engine().kinds.values():
        if kind.dependents:
            touch(session, SUBTREE + kind.name, pk, tenant_id, at=at)


def touch_subtree(session: Session, tenant_id: int) -> None:
    """Record that everything of a tenant and those below changed (moved, renamed …)."""
    touch(session, SUBTREE, "", tenant_id)
