"""Scan the columns of tables: what most cells of a column are says what the others are."""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from core.privacy.domain.addresses import find_cell_address, is_home_head
from core.privacy.domain.context import read_column_words
from core.privacy.domain.findings import FindingKind, PersonalFinding, Rules
from core.privacy.domain.masks import mask_name
from core.privacy.domain.numbers import BareCells, is_bare

_LINE_BREAK = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_LONG_NUMBER = re.compile(r"(?:\D|^)\d{14}")
_NUMBERS = {
    FindingKind.ID_NUMBER: FindingKind.ID_NUMBER,
    FindingKind.MISTYPED_ID_NUMBER: FindingKind.ID_NUMBER,
    FindingKind.BANK_CARD: FindingKind.BANK_CARD,
}
_NAMED = {FindingKind.ID_NUMBER: "身份证号", FindingKind.BANK_CARD: "银行卡号"}
_SAYS_PERSON = re.compile(r"身份证|证件|卡号|账号|帐号|账户|帐户|一卡通|存折|残疾")
_HIDDEN = re.compile(r"[*\uff0a×○●□某]")
_FEWEST = 3
_MOST_CELLS, _FEW_CELLS = 0.6, 0.3

Scan = Callable[..., list[PersonalFinding]]


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column of a table: its number from 0, its head and its cells."""

    number: int
    head: str
    cells: Sequence[str]


def scan_column(column: ColumnView, rules: Rules, scan: Scan) -> list[PersonalFinding]:
    """Return what a column holds; `where` of a finding is its cell, `start` counts within it."""
    findings = _scan_cells(column, rules, scan, column.head)
    findings = _judge_by_share(column, findings, rules, scan)
    findings = _with_addresses(column, findings)
    return _with_protected(column, findings) if rules.protects(column.head) else findings


def cell_name(column: int, row: int) -> str:
    """Return the name of a cell as spreadsheets have it: column 1, row 3 is B3."""
    return f"{column_letters(column)}{row}"


def column_letters(column: int) -> str:
    """Return the letters of a column as spreadsheets have it."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(name: str) -> int:
    """Return the column of a cell's name, from 0."""
    number = 0
    for letter in name.rstrip("0123456789"):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _scan_cells(column: ColumnView, rules: Rules, scan: Scan, head: str) -> list[PersonalFinding]:
    """Scan all cells of a column as the lines of one text: a call for each would take long."""
    letters, cells = column_letters(column.number), list(column.cells)
    lists_people = any("身份证" in cell for cell in cells)
    bare = BareCells(rules, read_column_words(head or " ", lists_people=lists_people))
    findings = list[PersonalFinding]()
    for row, cell in enumerate(cells):
        if is_bare(cell):
            finding = bare.find(cell, f"{letters}{row + 1}")
            if finding is not None:
                findings.append(finding)
            cells[row] = ""
    if not any(cells):
        return findings
    text = _LINE_BREAK.sub(" ", "\x00".join(cells)).replace("\x00", "\n")
    starts = [0, *accumulate(len(cell) + 1 for cell in cells)]
    for finding in scan(text, rules, head=head or " "):
        row = bisect_right(starts, finding.start) - 1
        start, end = finding.start - starts[row], finding.end - starts[row]
        findings.append(
            PersonalFinding(
                finding.kind, start, end, cells[row][start:end], finding.masked,
                f"{letters}{row + 1}",
            )
        )  # fmt: skip
    return sorted(findings, key=_row_and_start) if text.strip() else findings


def _row_and_start(finding: PersonalFinding) -> tuple[int, int]:
    return int(finding.where.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), finding.start


def _judge_by_share(
    column: ColumnView, findings: list[PersonalFinding], rules: Rules, scan: Scan
) -> list[PersonalFinding]:
    long_cells = sum(1 for cell in column.cells if _LONG_NUMBER.search(cell))
    if long_cells < _FEWEST or _SAYS_PERSON.search(column.head):
        return findings
    numbers = [finding for finding in findings if finding.kind in _NUMBERS]
    if len(numbers) < long_cells * _FEW_CELLS:  # chance hits among numbers of records
        return [finding for finding in findings if finding.kind not in _NUMBERS]
    for kind, head in _NAMED.items():
        count = sum(1 for finding in numbers if _NUMBERS[finding.kind] is kind)
        if long_cells * _MOST_CELLS <= count < long_cells:
            return _scan_cells(column, rules, scan, head)
    return findings


def _with_addresses(column: ColumnView, findings: list[PersonalFinding]) -> list[PersonalFinding]:
    """Add the addresses of a column of homes; they take the place of what is found in them."""
    if not is_home_head(column.head):
        return findings
    homes = dict[str, PersonalFinding]()
    for row, cell in enumerate(column.cells, 1):
        address = find_cell_address(cell, column.head)
        if address is not None:
            name = cell_name(column.number, row)
            homes[name] = replace(address, where=name)
    others = [
        finding
        for finding in findings
        if finding.where not in homes or finding.kind is not FindingKind.ADDRESS
    ]
    return [*homes.values(), *others] if homes else findings


def find_protected_cell(cell: str) -> PersonalFinding | None:
    """Return what a cell of a protected column gives away: all of it, unless it is masked."""
    text = cell.strip()
    if not text or _HIDDEN.search(text):
        return None
    start = cell.index(text)
    return PersonalFinding(FindingKind.NAME, start, start + len(text), text, mask_name(text))


def _with_protected(column: ColumnView, findings: list[PersonalFinding]) -> list[PersonalFinding]:
    """Add the cells of a protected column in which nothing else was found."""
    known = {finding.where for finding in findings}
    names = list(findings)
    for row, cell in enumerate(column.cells, 1):
        where, finding = cell_name(column.number, row), find_protected_cell(cell)
        if finding is not None and where not in known:
            names.append(replace(finding, where=where))
    return names
