"""Linked pairs of a county with what they compare; the twelve kinds, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import sdk
from core.sdk import EffectiveItem, ItemLink, Tenant

from ..domain.kinds import PairKind, PairKinds, to_kinds
from ..models.sync import PairHistory, PairRule

Pair = tuple[str, str]


@cache
def load_kinds() -> PairKinds:
    """Load the kinds of pairs that come with the plugin."""
    path = Path(__file__).parents[1] / "pairs.toml"
    return to_kinds(tomllib.loads(path.read_text("utf-8")))


@dataclass(frozen=True, slots=True)
class LinkedPair:
    """A confirmed pair of items and what of their lists must agree."""

    village_item: str
    government_item: str
    kind: PairKind

    @property
    def key(self) -> tuple[str, str, str]:
        """What names it: both items and the kind."""
        return self.village_item, self.government_item, self.kind.key

    @property
    def stamp(self) -> str:
        """What it compares, in one text: lists are compared again where it changes."""
        facts = ",".join(f"{fact.key}={fact.tolerance}" for fact in self.kind.facts)
        return f"{'/'.join(self.key)}:{facts}"


def load_pairs(session: Session, county: Tenant) -> list[LinkedPair]:
    """Load the confirmed pairs of a county, each with its kind: chosen, or by the items' names."""
    links = [link for link in sdk.list_links(session, county) if link.state == "confirmed"]
    items = sdk.effective_catalog(session, county).catalog.items if links else {}
    rules = load_rules(session, county)
    return [
        LinkedPair(link.village_item, link.government_item, find_kind(link, rules, items))
        for link in links
    ]


def load_rules(session: Session, county: Tenant) -> dict[Pair, PairRule]:
    """Load what the county has chosen for its pairs, by their items."""
    rules = session.scalars(select(PairRule).where(PairRule.tenant_id == county.id))
    return {(rule.village_item, rule.government_item): rule for rule in rules}


def find_kind(
    link: ItemLink, rules: Mapping[Pair, PairRule], items: Mapping[str, EffectiveItem]
) -> PairKind:
    """Return the kind of a link with the facts that are compared."""
    kinds, rule = load_kinds(), rules.get((link.village_item, link.government_item))
    if rule is None:
        names = (say_item(items, item) for item in (link.village_item, link.government_item))
        return kinds.find_kind(*names)
    kind = kinds.get_kind(rule.kind)
    return kind if rule.tolerances is None else kind.with_facts(rule.tolerances)


def say_item(items: Mapping[str, EffectiveItem], item_id: str) -> str:
    """Return all names of an item, from the widest to the narrowest; its id where it is gone."""
    item = items.get(item_id)
    if item is None:
        return item_id
    fields: Mapping[str, Any] = item.fields
    levels = (str(fields.get(name) or "") for name in ("level1", "level2", "level3"))
    return " ".join(filter(None, levels))


def list_history(session: Session, county: Tenant, pair: Pair) -> list[PairHistory]:
    """List what was decided on a pair, the newest first."""
    query = select(PairHistory).where(
        PairHistory.tenant_id == county.id,
        PairHistory.village_item == pair[0],
        PairHistory.government_item == pair[1],
    )
    return list(session.scalars(query.order_by(PairHistory.id.desc())))
