"""The tidy CSV: one line per item, lists joined by ; (channels by |), for other programs."""

import csv
import io
from collections.abc import Mapping, Sequence

from core.tables.model import CatalogRow
from core.tables.writing.guard import guarded
from core.tables.writing.layout import EffectiveTable
from core.tables.writing.printable import printable

_NAMES = ("seq", "level1", "level2", "level3")
_FIELDS = (
    *_NAMES,
    "content_elements",
    "basis",
    "time_limit",
    "subject",
    "channels",
    "audience",
    "method",
    "levels",
)
_MODES = {"proactive": "主动", "on_request": "依申请"}
_LEVELS = {"city": "市级", "county": "县级", "township": "乡级", "village": "村级"}
_BOM = "\ufeff"


def write_csv(tables: Sequence[EffectiveTable]) -> bytes:
    """Return UTF-8 with a byte order mark (for spreadsheets), formulas guarded by an apostrophe."""
    keys = list(dict.fromkeys(key for table in tables for row in table.rows for key in row.extra))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(["title", "domain", *_FIELDS, *(f"extra:{key}" for key in keys)])
    for table in tables:
        for row in table.rows:
            cells = _cells(row)
            values = [table.title or "", table.domain or "", *(cells[name] for name in _FIELDS)]
            values += [row.extra.get(key, "") for key in keys]
            writer.writerow([guarded(printable(value)) for value in values])
    return (_BOM + stream.getvalue()).encode()


def _cells(row: CatalogRow) -> Mapping[str, str]:
    return {
        "seq": row.seq or "",
        "level1": row.level1 or "",
        "level2": row.level2 or "",
        "level3": row.level3 or "",
        "content_elements": _listed(row.content_elements, ";"),
        "basis": _as_found(row.legal_basis, "", "《"),
        "time_limit": row.time_limit or "",
        "subject": _listed(row.responsible_organ, ";", also="、,"),
        "channels": _listed(row.channels, "|"),
        "audience": _audience(row),
        "method": _MODES.get(row.mode or "", ""),
        "levels": ";".join(_LEVELS[level] for level in row.levels or ()),
    }


def _listed(values: Sequence[str] | None, separator: str, *, also: str = "") -> str:
    """Join a list; one whose entries hold a separator has one entry per line instead."""
    if not values:
        return ""
    if any(character in value for value in values for character in separator + also):
        return "".join(f"{value}\n" for value in values)
    return separator.join(values)


def _as_found(values: Sequence[str] | None, separator: str, opening: str) -> str:
    """Join citations into the cell they came from, or one per line where they have no 《."""
    if values and any(opening not in value for value in values[1:]):
        return "".join(f"{value}\n" for value in values)
    return separator.join(values or ())


def _audience(row: CatalogRow) -> str:
    if row.audience is None:
        return ""
    if row.audience.kind == "everyone":
        return "全社会"
    return f"特定群体:{row.audience.text}" if row.audience.text else "特定群体"
