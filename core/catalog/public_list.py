"""Lists of the public catalog pages: domains with counts, items, and origins of values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from core.catalog.domain.inheritance import (
    Domain,
    EffectiveCatalog,
    EffectiveItem,
    Source,
    Withdrawal,
)
from core.catalog.labels import DomainCount, domain_name
from core.catalog.models import CatalogRevision
from core.db.reading import read_rows
from core.db.tree import Tenant


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of a value for people: tenant name, since when, and reason."""

    code: str
    place: str
    since: date | None
    reason: str | None


_ORIGINS = (
    select(Tenant.division_code, Tenant.name, CatalogRevision.number, CatalogRevision.effective_on)
    .outerjoin(
        CatalogRevision,
        and_(
            CatalogRevision.tenant_id == Tenant.id,
            CatalogRevision.number.in_(bindparam("numbers", expanding=True)),
        ),
    )
    .where(Tenant.id.in_(bindparam("chain", expanding=True)))
)


def load_origins(
    session: Session, tenant: Tenant, sources: Iterable[Source]
) -> dict[Source, Origin]:
    """Load the origins of sources in the chain of a tenant, with one query or none."""
    wanted = set(sources)
    if not wanted:
        return {}
    numbers = tuple({source.revision for source in wanted})
    rows = read_rows(session, _ORIGINS, {"chain": tenant.chain, "numbers": numbers})
    names = {code: name for code, name, _number, _day in rows}
    days = {(code, number): day for code, _name, number, day in rows}
    return {
        source: Origin(
            source.tenant,
            names[source.tenant],
            days.get((source.tenant, source.revision)),
            source.reason,
        )
        for source in wanted
        if source.tenant in names
    }


def list_sources(item: EffectiveItem) -> set[Source]:
    """Return every source of an item: its definition, refinements and locks."""
    refined = {refinement.source for refinement in item.refinements.values()}
    return {item.defined, *refined, *item.locked.values()}


# Levels whose tables also serve those below, so that "all levels" shows something more.
LEVELS_ABOVE_OTHERS = frozenset({"nation", "province", "city", "county", "township"})
# The nation's level sees the items of all levels.
EVERY_LEVEL = "nation"


@dataclass(frozen=True, slots=True)
class DomainNotApplicable:
    """A domain declared not applicable here, and the source of that."""

    key: str
    name: str
    source: Source


def listed_items(
    catalog: EffectiveCatalog, level: str, *, every_level: bool = False
) -> list[EffectiveItem]:
    """List the items of one level (or every level), by domain, in definition order."""
    groups = catalog.index.by_domain(catalog, EVERY_LEVEL if every_level else level)
    known = [domain.key for domain in list_domains(catalog)]
    listed = [catalog.items[item_id] for key in known for item_id in groups.get(key, ())]
    unknown = groups.keys() - set(known)
    if unknown:
        hanging = {item_id for key in unknown for item_id in groups[key]}
        listed += [item for item in catalog.items.values() if item.item_id in hanging]
    return listed


def list_items_in_domain(
    catalog: EffectiveCatalog, domain: str, level: str, *, every_level: bool = False
) -> list[EffectiveItem]:
    """List the items of a domain and of one level (or every level), in definition order."""
    groups = catalog.index.by_domain(catalog, EVERY_LEVEL if every_level else level)
    return [catalog.items[item_id] for item_id in groups.get(domain, ())]


def list_domains(catalog: EffectiveCatalog) -> list[Domain]:
    """List the domains in their order; a layer's own come where it put them."""
    return sorted(catalog.domains.values(), key=lambda domain: (domain.order, domain.key))


def count_by_domain(
    catalog: EffectiveCatalog, level: str, *, every_level: bool = False
) -> list[DomainCount]:
    """Count the items of one level (or every level) by domain, in domain order."""
    groups = catalog.index.by_domain(catalog, EVERY_LEVEL if every_level else level)
    known = [domain.key for domain in list_domains(catalog)]
    unknown = sorted(groups.keys() - set(known))
    return [
        DomainCount(key, domain_name(catalog, key), len(groups[key]))
        for key in (*known, *unknown)
        if key in groups
    ]


def list_not_applicable(catalog: EffectiveCatalog) -> list[DomainNotApplicable]:
    """List the domains declared not applicable here, in order."""
    keys = [domain.key for domain in list_domains(catalog)]
    return [
        DomainNotApplicable(key, domain_name(catalog, key), catalog.not_applicable[key])
        for key in keys
        if key in catalog.not_applicable
    ]


def list_withdrawn(catalog: EffectiveCatalog, domain: str, level: str) -> list[Withdrawal]:
    """List the items of a domain withdrawn one by one, of this level if known."""
    return [
        withdrawal
        for withdrawal in catalog.withdrawn.values()
        if withdrawal.item.domain == domain and domain not in catalog.not_applicable
        if level in (withdrawal.item.fields.get("levels") or [level])  # type: ignore[operator]
    ]
