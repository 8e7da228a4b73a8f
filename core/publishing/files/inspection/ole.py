"""OLE compound files (.doc, .xls, and so .wps, .et): judged by their directory and records."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from core.publishing.files.inspection.verdict import Harm, RefusedContent, refuse_foreign_tail

_KINDS = {"worddocument": "doc", "workbook": "xls", "book": "xls"}
_MACROS = frozenset({"macros", "vba", "_vba_project", "_vba_project_cur", "_vba_macros"})
_BOUND_SHEET, _SUPPLEMENTARY_BOOK, _PASSWORD, _BEGINNING = 0x85, 0x1AE, 0x2F, 0x809
#: Kinds of sheets that hold macros of Excel 4, and modules of Visual Basic.
_MACRO_SHEETS = frozenset({1, 6})
_OWN_BOOK, _ADD_IN = b"\x01\x04", b"\x01\x3a"
_FIELD_WIDE = re.compile(rb"\x13\0(?:[ \"]\0)*(?:[dD]\0[dD]\0[eE]\0|[lL]\0[iI]\0[nN]\0[kK]\0)")
_FIELD = re.compile(rb"\x13[ \"]*(?:DDE|LINK\b)", re.IGNORECASE)
#: The header of a Word file says at this place whether it is encrypted, and which table it uses.
_WORD_FLAGS, _FIRST_TABLE = 11, 0x02
#: Where it says where the texts begin that belong to it by number, and which is the template.
_TEXTS, _TEXTS_HEAD, _TEMPLATE = 0x19A, 6, 1
_ELSEWHERE = re.compile(r"\s*(?:https?:|ftp:|\\\\|//)", re.IGNORECASE)


def judge(data: bytes) -> str | None:
    """Return `doc` or `xls`, else `None`; raises `RefusedContent`."""
    import olefile

    try:
        with olefile.OleFileIO(BytesIO(data)) as container:
            kind = _judge_container(container)
            refuse_foreign_tail(data[_used(container) :])
    except (OSError, ValueError, IndexError, KeyError, AttributeError, TypeError) as error:
        raise RefusedContent(Harm.BROKEN) from error
    return kind


def _judge_container(container: Any) -> str | None:
    paths = [[part.lower() for part in path] for path in container.listdir(storages=True)]
    for path in paths:
        _refuse_path(path)
    at_top = {path[0]: path for path in container.listdir() if len(path) == 1}
    lower = {name.lower(): name for name in at_top}
    kind = next((kind for name, kind in _KINDS.items() if name in lower), None)
    if kind == "doc":
        document = container.openstream(lower["worddocument"]).read()
        _judge_word(document)
        table = lower.get("1table" if document[_WORD_FLAGS] & _FIRST_TABLE else "0table")
        if table is not None:
            _judge_template(document, container.openstream(table).read())
    for name in ("workbook", "book"):
        if name in lower:
            _judge_workbook(container.openstream(lower[name]).read())
    return kind


def _refuse_path(path: list[str]) -> None:
    where = "/".join(path)
    if any(part in _MACROS for part in path):
        raise RefusedContent(Harm.MACRO, where)
    if path[0] in {"encryptedpackage", "encryptioninfo"}:
        raise RefusedContent(Harm.ENCRYPTED)
    # A pool of objects is often there, and empty.
    if (path[0] == "objectpool" and len(path) > 1) or re.fullmatch(r"mbd[0-9a-f]+", path[0]):
        raise RefusedContent(Harm.EMBEDDED, where)
    if path[-1] in {"\x01ole10native", "package"} or path[0] == "ctls":
        raise RefusedContent(Harm.EMBEDDED, where)


def _judge_word(stream: bytes) -> None:
    if len(stream) > _WORD_FLAGS and stream[_WORD_FLAGS] & 0x01:
        raise RefusedContent(Harm.ENCRYPTED)
    if _FIELD_WIDE.search(stream) or _FIELD.search(stream):
        raise RefusedContent(Harm.DDE)


def _judge_template(document: bytes, table: bytes) -> None:
    """Refuse a template from elsewhere: the second of the texts that a document keeps by number."""
    place = int.from_bytes(document[_TEXTS : _TEXTS + 4], "little")
    length = int.from_bytes(document[_TEXTS + 4 : _TEXTS + 8], "little")
    texts, number = table[place : place + length][_TEXTS_HEAD:], 0
    while len(texts) > 1 and number <= _TEMPLATE:
        count = 2 * int.from_bytes(texts[:2], "little")
        if number == _TEMPLATE and _ELSEWHERE.match(
            texts[2 : 2 + count].decode("utf-16-le", "ignore")
        ):
            raise RefusedContent(Harm.OUTSIDE, "template")
        texts, number = texts[2 + count :], number + 1


def _judge_workbook(stream: bytes) -> None:
    for number, body in _records(stream):
        if number == _PASSWORD:
            raise RefusedContent(Harm.ENCRYPTED)
        if number == _BOUND_SHEET and len(body) > 5 and body[5] in _MACRO_SHEETS:
            raise RefusedContent(Harm.MACRO)
        if number == _BEGINNING and body[2:4] == b"\x40\0":
            raise RefusedContent(Harm.MACRO)
        if number == _SUPPLEMENTARY_BOOK and body[2:4] not in {_OWN_BOOK, _ADD_IN}:
            # A name with this character is one program's and another's topic, not a file's.
            linked = b"\x03" in body[4:] and not body[4:8].startswith((b"\0\x01", b"\x01\x01\0"))
            raise RefusedContent(Harm.DDE if linked else Harm.OUTSIDE)


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the records of a workbook (BIFF): a number, a length, and so many bytes."""
    place = 0
    while place + 4 <= len(stream):
        number = int.from_bytes(stream[place : place + 2], "little")
        length = int.from_bytes(stream[place + 2 : place + 4], "little")
        yield number, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _used(container: Any) -> int:
    """Return where the last sector ends that the container uses."""
    free = 0xFFFFFFFF
    last = max((n for n, sector in enumerate(container.fat) if sector != free), default=-1)
    return int((last + 2) * container.sectorsize)
