"""Publications on home pages: short lists, each one query with a limit."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, select, union_all
from sqlalchemy.orm import Session

from core.clock import today
from core.db.reading import read_rows
from core.db.tree import Tenant
from core.portal.link_list import CountedLink
from core.publishing.lists.domain.periods import find_covered_quarter
from core.publishing.models import Interpretation, ItemLink, Publication
from core.publishing.queries import (
    NEWEST_FIRST,
    Entry,
    Statement,
    Wanted,
    counts_by_genre,
    is_public,
    published,
    select_entries,
    select_newest_ids,
    to_entries,
)
from core.publishing.rows import PublicationRow, RelatedLink, publication_url, to_rows
from core.publishing.vocabulary import NOTICE, POLICIES, PUBLICITY
from core.web.urls import tenant_url

REPORT = "年度报告"

ROWS_OF_A_BLOCK = 7
# A policy takes two lines more, for what explains it.
POLICIES_OF_A_BLOCK = 5
ROWS_OF_A_VILLAGE = 24
NEWS_IN_DAYS = (30, 365)
_NOTICES = (NOTICE, PUBLICITY)


@dataclass(frozen=True, slots=True)
class QuarterRows:
    """What a village published for one quarter, or in it."""

    name: str
    entries: Sequence[PublicationRow]


@dataclass(frozen=True, slots=True)
class Bulletins:
    """The newest notices and policies of some places, the latter each with what explains it."""

    notices: list[PublicationRow]
    policies: list[PublicationRow]


def load_bulletins(session: Session, tenants: Sequence[Tenant]) -> Bulletins:
    """Load the newest notices and policies of these tenants, none whose publicity period is over.

    In one statement, but tenant by tenant, so that each is read off its index.
    """
    values: dict[str, Any] = {}
    for number, tenant in enumerate(tenants):
        values |= {f"tenants_n{number}": (tenant.id,), f"genres_n{number}": _NOTICES}
        values |= {f"tenants_p{number}": (tenant.id,), f"genres_p{number}": tuple(POLICIES)}
    entries = to_entries(read_rows(session, _bulletins_statement(len(tenants)), values))
    notices = [entry for entry in entries if entry.genre in _NOTICES][:ROWS_OF_A_BLOCK]
    policies = [entry for entry in entries if entry.genre in POLICIES][:POLICIES_OF_A_BLOCK]
    explained = load_interpretations(session, [entry.id for entry in policies])
    return Bulletins(to_rows(notices), to_rows(policies, explained))


@cache
def _bulletins_statement(places: int) -> Statement:
    """Build the query of the newest of so many places."""
    filters = ("running", "tenants", "genres")
    newest = [
        select_newest_ids(filters, limit, f"_{kind}{number}")
        for number in range(places)
        for kind, limit in (("n", ROWS_OF_A_BLOCK), ("p", POLICIES_OF_A_BLOCK))
    ]
    found = select_entries().where(Publication.id.in_(union_all(*newest)))
    return found.order_by(*NEWEST_FIRST)


def list_annual_reports(session: Session, tenant: Tenant) -> list[PublicationRow]:
    """List the tenant's yearly reports, newest first."""
    wanted = Wanted(tenants=(tenant.id,), genres=(REPORT,))
    return to_rows(published(session, wanted, limit=ROWS_OF_A_VILLAGE))


def list_village_news(session: Session, tenant: Tenant) -> list[PublicationRow]:
    """List what villages and communities below a tenant published lately, newest first.

    A busy place is answered from its last weeks; a quiet one has few rows in a whole year.
    """
    found: list[Entry] = []
    for days in NEWS_IN_DAYS:
        since = today() - timedelta(days=days)
        wanted = Wanted(under=tenant, level="village", since=since, running=True)
        found = published(session, wanted, limit=ROWS_OF_A_BLOCK)
        if len(found) == ROWS_OF_A_BLOCK:
            break
    return to_rows(found)


def list_village_quarters(session: Session, village: Tenant) -> list[QuarterRows]:
    """Group a village's newest publications by quarter, the last first.

    Accounts of the third quarter stand there, however late they came out; what names no quarter
    stands where it came out.
    """
    quarters: dict[tuple[int, int], list[PublicationRow]] = defaultdict(list)
    found = published(session, Wanted(tenants=(village.id,)), limit=ROWS_OF_A_VILLAGE)
    for row in to_rows(found):
        quarters[find_covered_quarter(row.title, row.date)].append(row)
    return [
        QuarterRows(_("%(year)s, quarter %(quarter)s", year=year, quarter=quarter), rows)
        for (year, quarter), rows in sorted(quarters.items(), reverse=True)
    ]


def list_linked_from_above(session: Session, above: Sequence[Tenant]) -> list[PublicationRow]:
    """List government publications whose items speak of the same things as items of the village."""
    values = {"tenants_above": tuple(tenant.id for tenant in above)}
    return to_rows(to_entries(read_rows(session, _linked_statement(), values)))


@cache
def _linked_statement() -> Statement:
    linked = select(ItemLink.government_item).where(ItemLink.state == "confirmed")
    is_linked = Publication.item_id.in_(linked)
    newest = select_newest_ids(("tenants",), ROWS_OF_A_BLOCK, "_above", is_linked)
    return select_entries().where(Publication.id.in_(newest)).order_by(*NEWEST_FIRST)


def list_genre_links(session: Session, tenant: Tenant) -> list[CountedLink]:
    """List the genres in which the tenant has published, with counts, the largest first."""
    counts = counts_by_genre(session, Wanted(tenants=(tenant.id,)))
    return [
        CountedLink(genre, genre, tenant_url("publishing.index", genre=genre), count)
        for genre, count in counts.items()
    ]


def load_interpretations(
    session: Session, policy_ids: Sequence[int]
) -> dict[int, list[RelatedLink]]:
    """Load what explains each of these policies, as far as it is published."""
    found: dict[int, list[RelatedLink]] = defaultdict(list)
    rows = read_rows(session, _interpretations_statement(), {"policies": tuple(policy_ids)})
    for policy_id, text_id, title, code in rows:
        link = RelatedLink(_("Interpretation"), title, publication_url(code, text_id))
        found[policy_id].append(link)
    return found


@cache
def _interpretations_statement() -> Statement:
    columns = (Interpretation.policy_id, Publication.id, Publication.title, Tenant.division_code)
    return (
        select(*columns)
        .join(Publication, Publication.id == Interpretation.interpretation_id)
        .join(Tenant, Tenant.id == Publication.tenant_id)
        .where(Interpretation.policy_id.in_(bindparam("policies", expanding=True)), is_public())
        .order_by(Publication.published_at, Publication.id)
    )
