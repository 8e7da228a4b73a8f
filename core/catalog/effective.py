"""The effective catalog of a tenant, from the database.

Two queries, whatever the size of the tree: which revisions of the chain are in force, and the
changes of those layers that this process does not hold yet. Layers and catalogs that have not
changed since are taken from the cache.
"""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from flask import g, has_request_context
from sqlalchemy import Row, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from core.catalog.cache import get_cache
from core.catalog.domain.changes import Change, Layer
from core.catalog.domain.inheritance import EffectiveCatalog, resolve
from core.catalog.models import CatalogChange, CatalogRevision
from core.catalog.records import to_change
from core.clock import today
from core.db.tree import Tenant, below

_VIEWS = "catalog_views"
_IN_FORCE = and_(
    CatalogRevision.tenant_id == Tenant.id,
    CatalogRevision.state == "approved",
    CatalogRevision.effective_on <= bindparam("day"),
)
# Asked for with nearly every page, so they are made once.
_HEADS = (
    select(
        Tenant.path,
        Tenant.id,
        Tenant.division_code,
        Tenant.level,
        Tenant.kind,
        func.count(CatalogRevision.id).label("revisions"),
        func.max(CatalogRevision.number).label("number"),
        func.max(CatalogRevision.decided_at).label("decided_at"),
    )
    .outerjoin(CatalogRevision, _IN_FORCE)
    .group_by(Tenant.id)
)
_OF_TENANTS = _HEADS.where(Tenant.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class Head:
    """The revisions of one layer in force on a day; equal heads mean equal layers.

    The revisions in force on a day only ever become more, in time and with later days, so that
    their count and their highest number tell every state from every other; the time of the last
    decision keeps apart tenants whose id was used again after an erasure.
    """

    tenant_id: int
    code: str
    level: str
    kind: str
    count: int
    number: int | None
    decided_at: datetime | None


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
    mentioned = {node for chain in chains for node in chain}
    rows = session.execute(_OF_TENANTS, {"day": day, "ids": list(mentioned)})
    heads = {row.id: _head(row) for row in rows}
    return {
        chain[-1]: resolve_chain(session, [heads[node] for node in chain if node in heads], day)
        for chain in chains
    }


def load_heads(session: Session, tenant: Tenant, at: date) -> list[Head]:
    """Load the heads of the layers from the root down to a tenant, as of a day."""
    rows = session.execute(_OF_TENANTS, {"day": at, "ids": tenant.chain})
    return [_head(row) for row in sorted(rows, key=lambda row: len(row.path))]


def load_chains_under(session: Session, top: Tenant, at: date) -> list[list[Head]]:
    """Load the chains of a tenant and of all below it, by division code."""
    query = _HEADS.where(or_(below(top.path), Tenant.id.in_(top.chain))).order_by(Tenant.path)
    rows = session.execute(query, {"day": at})
    by_path = {row.path: _head(row) for row in rows}
    by_id = {head.tenant_id: head for head in by_path.values()}
    chains = [
        [by_id[int(part)] for part in path.strip("/").split("/")]
        for path in by_path
        if path.startswith(top.path)
    ]
    return sorted(chains, key=lambda chain: chain[-1].code)


def _head(row: Row[*tuple[Any, ...]]) -> Head:
    return Head(
        row.id,
        row.division_code,
        row.level,
        row.kind,
        row.revisions,
        row.number,
        row.decided_at,
    )


def chain_key(chain: Sequence[Head]) -> Hashable:
    """Return a cache key, equal for chains with equal catalogs; empty layers count by kind."""
    return tuple(
        (head, frozenset(lower.kind for lower in chain[position:]))
        for position, head in enumerate(chain)
        if head.count
    )


def resolve_chain(session: Session, chain: Sequence[Head], at: date) -> EffectiveCatalog:
    """Return the catalog of a chain of layers, from the cache if possible."""
    cache = get_cache(session).catalogs
    key = chain_key(chain)
    catalog = cache.get(key)
    if catalog is None:
        catalog = resolve(load_layers(session, chain, at))
        cache.put(key, catalog)
    return catalog


def load_layers(session: Session, chain: Sequence[Head], at: date) -> list[Layer]:
    """Return the layers of a chain with all changes in force, loading those not cached."""
    cache = get_cache(session).layers
    changes = {
        head: known
        for head in chain
        if (known := cache.get(head) if head.count else ()) is not None
    }
    missing = [head for head in chain if head not in changes]
    loaded = _load(session, missing, at) if missing else {}
    for head in missing:
        changes[head] = tuple(loaded[head.tenant_id])
        cache.put(head, changes[head])
    return [Layer(head.code, head.level, changes[head], head.kind) for head in chain]


def _load(session: Session, heads: Sequence[Head], at: date) -> dict[int, list[Change]]:
    found: dict[int, list[Change]] = {head.tenant_id: [] for head in heads}
    query = (
        select(
            CatalogChange.tenant_id,
            CatalogRevision.number,
            CatalogRevision.reason.label("revision_reason"),
            CatalogChange.op,
            CatalogChange.item_id,
            CatalogChange.domain,
            CatalogChange.field,
            CatalogChange.value,
            CatalogChange.base,
            CatalogChange.reason,
            CatalogChange.kinds,
        )
        .join(CatalogRevision, CatalogRevision.id == CatalogChange.revision_id)
        .where(
            CatalogRevision.tenant_id.in_(found),
            CatalogRevision.state == "approved",
            CatalogRevision.effective_on <= at,
        )
        .order_by(CatalogRevision.effective_on, CatalogRevision.number, CatalogChange.position)
    )
    for row in session.execute(query):
        found[row.tenant_id].append(to_change(row, row.number, row.revision_reason))
    return found
