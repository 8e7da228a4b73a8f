"""Publications on home pages: short lists, each one query with a limit."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import today
from core.db.tree import Tenant
from core.portal.link_list import CountedLink
from core.publishing.models import Interpretation, ItemLink, Publication
from core.publishing.queries import Entry, Wanted, counts_by_genre, is_public, published
from core.publishing.vocabulary import NOTICE, POLICIES, PUBLICITY
from core.web.urls import tenant_url

REPORT = "年度报告"

ROWS_OF_A_BLOCK = 7
# A policy takes two lines more, for what explains it.
POLICIES_OF_A_BLOCK = 5
ROWS_OF_A_VILLAGE = 24
NEWS_IN_DAYS = (30, 365)


@dataclass(frozen=True, slots=True)
class RelatedLink:
    """What a publication is joined with, e.g. its interpretation."""

    relation: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class PublicationRow:
    """A row of a list: title, organ, date, and what to know before opening it."""

    title: str
    url: str
    organ: str
    date: date
    tag: str
    tone: str = "quiet"
    related: Sequence[RelatedLink] = ()


@dataclass(frozen=True, slots=True)
class QuarterRows:
    """What a village published in one quarter."""

    name: str
    entries: Sequence[PublicationRow]


def list_notices(session: Session, tenants: Sequence[Tenant]) -> list[PublicationRow]:
    """List the newest notices of these tenants, none whose publicity period is over."""
    return _to_rows(_newest(session, tenants, (NOTICE, PUBLICITY), ROWS_OF_A_BLOCK))


def list_policies(session: Session, tenants: Sequence[Tenant]) -> list[PublicationRow]:
    """List the newest policies of these tenants, each with what explains it."""
    found = _newest(session, tenants, POLICIES, POLICIES_OF_A_BLOCK)
    return _to_rows(found, load_interpretations(session, [entry.id for entry in found]))


def list_annual_reports(session: Session, tenant: Tenant) -> list[PublicationRow]:
    """List the tenant's yearly reports, newest first."""
    wanted = Wanted(tenants=(tenant.id,), genres=(REPORT,))
    return _to_rows(published(session, wanted, limit=ROWS_OF_A_VILLAGE))


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
    return _to_rows(found)


def list_village_quarters(session: Session, village: Tenant) -> list[QuarterRows]:
    """Group a village's newest publications by the quarter in which they came out."""
    quarters: dict[tuple[int, int], list[PublicationRow]] = defaultdict(list)
    found = published(session, Wanted(tenants=(village.id,)), limit=ROWS_OF_A_VILLAGE)
    for row in _to_rows(found):
        quarters[row.date.year, (row.date.month + 2) // 3].append(row)
    return [
        QuarterRows(_("%(year)s, quarter %(quarter)s", year=year, quarter=quarter), rows)
        for (year, quarter), rows in quarters.items()
    ]


def list_linked_from_above(session: Session, above: Sequence[Tenant]) -> list[PublicationRow]:
    """List government publications whose items speak of the same things as items of the village."""
    query = select(ItemLink.government_item).where(ItemLink.state == "confirmed").distinct()
    wanted = Wanted(
        tenants=tuple(tenant.id for tenant in above), items=session.scalars(query).all()
    )
    return _to_rows(published(session, wanted, limit=ROWS_OF_A_BLOCK))


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
    query = (
        select(Interpretation.policy_id, Publication.id, Publication.title, Tenant.division_code)
        .join(Publication, Publication.id == Interpretation.interpretation_id)
        .join(Tenant, Tenant.id == Publication.tenant_id)
        .where(Interpretation.policy_id.in_(policy_ids), is_public())
        .order_by(Publication.published_at, Publication.id)
    )
    found: dict[int, list[RelatedLink]] = defaultdict(list)
    for row in session.execute(query):
        address = _address(row.division_code, row.id)
        found[row.policy_id].append(RelatedLink(_("Interpretation"), row.title, address))
    return found


def _newest(
    session: Session, tenants: Sequence[Tenant], genres: Sequence[str], limit: int
) -> list[Entry]:
    """Load the newest of some genres; tenant by tenant, so that each is read off its index."""
    found = [
        entry
        for tenant in tenants
        for entry in published(
            session, Wanted(tenants=(tenant.id,), genres=genres, running=True), limit=limit
        )
    ]
    return sorted(found, key=lambda entry: entry.published_at, reverse=True)[:limit]


def _to_rows(
    entries: Sequence[Entry], related: Mapping[int, Sequence[RelatedLink]] | None = None
) -> list[PublicationRow]:
    return [
        PublicationRow(
            title=entry.title,
            url=_address(entry.code, entry.id),
            organ=entry.organ or entry.place,
            date=entry.published_on,
            tag=_tag(entry),
            related=(related or {}).get(entry.id, ()),
        )
        for entry in entries
    ]


def _tag(entry: Entry) -> str:
    """Say what a reader must know before opening it; empty where there is nothing."""
    words = {"repealed": _("repealed"), "lapsed": _("no longer in force")}
    return words.get(entry.validity) or (_("publicity period over") if entry.is_over else "")


def _address(code: str, publication_id: int) -> str:
    return url_for("publishing.show", code=code, id=publication_id)
