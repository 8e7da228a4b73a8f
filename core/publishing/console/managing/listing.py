"""The list of publications of a place and those below: its tabs, what is in each, its orders."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from core.publishing.console.managing.filters import ListFilters
from core.publishing.console.managing.places import ListedPlaces, is_listed
from core.publishing.console.queries import RETURNED, WRITTEN
from core.publishing.models import Publication
from core.publishing.queries import is_on_board
from core.publishing.reviewing.queue import WAITING, without_text
from core.publishing.rules import PublicationState
from core.web.context import Context
from core.web.paging import Page, paginate

ROWS_ON_A_PAGE = 50
# Tab of the list → what it shows.
TABS: dict[str, ColumnElement[bool] | None] = {
    "all": None,
    "returned": RETURNED,
    "draft": WRITTEN,
    "in_review": WAITING,
    "published": Publication.state.in_((PublicationState.PUBLISHED, PublicationState.EXPIRED)),
    "board": is_on_board(),
    "withdrawn": Publication.state == PublicationState.WITHDRAWN,
}


def list_publications(
    ctx: Context, places: ListedPlaces, tab: str, number: int, filters: ListFilters
) -> Page[Publication]:
    """List what the person may read of the places, in one state, narrowed and ordered."""
    query = select_publications(ctx, places, tab, filters)
    return paginate(ctx.session, query, number, ROWS_ON_A_PAGE)


def select_publications(
    ctx: Context, places: ListedPlaces, tab: str, filters: ListFilters
) -> Select[Publication]:
    """Build the query of what the person may read of the places, without texts."""
    query = select(Publication).options(*without_text())
    query = query.where(is_listed(ctx, places), *filters.conditions())
    condition = TABS[tab]
    if condition is not None:
        query = query.where(condition)
    return query.order_by(*_orders()[filters.sort], Publication.id.desc())


def _orders() -> dict[str, tuple[ColumnElement[Any], ...]]:
    """Return the orders of the list; returned ones first, then drafts, is the usual."""
    work = case((RETURNED, 0), (WRITTEN, 1), (WAITING, 2), else_=3)
    changed = Publication.updated_at.desc()
    return {
        "work": (work, changed),
        "published": (Publication.published_at.is_(None), Publication.published_at.desc()),
        "changed": (changed,),
        "title": (Publication.title.asc(),),
    }


def count_by_tab(ctx: Context, places: ListedPlaces, filters: ListFilters) -> dict[str, int]:
    """Count what the person may read of the places by tab, as narrowed, in one statement."""
    columns = [
        func.count(Publication.id) if condition is None else func.sum(case((condition, 1), else_=0))
        for condition in TABS.values()
    ]
    query = select(*columns).where(is_listed(ctx, places), *filters.conditions())
    counts = ctx.session.execute(query).one()
    return dict(zip(TABS, (count or 0 for count in counts), strict=True))
