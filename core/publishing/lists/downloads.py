"""The list of a publication as a file of its own: CSV or XLSX, as readers download it."""

from decimal import Decimal

from flask_babel import gettext as _

from core.publishing.lists.cells import to_number
from core.publishing.lists.domain.model import Cells, ListData, TypedColumn
from core.tables.lists.writing import (
    CSV_TYPE,
    XLSX_TYPE,
    CellValue,
    ListSheet,
    write_list_csv,
    write_list_xlsx,
)

FORMS = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE}


def write_list(data: ListData, form: str) -> bytes:
    """Write a list in one of `FORMS`; no text is a formula, no number loses digits."""
    rows = [_to_values(row, data.columns) for row in (*data.rows, data.totals) if row]
    sheet = ListSheet(data.caption or str(_("List")), data.labels, rows)
    return write_list_csv(sheet) if form == "csv" else write_list_xlsx([sheet])


def _to_values(row: Cells, columns: tuple[TypedColumn, ...]) -> list[CellValue]:
    return [
        _to_amount(cell) if column.type.is_sum else cell
        for cell, column in zip(row, columns, strict=True)
    ]


def _to_amount(cell: str) -> CellValue:
    """Return a plain number as such (1500.00); what has a unit or a comma stays as it is."""
    try:
        number = to_number(cell)
    except ValueError:
        return cell
    return number if isinstance(number, Decimal) and cell == f"{number:f}" else cell
