"""The effective catalog of a tenant, from the database.

Two queries, whatever the size of the tree: which revisions of the chain are in force, and the
changes of those layers that this process does not hold yet. Layers and catalogs that have not
changed since are taken from the cache.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from flask import g, has_request_context
from sqlalchemy.orm import Session

from core.catalog.domain.inheritance import EffectiveCatalog
from core.catalog.layers.heads import Head, load_heads, load_heads_by_id
from core.catalog.layers.loading import resolve_chain, resolve_chains
from core.clock import today
from core.db.scope import Reach, Scope
from core.db.tree import Tenant

_VIEWS, _HEADS = "catalog_views", "catalog_heads"


@dataclass(frozen=True, slots=True)
class CatalogView:
    """A tenant's effective catalog on a day; `version` changes whenever it does."""

    tenant: Tenant
    at: date
    version: str
    catalog: EffectiveCatalog


def effective_catalog(session: Session, tenant: Tenant, *, at: date | None = None) -> CatalogView:
    """Return the tenant's effective catalog on a day (default today), items of every level.

    The session's scope must reach the tenant; what it may not read counts as not said. A request
    asks the database once for each tenant and day.
    """
    day = at or today()
    views = _views_of_request(session)
    view = views.get((tenant.id, day))
    if view is None:
        chain = load_heads(session, tenant, day)
        version = " ".join(f"{head.code}:{head.number}" for head in chain if head.count)
        view = CatalogView(tenant, day, version, resolve_chain(session, chain, day))
        views[tenant.id, day] = view
    return view


def forget_views(session: Session) -> None:
    """Make this request ask again, after it has put a revision into force."""
    _views_of_request(session).clear()


def _views_of_request(session: Session) -> dict[tuple[int, date], CatalogView]:
    """Return the views loaded in the session of this request; no other session keeps any."""
    if not has_request_context() or g.get("session") is not session:
        return {}
    owner, views = g.get(_VIEWS, (None, {}))
    if owner is not session:
        views = {}
        setattr(g, _VIEWS, (session, views))
    return cast("dict[tuple[int, date], CatalogView]", views)


def effective_catalogs(
    session: Session, chains: Collection[tuple[int, ...]]
) -> dict[int, EffectiveCatalog]:
    """Return today's catalogs of many tenants by id, with a constant number of queries.

    A chain is the ids from the root to a tenant.
    """
    if not chains:
        return {}
    day = today()
    heads = _load_heads_once(session, {node for chain in chains for node in chain}, day)
    known = [[heads[node] for node in chain if node in heads] for chain in chains]
    catalogs = resolve_chains(session, known, day)
    return {chain[-1]: catalog for chain, catalog in zip(chains, catalogs, strict=True)}


def _load_heads_once(session: Session, nodes: set[int], day: date) -> Mapping[int, Head]:
    """Load the heads of tenants; a session that only reads asks once for each tenant and day.

    A page of results reads the catalogs of its publications, then those of its items.
    """
    scope: Scope | None = session.info.get("scope")
    if scope is None or scope.reach is not Reach.PUBLIC:
        return load_heads_by_id(session, nodes, day)
    known: dict[int, Head] = session.info.setdefault((_HEADS, day), {})
    if missing := nodes - known.keys():
        known |= load_heads_by_id(session, missing, day)
    return known
