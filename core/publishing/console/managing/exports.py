"""The list of publications as a file, as it is narrowed and ordered, without texts."""

from collections.abc import Iterable, Mapping, Sequence

from flask import Response
from flask_babel import gettext as _

from core.accounts.access import staff_page
from core.clock import local_day
from core.db.scope import Reach
from core.db.tree import Tenant
from core.permissions import Action
from core.publishing.console.editor import blueprint
from core.publishing.console.managing.filters import read_filters
from core.publishing.console.managing.listing import TABS, select_publications
from core.publishing.console.managing.owners import name_owners
from core.publishing.console.managing.places import find_places
from core.publishing.decisions.queries import NO_PAIR, PairColumns, load_pair_columns
from core.publishing.labels import STATE_LABELS
from core.publishing.models import Publication
from core.publishing.records.service import PublicationRecords
from core.publishing.records.shown import (
    list_record_columns,
    load_newest_records,
    to_record_cells,
)
from core.publishing.rules import PublicationState
from core.tables.lists.writing import (
    CSV_TYPE,
    XLSX_TYPE,
    ListSheet,
    write_list_csv,
    write_list_xlsx,
)
from core.web import params
from core.web.context import Context
from core.web.files.downloads import send_download

MOST_EXPORTED = 20_000


@blueprint.get("/<code>/console/publications/export/")
@staff_page(Action.READ_DRAFTS, reach=Reach.SUBTREE, per_organ=True)
def export(ctx: Context) -> Response:
    """Send the list as it is narrowed and ordered now, without texts."""
    tab, filters = params.word("tab", TABS, "all"), read_filters()
    places = find_places(ctx, filters.place)
    query = select_publications(ctx, places, tab, filters).limit(MOST_EXPORTED)
    return send_list(ctx, ctx.session.scalars(query).all())


def send_list(ctx: Context, rows: Sequence[Publication]) -> Response:
    """Answer with a list as a file of the kind that the address names."""
    ctx.audit("publication.list_export", ctx.tenant.division_code, rows=len(rows))
    records = load_newest_records(ctx.session, rows)
    owners = name_owners(ctx, rows)
    pairs = load_pair_columns(ctx.session, owners["owners"])
    sheet = _to_sheet(rows, records=records, pairs=pairs, **owners)
    name = _("Publications of %(place)s", place=ctx.tenant.name)
    if params.word("format", ("xlsx", "csv"), "xlsx") == "csv":
        return send_download(write_list_csv(sheet), CSV_TYPE, f"{name}.csv")
    return send_download(write_list_xlsx([sheet]), XLSX_TYPE, f"{name}.xlsx")


def _to_sheet(
    rows: Iterable[Publication],
    owners: Mapping[int, Tenant],
    organs: Mapping[int, str],
    records: Mapping[int, PublicationRecords],
    pairs: Mapping[int, PairColumns],
) -> ListSheet:
    columns = (
        _("Place"), _("State"), _("Title"), _("Index number"), _("Document number"),
        _("Publishing organ"), _("Genre"), _("Date of formation"), _("Date of publication"),
        _("Catalog item"), *list_record_columns(),
        _("Result to be public by"), _("What it carries out"),
    )  # fmt: skip
    return ListSheet(
        _("Publications"),
        columns,
        [
            (
                owners[row.tenant_id].name,
                str(STATE_LABELS[PublicationState(row.state)]),
                row.title,
                row.index_number,
                row.document_number,
                organs.get(row.organ_id or 0, ""),
                row.genre,
                row.formed_on,
                local_day(row.published_at) if row.published_at else None,
                row.item_id,
                *to_record_cells(records.get(row.id)),
                pairs.get(row.id, NO_PAIR).due_on,
                pairs.get(row.id, NO_PAIR).carries_out,
            )
            for row in rows
        ],
    )
