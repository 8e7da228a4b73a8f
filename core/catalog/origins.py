"""Name and date the sources that the resolver gives by code and number."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalog.inheritance import EffectiveItem, Source
from core.catalog.models import CatalogRevision
from core.db.tree import Tenant


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from, for people: the tenant's name, since when, and why."""

    code: str
    place: str
    since: date | None
    reason: str | None


def origins_of(session: Session, tenant: Tenant, sources: Iterable[Source]) -> dict[Source, Origin]:
    """Origins of sources in the chain of layers above and including a tenant; two queries."""
    wanted = set(sources)
    query = select(Tenant.id, Tenant.division_code, Tenant.name).where(Tenant.id.in_(tenant.chain))
    chain = {row.division_code: row for row in session.execute(query)}
    revisions = select(
        CatalogRevision.tenant_id, CatalogRevision.number, CatalogRevision.effective_on
    ).where(
        CatalogRevision.tenant_id.in_(tenant.chain),
        CatalogRevision.number.in_({source.revision for source in wanted}),
    )
    days = {(row.tenant_id, row.number): row.effective_on for row in session.execute(revisions)}
    return {
        source: Origin(source.tenant, row.name, days.get((row.id, source.revision)), source.reason)
        for source in wanted
        if (row := chain.get(source.tenant)) is not None
    }


def sources_of(item: EffectiveItem) -> set[Source]:
    """Every source that speaks in an item: its definition, refinements and locks."""
    refined = {refinement.source for refinement in item.refinements.values()}
    return {item.defined, *refined, *item.locked.values()}
