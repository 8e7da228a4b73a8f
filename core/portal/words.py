"""Links of few words with a count: domains of the catalog, townships, villages."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.catalog.domain.inheritance import items_for_level
from core.catalog.effective import effective_catalog
from core.catalog.public_list import domain_counts
from core.db.tree import Tenant
from core.portal.places import distinct_names, villages_by_township
from core.web.urls import tenant_url


@dataclass(frozen=True, slots=True)
class Word:
    """A name, where it leads, and how many entries are there (`None`: not counted)."""

    key: str
    name: str
    url: str
    count: int | None = None


def domain_words(session: Session, tenant: Tenant) -> list[Word]:
    """The domains in which the tenant publishes, with the number of their items."""
    catalog = effective_catalog(session, tenant).catalog
    return [
        Word(
            domain.key,
            domain.name,
            tenant_url("catalog.domain", domain_key=domain.key),
            domain.count,
        )
        for domain in domain_counts(catalog, items_for_level(catalog, tenant.level))
    ]


def township_words(session: Session, townships: Sequence[Tenant]) -> list[Word]:
    """Townships with the number of their villages, leading to the picker."""
    counts = villages_by_township(session, townships)
    return [
        Word(
            town.division_code,
            town.name,
            tenant_url("portal.places", township=town.division_code),
            counts[town.id],
        )
        for town in townships
    ]


def place_words(tenants: Sequence[Tenant]) -> list[Word]:
    """Tenants leading to their home pages."""
    return [
        Word(tenant.division_code, name, tenant_url("portal.home", tenant))
        for tenant, name in zip(tenants, distinct_names(tenants), strict=True)
    ]
