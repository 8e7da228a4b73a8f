"""The staff's list of items: what each one is here, and the filters above the list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from core.catalog.inheritance import EffectiveCatalog, EffectiveItem, items_for_level
from core.catalog.labels import domain_name
from core.catalog.matching import normal
from core.catalog.wording import item_names
from core.db.tree import Tenant


class Standing(StrEnum):
    """What an item is at a tenant, by who said it."""

    INHERITED = "inherited"
    REFINED = "refined"
    OWN = "own"
    WITHDRAWN = "withdrawn"


STANDING_LABELS: Mapping[str, LazyString] = {
    Standing.INHERITED: _l("Inherited"),
    Standing.REFINED: _l("Refined here"),
    Standing.OWN: _l("Own item"),
    Standing.WITHDRAWN: _l("Taken out"),
}
# Filters beside the standings: what needs a person's eye.
LOCKED = "locked"
WITHOUT_LEVELS = "without_levels"
FILTER_LABELS: Mapping[str, LazyString] = {
    **STANDING_LABELS,
    LOCKED: _l("With locked fields"),
    WITHOUT_LEVELS: _l("Levels not filled in"),
}


@dataclass(frozen=True, slots=True)
class ListedItem:
    """A row of the list."""

    item_id: str
    domain: str
    domain_name: str
    names: tuple[str, ...]
    standing: Standing
    refined: int
    locked: int
    levels_known: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the filters of the list ask for; empty asks for everything."""

    domain: str = ""
    state: str = ""
    words: str = ""
    every_level: bool = False


def list_items(catalog: EffectiveCatalog, tenant: Tenant, wanted: Wanted) -> list[ListedItem]:
    """The items a tenant's staff works on, in the order of the catalog, as filtered."""
    rows = (_row(catalog, item, tenant) for item in _reachable(catalog, tenant, wanted))
    return [row for row in rows if _fits(row, wanted)]


def standing_of(catalog: EffectiveCatalog, item: EffectiveItem, tenant: Tenant) -> Standing:
    """What an item is at a tenant."""
    here = tenant.division_code
    if item.item_id in catalog.withdrawn:
        return Standing.WITHDRAWN
    if item.defined.tenant == here:
        return Standing.OWN
    refined = any(item.origin(name).tenant == here for name in item.refinements)
    return Standing.REFINED if refined else Standing.INHERITED


def _reachable(
    catalog: EffectiveCatalog, tenant: Tenant, wanted: Wanted
) -> Iterable[EffectiveItem]:
    if wanted.state == Standing.WITHDRAWN:
        return [withdrawal.item for withdrawal in catalog.withdrawn.values()]
    if wanted.every_level:
        return catalog.items.values()
    return items_for_level(catalog, tenant.level)


def _row(catalog: EffectiveCatalog, item: EffectiveItem, tenant: Tenant) -> ListedItem:
    here = tenant.division_code
    return ListedItem(
        item.item_id,
        item.domain,
        domain_name(catalog, item.domain),
        tuple(item_names(item.fields)),
        standing_of(catalog, item, tenant),
        sum(item.origin(name).tenant == here for name in item.refinements),
        len(item.locked),
        bool(item.fields.get("levels")),
    )


def _fits(row: ListedItem, wanted: Wanted) -> bool:
    if wanted.domain and row.domain != wanted.domain:
        return False
    if wanted.words and normal(wanted.words) not in normal("".join((*row.names, row.item_id))):
        return False
    if wanted.state == LOCKED:
        return row.locked > 0
    if wanted.state == WITHOUT_LEVELS:
        return not row.levels_known
    return not wanted.state or row.standing == wanted.state
