"""Compare effective catalogs: items that differ between tenants, and the source of each value."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.catalog.domain.changes import FIELDS, JsonValue
from core.catalog.domain.inheritance import EffectiveCatalog, EffectiveItem, Source


@dataclass(frozen=True, slots=True)
class Holding:
    """Tenants that share one effective catalog; `tenants` are division codes."""

    tenants: tuple[str, ...]
    catalog: EffectiveCatalog


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the values of a field, from one source, with the tenants that have it."""

    value: JsonValue
    source: Source
    tenants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldDrift:
    """A field with differing values."""

    field: str
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class Absence:
    """Tenants that withdrew an item that others have."""

    source: Source
    tenants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemDrift:
    """An item that differs between tenants; `item` is the first tenant's."""

    item: EffectiveItem
    fields: tuple[FieldDrift, ...]
    withdrawn: tuple[Absence, ...]


def drift(holdings: Sequence[Holding]) -> list[ItemDrift]:
    """List the items that differ between tenants, field by field, with sources and reasons.

    Items that only some tenants have because only they define them are no drift.
    """
    found = (_drift_of(item_id, holdings) for item_id in _item_ids(holdings))
    return [item for item in found if item is not None]


def _item_ids(holdings: Sequence[Holding]) -> Iterable[str]:
    return dict.fromkeys(item_id for held in holdings for item_id in held.catalog.items)


def _drift_of(item_id: str, holdings: Sequence[Holding]) -> ItemDrift | None:
    having = [
        (held.tenants, item)
        for held in holdings
        if (item := held.catalog.items.get(item_id)) is not None
    ]
    absences = _absences(item_id, holdings)
    first = having[0][1]
    if not absences and all(item.fields is first.fields for _, item in having):
        return None
    fields = tuple(
        FieldDrift(name, variants)
        for name in FIELDS
        if len(variants := _variants(name, having)) > 1 and not _one_value(variants)
    )
    return ItemDrift(first, fields, absences) if fields or absences else None


def _absences(item_id: str, holdings: Sequence[Holding]) -> tuple[Absence, ...]:
    by_source: dict[Source, tuple[str, ...]] = {}
    for held in holdings:
        gone = held.catalog.withdrawn.get(item_id)
        if gone is not None:
            by_source[gone.source] = by_source.get(gone.source, ()) + held.tenants
    return tuple(Absence(source, tenants) for source, tenants in by_source.items())


def _variants(
    name: str, having: Sequence[tuple[tuple[str, ...], EffectiveItem]]
) -> tuple[Variant, ...]:
    variants: list[Variant] = []
    for tenants, item in having:
        value, source = item.fields.get(name), item.origin(name)
        for position, known in enumerate(variants):
            if known.source == source and known.value == value:
                variants[position] = Variant(value, source, known.tenants + tenants)
                break
        else:
            variants.append(Variant(value, source, tenants))
    return tuple(variants)


def _one_value(variants: Sequence[Variant]) -> bool:
    return all(variant.value == variants[0].value for variant in variants)
