"""Suggest pairs of items: by names and synonyms, by what villages published, codes, likeness."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from core import sdk
from core.sdk import Context, EffectiveItem, Publication, Tenant

from ..domain.kinds import PairKind, names_one, to_plain
from ..labels import _
from .queries import Pair, load_kinds, say_item

MOST_SUGGESTIONS = 60
_CODE_PARTS = 2
_MOST_TITLES = 5_000


@dataclass(frozen=True, slots=True)
class PairSuggestion:
    """Two items that may belong together, with the kind that says so and why."""

    village_item: str
    government_item: str
    kind: PairKind
    reasons: tuple[str, ...]

    @property
    def key(self) -> str:
        """What the form sends for it."""
        return f"{self.village_item}|{self.government_item}"


@dataclass(frozen=True, slots=True)
class _NamedItem:
    """An item with its names (of a village also in the words of the search) and what it names."""

    item_id: str
    names: str
    titles: str = ""
    kinds: tuple[PairKind, ...] = ()


def list_suggestions(ctx: Context) -> list[PairSuggestion]:
    """Suggest pairs that nobody decided on, those with most reasons first."""
    items = sdk.effective_catalog(ctx.session, ctx.tenant).catalog.items
    links = sdk.list_links(ctx.session, ctx.tenant)
    decided = {
        (link.village_item, link.government_item) for link in links if link.state != "proposed"
    }
    village, government = _split_levels(ctx, items)
    alike = {
        (one.village_item, one.government_item): one.likeness
        for one in sdk.find_similar_items(items.values())
    }
    found = [
        suggestion
        for one in village
        for other in government
        if (one.item_id, other.item_id) not in decided
        if (suggestion := _suggest(one, other, alike))
    ]
    found.sort(key=lambda each: (-len(each.reasons), each.key))
    return found[:MOST_SUGGESTIONS]


def _split_levels(
    ctx: Context, items: Mapping[str, EffectiveItem]
) -> tuple[list[_NamedItem], list[_NamedItem]]:
    """Part the items of villages alone from those of the government."""
    titles, synonyms = _load_titles(ctx), _load_synonyms(ctx)
    village, government = [], []
    for item_id, item in items.items():
        named: Any = item.fields.get("levels")
        levels, names = set(named or ()), say_item(items, item_id)
        if names_one(names, load_kinds().without_lists):
            continue
        if levels == {"village"}:
            widened = " ".join((names, *_list_other_words(names, synonyms)))
            village.append(_NamedItem(item_id, widened, " ".join(titles.get(item_id, ()))))
        elif levels - {"village"}:
            kinds = load_kinds().kinds
            told = tuple(kind for kind in kinds if names_one(names, kind.government))
            government.append(_NamedItem(item_id, names, kinds=told))
    return village, government


def _suggest(
    village: _NamedItem, government: _NamedItem, alike: Mapping[Pair, float]
) -> PairSuggestion | None:
    """Return the pair with what speaks for it; `None` where nothing does."""
    fitting = [kind for kind in government.kinds if names_one(village.names, kind.village)]
    reasons = list(_list_reasons(village, government, fitting, alike))
    if not reasons:
        return None
    kind = (*fitting, *government.kinds, load_kinds().general)[0]
    return PairSuggestion(village.item_id, government.item_id, kind, tuple(reasons))


def _list_reasons(
    village: _NamedItem,
    government: _NamedItem,
    fitting: Sequence[PairKind],
    alike: Mapping[Pair, float],
) -> Iterator[str]:
    if fitting:
        yield _("Both are about: %(name)s.", name=fitting[0].name)
    words = [word for kind in government.kinds for word in (kind.name, *kind.government)]
    if names_one(village.titles, words):
        yield _("What villages published under it says so.")
    likeness = alike.get((village.item_id, government.item_id))
    if likeness is not None:
        yield _("Names and contents are alike (%(n)s %%).", n=round(100 * likeness))
    if _share_code(village.item_id, government.item_id):
        yield _("Their codes belong together.")


def _share_code(one: str, other: str) -> bool:
    """Return whether two ids differ in their first part only: 990101-dibao-001, CN-dibao-001."""
    ours, theirs = one.split("-")[1:], other.split("-")[1:]
    return len(ours) >= _CODE_PARTS and ours == theirs


def _load_synonyms(ctx: Context) -> dict[str, tuple[str, ...]]:
    """Load what the search takes for the words of the kinds."""
    words = {word for kind in load_kinds().kinds for word in (*kind.village, *kind.government)}
    return sdk.load_synonyms(ctx.session, ctx.tenant, words)


def _list_other_words(names: str, synonyms: Mapping[str, Sequence[str]]) -> Iterator[str]:
    plain = to_plain(names)
    for word, others in synonyms.items():
        if to_plain(word) in plain:
            yield from others


def _load_titles(ctx: Context) -> dict[str, list[str]]:
    """Load the titles of what villages have published, by item."""
    query = (
        select(Publication.item_id, Publication.title)
        .join(Tenant, Tenant.id == Publication.tenant_id)
        .where(Tenant.level == "village", Publication.published_revision.is_not(None))
        .order_by(Publication.id.desc())
        .limit(_MOST_TITLES)
    )
    found: dict[str, list[str]] = {}
    for item_id, title in ctx.session.execute(query):
        if item_id:
            found.setdefault(item_id, []).append(title)
    return found
