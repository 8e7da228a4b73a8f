"""Tenants as the places that plugins are decided about."""

from collections.abc import Iterable, Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.db.tree import Tenant, below
from core.hooks.effective import Place

# Conditions in one query; there can be more places than a statement takes.
_AT_ONCE = 200


def place_of(tenant: Tenant) -> Place:
    """Where a tenant stands, as the rules see it."""
    return Place(tenant.chain, tenant.level)


def topmost(paths: Iterable[str]) -> list[str]:
    """The paths that lie below none of the others."""
    tops: list[str] = []
    for path in sorted(paths):
        if not tops or not path.startswith(tops[-1]):
            tops.append(path)
    return tops


def tenants_below(session: Session, paths: Iterable[str]) -> Iterator[Tenant]:
    """Active portals at and below these paths, each once, in the order of the tree."""
    tops = topmost(paths)
    for start in range(0, len(tops), _AT_ONCE):
        condition = or_(*(below(path) for path in tops[start : start + _AT_ONCE]))
        query = select(Tenant).where(condition, Tenant.status == "active")
        found = session.scalars(query.order_by(Tenant.division_code))
        yield from (tenant for tenant in found if tenant.has_portal)
