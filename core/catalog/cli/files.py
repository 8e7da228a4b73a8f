"""Read official tables from files on the operator's machine."""

from pathlib import Path
from typing import Any

from flask_babel import get_locale

from core.catalog.domain.changes import Fields
from core.catalog.uploads.corrections import ParsedTable
from core.command import read_input
from core.errors import Invalid
from core.settings import current_settings
from core.tables.limits import UnreadableFile
from core.tables.model import ReadResult


def read_file(path: Path) -> ReadResult:
    """Read the catalogs of a file; raises `Invalid` naming the file if it is unreadable."""
    # The libraries behind the reader are heavy; most commands do without them.
    from core.tables.read import read_catalogs

    limit = current_settings().max_upload_bytes
    data = read_input(path)
    try:
        return read_catalogs(data, path.name, max_bytes=limit, convert=True)
    except UnreadableFile as error:
        raise Invalid(error.message(language()), where=error.where or str(path)) from error


def to_parsed_tables(read: ReadResult) -> list[ParsedTable]:
    """Convert a read file to tables for the import; an empty `extra` counts as unknown."""
    return [
        ParsedTable(catalog.title, catalog.domain, [_fields(row.to_json()) for row in catalog.rows])
        for catalog in read.catalogs
    ]


def language() -> str:
    """Return the language of the reader's messages: `zh` or `en`."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh"


def _fields(row: dict[str, Any]) -> Fields:
    return row | {"extra": row["extra"] or None}
