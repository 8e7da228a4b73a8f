"""Queries of published information for lists and counts, in few statements.

Nearly every page has some, so they are built once for each choice of filters (`_named_filters`) and
take the values as parameters (docs/decisions/0011).
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from operator import itemgetter
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from core.clock import first_moment, local_day, now_scheduled, now_until, today
from core.db.reading import Rows, columns_of, read_rows, to_object
from core.db.tree import Tenant, path_end
from core.errors import NotFound
from core.publishing.models import Publication, PublicationRevision
from core.publishing.rules import LIVE, PublicationState, publicity_is_over
from core.tenancy.models import Organ
from core.web.context import Context

SCHEDULE = "publications"
# Evaluated at each execution.
_PRESENT = bindparam(
    "present", callable_=lambda: now_scheduled(SCHEDULE), type_=Publication.published_at.type
)
_THIS_DAY = bindparam("this_day", callable_=today, type_=Publication.publicity_until.type)

Statement = Select[*tuple[Any, ...]]

# Of one day those in force come first.
NEWEST_FIRST = (
    Publication.published_at.desc(),
    case((Publication.validity == "effective", 0), else_=1),
    Publication.id.desc(),
)

_LISTED = (
    Publication.id,
    Publication.title,
    Publication.summary,
    Publication.index_number,
    Publication.document_number,
    Publication.formed_on,
    Publication.published_at,
    PublicationRevision.created_at.label("corrected_at"),
    Publication.genre,
    Publication.item_id,
    Publication.domain,
    Publication.validity,
    Publication.state,
    Publication.publicity_until,
    Publication.tenant_id,
    Tenant.division_code.label("code"),
    Tenant.name.label("place"),
    Organ.name.label("organ"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A publication in a list; `code` and `place` are its tenant's.

    `corrected_at` is when the correction that is shown was written.
    """

    id: int
    title: str
    summary: str
    index_number: str | None
    document_number: str | None
    formed_on: date | None
    published_at: datetime
    corrected_at: datetime | None
    genre: str
    item_id: str | None
    domain: str | None
    validity: str
    state: str
    publicity_until: date | None
    tenant_id: int
    code: str
    place: str
    organ: str | None

    @property
    def published_on(self) -> date:
        """The day of publication."""
        return local_day(self.published_at)

    @property
    def is_over(self) -> bool:
        """Whether its publicity period has ended: neither text nor summary are shown."""
        if self.publicity_until is None:
            return self.state == PublicationState.EXPIRED
        return self.state == PublicationState.EXPIRED or publicity_is_over(
            self.publicity_until, today()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Filter of published information; `None` does not narrow.

    `tenants` are ids; `under` is a tenant with everything below it. `since` and `until` are the
    first and last day of publication. `running` leaves out those whose publicity period is over.
    """

    tenants: Collection[int] | None = None
    under: Tenant | None = None
    level: str | None = None
    genres: Collection[str] | None = None
    domain: str | None = None
    items: Collection[str] | None = None
    organ_id: int | None = None
    year: int | None = None
    since: date | None = None
    until: date | None = None
    running: bool = False


def load_publication(ctx: Context, id: int) -> Publication:  # noqa: A002 - as addresses name it
    """Load the publication of an address with its organ; raises `NotFound`."""
    return get_publication(ctx.session, ctx.tenant, id)


def get_publication(session: Session, tenant: Tenant, publication_id: int) -> Publication:
    """Return a publication of the tenant with its organ; raises `NotFound` for any other."""
    values = {"id": publication_id, "tenant": tenant.id}
    rows = read_rows(session, _publication_statement(), values)
    if not rows:
        raise NotFound(_("There is no such publication."))
    own = len(columns_of(Publication))
    publication = to_object(session, Publication, rows[0][:own])
    organ = to_object(session, Organ, rows[0][own:]) if any(rows[0][own:]) else None
    set_committed_value(publication, "tenant", tenant)
    set_committed_value(publication, "organ", organ)
    return publication


def published(session: Session, wanted: Wanted, *, limit: int, offset: int = 0) -> list[Entry]:
    """List published information, the newest first (repealed after those in force that day)."""
    values = {**_values(wanted), "limit": limit, "offset": offset}
    return to_entries(read_rows(session, _list_statement(_named_filters(wanted)), values))


def to_entries(rows: Iterable[Sequence[Any]]) -> list[Entry]:
    """Convert rows of `select_entries` to entries."""
    return [Entry(*row) for row in rows]


def count_published(session: Session, wanted: Wanted) -> int:
    """Count published information."""
    statement = _count_statement(_named_filters(wanted))
    return int(read_rows(session, statement, _values(wanted))[0][0])


def counts_by_genre(session: Session, wanted: Wanted) -> dict[str, int]:
    """Count publications by genre, the most frequent first."""
    return load_group_counts(session, wanted).by_genre


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """How many publications there are by genre and domain, and of which years the outermost are.

    `rows` are genre, domain, their number, and the first and last moment of publication.
    """

    rows: Rows

    @property
    def by_genre(self) -> dict[str, int]:
        """Numbers by genre, the most frequent first."""
        return self._sum(0)

    @property
    def by_domain(self) -> dict[str, int]:
        """Numbers by key of the domain, the most frequent first."""
        return self._sum(1)

    @property
    def years(self) -> list[int]:
        """The years with publications, the latest first."""
        if not self.rows:
            return []
        first, last = min(map(itemgetter(3), self.rows)), max(map(itemgetter(4), self.rows))
        return list(range(local_day(last).year, local_day(first).year - 1, -1))

    def count(self, genres: Collection[str] | None, domain: str | None) -> int:
        """Return the number of publications of these genres and this domain; `None` is any."""
        return sum(
            row[2]
            for row in self.rows
            if (genres is None or row[0] in genres) and (domain is None or row[1] == domain)
        )

    def _sum(self, column: int) -> dict[str, int]:
        found: Counter[str] = Counter()
        for row in self.rows:
            if row[column]:
                found[row[column]] += row[2]
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def load_group_counts(session: Session, wanted: Wanted) -> GroupCounts:
    """Count publications by genre and domain."""
    statement = _group_statement(_named_filters(wanted))
    return GroupCounts(read_rows(session, statement, _values(wanted)))


def select_entries(filters: Sequence[str] = ()) -> Statement:
    """Build the query of entries, narrowed by filters whose values `Wanted` names."""
    query = _from_published(select(*_LISTED), filters)
    return query.outerjoin(Organ, Organ.id == Publication.organ_id).outerjoin(
        PublicationRevision, _is_published_correction()
    )


def select_newest_ids(
    filters: Sequence[str],
    limit: int,
    suffix: str = "",
    *conditions: ColumnElement[bool],
    through: type[Any] | None = None,
) -> Statement:
    """Build a query of the ids of the newest publications, for `Publication.id.in_`.

    The parameters of the filters end in the suffix, so that several may stand in one statement.
    The conditions may be about rows of the table `through`, which few publications belong to.
    """
    query = _from_published(select(Publication.id), filters, suffix).where(*conditions)
    if through is not None:
        query = query.join(through, true()).group_by(Publication.id)
    newest = query.order_by(*NEWEST_FIRST).limit(limit).subquery()
    return select(newest.c.id)


def _is_published_correction() -> ColumnElement[bool]:
    """Build the condition: the revision that the public sees, if it is not the first."""
    return and_(
        PublicationRevision.publication_id == Publication.id,
        PublicationRevision.number == Publication.published_revision,
        PublicationRevision.number > 1,
        PublicationRevision.created_at > Publication.published_at,
    )


def _from_published(query: Statement, filters: Sequence[str], suffix: str = "") -> Statement:
    return (
        query.select_from(Publication)
        .join(Tenant, Tenant.id == Publication.tenant_id)
        .where(
            is_running() if "running" in filters else is_public(),
            Tenant.status == "active",
            *(condition(suffix) for name, condition in _CONDITIONS.items() if name in filters),
        )
    )


def _one_of(column: Any, name: str) -> Callable[[str], ColumnElement[bool]]:
    return lambda suffix: column.in_(bindparam(name + suffix, expanding=True))


def _equal(column: Any, name: str) -> Callable[[str], ColumnElement[bool]]:
    return lambda suffix: column == bindparam(name + suffix, type_=column.type)


def _between(column: Any, first: str, end: str) -> Callable[[str], ColumnElement[bool]]:
    return lambda suffix: and_(
        column >= bindparam(first + suffix, type_=column.type),
        column < bindparam(end + suffix, type_=column.type),
    )


# By the name of the field of `Wanted`; the parameters are those of `_values`.
_CONDITIONS: dict[str, Callable[[str], ColumnElement[bool]]] = {
    "under": _between(Tenant.path, "under", "under_end"),
    "tenants": _one_of(Publication.tenant_id, "tenants"),
    "genres": _one_of(Publication.genre, "genres"),
    "items": _one_of(Publication.item_id, "items"),
    "level": _equal(Tenant.level, "level"),
    "domain": _equal(Publication.domain, "domain"),
    "organ_id": _equal(Publication.organ_id, "organ_id"),
    "year": _between(Publication.published_at, "year", "year_end"),
    "since": lambda suffix: Publication.published_at >= _moment("since" + suffix),
    "until": lambda suffix: Publication.published_at < _moment("until" + suffix),
}


def _moment(name: str) -> BindParameter[Any]:
    return bindparam(name, type_=Publication.published_at.type)


def _named_filters(wanted: Wanted) -> tuple[str, ...]:
    """Return the names of the filters that narrow: a statement is kept for each such choice."""
    running = ("running",) if wanted.running else ()
    return running + tuple(name for name in _CONDITIONS if getattr(wanted, name) is not None)


def _values(wanted: Wanted) -> dict[str, Any]:
    """Return the values of the filters that narrow."""
    values = {name: value for name in _CONDITIONS if (value := getattr(wanted, name)) is not None}
    for name in _LISTS & values.keys():
        values[name] = tuple(values[name])
    if wanted.under is not None:
        values.update(under=wanted.under.path, under_end=path_end(wanted.under.path))
    if wanted.year is not None:
        begins, ends = date(wanted.year, 1, 1), date(wanted.year + 1, 1, 1)
        values.update(year=first_moment(begins), year_end=first_moment(ends))
    if wanted.since is not None:
        values["since"] = first_moment(wanted.since)
    if wanted.until is not None:
        values["until"] = first_moment(wanted.until + timedelta(days=1))
    return values


_LISTS = frozenset({"tenants", "genres", "items"})


@cache
def _list_statement(filters: tuple[str, ...]) -> Statement:
    query = select_entries(filters).order_by(*NEWEST_FIRST)
    return query.limit(bindparam("limit", type_=Integer)).offset(bindparam("offset", type_=Integer))


@cache
def _count_statement(filters: tuple[str, ...]) -> Statement:
    return _from_published(select(func.count(Publication.id)), filters)


@cache
def _group_statement(filters: tuple[str, ...]) -> Statement:
    at, columns = Publication.published_at, (Publication.genre, Publication.domain)
    counted = select(*columns, func.count(Publication.id), func.min(at), func.max(at))
    return _from_published(counted, filters).group_by(*columns)


def is_public() -> ColumnElement[bool]:
    """Build the condition: the page is public (with its text, or 公示期已满), its day has come.

    What its item's channels keep to paper is not (`is_on_web`), nor what is offline. The moment is
    read when a statement is executed, so that constant statements may have it.
    """
    return and_(
        Publication.state.in_(LIVE), Publication.published_at <= _PRESENT, is_on_web(), _is_seen()
    )


def _is_seen() -> ColumnElement[bool]:
    """Build the condition: nobody has taken it offline in an emergency."""
    return Publication.hidden_since.is_(None)


def is_on_web() -> ColumnElement[bool]:
    """Build the condition: channels and audience of its item let it be on the web today."""
    off = Publication.off_web_from
    return or_(off.is_(None), off > _THIS_DAY)


def is_on_board() -> ColumnElement[bool]:
    """Build the condition: published today, on paper only."""
    return and_(
        Publication.state.in_(LIVE),
        Publication.published_at <= _PRESENT,
        Publication.off_web_from <= _THIS_DAY,
        _is_seen(),
    )


def is_running() -> ColumnElement[bool]:
    """Build the condition: the text is shown today; read when a statement is executed."""
    until = Publication.publicity_until
    return and_(
        Publication.state == PublicationState.PUBLISHED,
        Publication.published_at <= _PRESENT,
        is_on_web(),
        _is_seen(),
        or_(until.is_(None), until >= _THIS_DAY),
    )


def find_next_appearance(session: Session) -> datetime | None:
    """Return when the next publication of the session's scope appears that is dated ahead."""
    ahead = Publication.published_at > now_until()
    return session.scalar(
        select(func.min(Publication.published_at)).where(Publication.state.in_(LIVE), ahead)
    )


@cache
def _publication_statement() -> Statement:
    query = select(*columns_of(Publication), *columns_of(Organ))
    return query.outerjoin(Organ, Organ.id == Publication.organ_id).where(
        Publication.id == bindparam("id"), Publication.tenant_id == bindparam("tenant")
    )
