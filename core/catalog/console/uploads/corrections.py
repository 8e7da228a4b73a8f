"""Staff pages that correct an upload: findings, flagged cells, every cell of a row."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from core.accounts.access import staff_page
from core.catalog.console.uploads.corrections_page import (
    ROW_FIELDS,
    build_missing_field_forms,
    build_row_card,
    build_row_cards,
    build_table_tabs,
    cell_name,
    list_fields_to_correct,
)
from core.catalog.console.uploads.editor import CellForm, UploadEditor, load_editor, to_outcome
from core.catalog.labels import FIELD_LABELS
from core.catalog.public_list import list_domains
from core.catalog.uploads.corrections import (
    RowKey,
    group_open_findings,
    list_missing_fields,
    list_row_findings,
    list_rows_with_remarks,
    list_table_findings,
)
from core.catalog.uploads.service import save_corrections
from core.permissions import Action
from core.web import params
from core.web.context import Context
from core.web.forms.fields import ButtonField, KeyedField, LineField, TickedField, TickedIdsField
from core.web.forms.form import Form, FormData
from core.web.forms.kept import require_version
from core.web.paging import paginate_rows
from core.web.urls import tenant_url

blueprint = Blueprint("catalog_mending", "core.catalog", template_folder="templates")

ROWS_ON_A_PAGE = 20
_LONGEST_DOMAIN = 40


class RowsForm(Form):
    """The rows of a page, their cells that were shown, and the marks beside them."""

    row = TickedIdsField()
    cell = TickedField()
    checked = KeyedField()
    left_out = KeyedField(name="left-out")


class TableForm(Form):
    """What holds for a whole table."""

    domain = LineField(100)
    new_domain = LineField(_LONGEST_DOMAIN)
    skip = ButtonField()
    every_table = ButtonField()


@blueprint.get("/<code>/console/catalog/uploads/<int:upload_id>/")
@staff_page(Action.EDIT_CATALOG, per_organ=True, editor=load_editor)
def mend(ctx: Context, editor: UploadEditor) -> Any:
    """Show the parsed upload, findings first: flagged cells beside the original text."""
    del ctx
    if not editor.upload.is_open:
        return to_outcome(editor.upload)
    return _corrections_page(editor, CellForm())


@blueprint.post("/<code>/console/catalog/uploads/<int:upload_id>/rows/")
@staff_page(Action.EDIT_CATALOG, per_organ=True, editor=load_editor)
def save_rows(ctx: Context, editor: UploadEditor) -> Any:
    """Save the corrections on a page of rows; one invalid cell saves none of them."""
    del ctx
    cells, form = CellForm(), RowsForm.read()
    table, sent = editor.asked_table(), set(form.values["cell"])
    require_version(editor.version, optional=True)
    for position in form.values["row"]:
        key = editor.key(table, position)
        cells.rows.add(position)
        for field in list_fields_to_correct(list_row_findings(editor.parsed, key)):
            if cell_name(position, field) in sent:
                cells.read(editor, key, field)
        _take_marks(editor, key, form)
    if cells.errors:
        return _corrections_page(editor, cells), 422
    save_corrections(editor.upload, editor.corrections)
    _flash_progress(editor)
    return redirect(_back(editor))


@blueprint.route(
    "/<code>/console/catalog/uploads/<int:upload_id>/rows/<int:table>/<int:position>/",
    methods=["GET", "POST"],
)
@staff_page(Action.EDIT_CATALOG, per_organ=True, editor=load_editor)
def row(ctx: Context, editor: UploadEditor, table: int, position: int) -> Any:
    """Show and save every cell of one row."""
    del ctx
    cells = CellForm()
    key = editor.key(table, position)
    if request.method == "POST":
        require_version(editor.version, optional=True)
        for field in ROW_FIELDS:
            cells.read(editor, key, field)
        _take_marks(editor, key, RowsForm.read())
        if not cells.errors:
            save_corrections(editor.upload, editor.corrections)
            _flash_progress(editor)
            return redirect(
                tenant_url("catalog_mending.mend", upload_id=editor.upload.id, table=table)
            )
    page = render_template(
        "catalog/console/uploads/upload_row.html",
        upload=editor.upload,
        version=editor.version,
        table=table,
        card=build_row_card(
            editor.parsed,
            editor.corrections,
            key,
            fields=ROW_FIELDS,
            typed=cells.typed,
            errors=cells.errors,
        ),
        errors=cells.by_name(),
    )
    return page, 422 if cells.errors else 200


@blueprint.post("/<code>/console/catalog/uploads/<int:upload_id>/fill/")
@staff_page(Action.EDIT_CATALOG, per_organ=True, editor=load_editor)
def fill(ctx: Context, editor: UploadEditor) -> Any:
    """Fill missing fields of a table: the same value in every row without one."""
    del ctx
    require_version(editor.version, optional=True)
    cells = CellForm()
    table = editor.asked_table()
    for missing in list_missing_fields(editor.parsed, editor.corrections, table):
        cells.fill(editor, table, missing.field)
    if TableForm.read().values["every_table"]:
        for other in range(len(editor.parsed.tables)):
            cells.copy_fills_to(editor, table, other)
    if cells.errors:
        return _corrections_page(editor, cells), 422
    save_corrections(editor.upload, editor.corrections)
    _flash_progress(editor)
    return redirect(_back(editor))


@blueprint.post("/<code>/console/catalog/uploads/<int:upload_id>/table/")
@staff_page(Action.EDIT_CATALOG, per_organ=True, editor=load_editor)
def choose_domain(ctx: Context, editor: UploadEditor) -> Any:
    """Set the domain of a table, or skip the table."""
    del ctx
    require_version(editor.version, optional=True)
    table, form = editor.asked_table(), TableForm.read()
    if not form.ok:
        return _corrections_page(editor, CellForm(), form), 422
    values = form.values
    editor.corrections.set_domain(table, values["domain"] or values["new_domain"])
    editor.corrections.skip(table, skipped=values["skip"])
    save_corrections(editor.upload, editor.corrections)
    _flash_progress(editor)
    return redirect(_back(editor))


def _corrections_page(
    editor: UploadEditor, cells: CellForm, domain_form: FormData | None = None
) -> str:
    table = editor.asked_table()
    everything = params.word("show", ("all",)) == "all"
    flagged = group_open_findings(editor.parsed, editor.corrections)
    remarked = list_rows_with_remarks(editor.parsed, editor.corrections, flagged)
    listed = {*flagged, *remarked}
    positions = [
        position
        for position in range(len(editor.parsed.tables[table].rows))
        if everything or (table, position) in listed or position in cells.rows
    ]
    page = paginate_rows(positions, params.page_number(), ROWS_ON_A_PAGE)
    return render_template(
        "catalog/console/uploads/mend.html",
        upload=editor.upload,
        table=table,
        tabs=build_table_tabs(editor.parsed, editor.corrections, editor.catalog),
        not_applicable=editor.parsed.not_applicable,
        findings=_notices(editor, table),
        missing_fields=build_missing_field_forms(
            editor.parsed, editor.corrections, table, typed=cells.typed, errors=cells.errors
        ),
        domains=list_domains(editor.catalog),
        domain_form=domain_form,
        everything=everything,
        flagged=len(flagged),
        remarked=len(remarked),
        page=page,
        version=editor.version,
        cards=build_row_cards(
            editor.parsed,
            editor.corrections,
            table,
            page.rows,
            typed=cells.typed,
            errors=cells.errors,
        ),
        errors=cells.by_name() | dict(domain_form.errors if domain_form else {}),
    )


def _notices(editor: UploadEditor, table: int) -> list[dict[str, Any]]:
    """Return the findings about the table as a whole, without the missing fields above it."""
    fillable = {
        missing.field for missing in list_missing_fields(editor.parsed, editor.corrections, table)
    }
    return [
        {
            "severity": finding.severity,
            "message": finding.message,
            "where": FIELD_LABELS.get(finding.field or ""),
        }
        for finding in list_table_findings(editor.parsed, table)
        if finding.field not in fillable
    ]


def _take_marks(editor: UploadEditor, key: RowKey, form: FormData) -> None:
    position = str(key[1])
    editor.corrections.mark(
        key,
        checked=position in form.values["checked"],
        left_out=position in form.values["left_out"],
    )


def _flash_progress(editor: UploadEditor) -> None:
    left = len(group_open_findings(editor.parsed, editor.corrections))
    if left:
        flash(_("Saved. %(n)s rows still want a look.", n=left), "success")
    else:
        flash(_("Saved. Every row has been looked at."), "success")


def _back(editor: UploadEditor) -> str:
    """Return the address of the corrections page with the same table, filter and page."""
    names = ("table", "show", "page")
    kept: dict[str, Any] = {name: params.text(name) for name in names if params.flag(name)}
    return tenant_url("catalog_mending.mend", upload_id=editor.upload.id, **kept)
