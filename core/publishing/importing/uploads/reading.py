"""Read what a clerk uploads into rows: JSON Lines, a workbook or another table, Word documents.

Nothing is stored here. A row that cannot be read keeps its place, and says why.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from core.errors import Invalid
from core.publishing.importing.lines import decode
from core.publishing.importing.uploads.columns import COLUMNS
from core.publishing.importing.uploads.documents import is_archive, list_documents
from core.tables.limits import UnreadableFile
from core.tables.lists.cells import parse_whole_number
from core.tables.lists.columns import ListColumn, is_header, match_headings
from core.tables.lists.reading import ListFault
from core.tables.lists.source import ListSource, SourceRow, read_list_file

MOST_ROWS = 1_000
MOST_DOCUMENTS = 100
_HEADER_WITHIN = 30
_LAST_NUMBER = re.compile(r"(\d+)行?$")
_LINES = (".jsonl", ".ndjson", ".json")


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it was sent."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class UploadedRow:
    """A row of a file: its fields, or why it cannot be read, or a document still to be read."""

    number: int
    title: str = ""
    line: Mapping[str, Any] | None = None
    fault: str = ""
    document: bytes | None = None


@dataclass(slots=True)
class ReadUpload:
    """The rows of an upload, and what is to be said of the whole."""

    rows: list[UploadedRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_upload(files: Sequence[SentFile], *, most_bytes: int, language: str) -> ReadUpload:
    """Read what was sent; raises `Invalid` (field `files`) where it is nothing of use."""
    try:
        if len(files) == 1 and files[0].name.lower().endswith(_LINES):
            found = _read_lines(files[0])
        elif all(is_document(file.name) or is_archive(file.name) for file in files):
            found = _read_documents(files)
        elif len(files) == 1:
            found = _read_table(files[0], most_bytes, language)
        else:
            message = _("Send one list, or any number of Word documents, not both.")
            raise Invalid({"files": message})
    except UnreadableFile as error:
        raise Invalid({"files": error.message(language)}) from error
    if not found.rows:
        raise Invalid({"files": _("There are no publications in it.")})
    return found


def is_document(name: str) -> bool:
    """Return whether a file is a Word document by its name; old ones are told what to do."""
    return name.lower().endswith((".docx", ".doc", ".wps"))


def _read_lines(file: SentFile) -> ReadUpload:
    try:
        text = decode(file.data, file.name)
    except Invalid as error:
        raise Invalid({"files": error.message}) from error
    found = ReadUpload()
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            _refuse_too_many(len(found.rows), MOST_ROWS)
            found.rows.append(_read_line(number, line))
    return found


def _read_line(number: int, text: str) -> UploadedRow:
    try:
        line = json.loads(text)
    except (ValueError, RecursionError):
        return UploadedRow(number, fault=_("This is no JSON: %(reason)s", reason=text[:60]))
    if not isinstance(line, dict):
        return UploadedRow(number, fault=_("must be an object"))
    return UploadedRow(number, to_title(line), line)


def _read_documents(files: Sequence[SentFile]) -> ReadUpload:
    found = ReadUpload()
    for file in files:
        for name, data in list_documents(file.name, file.data):
            _refuse_too_many(len(found.rows), MOST_DOCUMENTS)
            fault = "" if is_document(name) else _("“%(name)s” is no Word document (.docx).",
                                                   name=name)  # fmt: skip
            row = UploadedRow(len(found.rows) + 1, name[-300:], None, fault, data)
            found.rows.append(row)
    return found


def _refuse_too_many(count: int, most: int) -> None:
    if count >= most:
        message = _("There are more than %(n)s. Send them in several parts.", n=most)
        raise Invalid({"files": message})


def _read_table(file: SentFile, most_bytes: int, language: str) -> ReadUpload:
    source = read_list_file(file.data, file.name, max_bytes=most_bytes)
    found = ReadUpload(notes=list(_list_notes(source, language)))
    for table in source.tables:
        header = _find_header(table)
        if header is None:
            continue
        place, columns = header
        for row in table[place + 1 :]:
            texts = {column.key: row.cells[at] for at, column in columns.items()
                     if at < len(row.cells)}  # fmt: skip
            if row.single or not any(text.strip() for text in texts.values()):
                continue
            _refuse_too_many(len(found.rows), MOST_ROWS)
            line = _to_line(texts)
            number = _to_number(row.place, len(found.rows) + 1)
            found.rows.append(UploadedRow(number, to_title(line), line))
        return _numbered(found)
    labels = "、".join(column.label for column in COLUMNS[:2])
    raise Invalid({"files": ListFault("no-header", params={"columns": labels}).message(language)})


def _list_notes(source: ListSource, language: str) -> Iterator[str]:
    if source.hidden_rows:
        fault = ListFault("rows-hidden", params={"count": str(source.hidden_rows)})
        yield fault.message(language)
    codes = dict.fromkeys(
        part.code for table in source.tables for row in table for part in row.unread
    )
    for code in codes:
        yield ListFault(code, params={"text": ""}).message(language)


def _find_header(table: Sequence[SourceRow]) -> tuple[int, dict[int, ListColumn]] | None:
    for place, row in enumerate(table[:_HEADER_WITHIN]):
        columns = match_headings(row.cells, COLUMNS)
        if is_header(columns, COLUMNS):
            return place, columns
    return None


def _to_line(texts: Mapping[str, str]) -> dict[str, Any]:
    line: dict[str, Any] = {key: text.strip() for key, text in texts.items() if text.strip()}
    if "title" in line:
        line["title"] = " ".join(line["title"].split())
    with suppress(KeyError, ValueError):  # else the line itself says what is wrong with it
        line["publicity_days"] = parse_whole_number(line["publicity_days"].rstrip("天日"))
    return line


def _to_number(place: str, otherwise: int) -> int:
    """Return the number that the row has in its file, as a spreadsheet shows it."""
    match = _LAST_NUMBER.search(place)
    return int(match[1]) if match and len(match[1]) < 8 else otherwise


def _numbered(found: ReadUpload) -> ReadUpload:
    """Count rows from 1 where the numbers of their file are not each once."""
    if len({row.number for row in found.rows}) < len(found.rows):
        found.rows = [
            UploadedRow(number, row.title, row.line, row.fault, row.document)
            for number, row in enumerate(found.rows, start=1)
        ]
    return found


def to_title(line: Mapping[str, Any]) -> str:
    """Return the title of a line, for lists of rows."""
    return " ".join(str(line.get("title") or "").split())[:300]


def derive_id(line: Mapping[str, Any]) -> str:
    """Return the id by which a line is known again: its own, or one of title, number and day."""
    if line.get("id"):
        return str(line["id"])
    parts = [" ".join(str(line.get(key) or "").split()) for key in ("title", "doc_no")]
    parts.append(str(line.get("written_date") or ""))
    return f"file:{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:24]}"
