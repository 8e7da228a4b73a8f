"""The way down the tree for readers: township, then village or community."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from core.db.reading import read_rows
from core.db.tree import Tenant
from core.tenancy.domain import short_name

_COUNTS = (
    select(Tenant.parent_id, func.count())
    .where(Tenant.parent_id.in_(bindparam("parents", expanding=True)), Tenant.status == "active")
    .group_by(Tenant.parent_id)
)


def count_villages(session: Session, townships: Sequence[Tenant]) -> Counter[int]:
    """Count the active villages and communities of each township, by its id."""
    rows = read_rows(session, _COUNTS, {"parents": tuple(town.id for town in townships)})
    return Counter({parent: count for parent, count in rows if parent})


def choose_township(
    townships: Sequence[Tenant], asked: str, chain: Sequence[Tenant]
) -> Tenant | None:
    """Choose the township asked for, else the one the reader is in, else the first."""
    here = {tenant.division_code for tenant in chain}
    return (
        next((town for town in townships if town.division_code == asked), None)
        or next((town for town in townships if town.division_code in here), None)
        or next(iter(townships), None)
    )


def distinct_names(tenants: Sequence[Tenant]) -> list[str]:
    """Shorten names; a code's end is added where a name stands more than once in the list."""
    names = [short_name(tenant.name) for tenant in tenants]
    seen = Counter(names)
    return [
        f"{name}（{tenant.division_code[-3:]}）" if seen[name] > 1 else name
        for name, tenant in zip(names, tenants, strict=True)
    ]


def list_active_counties(session: Session) -> list[Tenant]:
    """List the counties with a portal here, by code."""
    query = select(Tenant).where(Tenant.level == "county", Tenant.status == "active")
    return list(session.scalars(query.order_by(Tenant.division_code)))
