"""Counties, townships and villages as search documents: by name, with their offices and phones."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import event, or_, select
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.attributes import get_history

from core.db.scope import ScopedSession
from core.db.tree import Tenant, below
from core.search.document import SearchDocument
from core.search.indexing.outbox import touch, touch_subtree
from core.search.registry import SearchKind, WordGroups
from core.tenancy.domain import PORTAL_LEVELS, short_name
from core.tenancy.models import Organ

KIND = "place"


def search_kind() -> SearchKind:
    """Return the kind that the search box knows places by."""
    return SearchKind(
        name=KIND, label=_l("Place"), load=load_documents, keys=all_keys, titled=_titled
    )


def _titled(session: Session, place: Tenant, wanted: WordGroups, most: int) -> Iterator[str]:
    """List places of such names: those above, and at and below the place."""
    from core.search.answering.database_fallback import says  # where no engine answers

    query = (
        select(Tenant.id)
        .where(or_(Tenant.id.in_(place.chain), below(place.path)), says(wanted, Tenant.name))
        .order_by(Tenant.path)
        .limit(most)
    )
    return (str(key) for key in session.scalars(query))


def load_documents(session: Session, keys: Sequence[str]) -> Iterator[SearchDocument]:
    """Load documents of the places with these ids that have a portal today."""
    ids = [int(key) for key in keys]
    query = select(Tenant).where(Tenant.id.in_(ids), Tenant.level.in_(PORTAL_LEVELS))
    places = list(session.scalars(query.where(Tenant.status == "active")))
    above = {node for place in places for node in place.chain}
    shown = select(Tenant.id, Tenant.name).where(Tenant.level.in_(PORTAL_LEVELS))
    named = session.execute(shown.where(Tenant.id.in_(above)))
    names = {row.id: row.name for row in named}
    organs: dict[int, list[Organ]] = {}
    for organ in session.scalars(select(Organ).where(Organ.tenant_id.in_(ids)).order_by(Organ.id)):
        organs.setdefault(organ.tenant_id, []).append(organ)
    for place in places:
        yield _document(place, names, organs.get(place.id, []))


def all_keys(session: Session, tenant_id: int | None) -> Iterator[str]:
    """List the ids of all places, or of one."""
    query = select(Tenant.id).where(Tenant.level.in_(PORTAL_LEVELS), Tenant.status == "active")
    if tenant_id is not None:
        query = query.where(Tenant.id == tenant_id)
    return (str(key) for key in session.scalars(query))


def _document(place: Tenant, names: dict[int, str], organs: Sequence[Organ]) -> SearchDocument:
    where = " ".join(names[node] for node in place.chain if node in names)
    offices = (" ".join(filter(None, (o.name, o.address, o.phone, o.hours))) for o in organs)
    return SearchDocument(
        kind=KIND,
        pk=str(place.id),
        scope=place.chain,
        title=short_name(place.name),
        summary=where,
        body="\n".join(offices),
        alias=place.name,
        path="",
        level=place.level,
        source_id=place.division_code,
    )


def watch_places() -> None:
    """Record changes of places and their organs in the transaction that makes them."""
    if not event.contains(ScopedSession, "after_flush", _touch_changed):
        event.listen(ScopedSession, "after_flush", _touch_changed)
        event.listen(ScopedSession, "do_orm_execute", _touch_inserted)


def _touch_inserted(state: ORMExecuteState) -> None:
    """Record places that are inserted many at once: the topmost, for all that lies below them."""
    mapper = state.bind_mapper
    if not state.is_insert or mapper is None or mapper.class_ is not Tenant:
        return
    given: Any = state.parameters or {}
    rows: list[dict[str, Any]] = given if isinstance(given, list) else [given]
    portals = {row["id"]: row for row in rows if row.get("level") in PORTAL_LEVELS}
    parents = {row["parent_id"] for row in portals.values()}
    for tenant_id, row in portals.items():
        if row["parent_id"] in portals:
            continue
        if tenant_id in parents:
            touch_subtree(state.session, tenant_id)
        else:
            touch(state.session, KIND, tenant_id, tenant_id)


def _touch_changed(session: Session, _context: object) -> None:
    changed = {
        row.tenant_id if isinstance(row, Organ) else row.id
        for row in (*session.new, *session.dirty, *session.deleted)
        if isinstance(row, (Tenant, Organ))
    }
    for tenant_id in sorted(changed):
        touch(session, KIND, tenant_id, tenant_id)
    for tenant_id in sorted(_list_moved(session)):
        touch_subtree(session, tenant_id)


def _list_moved(session: Session) -> set[int]:
    """List tenants of which everything changes: moved, suspended, or an organ has a new name."""
    found: set[int] = set()
    for row in session.dirty:
        if isinstance(row, Organ) and _changes(row, "name"):
            found.add(row.tenant_id)
        elif isinstance(row, Tenant) and _changes(row, "status", "level", "path"):
            found.add(row.id)
    return found


def _changes(row: Organ | Tenant, *names: str) -> bool:
    """Return whether a stored attribute changes; a new tenant's path is only being completed."""
    before = [get_history(row, name).deleted for name in names]
    return any(values and not str(values[0]).startswith("?") for values in before)
