"""Write catalogs as official tables: the door of this package."""

import json
from collections.abc import Sequence
from typing import Literal, get_args

from core.tables.model import ReadCatalog, ReadResult
from core.tables.writing.layout import EffectiveTable, lay_out
from core.tables.writing.to_csv import write_csv
from core.tables.writing.to_docx import write_docx
from core.tables.writing.to_html import write_html
from core.tables.writing.to_xlsx import write_xlsx

Format = Literal["xlsx", "docx", "html", "csv", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}


def write_table(tables: Sequence[EffectiveTable], kind: Format) -> bytes:
    """Return the catalogs as a file of the format; XLSX, DOCX and HTML read back identically."""
    if kind == "csv":
        return write_csv(tables)
    if kind == "json":
        return _write_json(tables)
    writers = {"xlsx": write_xlsx, "docx": write_docx, "html": write_html}
    return writers[kind]([lay_out(table) for table in tables])


def _write_json(tables: Sequence[EffectiveTable]) -> bytes:
    catalogs = tuple(ReadCatalog(table.title, table.domain, table.rows) for table in tables)
    document = {"catalogs": ReadResult(catalogs).to_json()["catalogs"]}
    return json.dumps(document, ensure_ascii=False, indent=2).encode()
