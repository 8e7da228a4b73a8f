"""What the public pages list of an effective catalog: domains with counts, items in order."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from core.catalog.inheritance import (
    Domain,
    EffectiveCatalog,
    EffectiveItem,
    Source,
    Withdrawal,
    items_for_level,
)
from core.catalog.labels import DomainCount, domain_name

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
