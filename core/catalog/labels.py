"""Labels of catalog fields, and values as official tables print them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.catalog.domain.changes import JsonValue
from core.catalog.domain.inheritance import EffectiveCatalog, EffectiveItem
from core.catalog.domain.naming import item_names

FIELD_LABELS = {
    "domain": _l("Domain"),
    "seq": _l("Number"),
    "level1": _l("Item, first level"),
    "level2": _l("Item, second level"),
    "level3": _l("Item, third level"),
    "content_elements": _l("Content (elements)"),
    "legal_basis": _l("Legal basis"),
    "time_limit": _l("Time limit"),
    "responsible_organ": _l("Responsible organ"),
    "channels": _l("Channels and carriers"),
    "audience": _l("Audience"),
    "mode": _l("Mode of disclosure"),
    "levels": _l("Levels"),
    "extra": _l("Other columns"),
}
LEVEL_LABELS = {
    "city": _l("City"),
    "county": _l("County"),
    "township": _l("Township"),
    "village": _l("Village"),
}
MODE_LABELS = {"proactive": _l("Proactive"), "on_request": _l("On request")}
KIND_LABELS = {
    "county": _l("The county itself"),
    "town": _l("Towns and townships"),
    "street": _l("Street offices"),
    "farm": _l("Farms"),
    "development_zone": _l("Development zones"),
    "village": _l("Villages"),
    "community": _l("Communities"),
}

# What the table of a domain shows beside the item's name; the item's page shows everything.
OUTLINE_FIELDS = ("content_elements", "time_limit", "responsible_organ", "audience", "mode")
# What the item's own page shows, in the order of the official table.
ITEM_FIELDS = (
    "content_elements",
    "legal_basis",
    "time_limit",
    "responsible_organ",
    "channels",
    "audience",
    "mode",
    "levels",
    "extra",
)

Shown = str | list[str] | None


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """An item in the table of its domain; its cells are the columns' labels with the values."""

    item_id: str
    name: str
    above: str
    cells: Sequence[tuple[str, Shown]]


@dataclass(frozen=True, slots=True)
class DomainCount:
    """A domain with the number of listed items."""

    key: str
    name: str
    count: int


def format_value(name: str, value: JsonValue) -> Shown:
    """Format a field's value: a text, a list of texts, or `None` if unknown."""
    if value is None or value in ("", []):
        return None
    if isinstance(value, Mapping):
        return _OBJECTS.get(name, _pairs)(value)
    if isinstance(value, list | tuple):
        return [str(LEVEL_LABELS.get(str(part), part)) for part in value]
    return str(MODE_LABELS.get(str(value), value))


def _audience(value: Mapping[str, JsonValue]) -> Shown:
    text = str(value.get("text") or "")
    if value.get("kind") == "everyone":
        return str(_("The whole society"))
    if value.get("kind") == "group" and text:
        return str(_("Particular groups: %(text)s", text=text))
    return str(_("Particular groups")) if value.get("kind") == "group" else text or None


def _time_limit(value: Mapping[str, JsonValue]) -> Shown:
    return str(value.get("raw") or "") or None


def _pairs(value: Mapping[str, JsonValue]) -> Shown:
    return [str(_("%(name)s: %(text)s", name=k, text=v)) for k, v in value.items() if v] or None


_OBJECTS = {"audience": _audience, "time_limit": _time_limit}


def item_title(item: EffectiveItem) -> str:
    """Join the item's names from the first level to the last."""
    return " / ".join(item_names(item.fields)) or item.item_id


def build_outline_rows(items: Iterable[EffectiveItem], columns: Sequence[str]) -> list[OutlineRow]:
    """Build the rows of items for the table of their domain; modes are put in words once.

    `columns` are the labels of `OUTLINE_FIELDS`.
    """
    modes = {mode: str(label) for mode, label in MODE_LABELS.items()}
    everyone = str(_("The whole society"))

    def cell(name: str, value: JsonValue) -> Shown:
        if name == "mode" and isinstance(value, str):
            return modes.get(value, value) or None
        if isinstance(value, Mapping) and name == "audience" and value.get("kind") == "everyone":
            return everyone
        return format_value(name, value)

    rows = []
    for item in items:
        *above, name = item_names(item.fields) or [item.item_id]
        cells = [cell(field, item.fields.get(field)) for field in OUTLINE_FIELDS]
        pairs = list(zip(columns, cells, strict=True))
        rows.append(OutlineRow(item.item_id, name, " / ".join(above), pairs))
    return rows


def domain_name(catalog: EffectiveCatalog, key: str) -> str:
    """Return a domain's name, or its key if nobody has defined it."""
    domain = catalog.domains.get(key)
    return domain.name if domain else key
