"""Links with a count: domains of the catalog, townships, villages."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.catalog.effective import effective_catalog
from core.catalog.public_list import count_by_domain
from core.db.tree import Tenant
from core.portal.places import count_villages, distinct_names
from core.web.urls import tenant_url


@dataclass(frozen=True, slots=True)
class CountedLink:
    """A name, its address, and the number of entries there (`None`: not counted)."""

    key: str
    name: str
    url: str
    count: int | None = None


def list_domain_links(session: Session, tenant: Tenant) -> list[CountedLink]:
    """List the domains in which the tenant publishes, with the number of their items."""
    catalog = effective_catalog(session, tenant).catalog
    return [
        CountedLink(
            domain.key,
            domain.name,
            tenant_url("catalog.domain", domain_key=domain.key),
            domain.count,
        )
        for domain in count_by_domain(catalog, tenant.level)
    ]


def list_township_links(session: Session, townships: Sequence[Tenant]) -> list[CountedLink]:
    """List townships with the number of their villages, leading to the picker."""
    counts = count_villages(session, townships)
    return [
        CountedLink(
            town.division_code,
            town.name,
            tenant_url("portal.places", township=town.division_code),
            counts[town.id],
        )
        for town in townships
    ]


def list_place_links(tenants: Sequence[Tenant]) -> list[CountedLink]:
    """List tenants with links to their home pages."""
    return [
        CountedLink(tenant.division_code, name, tenant_url("portal.home", tenant))
        for tenant, name in zip(tenants, distinct_names(tenants), strict=True)
    ]
