"""The state behind the pages of one upload: parsed tables, corrections, form cells."""

from flask import redirect, request
from werkzeug.wrappers import Response

from core.catalog.console.fields import Typed, read_typed, to_typed, to_value
from core.catalog.console.uploads.corrections_page import WHOLE_TABLE, cell_name, fill_name
from core.catalog.domain.inheritance import EffectiveCatalog
from core.catalog.effective import effective_catalog
from core.catalog.models import CatalogUpload
from core.catalog.schemas import check_fields
from core.catalog.uploads.corrections import (
    Corrections,
    ParsedUpload,
    RowKey,
    list_missing_fields,
    load_parsed,
)
from core.catalog.uploads.service import get_upload, require_upload
from core.errors import Invalid, NotFound
from core.web import params
from core.web.context import Context
from core.web.forms.kept import shown_version
from core.web.reading.preferences import preferences
from core.web.urls import tenant_url


class UploadEditor:
    """An upload being corrected: parsed tables, corrections and the tenant's catalog."""

    def __init__(self, ctx: Context, upload: CatalogUpload) -> None:
        self.upload = upload
        self.parsed: ParsedUpload = load_parsed(self.upload.parsed, preferences().lang)
        self.corrections = Corrections(self.upload.corrections)
        self.catalog: EffectiveCatalog = effective_catalog(ctx.session, ctx.tenant).catalog

    def table(self, number: int) -> int:
        """Return the number of a table if there is one; raises `NotFound`."""
        if number >= len(self.parsed.tables):
            raise NotFound(where=str(number))
        return number

    def asked_table(self) -> int:
        """Return the number of the table in the address, 0 if absent; raises `NotFound`."""
        return self.table(params.number("table"))

    def key(self, table: int, position: int) -> RowKey:
        """Return the key of a row of the file; raises `NotFound`."""
        rows = self.parsed.tables[self.table(table)].rows
        if position >= len(rows):
            raise NotFound(where=str(position))
        return table, position

    @property
    def version(self) -> str:
        """The version of the corrections as they are stored."""
        return shown_version(self.upload.corrections)


def load_editor(ctx: Context, upload_id: int) -> UploadEditor:
    """Load the editor of an upload, locked if the request changes it; raises `NotFound`."""
    upload = get_upload(ctx.session, ctx.tenant, upload_id, lock=request.method == "POST")
    require_upload(ctx.actor, ctx.tenant, upload)
    return UploadEditor(ctx, upload)


class CellForm:
    """The bound cells of a submitted form: rows, typed data and errors."""

    def __init__(self) -> None:
        self.rows: set[int] = set()
        self.typed: dict[tuple[int, str], Typed] = {}
        self.errors: dict[tuple[int, str], str] = {}

    def read(self, editor: UploadEditor, key: RowKey, field: str) -> None:
        """Read one cell of the form and store it as a correction if it differs."""
        position = key[1]
        read = editor.parsed.tables[key[0]].rows[position]
        now = editor.corrections.row(key, read).get(field)
        name = cell_name(position, field)
        typed = read_typed({name: field})[name]
        self.typed[position, field] = typed
        if typed == to_typed(field, now):
            return
        try:
            value = check_fields({field: to_value(field, typed)})[field]
        except Invalid as error:
            self.errors[position, field] = error.message
            return
        editor.corrections.set_cell(key, field, value, read.get(field))

    def fill(self, editor: UploadEditor, table: int, field: str) -> None:
        """Read the control that fills a field for a whole table."""
        typed = read_typed({fill_name(field): field})[fill_name(field)]
        self.typed[WHOLE_TABLE, field] = typed
        try:
            value = check_fields({field: to_value(field, typed)})[field]
        except Invalid as error:
            self.errors[WHOLE_TABLE, field] = error.message
            return
        editor.corrections.fill(table, field, value)

    def copy_fills_to(self, editor: UploadEditor, table: int, other: int) -> None:
        """Copy the values that this table's missing fields were filled with to another table."""
        filled = editor.corrections.filled(table)
        for missing in list_missing_fields(editor.parsed, editor.corrections, other):
            if missing.field in filled:
                editor.corrections.fill(other, missing.field, filled[missing.field])

    def by_name(self) -> dict[str, str]:
        """Return the errors by control name."""
        return {
            fill_name(field) if row == WHOLE_TABLE else cell_name(row, field): message
            for (row, field), message in self.errors.items()
        }


def to_outcome(upload: CatalogUpload) -> Response:
    """Redirect to where an upload that is no longer open can be seen."""
    if upload.revision_id is None:
        return redirect(tenant_url("catalog_uploads.index"))
    return redirect(tenant_url("catalog_changes.show", revision_id=upload.revision_id))
