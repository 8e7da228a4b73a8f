"""The public list of publications: filters, and rows for the components."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.bounds import FIRST_DAY, LAST_DAY
from core.catalog.effective import effective_catalog
from core.db.tree import Tenant
from core.publishing.queries import (
    Entry,
    Wanted,
    count_published,
    load_group_counts,
    published,
)
from core.web import params

ROWS_ON_A_PAGE = 20
_LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class FilterOption:
    """A value of a filter, with the number of publications; they are in no groups."""

    value: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list, with its filters."""

    wanted: Wanted
    entries: Sequence[Entry]
    total: int
    page: int
    pages: int
    genres: Sequence[FilterOption]
    domains: Sequence[FilterOption]
    years: Sequence[FilterOption]


def build_listing(session: Session, tenant: Tenant) -> Listing:
    """Build the page for the query string; unknown filters are ignored."""
    everything = Wanted(tenants=(tenant.id,))
    wanted = replace(
        everything,
        genres=_one("genre"),
        domain=params.text("domain", _LONGEST_TEXT) or None,
        items=_one("item"),
        year=params.number("year", least=FIRST_DAY.year, most=LAST_DAY.year) or None,
    )
    counts = load_group_counts(session, everything)
    total = (
        count_published(session, wanted)
        if wanted.items or wanted.year
        else counts.count(wanted.genres, wanted.domain)
    )
    pages = max(1, -(-total // ROWS_ON_A_PAGE))
    page = min(params.page_number(), pages)
    offset = (page - 1) * ROWS_ON_A_PAGE
    return Listing(
        wanted=wanted,
        entries=published(session, wanted, limit=ROWS_ON_A_PAGE, offset=offset),
        total=total,
        page=page,
        pages=pages,
        genres=_choices((value, value, count) for value, count in counts.by_genre.items()),
        domains=_domains(session, tenant, counts.by_domain),
        years=[FilterOption(str(year), str(year)) for year in counts.years],
    )


def _domains(session: Session, tenant: Tenant, counts: Mapping[str, int]) -> list[FilterOption]:
    known = effective_catalog(session, tenant).catalog.domains
    return _choices(
        (key, known[key].name if key in known else key, count) for key, count in counts.items()
    )


def _choices(values: Iterable[tuple[str, str, int]]) -> list[FilterOption]:
    """Build options of values, their names and numbers."""
    label = _("%(name)s (%(count)s)")
    return [
        FilterOption(value, label % {"name": name, "count": count}) for value, name, count in values
    ]


def _one(name: str) -> tuple[str] | None:
    text = params.text(name, _LONGEST_TEXT)
    return (text,) if text else None
