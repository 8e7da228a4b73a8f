"""What a plugin has to find exists only where the plugin is on, at once and without a new index.

Its part in search runs apart, so that one that fails or hangs takes its own hits with it only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import structlog
from flask import current_app, g, has_request_context
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.scope import open_session
from core.db.tree import Tenant
from core.hooks.bounds import bounded
from core.hooks.states import is_on, report_fault
from core.search.document import SearchDocument
from core.search.registry import SearchKind

HOOK = "search_kinds"
# Nobody waits for the index as for a page (seconds).
LONGEST_IN_BACKGROUND = 60.0

log = structlog.get_logger("gongkai.plugins")


def where_on(kind: SearchKind, plugin: str) -> SearchKind:
    """The kind, without what is owned where its plugin is off, and not for those who ask there."""

    def load(session: Session, keys: Sequence[str]) -> Iterator[SearchDocument]:
        documents = _load(kind, plugin, session, keys)
        owners = {document.tenant_id for document in documents}
        query = select(Tenant).where(Tenant.id.in_(owners))
        on = {owner.id for owner in session.scalars(query) if is_on(plugin, owner)}
        return (document for document in documents if document.tenant_id in on)

    return replace(kind, load=load, offered=lambda tenant: is_on(plugin, tenant))


def _load(
    kind: SearchKind, plugin: str, session: Session, keys: Sequence[str]
) -> list[SearchDocument]:
    """The plugin's documents; a page goes on without them, the index tries again later."""
    scope = session.info.get("scope")

    def work() -> list[SearchDocument]:
        with open_session(scope) as own:
            return [_checked(document, kind) for document in kind.load(own, keys)]

    on_page = has_request_context() and "tenant" in g
    seconds = current_app.extensions["gongkai"].plugin_call_seconds
    try:
        return bounded(plugin, work, seconds if on_page else LONGEST_IN_BACKGROUND)
    except Exception as error:
        if not on_page:
            raise
        log.exception("plugin failed", plugin=plugin, hook=HOOK)
        report_fault(plugin, g.tenant, HOOK, error)
        return []


def _checked(document: object, kind: SearchKind) -> SearchDocument:
    if not isinstance(document, SearchDocument) or document.kind != kind.name:
        raise TypeError(f"{type(document).__name__} is no document of the kind {kind.name}")
    return document
