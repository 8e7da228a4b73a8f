"""The way down the tree for readers: township, then village or community."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.tenancy.domain import short_name


def villages_by_township(session: Session, townships: Sequence[Tenant]) -> Counter[int]:
    """How many active villages and communities each township has, by its id."""
    query = (
        select(Tenant.parent_id, func.count())
        .where(Tenant.parent_id.in_([town.id for town in townships]), Tenant.status == "active")
        .group_by(Tenant.parent_id)
    )
    return Counter({parent: count for parent, count in session.execute(query) if parent})


def chosen_township(
    townships: Sequence[Tenant], asked: str | None, chain: Sequence[Tenant]
) -> Tenant | None:
    """The township asked for, else the one the reader is in, else the first."""
    here = {tenant.division_code for tenant in chain}
    return (
        next((town for town in townships if town.division_code == asked), None)
        or next((town for town in townships if town.division_code in here), None)
        or next(iter(townships), None)
    )


def distinct_names(tenants: Sequence[Tenant]) -> list[str]:
    """Short names; a code's end is added where a name stands more than once in the list."""
    names = [short_name(tenant.name) for tenant in tenants]
    seen = Counter(names)
    return [
        f"{name}（{tenant.division_code[-3:]}）" if seen[name] > 1 else name
        for name, tenant in zip(names, tenants, strict=True)
    ]


def active_counties(session: Session) -> list[Tenant]:
    """Counties with a portal here, by code."""
    query = select(Tenant).where(Tenant.level == "county", Tenant.status == "active")
    return list(session.scalars(query.order_by(Tenant.division_code)))
