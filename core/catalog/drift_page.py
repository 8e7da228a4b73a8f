"""What the drift page shows: who below differs in which field, beside our own value."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import gettext as _

from core.catalog.changes import JsonValue
from core.catalog.drift import FieldDrift, ItemDrift
from core.catalog.inheritance import EffectiveCatalog, EffectiveItem
from core.catalog.labels import FIELD_LABELS, Shown, domain_name, item_title, shown

# More names than this in a cell help nobody; the rest is counted.
_NAMES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ItemLink:
    """An item to be named and linked."""

    item_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Deviation:
    """A value of an item that tenants below have instead of ours, with the reason they gave."""

    item: ItemLink
    label: str | LazyString
    ours: Shown
    theirs: Shown
    places: str
    reason: str


@dataclass(frozen=True, slots=True)
class TakenOut:
    """Items that the same tenants took out for the same reason, e.g. a whole domain."""

    items: tuple[ItemLink, ...]
    places: str
    reason: str


@dataclass(frozen=True, slots=True)
class DomainDrift:
    """A domain with everything in which those below differ."""

    key: str
    name: str
    deviations: Sequence[Deviation]
    taken_out: Sequence[TakenOut]


def domain_drifts(
    found: Iterable[ItemDrift], catalog: EffectiveCatalog, here: str, names: Mapping[str, str]
) -> list[DomainDrift]:
    """Differences from the catalog of the tenant `here`, by domain, in the order of the catalog.

    `names` are the names of tenants by code. Fields that differ only in who said the same are
    left out.
    """
    by_domain: dict[str, list[ItemDrift]] = {}
    for drift in found:
        by_domain.setdefault(_ours(drift, catalog).domain, []).append(drift)
    drifts = [
        DomainDrift(
            key,
            domain_name(catalog, key),
            [d for drift in items for d in _deviations(drift, catalog, here, names)],
            _taken_out(items, catalog, names),
        )
        for key, items in by_domain.items()
    ]
    return [drift for drift in drifts if drift.deviations or drift.taken_out]


def _ours(drift: ItemDrift, catalog: EffectiveCatalog) -> EffectiveItem:
    return catalog.items.get(drift.item.item_id, drift.item)


def _link(drift: ItemDrift, catalog: EffectiveCatalog) -> ItemLink:
    item = _ours(drift, catalog)
    return ItemLink(item.item_id, item_title(item))


def _deviations(
    drift: ItemDrift, catalog: EffectiveCatalog, here: str, names: Mapping[str, str]
) -> Iterable[Deviation]:
    for field in drift.fields:
        ours = _value_at(field, here)
        for variant in field.variants:
            if here not in variant.tenants and variant.value != ours:
                yield Deviation(
                    _link(drift, catalog),
                    FIELD_LABELS[field.field],
                    shown(field.field, ours),
                    shown(field.field, variant.value),
                    _places(variant.tenants, names),
                    variant.source.reason or "",
                )


def _value_at(field: FieldDrift, code: str) -> JsonValue:
    return next((v.value for v in field.variants if code in v.tenants), None)


def _taken_out(
    drifts: Iterable[ItemDrift], catalog: EffectiveCatalog, names: Mapping[str, str]
) -> list[TakenOut]:
    groups: dict[tuple[tuple[str, ...], str], list[ItemLink]] = {}
    for drift in drifts:
        for absence in drift.withdrawn:
            key = (absence.tenants, absence.source.reason or "")
            groups.setdefault(key, []).append(_link(drift, catalog))
    return [
        TakenOut(tuple(items), _places(tenants, names), reason)
        for (tenants, reason), items in groups.items()
    ]


def _places(codes: Sequence[str], names: Mapping[str, str]) -> str:
    listed = str(_(", ")).join(names.get(code, code) for code in codes[:_NAMES_SHOWN])
    if len(codes) <= _NAMES_SHOWN:
        return listed
    return str(_("%(names)s and others, %(n)s places", names=listed, n=len(codes)))
