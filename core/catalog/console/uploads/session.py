"""One upload on the desk: what was read, what was put right, and the catalog that it meets."""

from flask import redirect, request
from werkzeug.wrappers import Response

from core.catalog.console.fields import Typed, typed_in, typed_of, value_of
from core.catalog.console.uploads.corrections_page import WHOLE_TABLE, cell_name, fill_name
from core.catalog.domain.inheritance import EffectiveCatalog
from core.catalog.effective import effective_catalog
from core.catalog.models import CatalogUpload
from core.catalog.schemas import check_fields
from core.catalog.uploads.corrections import Mended, RowKey, Understood, gaps_of, understood_from
from core.catalog.uploads.service import get_upload
from core.errors import Invalid, NotFound
from core.web.preferences import preferences
from core.web.request import current_tenant, session
from core.web.urls import tenant_url


class Desk:
    """One upload on the desk: what was read, what was put right, and the catalog it meets."""

    def __init__(self, upload_id: int, *, lock: bool = False) -> None:
        self.upload: CatalogUpload = get_upload(session(), current_tenant(), upload_id, lock=lock)
        self.understood: Understood = understood_from(self.upload.understood, preferences().lang)
        self.mended = Mended(self.upload.mended)
        self.catalog: EffectiveCatalog = effective_catalog(session(), current_tenant()).catalog

    def table(self, asked: str | None) -> int:
        """The table that an address or a form asks for; raises `NotFound`."""
        number = int(asked) if asked and asked.isdecimal() else 0
        if number >= len(self.understood.tables):
            raise NotFound(where=asked)
        return number

    def key(self, table: int, position: int) -> RowKey:
        """A row of the file; raises `NotFound`."""
        rows = self.understood.tables[self.table(str(table))].rows
        if position >= len(rows):
            raise NotFound(where=str(position))
        return table, position


class Cells:
    """The cells of a sent form: its rows, what was typed, and what is wrong with it."""

    def __init__(self) -> None:
        self.rows: set[int] = set()
        self.typed: dict[tuple[int, str], Typed] = {}
        self.errors: dict[tuple[int, str], str] = {}

    def take(self, desk: Desk, key: RowKey, field: str) -> None:
        """Read one cell of the form, and put it right on the desk where it differs."""
        position = key[1]
        read = desk.understood.tables[key[0]].rows[position]
        now = desk.mended.row(key, read).get(field)
        typed = typed_in(request.form, field, name=cell_name(position, field))
        self.typed[position, field] = typed
        if typed == typed_of(field, now):
            return
        try:
            value = check_fields({field: value_of(field, typed)})[field]
        except Invalid as error:
            self.errors[position, field] = error.message
            return
        desk.mended.set_cell(key, field, value, read.get(field))

    def fill(self, desk: Desk, table: int, field: str) -> None:
        """Read the control that fills a field in for a whole table."""
        typed = typed_in(request.form, field, name=fill_name(field))
        self.typed[WHOLE_TABLE, field] = typed
        try:
            value = check_fields({field: value_of(field, typed)})[field]
        except Invalid as error:
            self.errors[WHOLE_TABLE, field] = error.message
            return
        desk.mended.fill(table, field, value)

    def spread(self, desk: Desk, table: int, other: int) -> None:
        """Fill another table's gaps with what this table was filled with."""
        filled = desk.mended.filled(table)
        for gap in gaps_of(desk.understood, desk.mended, other):
            if gap.field in filled:
                desk.mended.fill(other, gap.field, filled[gap.field])

    def by_name(self) -> dict[str, str]:
        """The errors under the names of their controls."""
        return {
            fill_name(field) if row == WHOLE_TABLE else cell_name(row, field): message
            for (row, field), message in self.errors.items()
        }


def to_outcome(upload: CatalogUpload) -> Response:
    """Where an upload that is no longer open can be seen."""
    if upload.revision_id is None:
        return redirect(tenant_url("catalog_uploads.index"))
    return redirect(tenant_url("catalog_changes.show", revision_id=upload.revision_id))
