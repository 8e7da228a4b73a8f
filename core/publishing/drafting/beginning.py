"""What the form of a publication begins with: the item's template, and the last period's list."""

from dataclasses import replace
from typing import Any

from core.catalog.domain.inheritance import EffectiveItem
from core.catalog.domain.naming import item_name, to_one_line
from core.catalog.effective import effective_catalog
from core.clock import today
from core.publishing.content import Content
from core.publishing.dates.publicity import FIRST_DAY, LAST_DAY, say_day
from core.publishing.drafting.copying import find_last_period
from core.publishing.lists.item_templates.model import ItemTemplate, build_text
from core.publishing.lists.item_templates.service import load_template
from core.publishing.lists.periods.comparison import compare_periods
from core.publishing.models import Publication
from core.web.context import Context


def find_item_template(ctx: Context, item_id: str | None) -> ItemTemplate | None:
    """Find the template that holds here for an item."""
    item = _find_item(ctx, item_id)
    return load_template(ctx.session, ctx.tenant, item) if item else None


def _find_item(ctx: Context, item_id: str | None) -> EffectiveItem | None:
    return effective_catalog(ctx.session, ctx.tenant).catalog.items.get(item_id or "")


def begin_with_template(ctx: Context, content: Content, organ: str) -> Content:
    """Put columns, words, genre and publicity period of the item's template into a form."""
    item, template = _find_item(ctx, content.item_id), find_item_template(ctx, content.item_id)
    if item is None or template is None:
        return content
    facts = {
        "item": item_name(item.fields),
        "organ": organ,
        "basis": to_one_line(item.fields.get("legal_basis")).replace(";", "、"),
        "first": FIRST_DAY,
        "last": LAST_DAY,
        "today": say_day(today()),
    }
    return replace(
        content,
        genre=template.genre or content.genre,
        publicity_days=template.publicity_days,
        publicity_day_kind=template.day_kind,
        list_data=template.to_list(),
        body_source=build_text(template, facts),
    )


def compare_with_last_period(
    ctx: Context, content: Content, publication: Publication | None
) -> dict[str, Any]:
    """Return the publication of the last period, and what is different from it."""
    own = publication.id if publication else None
    last = find_last_period(ctx.session, ctx.tenant, content, own)
    compared = None
    if last is not None and last.list_data and content.list_data and content.list_data.rows:
        compared = compare_periods(last.list_data, content.list_data)
    return {"last_period": last, "comparison": compared}
