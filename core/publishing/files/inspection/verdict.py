"""What an inspection finds: the kind of a file, or the harm for which it is refused."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Harm(StrEnum):
    """Why a file is refused."""

    MACRO = "macro"
    SCRIPT = "script"
    FORM = "form"
    EMBEDDED = "embedded"
    OUTSIDE = "outside"
    DDE = "dde"
    APPENDED = "appended"
    PROGRAM = "program"
    UNKNOWN_PART = "unknown_part"
    ENCRYPTED = "encrypted"
    BOMB = "bomb"
    COSTLY = "costly"
    BROKEN = "broken"


class RefusedContent(Exception):  # noqa: N818 - named as the errors of the product are
    """A file whose structure does harm; `part` is the place inside it, where one can be named."""

    def __init__(self, harm: Harm, part: str = "") -> None:
        self.harm = harm
        self.part = part
        super().__init__(f"{harm}: {part}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The kind of a file by its content (`None` if it is none that is known), or its harm."""

    kind: str | None = None
    harm: Harm | None = None
    part: str = ""


#: First bytes of programs, containers and pages, none of which belongs into a part of a document.
_FOREIGN = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"#!",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"PK\x03\x04",
    b"Rar!",
    b"7z\xbc\xaf\x27\x1c",
    b"MSCF",
    b"L\x00\x00\x00\x01\x14\x02\x00",
    b"%PDF",
    b"{\\rtf",
    b"<?php",
)
_PAGE = re.compile(rb"\s*<(?:!doctype\s+html|html|script|iframe|body)\b", re.IGNORECASE)
_INSIDE = re.compile(
    rb"MZ.{76,400}This program|\x7fELF|PK\x03\x04|Rar!|7z\xbc\xaf\x27\x1c|MSCF|<script|<\?php",
    re.DOTALL,
)
_DDE_FIELD = re.compile(r'[\s"]*(?:DDE|DDEAUTO|LINK)\b', re.IGNORECASE)
_DDE_FORMULA = re.compile(
    r"(?:^|[=+\-*/&^<>@(,;\s'])[\w.]+\|\s*'?[^|\"]*'?\s*!|\bDDE\s*\(", re.IGNORECASE
)
_WEB_FORMULA = re.compile(r"\bWEBSERVICE\s*\(", re.IGNORECASE)


_CELL_FORMULA = re.compile(r"(?:^|[,;\t\"])\s*([=+\-@][^\r\n]{0,2000})", re.MULTILINE)


def is_foreign(start: bytes) -> bool:
    """Say whether bytes begin as a program, a container or a page."""
    return start.startswith(_FOREIGN) or _PAGE.match(start) is not None


def refuse_foreign_tail(tail: bytes) -> None:
    """Refuse programs, containers and pages in what follows a file's end."""
    if is_foreign(tail) or _INSIDE.search(tail):
        raise RefusedContent(Harm.APPENDED)


def refuse_field(instruction: str, part: str) -> None:
    """Refuse a field of a text that starts or asks another program."""
    if _DDE_FIELD.match(instruction):
        raise RefusedContent(Harm.DDE, part)


def refuse_formula(formula: str, part: str) -> None:
    """Refuse a formula that starts or asks another program, or fetches something."""
    if _DDE_FORMULA.search(formula):
        raise RefusedContent(Harm.DDE, part)
    if _WEB_FORMULA.search(formula):
        raise RefusedContent(Harm.OUTSIDE, part)


def refuse_cells(text: str) -> None:
    """Refuse cells of a CSV that a spreadsheet would run as such formulas."""
    for cell in _CELL_FORMULA.finditer(text):
        refuse_formula(cell[1], "")
