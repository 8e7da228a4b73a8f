"""Choose a catalog item by everyday words and by domain, the place's own items first.

Words are those of the search box: 低保 finds 最低生活保障. An item that only places of this kind
have comes before one that the county and its townships have too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from core.catalog.domain.inheritance import EffectiveCatalog, EffectiveItem
from core.catalog.domain.matching import normalize_name
from core.catalog.labels import domain_name, item_title
from core.catalog.public_list import listed_items
from core.search.query.lexicon import Lexicon
from core.tenancy.models import Organ


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """The items of one domain that can be chosen."""

    domain: str
    items: Sequence[tuple[EffectiveItem, str]]


def list_choices(
    catalog: EffectiveCatalog, level: str, asked: str, lexicon: Lexicon
) -> list[EffectiveItem]:
    """List the items that fit the words, those of this level alone first."""
    wanted = [_spellings(word, lexicon) for word in asked.split()]
    found = [
        item for item in listed_items(catalog, level) if _fits(_build_text(catalog, item), wanted)
    ]
    own = {item.domain for item in found if _is_own(item, level)}
    return sorted(found, key=lambda item: (item.domain not in own, not _is_own(item, level)))


def group_choices(catalog: EffectiveCatalog, items: Iterable[EffectiveItem]) -> list[ItemGroup]:
    """Group items that follow each other by their domain."""
    return [
        ItemGroup(domain_name(catalog, key), [(item, item_title(item)) for item in group])
        for key, group in groupby(items, key=lambda item: item.domain)
    ]


def find_preset_organ(item: EffectiveItem | None, organs: Sequence[Organ]) -> Organ:
    """Return the organ that the item holds responsible, else the first."""
    held = item.fields.get("responsible_organ") if item else None
    names = held if isinstance(held, list | tuple) else [held]
    return next((organ for organ in organs if organ.name in names), organs[0])


def _is_own(item: EffectiveItem, level: str) -> bool:
    levels = item.fields.get("levels")
    return isinstance(levels, list | tuple) and list(levels) == [level]


def _build_text(catalog: EffectiveCatalog, item: EffectiveItem) -> str:
    domain = catalog.domains.get(item.domain)
    aliases = domain.aliases if domain else ()
    elements = item.fields.get("content_elements")
    parts = [item_title(item), domain_name(catalog, item.domain), *aliases]
    parts += map(str, elements) if isinstance(elements, list | tuple) else [str(elements or "")]
    return normalize_name(" ".join(parts))


def _spellings(word: str, lexicon: Lexicon) -> set[str]:
    """Return a typed word with those of documents for it, and for a known word that begins it."""
    known = [word, *lexicon.spelled.get(word.lower(), ())]
    known += [word[:end] for end in range(len(word) - 1, 1, -1) if lexicon.knows(word[:end])][:1]
    meant = {word, *known[1:]} if len(known) > 1 else {word}
    for each in tuple(meant):
        meant.update(lexicon.synonyms.get(each, ()))
    return {normalize_name(each) for each in meant}


def _fits(text: str, wanted: Iterable[set[str]]) -> bool:
    return all(any(each in text for each in spellings) for spellings in wanted)
