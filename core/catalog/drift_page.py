"""What the drift page shows: who below differs in which field, beside our own value."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import gettext as _

from core.catalog.drift import FieldDrift, ItemDrift
from core.catalog.inheritance import EffectiveCatalog
from core.catalog.labels import FIELD_LABELS, Shown, domain_name, item_title, shown

# More names than this in a cell help nobody; the rest is counted.
_NAMES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Deviation:
    """A value that tenants below have instead of ours, with the reason that was given."""

    label: str | LazyString
    ours: Shown
    theirs: Shown
    places: str
    reason: str


@dataclass(frozen=True, slots=True)
class DriftedItem:
    """An item with everything in which those below differ."""

    item_id: str
    title: str
    domain: str
    deviations: Sequence[Deviation]
    missing: Sequence[Deviation]


def drifted_items(
    found: Iterable[ItemDrift],
    catalog: EffectiveCatalog,
    here: str,
    names: Mapping[str, str],
    domain: str,
) -> list[DriftedItem]:
    """The items that differ from the catalog of the tenant `here`, of one domain where asked.

    `names` are the names of tenants by code. Fields that differ only in who said the same are
    left out.
    """
    rows = (_drifted(drift, catalog, here, names) for drift in found)
    return [
        row
        for row in rows
        if (row.deviations or row.missing)
        and (not domain or catalog.items[row.item_id].domain == domain)
    ]


def _drifted(
    drift: ItemDrift, catalog: EffectiveCatalog, here: str, names: Mapping[str, str]
) -> DriftedItem:
    item = catalog.items.get(drift.item.item_id, drift.item)
    return DriftedItem(
        item.item_id,
        item_title(item),
        domain_name(catalog, item.domain),
        [deviation for field in drift.fields for deviation in _deviations(field, here, names)],
        [
            Deviation(
                _("The whole item"),
                _("in the catalog"),
                _("taken out"),
                _places(absence.tenants, names),
                absence.source.reason or "",
            )
            for absence in drift.withdrawn
        ],
    )


def _deviations(field: FieldDrift, here: str, names: Mapping[str, str]) -> list[Deviation]:
    ours = next((v.value for v in field.variants if here in v.tenants), None)
    return [
        Deviation(
            FIELD_LABELS[field.field],
            shown(field.field, ours),
            shown(field.field, variant.value),
            _places(variant.tenants, names),
            variant.source.reason or "",
        )
        for variant in field.variants
        if here not in variant.tenants and variant.value != ours
    ]


def _places(codes: Sequence[str], names: Mapping[str, str]) -> str:
    shown_names = str(_(", ")).join(names.get(code, code) for code in codes[:_NAMES_SHOWN])
    if len(codes) <= _NAMES_SHOWN:
        return shown_names
    return str(_("%(names)s and others, %(n)s places", names=shown_names, n=len(codes)))
