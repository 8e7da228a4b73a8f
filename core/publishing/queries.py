"""Queries of published information for lists and counts, in few statements."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from core.clock import first_moment, local_day, now_scheduled, now_until, today
from core.db.tree import Tenant, below
from core.errors import NotFound
from core.publishing.models import Interpretation, Publication, PublicationRevision
from core.publishing.rules import LIVE, PublicationState, publicity_is_over
from core.publishing.workflow.references import is_of_one_place
from core.tenancy.models import Organ
from core.web.context import Context

SCHEDULE = "publications"
# Evaluated at each execution.
_PRESENT = bindparam(
    "present", callable_=lambda: now_scheduled(SCHEDULE), type_=Publication.published_at.type
)

Rows = Select[*tuple[Any, ...]]

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
    """Load the publication of an address; raises `NotFound`."""
    return get_publication(ctx.session, ctx.tenant, id)


def get_publication(session: Session, tenant: Tenant, publication_id: int) -> Publication:
    """Return a publication of the tenant; raises `NotFound` for any other."""
    query = select(Publication).where(
        Publication.id == publication_id, Publication.tenant_id == tenant.id
    )
    publication = session.scalar(query.options(joinedload(Publication.tenant)))
    if publication is None:
        raise NotFound(_("There is no such publication."))
    return publication


def published(session: Session, wanted: Wanted, *, limit: int, offset: int = 0) -> list[Entry]:
    """List published information, the newest first (repealed after those in force that day)."""
    order = (
        Publication.published_at.desc(),
        case((Publication.validity == "effective", 0), else_=1),
        Publication.id.desc(),
    )
    query = _entries(wanted).order_by(*order)
    rows = session.execute(query.limit(limit).offset(offset))
    return [Entry(*row) for row in rows]


def count_published(session: Session, wanted: Wanted) -> int:
    """Count published information."""
    return session.scalar(_from_published(select(func.count(Publication.id)), wanted)) or 0


def counts_by_genre(session: Session, wanted: Wanted) -> dict[str, int]:
    """Count publications by genre, the most frequent first."""
    return _counts(session, wanted, Publication.genre)


def counts_by_domain(session: Session, wanted: Wanted) -> dict[str, int]:
    """Count publications by domain key."""
    return _counts(session, wanted, Publication.domain)


def years_published(session: Session, wanted: Wanted) -> list[int]:
    """List the years with publications, the latest first."""
    bounds = select(func.min(Publication.published_at), func.max(Publication.published_at))
    row = session.execute(_from_published(bounds, wanted)).one()
    return [] if row[0] is None else list(range(_year(row[1]), _year(row[0]) - 1, -1))


def _year(moment: datetime) -> int:
    return local_day(moment).year


def _counts(session: Session, wanted: Wanted, column: Any) -> dict[str, int]:
    number = func.count(Publication.id)
    query = _from_published(select(column, number), wanted).where(column.is_not(None))
    rows = session.execute(query.group_by(column).order_by(number.desc(), column))
    return {str(name): count for name, count in rows if name}


def _entries(wanted: Wanted) -> Rows:
    query = _from_published(select(*_LISTED), wanted)
    return query.outerjoin(Organ, Organ.id == Publication.organ_id).outerjoin(
        PublicationRevision, _is_published_correction()
    )


def _is_published_correction() -> ColumnElement[bool]:
    """Build the condition: the revision that the public sees, if it is not the first."""
    return and_(
        PublicationRevision.publication_id == Publication.id,
        PublicationRevision.number == Publication.published_revision,
        PublicationRevision.number > 1,
        PublicationRevision.created_at > Publication.published_at,
    )


def _from_published(query: Rows, wanted: Wanted) -> Rows:
    return (
        query.select_from(Publication)
        .join(Tenant, Tenant.id == Publication.tenant_id)
        .where(*_conditions(wanted))
    )


def _conditions(wanted: Wanted) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [is_running() if wanted.running else is_public()]
    found.append(Tenant.status == "active")
    if wanted.under is not None:
        found.append(below(wanted.under.path))
    found += [column.in_(values) for column, values in _one_of(wanted) if values is not None]
    found += [column == value for column, value in _equal(wanted) if value is not None]
    if wanted.year is not None:
        found.append(_in_year(wanted.year))
    if wanted.since is not None:
        found.append(Publication.published_at >= first_moment(wanted.since))
    if wanted.until is not None:
        following = first_moment(wanted.until + timedelta(days=1))
        found.append(Publication.published_at < following)
    return found


def _one_of(wanted: Wanted) -> tuple[tuple[Any, Collection[Any] | None], ...]:
    return (
        (Publication.tenant_id, wanted.tenants),
        (Publication.genre, wanted.genres),
        (Publication.item_id, wanted.items),
    )


def _equal(wanted: Wanted) -> tuple[tuple[Any, Any], ...]:
    return (
        (Tenant.level, wanted.level),
        (Publication.domain, wanted.domain),
        (Publication.organ_id, wanted.organ_id),
    )


def is_public() -> ColumnElement[bool]:
    """Build the condition: the page is public (with its text, or 公示期已满), its day has come.

    The moment is read when a statement is executed, so that constant statements may have it.
    """
    return and_(Publication.state.in_(LIVE), Publication.published_at <= _PRESENT)


def is_running() -> ColumnElement[bool]:
    """Build the condition: the text is shown today."""
    until = Publication.publicity_until
    return and_(
        Publication.state == PublicationState.PUBLISHED,
        Publication.published_at <= _PRESENT,
        or_(until.is_(None), until >= today()),
    )


def find_next_appearance(session: Session) -> datetime | None:
    """Return when the next publication of the session's scope appears that is dated ahead."""
    ahead = Publication.published_at > now_until()
    return session.scalar(
        select(func.min(Publication.published_at)).where(Publication.state.in_(LIVE), ahead)
    )


def _in_year(year: int) -> ColumnElement[bool]:
    begins, ends = first_moment(date(year, 1, 1)), first_moment(date(year + 1, 1, 1))
    return and_(Publication.published_at >= begins, Publication.published_at < ends)


def list_interpretations(session: Session, publication_id: int) -> list[Entry]:
    """List the published interpretations (解读) of a publication."""
    return _joined(session, Interpretation.policy_id == publication_id, "interpretation_id")


def list_interpreted(session: Session, publication_id: int) -> list[Entry]:
    """List the published documents that a publication explains."""
    return _joined(session, Interpretation.interpretation_id == publication_id, "policy_id")


def _joined(session: Session, condition: ColumnElement[bool], other: str) -> list[Entry]:
    other_end = getattr(Interpretation, other)
    query = _entries(Wanted()).join(Interpretation, other_end == Publication.id)
    query = query.where(is_of_one_place())
    rows = session.execute(query.where(condition).order_by(Publication.published_at))
    return [Entry(*row) for row in rows]
