"""Text files: plain, CSV and HTML; positions are those of the decoded text."""

import re
from collections.abc import Iterator
from dataclasses import replace

from core.privacy.domain.findings import PersonalFinding, Rules
from core.privacy.domain.scanning import scan_text
from core.privacy.markup import scan_markup
from core.privacy.readers.nodes import FoundText, RawCell, Sheet, scan_sheet

_SEPARATORS = ",\t;|"


def scan_lines(text: str, rules: Rules) -> list[PersonalFinding]:
    """Return the personal data in a plain text; `where` is the line."""
    return list(_with_lines(text, scan_text(text, rules)))


def scan_html(text: str, rules: Rules) -> list[PersonalFinding]:
    """Return the personal data in HTML; `where` is the line, and the attribute if in one."""
    return list(_with_lines(text, scan_markup(text, rules)))


def scan_csv(text: str, rules: Rules) -> list[PersonalFinding]:
    """Return the personal data in a CSV file; `where` is the cell, positions are the file's."""
    sheet = Sheet("")
    for row, cells in enumerate(_read_csv(text)):
        for column, cell in enumerate(cells):
            if cell.text.strip():
                sheet.add(row, column, cell)
    findings = [
        replace(finding, start=start + finding.start, end=start + finding.end)
        for found in scan_sheet(sheet, rules)
        for start in [_start(found)]
        for finding in found.findings
    ]
    return sorted(findings, key=lambda finding: finding.start)


def _start(found: FoundText) -> int:
    return found.nodes.start if isinstance(found.nodes, RawCell) else 0


def _read_csv(text: str) -> Iterator[list[RawCell]]:
    """Yield the rows of a CSV file; what stands between quotes is taken as it is written."""
    separator = re.escape(_find_separator(text))
    pattern = re.compile(
        rf"\"(?P<quoted>(?:[^\"]|\"\")*)\"(?=[{separator}\r\n]|$)|(?P<bare>[^{separator}\r\n]*)",
    )
    position, row = 0, list[RawCell]()
    while position <= len(text):
        match = pattern.match(text, position)
        if match is None:
            return
        group = "quoted" if match["quoted"] is not None else "bare"
        row.append(RawCell(match[group], match.start(group)))
        position = match.end()
        if text[position : position + 1] not in {"\r", "\n", ""}:
            position += 1
            continue
        yield row
        row = []
        position += 2 if text.startswith("\r\n", position) else 1


def _find_separator(text: str) -> str:
    line = text[: text.find("\n")] if "\n" in text else text
    return max(_SEPARATORS, key=line.count)


def _with_lines(text: str, findings: list[PersonalFinding]) -> Iterator[PersonalFinding]:
    line, counted = 1, 0
    for finding in findings:
        line += text.count("\n", counted, finding.start)
        counted = finding.start
        where = f"line {line} ({finding.where})" if finding.where else f"line {line}"
        yield replace(finding, where=where)
