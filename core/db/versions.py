"""Versions of what the pages of a place can show, raised in the transaction of every change.

A kept page is valid while the numbers stand under which it was made (`core.web.page_cache`). Each
change of a row of a place raises the place's numbers and `subtree` of those above it, up to the
county, once a transaction and as its last statement, in the order of ids: so writers hold the
county's row for an instant only, and never wait for each other in a circle.

What counts is known from the models (`Base.shown_on_pages`), so that no service has to remember it.
Places without a row have the numbers 0.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, bindparam, event, inspect, select
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, SessionTransaction, mapped_column

from core.db.base import Base, TenantScoped
from core.db.bulk import insert_or_update
from core.db.scope import Reach, Scope, ScopedSession
from core.db.tree import Tenant, ids_on
from core.validity.answers import note_rows_read

# Numbers that are no place's: what every page shows (the tree, calendars), and the search index.
EVERYWHERE, SEARCH_INDEX = 0, -1
# A transaction that changes more places than this changes all pages.
MOST_PLACES = 300

_CHANGED, _RAISED = "changed_places", "raised_versions"
_PATHS = select(Tenant.path).where(Tenant.id.in_(bindparam("ids", expanding=True)))
_PORTALS = select(Tenant.id).where(
    Tenant.id.in_(bindparam("ids", expanding=True)),
    Tenant.level.in_(("county", "township", "village")),
)


class PageVersion(Base):
    """How often something changed that pages of a place show: its own, and with all below it."""

    __tablename__ = "page_version"
    __table_args__ = (CheckConstraint("own >= 0 AND subtree >= 0", name="rises"),)
    shown_on_pages = False

    place_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="tenant, 0 all places, -1 the search index"
    )
    own: Mapped[int] = mapped_column(BigInteger, default=0)
    subtree: Mapped[int] = mapped_column(BigInteger, default=0)


SELECT_VERSIONS = select(PageVersion.place_id, PageVersion.own, PageVersion.subtree).where(
    PageVersion.place_id.in_(bindparam("ids", expanding=True))
)


def load_versions(session: Session, places: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return the numbers of places as the database has them now: own, and with all below."""
    ids = list(places)
    rows = session.execute(SELECT_VERSIONS, {"ids": ids}).all()
    return dict.fromkeys(ids, (0, 0)) | {place: (own, subtree) for place, own, subtree in rows}


class _Raises:
    """How often this process has raised versions: what it holds of them is older then."""

    count = 0


def count_raises() -> int:
    """Return how often this process has committed raised versions."""
    return _Raises.count


def mark_changed(session: Session, *places: int) -> None:
    """Raise the versions of these places when the session's transaction commits.

    Rows that the session writes mark their places by themselves; this is for what pages show that
    is no row, e.g. `SEARCH_INDEX`.
    """
    session.info.setdefault(_CHANGED, set()).update(places)


def _note_rows(session: Session, *_: Any) -> None:
    """Mark the places of the rows that a flush writes."""
    changed = (row for row in session.dirty if session.is_modified(row))
    for row in (*session.new, *changed, *session.deleted):
        if row.shown_on_pages:
            mark_changed(session, *_places_of_row(row))


def _places_of_row(row: Any) -> Iterable[int]:
    """Return where a row is shown; one of no tenant may be shown everywhere."""
    if not isinstance(row, TenantScoped):
        return (EVERYWHERE,)
    before = inspect(row, raiseerr=True).attrs.tenant_id.history.deleted
    return (row.tenant_id, *(each for each in before or () if each))


def _note_statement(state: ORMExecuteState) -> Any:
    """Execute a statement that writes many rows, and mark their places if there were any."""
    if state.is_select or state.bind_mapper is None or state.is_from_statement:
        return None
    model = state.bind_mapper.class_
    if not (state.is_insert or state.is_update or state.is_delete) or not model.shown_on_pages:
        return None
    places = _places_of_statement(state, model)
    result = state.invoke_statement()
    if not isinstance(result, CursorResult) or result.rowcount != 0:
        mark_changed(state.session, *places)
    return result


def _places_of_statement(state: ORMExecuteState, model: type[Any]) -> Iterable[int]:
    """Return the places whose rows a statement writes; asked before it does."""
    scope: Scope | None = state.session.info.get("scope")
    if not issubclass(model, TenantScoped) or scope is None:
        return (EVERYWHERE,)
    if scope.reach is Reach.OWN:
        return (scope.tenant_id,)
    condition = getattr(state.statement, "whereclause", None)
    if state.is_insert or condition is None:
        return (EVERYWHERE,)
    owners = select(model.tenant_id).where(condition).distinct()
    return state.session.scalars(owners, state.parameters).all()


def _raise_versions(session: Session) -> None:
    """Raise the versions of all marked places: the last that a transaction does."""
    if session.in_nested_transaction():
        return
    if session.new or session.dirty or session.deleted:
        session.flush()
    changed: set[int] = session.info.pop(_CHANGED, set())
    if not changed:
        return
    chains, rows = _list_raises(session, changed)
    session.execute(_upsert(session, rows))
    session.info[_RAISED] = chains


def list_raised(session: Session) -> Sequence[tuple[int, ...]]:
    """List the chains of the places whose versions the transaction raises, as it is committed.

    The chain of what all pages show is empty; the search index is no place.
    """
    chains: Sequence[tuple[int, ...]] = session.info.get(_RAISED, ())
    return chains


def _list_raises(
    session: Session, changed: set[int]
) -> tuple[Sequence[tuple[int, ...]], list[dict[str, int]]]:
    """List the changed places by their chains, and by how much to raise which numbers, by id."""
    if len(changed) > MOST_PLACES:
        changed = {EVERYWHERE} | (changed & {SEARCH_INDEX})
    places = sorted(place for place in changed if place > 0)
    paths = session.scalars(_PATHS, {"ids": places}).all() if places else ()
    chains = [ids_on(path) for path in paths]
    above = {each for chain in chains for each in chain} - changed
    portals = session.scalars(_PORTALS, {"ids": sorted(above)}).all() if above else ()
    rows = [{"place_id": place, "own": 1, "subtree": 1} for place in changed]
    rows += [{"place_id": place, "own": 0, "subtree": 1} for place in portals]
    raised = [()] if EVERYWHERE in changed else chains
    return raised, sorted(rows, key=lambda row: row["place_id"])


def _upsert(session: Session, rows: list[dict[str, int]]) -> Any:
    insert = insert_or_update(session, PageVersion).values(rows)
    return insert.on_conflict_do_update(
        index_elements=[PageVersion.place_id],
        set_={
            "own": PageVersion.own + insert.excluded.own,
            "subtree": PageVersion.subtree + insert.excluded.subtree,
        },
    )


def _count_raise(session: Session) -> None:
    if session.get_nested_transaction() is None and session.info.pop(_RAISED, None) is not None:
        _Raises.count += 1


def _forget(session: Session, ended: SessionTransaction) -> None:
    """Drop what was marked in a transaction that is rolled back as a whole."""
    if ended.parent is None:
        session.info.pop(_CHANGED, None)
        session.info.pop(_RAISED, None)


def _note_reading(*_: Any) -> None:
    """Note that what is made reads rows: a session begins with its first statement."""
    note_rows_read()


event.listen(ScopedSession, "after_begin", _note_reading)
event.listen(ScopedSession, "after_flush", _note_rows)
event.listen(ScopedSession, "do_orm_execute", _note_statement)
event.listen(ScopedSession, "before_commit", _raise_versions)
event.listen(ScopedSession, "after_commit", _count_raise)
event.listen(ScopedSession, "after_soft_rollback", _forget)
