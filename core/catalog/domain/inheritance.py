"""Fold the layers above a tenant into its effective catalog (standard library only).

The fold is deterministic and total: whatever the layers hold, there is an answer, and what does
not fit together comes back as `ResolutionConflict` values beside it. Values are shared between
the layers and every catalog made from them and must not be changed in place.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any

from core.catalog.domain.changes import (
    FIELDS,
    Change,
    Define,
    DefineDomain,
    Fields,
    JsonValue,
    Layer,
    Lock,
    Refine,
    Reset,
    Withdraw,
    WithdrawDomain,
    without_undone,
)

# Fields that say where an item is listed.
_PLACING = frozenset({"domain", "levels"})
_NONE: Mapping[str, Any] = MappingProxyType({})
_KNOWN_FIELDS = frozenset(FIELDS)
# Levels above the lowest that an official table can name: they keep the catalog for those below.
_LEVELS_THAT_SEE_ALL = frozenset({"nation", "province"})


class ConflictKind(StrEnum):
    """Why a change could not take effect."""

    DUPLICATE_ITEM = "duplicate_item"
    DUPLICATE_DOMAIN = "duplicate_domain"
    UNKNOWN_ITEM = "unknown_item"
    UNKNOWN_DOMAIN = "unknown_domain"
    UNKNOWN_FIELD = "unknown_field"
    WITHDRAWN_ITEM = "withdrawn_item"
    DOMAIN_NOT_APPLICABLE = "domain_not_applicable"
    LOCKED_FIELD = "locked_field"


@dataclass(frozen=True, slots=True)
class Source:
    """Who said something: the layer, its revision, and why."""

    tenant: str
    revision: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ResolutionConflict:
    """A change that could not take effect (or, for an unknown domain, hangs in the air)."""

    kind: ConflictKind
    source: Source
    item_id: str | None = None
    field: str | None = None
    value: JsonValue = None


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain (领域) with the layer that opened it."""

    key: str
    name: str
    title: str | None
    aliases: tuple[str, ...]
    order: int
    defined: Source


@dataclass(frozen=True, slots=True)
class Refinement:
    """A field's local value, the upstream value it was based on, and what it stands on."""

    value: JsonValue
    base: JsonValue
    source: Source
    above: "Refinement | None" = None


@dataclass(frozen=True, slots=True)
class EffectiveItem:
    """An item as one tenant has it; `fields` is the definition itself where nothing is refined."""

    item_id: str
    fields: Fields
    definition: Fields
    defined: Source
    refinements: Mapping[str, Refinement]
    locked: Mapping[str, Source]

    def origin(self, name: str) -> Source:
        """Return the source of a field's value."""
        refinement = self.refinements.get(name)
        return refinement.source if refinement else self.defined

    @property
    def domain(self) -> str:
        """Key of the item's domain; empty where the field holds no key."""
        key = self.fields.get("domain")
        return key if isinstance(key, str) else ""

    def upstream(self, name: str) -> JsonValue:
        """Return the value of a refined field without its topmost refinement."""
        refinement = self.refinements.get(name)
        above = refinement.above if refinement else None
        return above.value if above else self.definition.get(name)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An item that is not part of the catalog here, as it last was, and who took it out.

    `kinds` are those of places for which alone it was taken out; empty: for all.
    """

    item: EffectiveItem
    source: Source
    kinds: frozenset[str] = frozenset()


class ItemIndex:
    """Ids of a catalog's items by level and domain, made when a level is first asked for.

    Catalogs with the same items in the same domains and of the same levels share one.
    """

    def __init__(self) -> None:
        self._by_level: dict[str, Mapping[str, Sequence[str]]] = {}

    def by_domain(self, catalog: "EffectiveCatalog", level: str) -> Mapping[str, Sequence[str]]:
        """Return the ids of a level's items by key of their domain."""
        found = self._by_level.get(level)
        if found is None:
            groups: dict[str, list[str]] = {}
            for item in items_for_level(catalog, level):
                groups.setdefault(item.domain, []).append(item.item_id)
            found = self._by_level[level] = groups
        return found


@dataclass(frozen=True)
class EffectiveCatalog:
    """The catalog of one tenant: items of every level, in the order of their definition.

    `reported` holds the conflicts that were met layer by layer.
    """

    items: Mapping[str, EffectiveItem] = field(default_factory=dict)
    domains: Mapping[str, Domain] = field(default_factory=dict)
    not_applicable: Mapping[str, Source] = field(default_factory=dict)
    withdrawn: Mapping[str, Withdrawal] = field(default_factory=dict)
    reported: tuple[ResolutionConflict, ...] = ()
    index: ItemIndex = field(default_factory=ItemIndex, compare=False, repr=False)

    @cached_property
    def conflicts(self) -> tuple[ResolutionConflict, ...]:
        """All changes that could not take effect, items of unknown domains last."""
        hanging = (item for item in self.items.values() if item.domain not in self.domains)
        return (*self.reported, *map(_unknown_domain, hanging))


def _unknown_domain(item: EffectiveItem) -> ResolutionConflict:
    placed = item.origin("domain")
    return ResolutionConflict(ConflictKind.UNKNOWN_DOMAIN, placed, item.item_id, "domain")


NO_CATALOG = EffectiveCatalog()


def resolve(layers: Sequence[Layer]) -> EffectiveCatalog:
    """Fold layers, ordered from the nation down to the tenant, into the tenant's catalog.

    A change limited to kinds of tenants takes effect where a tenant of such a kind stands between
    the change's own layer and the tenant asked for, either end included.
    """
    catalog = NO_CATALOG
    for position, layer in enumerate(layers):
        kinds_below = frozenset(lower.kind for lower in layers[position:])
        catalog = add_layer(catalog, layer, kinds_below)
    return catalog


def add_layer(above: EffectiveCatalog, layer: Layer, kinds: AbstractSet[str]) -> EffectiveCatalog:
    """Fold one more layer into the catalog of the layers above it, which stays as it is.

    It costs what the layer says, not what the catalog holds. `kinds` are those of the tenants from
    the layer down to the one asked for.
    """
    return _Fold(above, layer.tenant_code).add(layer, kinds) if layer.changes else above


def items_for_level(catalog: EffectiveCatalog, level: str) -> list[EffectiveItem]:
    """List the items that a tenant of this level publishes under.

    Items whose levels are not known are shown everywhere (see `items_without_levels`); the nation
    and the provinces, which no official table names as a level, see every item.
    """
    if level in _LEVELS_THAT_SEE_ALL:
        return list(catalog.items.values())
    return [item for item in catalog.items.values() if _is_for(item, level)]


def items_without_levels(items: Iterable[EffectiveItem]) -> list[EffectiveItem]:
    """List the items whose levels are unknown; a person must decide them."""
    return [item for item in items if not item.fields.get("levels")]


def _is_for(item: EffectiveItem, level: str) -> bool:
    levels = item.fields.get("levels")
    return not levels or (isinstance(levels, list | tuple) and level in levels)


class _Fold:
    """What a layer makes of the catalog above it; one method for each kind of change."""

    def __init__(self, above: EffectiveCatalog, tenant: str) -> None:
        self.items = dict(above.items)
        self.domains = dict(above.domains)
        self.not_applicable = dict(above.not_applicable)
        self.withdrawn = dict(above.withdrawn)
        # Domains that this layer takes away from some kinds of places alone.
        self.limited: dict[str, frozenset[str]] = {}
        self.conflicts = list(above.reported)
        self.tenant = tenant
        self.index = above.index
        self.moved = False  # whether items come, go, or change their domain or levels
        self.placed: set[str] = set()  # items that this layer puts into a domain
        self.apply: Mapping[type[Change], Callable[[Any, Source], None]] = {
            Define: self.define,
            DefineDomain: self.define_domain,
            Refine: self.refine,
            Reset: self.reset,
            Withdraw: self.withdraw,
            WithdrawDomain: self.withdraw_domain,
            Lock: self.lock,
        }

    def add(self, layer: Layer, kinds: AbstractSet[str]) -> EffectiveCatalog:
        source = Source(layer.tenant_code, -1)
        out_above = len(self.not_applicable)
        for change in without_undone(layer.changes):
            if change.kinds and change.kinds.isdisjoint(kinds):
                continue
            if change.revision != source.revision or change.reason != source.reason:
                source = Source(layer.tenant_code, change.revision, change.reason)
            handle = self.apply.get(type(change))
            if handle is not None:
                handle(change, source)
        if len(self.not_applicable) > out_above or self.places_where_nothing_applies():
            self.take_out_not_applicable()
        return EffectiveCatalog(
            self.items,
            self.domains,
            self.not_applicable,
            self.withdrawn,
            tuple(self.conflicts),
            ItemIndex() if self.moved else self.index,
        )

    def places_where_nothing_applies(self) -> bool:
        """Whether this layer put an item into a domain that a layer above has taken out."""
        placed = (self.items[item_id] for item_id in self.placed if item_id in self.items)
        return any(item.domain in self.not_applicable for item in placed)

    def define_domain(self, change: DefineDomain, source: Source) -> None:
        if change.key in self.domains:
            self.report(ConflictKind.DUPLICATE_DOMAIN, source, value=change.key)
            return
        self.domains[change.key] = Domain(
            change.key, change.name, change.title, change.aliases, change.order, source
        )

    def define(self, change: Define, source: Source) -> None:
        if change.item_id in self.items or change.item_id in self.withdrawn:
            self.report(ConflictKind.DUPLICATE_ITEM, source, change.item_id)
            return
        self.items[change.item_id] = EffectiveItem(
            change.item_id, change.fields, change.fields, source, _NONE, _NONE
        )
        self.placed.add(change.item_id)
        self.moved = True

    def refine(self, change: Refine, source: Source) -> None:
        item = self.find(change.item_id, change.field, source)
        if item is None:
            return
        lock = item.locked.get(change.field)
        if lock is not None and lock.tenant != self.tenant:
            self.report(
                ConflictKind.LOCKED_FIELD, source, change.item_id, change.field, change.value
            )
            return
        self.note_place(item, change.field)
        above = self.beneath_this_layer(item, change.field)
        refinement = Refinement(change.value, change.base, source, above)
        self.items[item.item_id] = EffectiveItem(
            item.item_id,
            {**item.fields, change.field: change.value},
            item.definition,
            item.defined,
            {**item.refinements, change.field: refinement},
            item.locked,
        )

    def reset(self, change: Reset, source: Source) -> None:
        item = self.find(change.item_id, change.field, source)
        if item is None or item.origin(change.field).tenant != self.tenant:
            return
        self.note_place(item, change.field)
        above = self.beneath_this_layer(item, change.field)
        refinements = {k: v for k, v in item.refinements.items() if k != change.field}
        if above is not None:
            refinements[change.field] = above
        fields = {**item.fields, change.field: item.upstream(change.field)}
        self.items[item.item_id] = EffectiveItem(
            item.item_id, fields, item.definition, item.defined, refinements, item.locked
        )

    def withdraw(self, change: Withdraw, source: Source) -> None:
        item = self.items.pop(change.item_id, None)
        if item is not None:
            self.withdrawn[change.item_id] = Withdrawal(item, source, change.kinds)
            self.moved = True
        elif change.item_id not in self.withdrawn:
            self.report(ConflictKind.UNKNOWN_ITEM, source, change.item_id)

    def withdraw_domain(self, change: WithdrawDomain, source: Source) -> None:
        if self.not_applicable.setdefault(change.domain, source) is source:
            self.limited[change.domain] = change.kinds

    def lock(self, change: Lock, source: Source) -> None:
        item = self.find(change.item_id, change.field, source)
        if item is None or change.field in item.locked:
            return
        self.items[item.item_id] = EffectiveItem(
            item.item_id,
            item.fields,
            item.definition,
            item.defined,
            item.refinements,
            {**item.locked, change.field: source},
        )

    def find(self, item_id: str, name: str, source: Source) -> EffectiveItem | None:
        """Return the item that a change names; record a conflict and return `None` if missing."""
        item = self.items.get(item_id)
        if item is None:
            gone = self.withdrawn.get(item_id)
            if gone and gone.kinds and gone.source.tenant != self.tenant:
                # What is said for all places says nothing of kinds that have no such item.
                return None
            kind = ConflictKind.WITHDRAWN_ITEM if gone else ConflictKind.UNKNOWN_ITEM
            self.report(kind, source, item_id, name)
        elif name not in _KNOWN_FIELDS:
            self.report(ConflictKind.UNKNOWN_FIELD, source, item_id, name)
            return None
        return item

    def note_place(self, item: EffectiveItem, name: str) -> None:
        if name == "domain":
            self.placed.add(item.item_id)
        self.moved = self.moved or name in _PLACING

    def beneath_this_layer(self, item: EffectiveItem, name: str) -> Refinement | None:
        """Return the refinement of a layer above that this layer's own would cover."""
        current = item.refinements.get(name)
        if current is not None and current.source.tenant == self.tenant:
            return current.above
        return current

    def take_out_not_applicable(self) -> None:
        """Withdraw the items of domains that do not apply, whatever order things were said in."""
        for item in [i for i in self.items.values() if i.domain in self.not_applicable]:
            source = self.not_applicable[item.domain]
            placed = item.origin("domain")
            if placed.tenant == self.tenant and (
                source.tenant != self.tenant or placed.revision > source.revision
            ):
                self.report(ConflictKind.DOMAIN_NOT_APPLICABLE, placed, item.item_id, "domain")
            kinds = self.limited.get(item.domain or "", frozenset())
            self.withdrawn[item.item_id] = Withdrawal(self.items.pop(item.item_id), source, kinds)
            self.moved = True

    def report(
        self,
        kind: ConflictKind,
        source: Source,
        item_id: str | None = None,
        name: str | None = None,
        value: JsonValue = None,
    ) -> None:
        self.conflicts.append(ResolutionConflict(kind, source, item_id, name, value))
