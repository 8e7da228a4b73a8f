"""Links between village items and government items on the same subject, held by the county."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, bindparam, case, or_, select, union_all
from sqlalchemy.orm import Session

from core.audit.service import record
from core.catalog.domain.inheritance import EffectiveItem
from core.catalog.domain.matching import normalize_name
from core.catalog.domain.naming import item_names, to_one_line
from core.catalog.editing.item_scope import load_item_scope
from core.catalog.effective import effective_catalog
from core.db.base import utc_now
from core.db.reading import read_rows
from core.db.tree import Tenant, path_end
from core.errors import Conflict, Invalid, NotFound
from core.permissions import Action, Actor, forbidden_at
from core.publishing.models import ItemLink, Publication
from core.publishing.queries import (
    NEWEST_FIRST,
    Entry,
    select_entries,
    select_newest_ids,
    to_entries,
)

VILLAGE_LEVEL = frozenset({"village"})
# Shares of common character pairs (Dice) above which two items may speak of the same thing.
ALIKE = 0.34
MOST_PROPOSALS = 60
SHOWN = 8
# One more than a page lists, which tells that there are more.
MOST_HERE = 11
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two similar items; `likeness` is between 0 and 1."""

    village_item: str
    government_item: str
    likeness: float


def list_counterparts(session: Session, tenant: Tenant, item_id: str) -> list[Entry]:
    """List the newest publications of linked items of the other side.

    For a village what the tenants above it have published, for the others what villages below
    have. The session must reach both (public scope).
    """
    return load_side_by_side(session, tenant, item_id).there


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The newest publications of an item here, and those of linked items of the other side."""

    here: list[Entry]
    there: list[Entry]


def load_side_by_side(session: Session, tenant: Tenant, item_id: str) -> SideBySide:
    """Load the newest publications on the subject of an item, of both sides.

    For a village the other side are the tenants above it, for the others the villages below. The
    session must reach both (public scope).
    """
    values: dict[str, Any] = {
        "item": item_id,
        "chain": tenant.chain,
        "tenants_here": (tenant.id,),
        "items_here": (item_id,),
    }
    if tenant.level == "village":
        statement = _both_sides_statement("tenants")
        values |= {"tenants_there": tenant.chain[:-1]}
    else:
        statement = _both_sides_statement("level", "under")
        values |= {"level_there": "village", "under_there": tenant.path}
        values |= {"under_end_there": path_end(tenant.path)}
    entries = to_entries(read_rows(session, statement, values))
    return SideBySide(
        here=[entry for entry in entries if entry.tenant_id == tenant.id],
        there=[entry for entry in entries if entry.tenant_id != tenant.id],
    )


def _other_item() -> Any:
    """Return the item that a link joins with one."""
    village, government = ItemLink.village_item, ItemLink.government_item
    return case((village == bindparam("item"), government), else_=village)


def _is_linked() -> ColumnElement[bool]:
    """Build the condition: a confirmed link of the chain that joins an item with one."""
    return and_(
        ItemLink.tenant_id.in_(bindparam("chain", expanding=True)),
        ItemLink.state == "confirmed",
        or_(
            ItemLink.village_item == bindparam("item"),
            ItemLink.government_item == bindparam("item"),
        ),
    )


@cache
def _linked_statement() -> Any:
    return select(_other_item()).where(_is_linked()).distinct()


@cache
def _both_sides_statement(*filters: str) -> Any:
    """Build the query of the newest entries of an item here, and of linked ones there."""
    if "under" in filters:  # all places below: from the few links to the texts, not the other way
        links = (Publication.item_id == _other_item(), _is_linked())
        there = select_newest_ids(filters, SHOWN, "_there", *links, through=ItemLink)
    else:
        linked = select(_other_item()).where(_is_linked())
        there = select_newest_ids(filters, SHOWN, "_there", Publication.item_id.in_(linked))
    here = select_newest_ids(("tenants", "items"), MOST_HERE, "_here")
    both = union_all(there, here)
    return select_entries().where(Publication.id.in_(both)).order_by(*NEWEST_FIRST)


def list_linked_items(session: Session, tenant: Tenant, item_id: str) -> list[str]:
    """List the items of the other side that a confirmed link joins with this one."""
    rows = read_rows(session, _linked_statement(), {"item": item_id, "chain": tenant.chain})
    return sorted(row[0] for row in rows)


def list_links(session: Session, county: Tenant) -> list[ItemLink]:
    """List every link of a county, proposed ones first."""
    query = select(ItemLink).where(ItemLink.tenant_id == county.id)
    order = (ItemLink.state.desc(), ItemLink.village_item, ItemLink.government_item)
    return list(session.scalars(query.order_by(*order)))


def link_items(  # noqa: PLR0913 - the columns of one row
    session: Session,
    actor: Actor,
    county: Tenant,
    village_item: str,
    government_item: str,
    *,
    reason: str = "",
) -> ItemLink:
    """Link two items by a person's decision, confirmed at once; raises `Invalid`.

    Doing it again changes nothing but the reason.
    """
    items = effective_catalog(session, county).catalog.items
    scope = load_item_scope(session, actor, Action.LINK_ITEMS, county)
    wrong = {
        name: _("The catalog has no item %(id)s.", id=item_id)
        for name, item_id in (("village_item", village_item), ("government_item", government_item))
        if item_id not in items
    }
    if wrong:
        raise Invalid(wrong)
    if not scope.covers(items[government_item].fields):
        raise forbidden_at(county, of_another_organ=bool(scope.organs))
    if village_item == government_item:
        raise Invalid({"government_item": _("Choose two different items.")})
    link = _find(session, county, village_item, government_item)
    if link is None:
        link = ItemLink(
            tenant_id=county.id,
            village_item=village_item,
            government_item=government_item,
            proposed_by="person",
            proposed_by_id=actor.user_id,
        )
        session.add(link)
    if link.state == "confirmed" and link.reason == (reason or link.reason):
        return link
    link.reason = reason or link.reason
    _decide(session, actor, county, link, "confirmed")
    return link


def get_link(session: Session, county: Tenant, link_id: int) -> ItemLink:
    """Return a link of the county; raises `NotFound`."""
    link = session.get(ItemLink, link_id)
    if link is None or link.tenant_id != county.id:
        raise NotFound(_("There is no such link."))
    return link


def require_link(session: Session, actor: Actor, county: Tenant, link: ItemLink) -> None:
    """Raise `Forbidden` unless the government item is a matter of the actor's organ, or any is."""
    item = effective_catalog(session, county).catalog.items.get(link.government_item)
    scope = load_item_scope(session, actor, Action.LINK_ITEMS, county)
    if not scope.covers(item.fields if item else None):
        raise forbidden_at(county, of_another_organ=bool(scope.organs))


def decide_link(  # noqa: PLR0913 - keyword-only facts of one decision
    session: Session,
    actor: Actor,
    county: Tenant,
    link: ItemLink,
    *,
    state: str,
    reason: str = "",
) -> ItemLink:
    """Confirm or reject a link; a rejected pair is not proposed again, and can be confirmed again.

    Removing a confirmed one, which the public loses, needs a reason (`Invalid`).

    The organ of the matter decides, where a role is held for one organ: the government item's.
    """
    require_link(session, actor, county, link)
    items = effective_catalog(session, county).catalog.items
    if state == "confirmed" and not {link.village_item, link.government_item} <= items.keys():
        raise Conflict(_("The catalog has one of the two items no more."))
    if state not in {"confirmed", "rejected"} or link.state == state:
        raise Conflict(_("The present state does not allow this."))
    if link.state == "confirmed" and not reason.strip():
        raise Invalid({"reason": _("Say why.")})
    link.decision_reason = reason.strip()[:LONGEST_REASON] or None
    _decide(session, actor, county, link, state)
    return link


def propose_links(session: Session, actor: Actor, county: Tenant) -> int:
    """Propose links between similar items that nobody decided on; return their number."""
    scope = load_item_scope(session, actor, Action.LINK_ITEMS, county)
    if not scope:
        raise forbidden_at(county)
    known = {(link.village_item, link.government_item) for link in list_links(session, county)}
    items = effective_catalog(session, county).catalog.items
    found = [
        pair
        for pair in find_similar_items(items.values())
        if (pair.village_item, pair.government_item) not in known
        and scope.covers(items[pair.government_item].fields)
    ]
    session.add_all(
        ItemLink(
            tenant_id=county.id,
            village_item=pair.village_item,
            government_item=pair.government_item,
            proposed_by="machine",
            reason=_(
                "Their names and contents are alike (%(n)s %%).", n=round(100 * pair.likeness)
            ),
        )
        for pair in found
    )
    session.flush()
    return len(found)


def find_similar_items(items: Iterable[EffectiveItem]) -> list[Proposal]:
    """Pair a village's own items with government items of similar names, nearest first."""
    described = [(item, _pairs(item)) for item in items]
    village = [(item, pairs) for item, pairs in described if known_levels(item) == VILLAGE_LEVEL]
    government = [(item, pairs) for item, pairs in described if known_levels(item) - VILLAGE_LEVEL]
    found = [
        Proposal(one.item_id, other.item_id, likeness)
        for one, pairs in village
        for other, other_pairs in government
        if (likeness := _likeness(pairs, other_pairs)) >= ALIKE
    ]
    return sorted(found, key=lambda pair: -pair.likeness)[:MOST_PROPOSALS]


def known_levels(item: EffectiveItem) -> frozenset[str]:
    """Return the known levels of an item."""
    levels = item.fields.get("levels")
    return (
        frozenset(str(level) for level in levels) if isinstance(levels, Sequence) else frozenset()
    )


def _pairs(item: EffectiveItem) -> frozenset[str]:
    """Return the character bigrams of the item's names and contents."""
    text = normalize_name(
        " ".join((*item_names(item.fields), to_one_line(item.fields.get("content_elements"))))
    )
    return frozenset(text[index : index + 2] for index in range(len(text) - 1))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _find(
    session: Session, county: Tenant, village_item: str, government_item: str
) -> ItemLink | None:
    query = select(ItemLink).where(
        ItemLink.tenant_id == county.id,
        ItemLink.village_item == village_item,
        ItemLink.government_item == government_item,
    )
    return session.scalar(query)


def _decide(session: Session, actor: Actor, county: Tenant, link: ItemLink, state: str) -> None:
    link.state = state
    link.decided_by_id = actor.user_id
    link.decided_by_name = actor.name
    link.decided_at = utc_now()
    session.flush()
    pair = f"{link.village_item} {link.government_item}"
    record(session, actor, county, f"item_link.{state}", pair, reason=link.decision_reason or "")
