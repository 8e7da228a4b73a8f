"""Old documents, and a script that stands in the place of the program that converts them."""

import stat
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from docx import Document

from core.conversion.service import convert_waiting
from core.settings import Settings
from core.tables.formats.legacy.conversion import set_office_program

# What the readers know a .doc by; what is in it only the program can tell.
OLD_DOCUMENT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")


def write_docx(title: str, rows: Sequence[Sequence[str]]) -> bytes:
    """Write a document with a title and a table."""
    document = Document()
    document.add_paragraph(title)
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def put_office_program(folder: Path, script: str) -> None:
    """Let a shell script convert: `$last` is the file, `$out` the folder for `document.docx`."""
    program = folder / "soffice"
    program.write_text(
        "#!/bin/sh\nfor word; do before=$last; last=$word; case $word in --outdir) next=1;; *) "
        f'[ "$next" ] && out=$word; next=;; esac; done\n{script}\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    set_office_program(str(program))


def restore_office_program() -> None:
    """Let the program be what the settings say."""
    set_office_program(Settings.office_program)


def run_conversions() -> None:
    """Do what the worker does with documents that wait."""
    convert_waiting()
