"""What the public pages list of an effective catalog: domains with counts, items in order.

Name and date the sources that the resolver gives by code and number.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalog.domain.inheritance import (
    Domain,
    EffectiveCatalog,
    EffectiveItem,
    Source,
    Withdrawal,
    items_for_level,
)
from core.catalog.labels import DomainCount, domain_name
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


# Levels whose tables also serve those below, so that "all levels" shows something more.
LEVELS_ABOVE_OTHERS = frozenset({"nation", "province", "city", "county", "township"})


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """A domain that is not part of the catalog here, and who said so."""

    key: str
    name: str
    source: Source


def listed_items(
    catalog: EffectiveCatalog, level: str, *, every_level: bool = False
) -> list[EffectiveItem]:
    """Items of one level (or of every level), domain after domain, in the order of definition."""
    items = list(catalog.items.values()) if every_level else items_for_level(catalog, level)
    order = {domain.key: position for position, domain in enumerate(domains_in_order(catalog))}
    return sorted(items, key=lambda item: order.get(item.domain, len(order)))


def domains_in_order(catalog: EffectiveCatalog) -> list[Domain]:
    """Domains by their place in lists; those of a layer's own come where it put them."""
    return sorted(catalog.domains.values(), key=lambda domain: (domain.order, domain.key))


def domain_counts(catalog: EffectiveCatalog, items: Iterable[EffectiveItem]) -> list[DomainCount]:
    """The domains that items belong to, in order, with the number of items of each."""
    counts = Counter(item.domain for item in items)
    known = [domain.key for domain in domains_in_order(catalog)]
    unknown = sorted(counts.keys() - set(known))
    return [
        DomainCount(key, domain_name(catalog, key), counts[key])
        for key in (*known, *unknown)
        if counts[key]
    ]


def not_applicable(catalog: EffectiveCatalog) -> list[NotApplicable]:
    """Domains declared not applicable here, in order."""
    keys = [domain.key for domain in domains_in_order(catalog)]
    return [
        NotApplicable(key, domain_name(catalog, key), catalog.not_applicable[key])
        for key in keys
        if key in catalog.not_applicable
    ]


def withdrawn_from(catalog: EffectiveCatalog, domain: str, level: str) -> list[Withdrawal]:
    """Items of a domain that were taken out one by one, of this level where it is known."""
    return [
        withdrawal
        for withdrawal in catalog.withdrawn.values()
        if withdrawal.item.domain == domain and domain not in catalog.not_applicable
        if level in (withdrawal.item.fields.get("levels") or [level])  # type: ignore[operator]
    ]
