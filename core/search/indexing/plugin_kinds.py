"""Wrap a plugin's search kind: hidden where the plugin is off, and isolated from failures.

Turning a plugin off takes effect at once; no reindex is needed. Its code runs with a time limit in
a thread of its own, so that a failing plugin loses its own hits only.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

from flask import g, has_request_context
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.scope import open_session
from core.db.tree import Tenant
from core.log.logger import get_logger
from core.plugins.activation.enabled import is_on, report_fault
from core.plugins.sandbox.execution import MachineBusy
from core.plugins.sandbox.timeouts import page_time_left, page_waits, run_with_timeout
from core.search.document import SearchDocument
from core.search.registry import SearchKind, WordGroups
from core.settings import current_settings

HOOK = "search_kinds"
# Nobody waits for the index as for a page (seconds).
LONGEST_IN_BACKGROUND = 60.0
# More keys than this are taken for an endless iterator.
MOST_KEYS = 5_000_000
MOST_NAMES = 20_000

log = get_logger("gongkai.plugins")

T = TypeVar("T")


def where_on(kind: SearchKind, plugin: str) -> SearchKind:
    """Return the kind, hidden for owners and askers where the plugin is off."""
    isolated = _IsolatedKind(kind, plugin)
    return replace(
        kind,
        load=isolated.load,
        keys=isolated.keys,
        names=isolated.names if kind.names else None,
        titled=isolated.titled if kind.titled else None,
        dependents=isolated.dependents if kind.dependents else None,
        offered=lambda tenant: is_on(plugin, tenant),
    )


@dataclass(frozen=True, slots=True)
class _IsolatedKind:
    """Calls a plugin's kind in a thread and session of its own, with a time limit."""

    kind: SearchKind
    plugin: str

    def load(self, session: Session, keys: Sequence[str]) -> Iterator[SearchDocument]:
        """Load documents; on failure a page goes without them, the indexer retries later."""

        def work(own: Session) -> list[SearchDocument]:
            found = _limited(self.kind.load(own, keys), len(keys))
            return [_checked(document, self.kind) for document in found]

        documents = (
            self._on_page(session, work) if _is_page() else self._in_background(session, work)
        )
        owners = {document.tenant_id for document in documents}
        query = select(Tenant).where(Tenant.id.in_(owners))
        on = {owner.id for owner in session.scalars(query) if is_on(self.plugin, owner)}
        return (document for document in documents if document.tenant_id in on)

    def keys(self, session: Session, owner: int | None) -> list[str]:
        """List keys; none where the plugin fails, so that indexing of the others goes on.

        The nightly comparison repairs what was missed.
        """

        def work(own: Session) -> list[str]:
            return [str(key) for key in _limited(self.kind.keys(own, owner), MOST_KEYS)]

        try:
            return self._in_background(session, work)
        except Exception as error:
            log.exception("plugin failed", plugin=self.plugin, hook=HOOK, owner=owner)
            self._report(session.get(Tenant, owner) if owner is not None else None, error)
            return []

    def names(self, session: Session, tenant: Tenant) -> list[str]:
        """List titles; none where the plugin fails."""
        names = self.kind.names

        def work(own: Session) -> list[str]:
            found = (
                _limited(names(own, own.get_one(Tenant, tenant.id)), MOST_NAMES) if names else []
            )
            return [str(name) for name in found]

        return self._on_page(session, work)

    def titled(self, session: Session, place: Tenant, wanted: WordGroups, most: int) -> list[str]:
        """Find keys by title; none where the plugin fails."""
        titled = self.kind.titled

        def work(own: Session) -> list[str]:
            here = own.get_one(Tenant, place.id)
            found = _limited(titled(own, here, wanted, most), most) if titled else []
            return [str(key) for key in found]

        return self._on_page(session, work)

    def dependents(
        self, session: Session, top: Tenant, pk: str, after: str, most: int
    ) -> list[str]:
        """List keys of what depends on a thing; on failure the indexer retries later."""
        listed = self.kind.dependents

        def work(own: Session) -> list[str]:
            here = own.get_one(Tenant, top.id)
            found = _limited(listed(own, here, pk, after, most), most) if listed else []
            return [str(key) for key in found]

        return self._in_background(session, work)

    def _on_page(self, session: Session, work: Callable[[Session], list[T]]) -> list[T]:
        """Run work within the time that the page has left for plugins; `[]` on failure."""
        if page_time_left() <= 0:
            log.warning("no time left for plugins on this page", next=self.plugin)
            return []
        seconds = current_settings().plugin_call_seconds
        try:
            with page_waits():
                return self._isolated(session, work, seconds)
        except Exception as error:
            log.exception("plugin failed", plugin=self.plugin, hook=HOOK)
            self._report(g.get("tenant"), error)
            return []

    def _in_background(self, session: Session, work: Callable[[Session], list[T]]) -> list[T]:
        """Run work in the background, with a long time limit; errors are raised."""
        return self._isolated(session, work, LONGEST_IN_BACKGROUND)

    def _isolated(
        self, session: Session, work: Callable[[Session], list[T]], seconds: float
    ) -> list[T]:
        scope = session.info.get("scope")

        def in_own_session() -> list[T]:
            with open_session(scope) as own:
                return work(own)

        return run_with_timeout(self.plugin, in_own_session, seconds)

    def _report(self, tenant: Tenant | None, error: Exception) -> None:
        if tenant is not None and not isinstance(error, MachineBusy):
            report_fault(self.plugin, tenant, HOOK, error)


def _is_page() -> bool:
    return has_request_context() and "tenant" in g


def _limited(given: Iterable[T], most: int) -> list[T]:
    """Return all items; raises `ValueError` where there are more than `most`."""
    found = list(islice(given, most + 1))
    if len(found) > most:
        raise ValueError(f"more than {most} things")
    return found


def _checked(document: object, kind: SearchKind) -> SearchDocument:
    if not isinstance(document, SearchDocument) or document.kind != kind.name:
        raise TypeError(f"{type(document).__name__} is no document of the kind {kind.name}")
    return document
