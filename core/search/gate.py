"""What a plugin has to find exists only where the plugin is on, at once and without a new index."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.hooks.states import is_on
from core.search.document import SearchDocument
from core.search.registry import SearchKind


def where_on(kind: SearchKind, plugin: str) -> SearchKind:
    """The kind, without what is owned where its plugin is off, and not for those who ask there."""

    def load(session: Session, keys: Sequence[str]) -> Iterator[SearchDocument]:
        documents = list(kind.load(session, keys))
        owners = {document.tenant_id for document in documents}
        query = select(Tenant).where(Tenant.id.in_(owners))
        on = {owner.id for owner in session.scalars(query) if is_on(plugin, owner)}
        return (document for document in documents if document.tenant_id in on)

    return replace(kind, load=load, offered=lambda tenant: is_on(plugin, tenant))
