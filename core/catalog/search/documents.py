"""Search documents of catalog items.

An item is one document, at the layer that defines it, found from every tenant below. Where a tenant
below refines or withdraws the item, its own document (or none) replaces it in that tenant's
subtree.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, selectinload

from core.catalog.domain.changes import (
    FIELDS,
    Change,
    Define,
    DefineDomain,
    Undo,
    WithdrawDomain,
)
from core.catalog.domain.inheritance import EffectiveCatalog, EffectiveItem
from core.catalog.domain.naming import item_names, to_one_line
from core.catalog.effective import effective_catalog, effective_catalogs
from core.catalog.models import CatalogChange, CatalogRevision
from core.catalog.records import to_change
from core.clock import first_moment, today
from core.db.reading import read_named_rows
from core.db.scope import Scope, open_session
from core.db.tree import Tenant, below, ids_on
from core.search.document import SearchDocument
from core.search.indexing.outbox import touch, touch_dependents
from core.search.registry import SearchKind, WordGroups

KIND = "catalog_item"
_ALL = frozenset(FIELDS)
# What says whether persons may be found by name in the publications that serve an item.
_DECIDING = frozenset({"extra", "audience", "mode", "channels"})
_BODY = ("content_elements", "legal_basis", "time_limit", "channels", "audience")


@dataclass(frozen=True, slots=True)
class DocumentNode:
    """A tenant at whose node an item has a search document of its own."""

    tenant_id: int
    path: str
    level: str


DocumentNodes = dict[str, set[DocumentNode]]

# Changes in force, with their layer; a part of nearly every search, so they are made once.
_IN_FORCE = (
    select(
        CatalogChange.tenant_id,
        Tenant.path,
        Tenant.level,
        CatalogChange.op,
        CatalogChange.item_id,
        CatalogChange.domain,
        CatalogChange.kinds,
    )
    .join(CatalogRevision, CatalogRevision.id == CatalogChange.revision_id)
    .join(Tenant, Tenant.id == CatalogChange.tenant_id)
    .where(CatalogRevision.state == "approved", CatalogRevision.effective_on <= bindparam("day"))
)
# Changes of items (locks too: they end refinements below).
_CHANGES = _IN_FORCE.add_columns(
    CatalogChange.value["domain"].as_string().label("domain_of_item")
).where(CatalogChange.item_id.is_not(None))
_CHANGES_OF_ITEMS = _CHANGES.where(CatalogChange.item_id.in_(bindparam("items", expanding=True)))
# Domains declared not applicable.
_CLOSINGS = _IN_FORCE.where(
    CatalogChange.op == "withdraw_domain",
    CatalogChange.domain.in_(bindparam("domains", expanding=True)),
)


def search_kind() -> SearchKind:
    """Return the search kind of catalog items, for the search registry."""
    return SearchKind(
        name=KIND,
        label=_l("Catalog item"),
        load=load_documents,
        keys=all_keys,
        names=_names,
        titled=_titled,
        thing=_item_id,
    )


def _names(session: Session, tenant: Tenant) -> Iterator[str]:
    for item in effective_catalog(session, tenant).catalog.items.values():
        yield from item_names(item.fields)


def _titled(session: Session, place: Tenant, wanted: WordGroups, most: int) -> Iterator[str]:
    """Yield the keys of the place's items whose names match, wherever their documents are."""
    found = [
        item_id
        for item_id, item in effective_catalog(session, place).catalog.items.items()
        for names in [" ".join(item_names(item.fields)).lower()]
        if all(any(word in names for word in words) for words in wanted)
    ][:most]
    places = find_document_nodes(session, found)
    keys = (
        document_key(one.tenant_id, item_id)
        for item_id in found
        for one in places.get(item_id, ())
        if one.tenant_id in place.chain
    )
    return islice(keys, most)


def document_key(tenant_id: int, item_id: str) -> str:
    """Build the key of an item's document at a tenant."""
    return f"{tenant_id}-{item_id}"


def _item_id(key: str) -> str:
    return key.split("-", 1)[1]


def touch_changed(
    session: Session, tenant: Tenant, changes: Sequence[Change], effective_on: date
) -> None:
    """Mark the documents concerned by a tenant's changes for indexing, from a day on.

    Publications that serve an item depend on its channels, and on whether it lets persons be found.
    Documents of the tenants above are concerned (another one takes their place here), and of those
    below (what they did not refine flows through).
    """
    at = None if effective_on <= today() else first_moment(effective_on)
    for item_id in sorted(_item_ids(session, tenant, changes, fields=_DECIDING)):
        touch_dependents(session, item_id, tenant.id, at=at)
    touched = _item_ids(session, tenant, changes)
    if not touched:
        return
    with open_session(Scope.platform("search: who speaks of a changed item")) as everywhere:
        places = find_document_nodes(everywhere, touched)
    limited = frozenset[str]().union(*(change.kinds for change in changes))
    here = {
        DocumentNode(tenant.id, tenant.path, tenant.level),
        *_of_kinds(session, tenant.path, limited),
    }
    for item_id in touched:
        for place in places.get(item_id, set()) | here:
            touch(session, KIND, document_key(place.tenant_id, item_id), tenant.id, at=at)


def load_documents(session: Session, keys: Sequence[str]) -> Iterator[SearchDocument]:
    """Load the documents of keys whose item exists and has a document at that tenant."""
    wanted = [(int(tenant_id), item_id) for tenant_id, item_id in (k.split("-", 1) for k in keys)]
    places = find_document_nodes(session, {item_id for _, item_id in wanted})
    found = [
        (here, item_id)
        for tenant_id, item_id in wanted
        for here in places.get(item_id, ())
        if here.tenant_id == tenant_id
    ]
    catalogs = effective_catalogs(session, {ids_on(here.path) for here, _ in found})
    for here, item_id in found:
        catalog = catalogs[here.tenant_id]
        item = catalog.items.get(item_id)
        if item is not None:
            excluded = [p for p in places[item_id] if p != here and p.path.startswith(here.path)]
            yield _document(here, catalog, item, excluded)


def all_keys(session: Session, tenant_id: int | None) -> Iterator[str]:
    """Yield the keys of all documents, of one tenant or of all."""
    if tenant_id is not None:
        yield from _keys_at(session, session.get_one(Tenant, tenant_id))
        return
    for item_id, places in find_document_nodes(session, None).items():
        for place in places:
            yield document_key(place.tenant_id, item_id)


def _keys_at(session: Session, tenant: Tenant) -> Iterator[str]:
    """Yield the keys at one tenant: items that it, or a layer above for its kind, changes."""
    query = _CHANGES.where(CatalogChange.tenant_id.in_(tenant.chain))
    found = {
        row.item_id
        for row in session.execute(query, {"day": today()})
        if (tenant.kind in row.kinds if row.kinds else row.tenant_id == tenant.id)
    }
    return (document_key(tenant.id, item_id) for item_id in sorted(found))


def find_document_nodes(session: Session, item_ids: Iterable[str] | None) -> DocumentNodes:
    """Find where items (all for `None`) have documents of their own, within the scope.

    A change that a nation, province or city limits to kinds of tenants makes no documents of its
    own: they would be as many as the country has villages.
    """
    places: DocumentNodes = defaultdict(set)
    by_domain: dict[str, set[str]] = defaultdict(set)
    values: dict[str, Any] = {"day": today()}
    if item_ids is None:
        changes: Iterable[Any] = session.execute(_CHANGES, values)
    else:
        values["items"] = tuple(item_ids)
        changes = read_named_rows(session, _CHANGES_OF_ITEMS, values)
    for row in changes:
        if row.op == "define":
            by_domain[row.domain_of_item].add(row.item_id)
        places[row.item_id] |= _speaking(session, row)
    values = {"day": today(), "domains": tuple(by_domain)}
    for row in read_named_rows(session, _CLOSINGS, values) if by_domain else ():
        speaking = _speaking(session, row)
        for item_id in by_domain[row.domain]:
            places[item_id] |= speaking
    return places


def _speaking(session: Session, row: Any) -> set[DocumentNode]:
    """Return the nodes where the change in a row takes effect first."""
    if not row.kinds:
        return {DocumentNode(row.tenant_id, row.path, row.level)}
    if row.level in {"nation", "province", "city"}:
        return set()
    return _of_kinds(session, row.path, row.kinds)


def _of_kinds(session: Session, path: str, kinds: Iterable[str]) -> set[DocumentNode]:
    """Return the topmost tenants of these kinds at and below a path."""
    query = select(Tenant.id, Tenant.path, Tenant.level).where(below(path), Tenant.kind.in_(kinds))
    found: list[DocumentNode] = []
    for row in session.execute(query.order_by(Tenant.path)):
        if not any(row.path.startswith(place.path) for place in found[-1:]):
            found.append(DocumentNode(row.id, row.path, row.level))
    return set(found)


def _item_ids(
    session: Session, tenant: Tenant, changes: Sequence[Change], fields: frozenset[str] = _ALL
) -> set[str]:
    """Return the items that a tenant's changes concern, directly, by domain or by an undo.

    Where `fields` are given, only what may change them in a catalog that has the item already.
    """
    if fields is not _ALL:
        changes = [change for change in changes if _may_change(change, fields)]
    found = {str(getattr(change, "item_id", "")) for change in changes} - {""}
    domains = {change.domain for change in changes if isinstance(change, WithdrawDomain)}
    if domains:
        catalog = effective_catalog(session, tenant).catalog
        known = [*catalog.items.values(), *(gone.item for gone in catalog.withdrawn.values())]
        found |= {item.item_id for item in known if item.domain in domains}
    undone = [change.undone for change in changes if isinstance(change, Undo)]
    if undone:
        found |= _items_of_revisions(session, tenant, undone, fields)
    return found


def _may_change(change: Change, fields: frozenset[str]) -> bool:
    if isinstance(change, Define | DefineDomain):
        return False
    return getattr(change, "field", None) in {None, *fields}


def _items_of_revisions(
    session: Session, tenant: Tenant, numbers: Sequence[int], fields: frozenset[str]
) -> set[str]:
    query = (
        select(CatalogRevision)
        .where(CatalogRevision.tenant_id == tenant.id, CatalogRevision.number.in_(numbers))
        .options(selectinload(CatalogRevision.changes))
    )
    rows = [row for revision in session.scalars(query) for row in revision.changes]
    return _item_ids(session, tenant, [to_change(row, 0, None) for row in rows], fields)


def _document(
    here: DocumentNode,
    catalog: EffectiveCatalog,
    item: EffectiveItem,
    excluded: Iterable[DocumentNode],
) -> SearchDocument:
    fields = item.fields
    domain = catalog.domains.get(item.domain)
    body = "\n".join(to_one_line(fields.get(name)) for name in _BODY if fields.get(name))
    return SearchDocument(
        kind=KIND,
        pk=document_key(here.tenant_id, item.item_id),
        scope=ids_on(here.path),
        # “审批信息” alone says nothing in a list of answers.
        title=" / ".join(item_names(fields)),
        path=f"catalog/items/{item.item_id}/",
        body=body,
        topic=domain.name if domain else item.domain,
        organ=to_one_line(fields.get("responsible_organ")),
        numbers=(item.item_id,),
        level=here.level,
        inherits=True,
        excluded=tuple(sorted(place.tenant_id for place in excluded)),
        source_id=item.item_id,
    )
