"""Staff pages of one upload: findings first, the cells that want a look, every cell of a row."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from core.accounts.access import staff_page
from core.accounts.permissions import Action
from core.catalog.console.uploads.corrections_page import (
    ROW_FIELDS,
    cell_name,
    fields_to_mend,
    gap_forms,
    row_card,
    row_cards,
    table_tabs,
)
from core.catalog.console.uploads.session import Cells, Desk, to_outcome
from core.catalog.labels import FIELD_LABELS
from core.catalog.outline import domains_in_order
from core.catalog.uploads.corrections import (
    RowKey,
    findings_of,
    gaps_of,
    open_findings,
    table_findings,
)
from core.catalog.uploads.service import save_mended
from core.web.paging import page_of
from core.web.urls import tenant_url

blueprint = Blueprint("catalog_mending", "core.catalog", template_folder="templates")

ROWS_ON_A_PAGE = 20


@blueprint.get("/<code>/console/catalog/uploads/<int:upload_id>/")
@staff_page(Action.EDIT_CATALOG)
def mend(upload_id: int) -> Any:
    """What was understood, findings first; the cells that want a look, beside the originals."""
    desk = Desk(upload_id)
    if not desk.upload.is_open:
        return to_outcome(desk.upload)
    return _mend_page(desk, Cells())


@blueprint.post("/<code>/console/catalog/uploads/<int:upload_id>/rows/")
@staff_page(Action.EDIT_CATALOG)
def save_rows(upload_id: int) -> Any:
    """Keep what was put right on a page of rows; one wrong cell keeps all of them back."""
    desk, cells = Desk(upload_id, lock=True), Cells()
    table = desk.table(request.args.get("table"))
    sent = set(request.form.getlist("cell"))
    for position in request.form.getlist("row", type=int):
        key = desk.key(table, position)
        cells.rows.add(position)
        for field in fields_to_mend(findings_of(desk.understood, key)):
            if cell_name(position, field) in sent:
                cells.take(desk, key, field)
        _take_marks(desk, key)
    if cells.errors:
        return _mend_page(desk, cells), 422
    save_mended(desk.upload, desk.mended)
    _flash_progress(desk)
    return redirect(_back(upload_id))


@blueprint.route(
    "/<code>/console/catalog/uploads/<int:upload_id>/rows/<int:table>/<int:position>/",
    methods=["GET", "POST"],
)
@staff_page(Action.EDIT_CATALOG)
def row(upload_id: int, table: int, position: int) -> Any:
    """Every cell of one row."""
    desk, cells = Desk(upload_id, lock=request.method == "POST"), Cells()
    key = desk.key(table, position)
    if request.method == "POST":
        for field in ROW_FIELDS:
            cells.take(desk, key, field)
        _take_marks(desk, key)
        if not cells.errors:
            save_mended(desk.upload, desk.mended)
            _flash_progress(desk)
            return redirect(tenant_url("catalog_mending.mend", upload_id=upload_id, table=table))
    page = render_template(
        "catalog/console/upload_row.html",
        upload=desk.upload,
        table=table,
        card=row_card(
            desk.understood,
            desk.mended,
            key,
            fields=ROW_FIELDS,
            typed=cells.typed,
            errors=cells.errors,
        ),
        errors=cells.by_name(),
    )
    return page, 422 if cells.errors else 200


@blueprint.post("/<code>/console/catalog/uploads/<int:upload_id>/fill/")
@staff_page(Action.EDIT_CATALOG)
def fill(upload_id: int) -> Any:
    """Give fields a value in every row of a table that lacks them."""
    desk, cells = Desk(upload_id, lock=True), Cells()
    table = desk.table(request.args.get("table"))
    for gap in gaps_of(desk.understood, desk.mended, table):
        cells.fill(desk, table, gap.field)
    if "every_table" in request.form:
        for other in range(len(desk.understood.tables)):
            cells.spread(desk, table, other)
    if cells.errors:
        return _mend_page(desk, cells), 422
    save_mended(desk.upload, desk.mended)
    _flash_progress(desk)
    return redirect(_back(upload_id))


@blueprint.post("/<code>/console/catalog/uploads/<int:upload_id>/table/")
@staff_page(Action.EDIT_CATALOG)
def choose_domain(upload_id: int) -> Any:
    """Say which domain a table is of, or leave the table out."""
    desk = Desk(upload_id, lock=True)
    table = desk.table(request.args.get("table"))
    desk.mended.set_domain(table, request.form.get("domain", ""))
    desk.mended.skip(table, skipped="skip" in request.form)
    save_mended(desk.upload, desk.mended)
    _flash_progress(desk)
    return redirect(_back(upload_id))


def _mend_page(desk: Desk, cells: Cells) -> str:
    table = desk.table(request.args.get("table"))
    everything = request.args.get("show") == "all"
    flagged = open_findings(desk.understood, desk.mended)
    positions = [
        position
        for position in range(len(desk.understood.tables[table].rows))
        if everything or (table, position) in flagged or position in cells.rows
    ]
    page = page_of(positions, request.args, ROWS_ON_A_PAGE)
    return render_template(
        "catalog/console/mend.html",
        upload=desk.upload,
        table=table,
        tabs=table_tabs(desk.understood, desk.mended, desk.catalog),
        not_applicable=desk.understood.not_applicable,
        findings=_notices(desk, table),
        gaps=gap_forms(desk.understood, desk.mended, table, typed=cells.typed, errors=cells.errors),
        domains=domains_in_order(desk.catalog),
        everything=everything,
        flagged=len(flagged),
        page=page,
        cards=row_cards(
            desk.understood,
            desk.mended,
            table,
            page.rows,
            typed=cells.typed,
            errors=cells.errors,
        ),
        errors=cells.by_name(),
    )


def _notices(desk: Desk, table: int) -> list[dict[str, Any]]:
    """What was noticed about the table as a whole, but for what can be filled in above."""
    fillable = {gap.field for gap in gaps_of(desk.understood, desk.mended, table)}
    return [
        {
            "severity": finding.severity,
            "message": finding.message,
            "where": FIELD_LABELS.get(finding.field or ""),
        }
        for finding in table_findings(desk.understood, table)
        if finding.field not in fillable
    ]


def _take_marks(desk: Desk, key: RowKey) -> None:
    position = key[1]
    desk.mended.mark(
        key,
        checked=f"checked-{position}" in request.form,
        left_out=f"left-out-{position}" in request.form,
    )


def _flash_progress(desk: Desk) -> None:
    left = len(open_findings(desk.understood, desk.mended))
    if left:
        flash(_("Saved. %(n)s rows still want a look.", n=left), "success")
    else:
        flash(_("Saved. Every row has been looked at."), "success")


def _back(upload_id: int) -> str:
    """The mending page with the table and the filter that it was sent from."""
    kept: dict[str, Any] = {
        name: request.args[name] for name in ("table", "show", "page") if name in request.args
    }
    return tenant_url("catalog_mending.mend", upload_id=upload_id, **kept)
