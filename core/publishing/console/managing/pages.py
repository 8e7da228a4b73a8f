"""Staff page that lists a place's publications: by state, narrowed, ordered, exported."""

from collections.abc import Iterable
from typing import Any

from flask import Response, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from core.accounts.access import staff_page
from core.clock import local_day
from core.permissions import Action
from core.publishing.console.editor import blueprint
from core.publishing.console.managing.filters import SORTS, read_filters
from core.publishing.console.managing.listing import (
    TABS,
    count_by_tab,
    list_own_publications,
    select_own_publications,
)
from core.publishing.editing.discarded import list_discarded
from core.publishing.labels import STATE_LABELS
from core.publishing.models import Publication
from core.publishing.rules import PublicationState
from core.tables.lists.writing import ListSheet, write_list_csv, write_list_xlsx
from core.tenancy.service import list_organs
from core.web import params
from core.web.context import Context
from core.web.files.downloads import send_download
from core.web.urls import tenant_url

__all__ = ["blueprint"]

TAB_LABELS = {
    "all": _l("All"),
    "returned": _l("Returned"),
    "draft": _l("Drafts"),
    "in_review": _l("In review"),
    "published": _l("Published"),
    "board": _l("On paper only"),
    "withdrawn": _l("No longer public"),
}
MOST_EXPORTED = 20_000
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/<code>/console/publications/")
@staff_page(Action.READ_DRAFTS, per_organ=True)
def index(ctx: Context) -> str:
    """List this place's publications, what is to be done first unless another order is chosen."""
    tab, filters = params.word("tab", TABS, "all"), read_filters()
    counts = count_by_tab(ctx, filters)
    links = [
        {
            "key": key,
            "label": TAB_LABELS[key],
            "url": tenant_url("publishing_console.index", tab=key, **filters.to_query()),
            "count": counts[key],
        }
        for key in TABS
        if key in {"all", tab} or counts[key]
    ]
    writes = bool(ctx.scope(Action.WRITE_PUBLICATION))
    organs = _name_organs(ctx)
    return render_template(
        "publishing/console/index.html",
        page=list_own_publications(ctx, tab, params.page_number(), filters),
        tab=tab,
        tabs=links,
        filters=filters,
        organs=organs,
        organ_choices=[{"value": number, "label": name} for number, name in organs.items()],
        genres=[{"value": word, "label": word} for word in _list_genres(ctx)],
        sorts=[{"value": key, "label": label} for key, label in SORTS.items()],
        writes=writes,
        discarded=list_discarded(ctx.session, ctx.actor, ctx.tenant) if writes else [],
    )


@blueprint.get("/<code>/console/publications/export/")
@staff_page(Action.READ_DRAFTS, per_organ=True)
def export(ctx: Context) -> Response:
    """Send the list as it is narrowed and ordered now, without texts."""
    tab, filters = params.word("tab", TABS, "all"), read_filters()
    query = select_own_publications(ctx, tab, filters).limit(MOST_EXPORTED)
    rows = ctx.session.scalars(query).all()
    ctx.audit("publication.list_export", ctx.tenant.division_code, rows=len(rows))
    sheet = _to_sheet(rows, _name_organs(ctx))
    name = _("Publications of %(place)s", place=ctx.tenant.name)
    if params.word("format", ("xlsx", "csv"), "xlsx") == "csv":
        return send_download(write_list_csv(sheet), "text/csv; charset=utf-8", f"{name}.csv")
    return send_download(write_list_xlsx([sheet]), XLSX_TYPE, f"{name}.xlsx")


def _to_sheet(rows: Iterable[Publication], organs: dict[int, str]) -> ListSheet:
    columns = (
        _("State"), _("Title"), _("Index number"), _("Document number"), _("Publishing organ"),
        _("Genre"), _("Date of formation"), _("Date of publication"), _("Catalog item"),
    )  # fmt: skip
    return ListSheet(
        _("Publications"),
        columns,
        [
            (
                str(STATE_LABELS[PublicationState(row.state)]),
                row.title,
                row.index_number,
                row.document_number,
                organs.get(row.organ_id or 0, ""),
                row.genre,
                row.formed_on,
                local_day(row.published_at) if row.published_at else None,
                row.item_id,
            )
            for row in rows
        ],
    )


def _name_organs(ctx: Context) -> dict[int, str]:
    """Return the names of the place's organs that the person may read of."""
    scope = ctx.scope(Action.READ_DRAFTS)
    organs = list_organs(ctx.session, ctx.tenant)
    return {organ.id: organ.name for organ in organs if organ.id in scope}


def _list_genres(ctx: Context) -> list[Any]:
    query = select(Publication.genre).where(Publication.tenant_id == ctx.tenant.id).distinct()
    return [genre for genre in ctx.session.scalars(query.order_by(Publication.genre)) if genre]
