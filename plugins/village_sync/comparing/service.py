"""Compare what villages and the government have published; what differs becomes a case.

Runs after each change of a publication and by the clock. It finds what has changed by itself and
may run twice, in two processes or after a crash: the same lists give the same comparisons.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import sdk
from core.sdk import Publication, Scope, Tenant, open_session, tenants_with

from ..domain.kinds import names_one
from ..manifest import NAME
from ..models.sync import ReadPublication, SyncComparison
from ..pairs.queries import LinkedPair, load_kinds, load_pairs
from .cases import Side, store_comparison, store_end
from .sheets import SheetReader

_PURPOSE = "village_sync"
_COLUMNS = (
    Publication.id,
    Publication.tenant_id,
    Publication.item_id,
    Publication.published_revision,
    Publication.state,
    Publication.published_at,
    Publication.off_web_from,
)


@dataclass(slots=True)
class SyncRun:
    """What is to be compared in a county: its pairs, villages, and stamps of what was read.

    `dropped` are publications read before whose items belong to no pair any more.
    """

    pairs: list[LinkedPair]
    stamps: dict[int, tuple[int, str]] = field(default_factory=dict)
    villages: list[int] = field(default_factory=list)
    dropped: set[int] = field(default_factory=set)


def compare_changed() -> int:
    """Compare wherever something has changed since it was compared; return how many villages."""
    active = set(tenants_with(NAME))
    with open_session(None) as session:
        counties = _list_counties(session, active)
    return sum(compare_county(county, active) for county in counties)


def _list_counties(session: Session, active: set[int]) -> Sequence[Tenant]:
    """List the counties with villages where the plugin is on; it may be off at themselves."""
    villages = session.scalars(
        select(Tenant).where(Tenant.level == "village", Tenant.id.in_(active))
    )
    above = {place for village in villages for place in village.chain}
    return session.scalars(
        select(Tenant).where(Tenant.level == "county", Tenant.id.in_(above))
    ).all()


def compare_county(county: Tenant, active: set[int]) -> int:
    """Compare the villages of a county whose lists, or those about them, have changed."""
    scope = Scope.subtree(county, _PURPOSE)
    with open_session(scope) as session:
        run = find_changes(session, county, active)
    reader = SheetReader(load_kinds())
    count = sdk.for_each_in_own_transaction(
        scope, run.villages, lambda session, key: compare_village(session, key, run.pairs, reader)
    )
    if (run.stamps or run.dropped) and not count.failed:
        with open_session(scope) as session:
            _store_stamps(session, run)
    return count.done


def find_changes(session: Session, county: Tenant, active: set[int]) -> SyncRun:
    """Find the villages to compare: their own lists have changed, or the government's."""
    run = SyncRun(load_pairs(session, county))
    by_item = _group_by_item(run.pairs)
    places = {place.id: place for place in _list_places(session, county)}
    rows = session.execute(
        select(*_COLUMNS).where(
            Publication.item_id.in_(by_item), Publication.published_revision.is_not(None)
        )
    ).all()
    query = select(ReadPublication.publication_id, ReadPublication.stamp)
    known = {row.publication_id: row.stamp for row in session.execute(query)}
    villages = set(_list_outdated(session, run.pairs))
    posting = _list_posting(rows, places)
    for row in rows:
        stamp = _stamp(row, by_item[row.item_id])
        if known.get(row.id) != stamp:
            run.stamps[row.id] = row.tenant_id, stamp
            items = {pair.village_item for pair in by_item[row.item_id]} | {row.item_id}
            villages |= _list_concerned(places[row.tenant_id], items, posting)
    run.villages = sorted(villages & active)
    run.dropped = known.keys() - {row.id for row in rows}
    return run


def _list_places(session: Session, county: Tenant) -> Iterable[Tenant]:
    return session.scalars(select(Tenant).where(sdk.below(county.path)))


def _group_by_item(pairs: Iterable[LinkedPair]) -> dict[str, list[LinkedPair]]:
    found: defaultdict[str, list[LinkedPair]] = defaultdict(list)
    for pair in pairs:
        for item in {pair.village_item, pair.government_item}:
            found[item].append(pair)
    return dict(found)


def _stamp(row: Any, pairs: Iterable[LinkedPair]) -> str:
    """Return what a comparison with this publication depends on, as a digest."""
    day = sdk.today()
    is_public = (
        row.state in {"published", "expired"}
        and row.published_at <= sdk.utc_now()
        and (row.off_web_from is None or row.off_web_from > day)
    )
    said = (row.item_id, row.published_revision, is_public, sorted(pair.stamp for pair in pairs))
    return sha256(repr(said).encode()).hexdigest()


def _list_posting(rows: Iterable[Any], places: dict[int, Tenant]) -> dict[Tenant, set[str]]:
    """List the villages that have published, with the items that they did it for."""
    found: defaultdict[Tenant, set[str]] = defaultdict(set)
    for row in rows:
        if places[row.tenant_id].level == "village":
            found[places[row.tenant_id]].add(row.item_id)
    return dict(found)


def _list_concerned(place: Tenant, items: set[str], posting: dict[Tenant, set[str]]) -> set[int]:
    """List the villages that a publication concerns: its own, or those below with such lists."""
    if place.level == "village":
        return {place.id}
    return {
        village.id
        for village, posted in posting.items()
        if posted & items and place.id in village.chain
    }


def _list_outdated(session: Session, pairs: Iterable[LinkedPair]) -> Iterable[int]:
    """List the villages with comparisons of pairs that are linked no more, or of another kind."""
    keys = {pair.key for pair in pairs}
    pair = (SyncComparison.village_item, SyncComparison.government_item, SyncComparison.kind)
    query = select(SyncComparison.tenant_id, *pair).where(SyncComparison.state != "gone")
    return {
        tenant_id for tenant_id, *key in session.execute(query.distinct()) if tuple(key) not in keys
    }


def _get_key(row: SyncComparison) -> tuple[str, str, str]:
    return row.village_item, row.government_item, row.kind


def _store_stamps(session: Session, run: SyncRun) -> None:
    """Remember what was compared, and forget what belongs to no pair any more."""
    session.execute(delete(ReadPublication).where(ReadPublication.publication_id.in_(run.dropped)))
    query = select(ReadPublication).where(ReadPublication.publication_id.in_(run.stamps))
    known = {row.publication_id: row for row in session.scalars(query)}
    for publication_id, (tenant_id, stamp) in run.stamps.items():
        if row := known.get(publication_id):
            row.stamp = stamp
        else:
            session.add(
                ReadPublication(tenant_id=tenant_id, publication_id=publication_id, stamp=stamp)
            )


def compare_village(
    session: Session, village_id: int, pairs: Iterable[LinkedPair], reader: SheetReader
) -> None:
    """Compare all pairs and batches of one village; what has lost a side is ended."""
    village = session.get_one(Tenant, village_id)
    query = select(SyncComparison).where(SyncComparison.tenant_id == village.id)
    known = {(*_get_key(row), row.batch): row for row in session.scalars(query)}
    pairs = list(pairs)
    shared = _group_by_item(pairs)
    for pair in pairs:
        ours = _read_village(session, village, pair, shared[pair.village_item], reader)
        theirs = _read_government(session, village, pair, reader) if ours else {}
        for batch in sorted(ours.keys() & theirs.keys()):
            before = known.pop((*pair.key, batch), None)
            store_comparison(session, village, pair, batch, ours[batch], theirs[batch], before)
    for row in known.values():
        store_end(session, row)


def _read_village(
    session: Session,
    village: Tenant,
    pair: LinkedPair,
    shared: list[LinkedPair],
    reader: SheetReader,
) -> dict[str, Side]:
    """Read the village's newest list of each batch.

    Where its item serves several kinds, a list belongs to those that its title names.
    """
    found: dict[str, Side] = {}
    items = {pair.village_item, pair.government_item}
    for publication in _list_published(session, [village.id], items):
        if publication.item_id != pair.government_item and not _is_about(publication, pair, shared):
            continue
        for batch, sheet in reader.read_village(publication).items():
            found.setdefault(batch, Side(publication, sheet))
    return found


def _is_about(publication: Publication, pair: LinkedPair, shared: list[LinkedPair]) -> bool:
    if len({each.kind.key for each in shared}) <= 1:
        return True
    caption = publication.list_data.caption if publication.list_data else ""
    said = f"{publication.title} {caption}"
    return names_one(said, (pair.kind.name, *pair.kind.government))


def _read_government(
    session: Session, village: Tenant, pair: LinkedPair, reader: SheetReader
) -> dict[str, Side]:
    """Read the newest list about the village of each batch, of the places above it."""
    found: dict[str, Side] = {}
    for publication in _list_published(session, village.chain[:-1], {pair.government_item}):
        for batch, sheet in reader.read_government(session, publication, village).items():
            found.setdefault(batch, Side(publication, sheet))
    return found


def _list_published(
    session: Session, tenants: Iterable[int], items: Iterable[str]
) -> list[Publication]:
    """List public lists, the newest first."""
    query = (
        select(Publication)
        .where(
            Publication.tenant_id.in_(tenants),
            Publication.item_id.in_(items),
            Publication.list_data.is_not(None),
            Publication.state.in_(("published", "expired")),
        )
        .order_by(Publication.published_at.desc(), Publication.id.desc())
    )
    return [each for each in session.scalars(query) if each.is_public_now]
