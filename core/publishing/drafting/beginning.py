"""What the form of a publication begins with: the item's template, and the last period's list."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from core.calendar.service import add_working_days
from core.catalog.domain.inheritance import EffectiveItem
from core.catalog.domain.naming import item_name, to_one_line
from core.catalog.effective import effective_catalog
from core.clock import today
from core.publishing.content import Content
from core.publishing.drafting.copying import find_last_period
from core.publishing.lists.item_templates.model import WORKING, ItemTemplate, build_text
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
    days = count_days(template, today())
    last = today() + timedelta(days=(days or 1) - 1)
    facts = {
        "item": item_name(item.fields),
        "organ": organ,
        "basis": to_one_line(item.fields.get("legal_basis")).replace(";", "、"),
        "first": _say(today()),
        "last": _say(last),
        "today": _say(today()),
    }
    return replace(
        content,
        genre=template.genre or content.genre,
        publicity_days=days,
        list_data=template.to_list(),
        body_source=build_text(template, facts),
    )


def count_days(template: ItemTemplate, first: date) -> int | None:
    """Return the days of publicity from a day on, in calendar days, the first included."""
    if template.publicity_days is None or template.day_kind != WORKING:
        return template.publicity_days
    return (add_working_days(first, template.publicity_days).end - first).days + 1


def _say(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


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
