"""What home pages show of publications: short lists, each one query with a limit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session

from core.db.tree import Tenant, below
from core.portal.words import Word
from core.publishing.models import Interpretation, ItemLink, Publication
from core.publishing.rules import LIVE, State
from core.tenancy.models import Organ
from core.web.urls import tenant_url

NOTICES = ("通知公告", "公告", "通告", "公示")
POLICIES = ("政策文件", "规范性文件")
REPORTS = ("年度报告",)

ROWS_OF_A_BLOCK = 7
POLICIES_OF_A_BLOCK = 5
ROWS_OF_A_VILLAGE = 24
# Village affairs come out at least once a quarter; what is older than a year is no news.
NEWS = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Related:
    """What a publication is joined with, e.g. its interpretation."""

    relation: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a list: title, organ, date."""

    title: str
    url: str
    organ: str
    date: date
    tag: str = ""
    tone: str = ""
    related: Sequence[Related] = field(default=())


@dataclass(frozen=True, slots=True)
class Quarter:
    """What a village published in one quarter."""

    name: str
    entries: Sequence[Entry]


def notices(session: Session, tenants: Sequence[Tenant]) -> list[Entry]:
    """The newest notices of these tenants."""
    query = _newest(Publication.genre.in_(NOTICES), _owned_by(tenants))
    return _entries(session.execute(query.limit(ROWS_OF_A_BLOCK)))


def policies(session: Session, tenants: Sequence[Tenant]) -> list[Entry]:
    """The newest policies of these tenants, each with what explains it."""
    query = _newest(Publication.genre.in_(POLICIES), _owned_by(tenants))
    found = session.execute(query.limit(POLICIES_OF_A_BLOCK)).all()
    return _entries(found, interpretations_of(session, [row.id for row in found]))


def annual_reports(session: Session, tenant: Tenant) -> list[Entry]:
    """The tenant's yearly reports, newest first."""
    query = _newest(Publication.genre.in_(REPORTS), _owned_by([tenant]))
    return _entries(session.execute(query.limit(ROWS_OF_A_VILLAGE)))


def village_news(session: Session, tenant: Tenant) -> list[Entry]:
    """What the villages and communities below published in the last year, newest first."""
    villages = select(Tenant.id).where(below(tenant.path), Tenant.level == "village")
    since = datetime.now(UTC) - NEWS
    query = _newest(Publication.tenant_id.in_(villages), Publication.published_at >= since)
    return _entries(session.execute(query.limit(ROWS_OF_A_BLOCK)))


def village_quarters(session: Session, village: Tenant) -> list[Quarter]:
    """A village's newest publications by the quarter in which they came out."""
    rows = session.execute(_newest(_owned_by([village])).limit(ROWS_OF_A_VILLAGE))
    quarters: dict[tuple[int, int], list[Entry]] = defaultdict(list)
    for entry in _entries(rows):
        quarters[entry.date.year, (entry.date.month + 2) // 3].append(entry)
    return [
        Quarter(_("%(year)s, quarter %(quarter)s", year=year, quarter=quarter), entries)
        for (year, quarter), entries in quarters.items()
    ]


def linked_from_above(session: Session, above: Sequence[Tenant]) -> list[Entry]:
    """Government publications whose items speak of the same things as items of the village."""
    linked = select(ItemLink.government_item).where(ItemLink.state == "confirmed")
    query = _newest(Publication.item_id.in_(linked), _owned_by(above))
    return _entries(session.execute(query.limit(ROWS_OF_A_BLOCK)))


def genre_words(session: Session, tenant: Tenant) -> list[Word]:
    """The genres in which the tenant has published, with counts, the largest first."""
    number = func.count(Publication.id)
    query = (
        select(Publication.genre, number)
        .where(_owned_by([tenant]), Publication.state.in_(LIVE), Publication.genre != "")
        .group_by(Publication.genre)
        .order_by(number.desc(), Publication.genre)
    )
    return [
        Word(genre, genre, tenant_url("publishing.index", genre=genre), count)
        for genre, count in session.execute(query)
    ]


def interpretations_of(session: Session, policy_ids: Sequence[int]) -> dict[int, list[Related]]:
    """What explains each of these policies, as far as it is published."""
    query = (
        select(Interpretation.policy_id, Publication.id, Publication.title, Tenant.division_code)
        .join(Publication, Publication.id == Interpretation.interpretation_id)
        .join(Tenant, Tenant.id == Publication.tenant_id)
        .where(Interpretation.policy_id.in_(policy_ids), Publication.state.in_(LIVE))
        .order_by(Publication.published_at, Publication.id)
    )
    found: dict[int, list[Related]] = defaultdict(list)
    for row in session.execute(query):
        address = _address(row.division_code, row.id)
        found[row.policy_id].append(Related(_("Interpretation"), row.title, address))
    return found


def _newest(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Live publications with their organ and tenant, newest first; never their text."""
    return (
        select(
            Publication.id,
            Publication.title,
            Publication.published_at,
            Publication.state,
            Publication.validity,
            Organ.name.label("organ"),
            Tenant.division_code,
            Tenant.name.label("place"),
        )
        .outerjoin(Organ, Organ.id == Publication.organ_id)
        .join(Tenant, Tenant.id == Publication.tenant_id)
        .where(Publication.state.in_(LIVE), *conditions)
        .order_by(Publication.published_at.desc(), Publication.id.desc())
    )


def _owned_by(tenants: Sequence[Tenant]) -> ColumnElement[bool]:
    return Publication.tenant_id.in_([tenant.id for tenant in tenants])


def _entries(
    rows: Iterable[Row[*tuple[Any, ...]]], related: Mapping[int, Sequence[Related]] | None = None
) -> list[Entry]:
    zone = ZoneInfo(current_app.extensions["gongkai"].timezone)
    return [
        Entry(
            title=row.title,
            url=_address(row.division_code, row.id),
            organ=row.organ or row.place,
            date=row.published_at.astimezone(zone).date(),
            tag=_tag(row),
            tone="quiet",
            related=(related or {}).get(row.id, ()),
        )
        for row in rows
    ]


def _tag(row: Row[*tuple[Any, ...]]) -> str:
    """What a reader must know before opening it."""
    words = {"repealed": _("repealed"), "lapsed": _("no longer in force")}
    over = _("publicity period over") if row.state == State.EXPIRED else ""
    return words.get(row.validity) or over


def _address(code: str, publication_id: int) -> str:
    return url_for("publishing.show", code=code, id=publication_id)
