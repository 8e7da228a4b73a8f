"""Labels of catalog fields, and values as official tables print them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import escape

from core.catalog.domain.changes import JsonValue
from core.catalog.domain.inheritance import EffectiveCatalog, EffectiveItem
from core.catalog.domain.naming import item_names
from core.web.reading.once_per_language import once_per_language

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
    """An item in the table of its domain.

    Its cells are the columns' labels with the values: a text, empty if unknown, or several.
    """

    item_id: str
    name: str
    above: str
    cells: Sequence[tuple[str, str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class DomainCount:
    """A domain with the number of listed items."""

    key: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class CatalogWords:
    """What values and fields are called in one language."""

    labels: Mapping[str, str]
    levels: Mapping[str, str]
    modes: Mapping[str, str]
    everyone: str
    group: str
    group_named: str
    pair: str

    def format(self, name: str, value: JsonValue) -> Shown:
        """Format a field's value: a text, a list of texts, or `None` if unknown."""
        if value is None:
            return None
        if isinstance(value, str):
            return self.modes.get(value, value) or None
        if isinstance(value, list | tuple):
            return [self.levels.get(str(part), str(part)) for part in value] or None
        return self._format_object(name, value) if isinstance(value, Mapping) else str(value)

    def _format_object(self, name: str, value: Mapping[str, JsonValue]) -> Shown:
        if name == "audience":
            return self._format_audience(value)
        if name == "time_limit":
            return str(value.get("raw") or "") or None
        return [self.pair % {"name": k, "text": v} for k, v in value.items() if v] or None

    def _format_audience(self, value: Mapping[str, JsonValue]) -> Shown:
        kind, text = value.get("kind"), str(value.get("text") or "")
        if kind == "everyone":
            return self.everyone
        if kind == "group":
            return self.group_named % {"text": text} if text else self.group
        return text or None


@once_per_language
def catalog_words() -> CatalogWords:
    """Return the words of the reader's language."""
    return CatalogWords(
        labels={name: str(label) for name, label in FIELD_LABELS.items()},
        levels={level: str(label) for level, label in LEVEL_LABELS.items()},
        modes={mode: str(label) for mode, label in MODE_LABELS.items()},
        everyone=_("The whole society"),
        group=_("Particular groups"),
        group_named=_("Particular groups: %(text)s"),
        pair=_("%(name)s: %(text)s"),
    )


def format_value(name: str, value: JsonValue) -> Shown:
    """Format a field's value: a text, a list of texts, or `None` if unknown."""
    return catalog_words().format(name, value)


def item_title(item: EffectiveItem) -> str:
    """Join the item's names from the first level to the last."""
    return " / ".join(item_names(item.fields)) or item.item_id


def build_outline_rows(items: Iterable[EffectiveItem]) -> list[OutlineRow]:
    """Build the rows of items for the table of their domain."""
    words = catalog_words()
    columns = [(escape(words.labels[name]), name) for name in OUTLINE_FIELDS]
    rows = []
    for item in items:
        fields = item.fields
        *above, own = item_names(fields) or [item.item_id]
        cells: list[tuple[str, str, Sequence[str]]] = []
        for label, name in columns:
            value = words.format(name, fields.get(name))
            if isinstance(value, list) and len(value) > 1:
                cells.append((label, "", value))
            else:
                cells.append((label, (value[0] if isinstance(value, list) else value) or "", ()))
        rows.append(OutlineRow(item.item_id, own, " / ".join(above), cells))
    return rows


def domain_name(catalog: EffectiveCatalog, key: str) -> str:
    """Return a domain's name, or its key if nobody has defined it."""
    domain = catalog.domains.get(key)
    return domain.name if domain else key
