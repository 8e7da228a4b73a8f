"""`gongkai privacy …`: personal data in files."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

import click
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.command import command_errors, json_option, print_note, print_result, read_input
from core.errors import Invalid
from core.privacy.domain.findings import PersonalFinding
from core.privacy.files import MaskedFile, ScanError, ScanFault, mask_file, scan_file

T = TypeVar("T")

_MESSAGES = {
    ScanFault.UNKNOWN_KIND: _l(
        "%(file)s is of a kind that is not read here; save it as XLSX, DOCX, PDF, CSV or text."
    ),
    ScanFault.UNREADABLE: _l(
        "%(file)s cannot be read: it is damaged, has a password, or is no file of the kind that "
        "its name says."
    ),
    ScanFault.TOO_COSTLY: _l(
        "%(file)s takes too much time or memory to read; divide it or save it anew."
    ),
    ScanFault.NOT_MASKABLE: _l(
        "No masked copy of %(file)s can be written; save it as XLSX, DOCX or CSV."
    ),
}


@click.group()
def privacy() -> None:
    """Personal data in files: find it, write a masked copy."""


@privacy.command("scan")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--mask", is_flag=True, help="Write a masked copy to the file of -o.")
@click.option("-o", "output", type=click.Path(path_type=Path), help="Where the copy goes.")
@json_option
@command_errors
def scan_command(file: Path, output: Path | None, *, mask: bool, as_json: bool) -> None:
    """Find identity numbers, phones, bank cards, plates and home addresses in FILE.

    Text, CSV, HTML, XLSX, DOCX, PDF and pictures are read, also what no page shows: hidden
    sheets, comments, deleted text, properties. Of a PDF the masked copy is its text.
    """
    if mask != (output is not None):
        raise click.UsageError("--mask and -o FILE go together.")
    data = read_input(file)
    if output is None:
        findings = _explain(scan_file, file, data)
    else:
        copy = _explain(mask_file, file, data)
        findings = copy.findings
        _write(copy, output)
    body = {"findings": [asdict(finding) for finding in findings]}
    print_result(body, as_json=as_json, text=lambda: "\n".join(map(_line, findings)))


def _explain(read: Callable[[str, bytes], T], file: Path, data: bytes) -> T:
    """Read a file; raises `Invalid` that names it and says what to do."""
    try:
        return read(file.name, data)
    except ScanError as error:
        message = str(_MESSAGES[error.fault]) % {"file": file.name}
        raise Invalid(message, where=str(file)) from error


def _write(copy: MaskedFile, output: Path) -> None:
    try:
        output.write_bytes(copy.data)
    except OSError as error:
        raise Invalid(f"{output}: {error.strerror}", where=str(output)) from error
    if copy.is_text_only:
        print_note(
            _(
                "%(file)s is a text: nothing can be taken out of a PDF for certain, so its words "
                "were masked and written without its pages.",
                file=output.name,
            )
        )


def _line(finding: PersonalFinding) -> str:
    return f"{finding.where}\t{finding.kind}\t{finding.text}\t{finding.masked}"
