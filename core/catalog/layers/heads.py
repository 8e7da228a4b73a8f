"""Which revisions of each layer of a chain are in force on a day: one query for all of them."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from core.catalog.models import CatalogRevision
from core.db.reading import read_rows
from core.db.tree import Tenant, below

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


def load_heads(session: Session, tenant: Tenant, at: date) -> list[Head]:
    """Load the heads of the layers from the root down to a tenant, as of a day."""
    rows = read_rows(session, _OF_TENANTS, {"day": at, "ids": tenant.chain})
    return [_head(row) for row in sorted(rows, key=lambda row: len(row[0]))]


def load_heads_by_id(session: Session, ids: Iterable[int], at: date) -> dict[int, Head]:
    """Load the heads of tenants by id, as of a day."""
    rows = read_rows(session, _OF_TENANTS, {"day": at, "ids": tuple(ids)})
    return {row[1]: _head(row) for row in rows}


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


def chain_key(chain: Sequence[Head]) -> Hashable:
    """Return a key, equal for chains with equal catalogs; empty layers count by kind."""
    return tuple(
        (head, frozenset(lower.kind for lower in chain[position:]))
        for position, head in enumerate(chain)
        if head.count
    )


def _head(row: Sequence[Any]) -> Head:
    return Head(*row[1:])
