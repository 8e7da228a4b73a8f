"""Comparisons for pages: what waits on a desk, what the public sees, with both sides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from core import sdk
from core.sdk import Context, NotFound, Organ, Page, Publication, Scope, Tenant, open_session

from ..domain.life import SyncState, is_public
from ..manifest import NAME, VIEW
from ..models.sync import SyncComparison, SyncEvent

FILTERS = ("open", "late", "explained", "agrees", "unclear", "all")


@dataclass(frozen=True, slots=True)
class PublishedSide:
    """One side of a comparison on a page: its list, where it stands, and whom to ask."""

    title: str
    url: str
    place: str
    organ: str
    phone: str


def select_seen(ctx: Context, state: str = "all") -> Select[SyncComparison]:
    """Build the query of the comparisons that a person may see here, by what they are."""
    query = select(SyncComparison).where(
        ctx.scope(VIEW).condition(SyncComparison.organ_id), SyncComparison.state != SyncState.GONE
    )
    if state == "late":
        return query.where(is_late())
    return query if state == "all" else query.where(SyncComparison.state == state)


def is_late() -> ColumnElement[bool]:
    """Build the condition: open, and its term is over."""
    return and_(SyncComparison.state == SyncState.OPEN, SyncComparison.due_on < sdk.today())


def list_seen(ctx: Context, state: str, number: int) -> Page[SyncComparison]:
    """List comparisons on a desk: what is due first; villages by their code, never ranked."""
    query = select_seen(ctx, state).order_by(
        SyncComparison.due_on, SyncComparison.tenant_id, SyncComparison.id
    )
    return sdk.paginate(ctx.session, query, number, 30)


def count_open(ctx: Context) -> int:
    """Count what waits on this desk."""
    query = select_seen(ctx, "open").with_only_columns(func.count(SyncComparison.id))
    return ctx.session.scalar(query) or 0


def get_comparison(ctx: Context, comparison_id: int) -> SyncComparison:
    """Return a comparison of this place or one below; raises `NotFound`."""
    row = ctx.session.get(SyncComparison, comparison_id)
    if row is None or row.state == SyncState.GONE:
        raise NotFound(where=str(comparison_id))
    return row


def list_events(session: Session, row: SyncComparison) -> list[SyncEvent]:
    """List what happened to a comparison, the newest first."""
    query = select(SyncEvent).where(SyncEvent.comparison_id == row.id)
    return list(session.scalars(query.order_by(SyncEvent.id.desc())))


def load_sides(session: Session, row: SyncComparison) -> dict[str, PublishedSide]:
    """Load both sides of a comparison; a list that is not public (any more) is left out.

    The session must reach both (public scope).
    """
    sides = {
        "village": _load_side(session, row.village_publication_id),
        "government": _load_side(session, row.government_publication_id),
    }
    return {name: side for name, side in sides.items() if side is not None}


def load_sides_for_staff(row: SyncComparison, village: Tenant) -> dict[str, PublishedSide]:
    """Load both sides for a desk, which itself reaches no place above it."""
    with open_session(Scope.public(village)) as public:
        return load_sides(public, row)


def _load_side(session: Session, publication_id: int | None) -> PublishedSide | None:
    publication = session.get(Publication, publication_id) if publication_id else None
    if publication is None or not publication.is_public_now:
        return None
    tenant = session.get_one(Tenant, publication.tenant_id)
    organ = session.get(Organ, publication.organ_id) if publication.organ_id else None
    return PublishedSide(
        publication.title,
        sdk.tenant_url("publishing.show", tenant, id=publication.id),
        sdk.short_name(tenant.name),
        organ.name if organ else tenant.name,
        (organ.phone if organ else "") or "",
    )


def find_phone(village: Tenant, sides: dict[str, PublishedSide]) -> str:
    """Return whom the public asks about a difference: as was set, else the government's organ."""
    chosen = str(sdk.get_plugin_settings(NAME, village)["phone"])
    government = sides.get("government")
    return chosen or (government.phone if government else "")


def list_public(
    session: Session, conditions: Iterable[ColumnElement[bool]], most: int
) -> list[tuple[SyncComparison, dict[str, PublishedSide]]]:
    """List what everybody may see of some comparisons, with both sides, the newest batch first.

    What is open and in its term is internal; so is what has lost a side.
    """
    states = or_(SyncComparison.state.in_((SyncState.AGREES, SyncState.EXPLAINED)), is_late())
    query = (
        select(SyncComparison)
        .where(states, SyncComparison.tenant_id.in_(sdk.tenants_with(NAME)), *conditions)
        .order_by(SyncComparison.batch.desc(), SyncComparison.tenant_id, SyncComparison.id)
        .limit(most)
    )
    found = [(row, load_sides(session, row)) for row in session.scalars(query)]
    return [(row, sides) for row, sides in found if len(sides) == 2]


def find_public(session: Session, village: Tenant, comparison_id: int) -> SyncComparison:
    """Return a comparison of a village that everybody may see; raises `NotFound`."""
    row = session.get(SyncComparison, comparison_id)
    if (
        row is None
        or row.tenant_id != village.id
        or not is_public(SyncState(row.state), row.due_on, sdk.today())
    ):
        raise NotFound(where=str(comparison_id))
    return row


def load_places(session: Session, rows: Sequence[SyncComparison]) -> dict[int, Tenant]:
    """Load the villages of comparisons by id."""
    ids = {row.tenant_id for row in rows}
    return {place.id: place for place in session.scalars(select(Tenant).where(Tenant.id.in_(ids)))}
