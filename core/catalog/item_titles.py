"""The items of a place's catalog by their titles, for services that are linked to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.catalog.effective import effective_catalog
from core.catalog.labels import item_title
from core.catalog.public_list import listed_items
from core.web.context import Context


@dataclass(frozen=True, slots=True)
class ItemTitles:
    """Titles by id, and ids by title."""

    titles: Mapping[str, str]
    ids: Mapping[str, str] = field(default_factory=dict)

    def title(self, item_id: str) -> str:
        """Return the title of an item; its id where the catalog has it no more."""
        return self.titles.get(item_id, item_id)

    def find(self, typed: str) -> str | None:
        """Return the id of the item that a title or id names; `None` where none has it."""
        typed = " ".join(typed.split())
        return typed if typed in self.titles else self.ids.get(typed)


def load_item_titles(ctx: Context) -> ItemTitles:
    """Load the items that people of the place see in its catalog."""
    catalog = effective_catalog(ctx.session, ctx.tenant).catalog
    titles = {item.item_id: item_title(item) for item in listed_items(catalog, ctx.tenant.level)}
    return ItemTitles(titles, {title: item_id for item_id, title in reversed(titles.items())})
