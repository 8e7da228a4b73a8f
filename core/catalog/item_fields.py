"""Fields of an item for its pages: values in words, with their origins."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.catalog.domain.inheritance import EffectiveItem, Source
from core.catalog.labels import ITEM_FIELDS, CatalogWords, Shown, catalog_words
from core.catalog.public_list import Origin


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field of an item for people.

    `above` is the value that a refinement covers; `locked` is who forbids refining it below.
    """

    name: str
    label: str
    value: Shown
    origin: Origin | None
    refined: bool
    above: Shown
    locked: Origin | None


def list_field_lines(item: EffectiveItem, origins: Mapping[Source, Origin]) -> list[FieldLine]:
    """List the fields of an item in the order of the official table, extra columns if any."""
    words = catalog_words()
    return [
        _line(words, item, name, origins)
        for name in ITEM_FIELDS
        if name != "extra" or item.fields.get("extra")
    ]


def _line(
    words: CatalogWords, item: EffectiveItem, name: str, origins: Mapping[Source, Origin]
) -> FieldLine:
    refined = name in item.refinements
    lock = item.locked.get(name)
    return FieldLine(
        name,
        words.labels[name],
        words.format(name, item.fields.get(name)),
        origins.get(item.origin(name)),
        refined,
        words.format(name, item.upstream(name)) if refined else None,
        origins.get(lock) if lock else None,
    )
