"""Scan texts and tables for personal data, and mask what is found. One recogniser for the house."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from core.privacy.domain.addresses import find_addresses
from core.privacy.domain.columns import (
    ColumnView,
    column_number,
    find_protected_cell,
    scan_column,
)
from core.privacy.domain.digits import find_runs, split_scripts
from core.privacy.domain.findings import (
    DEFAULT_RULES,
    ColumnFindings,
    FindingKind,
    PersonalFinding,
    Rules,
)
from core.privacy.domain.numbers import NumberReader
from core.privacy.domain.pasted import PastedLists
from core.privacy.domain.plates import find_accounts, find_plates


def scan_text(text: str, rules: Rules = DEFAULT_RULES, *, head: str = "") -> list[PersonalFinding]:
    """Return the personal data in a text, in order, not overlapping.

    `head`: what stands over the column that the text is a cell of.
    """
    lists = PastedLists(text, rules.protected)
    findings = _scan_numbers(text, rules, head, lists)
    findings += find_plates(text, rules, head)
    findings += find_addresses(text, head, lists)
    findings += find_accounts(text)
    if rules.protected and not head:
        findings += _find_protected(lists, rules)
    return _without_overlaps(findings)


def mask_text(text: str, findings: Iterable[PersonalFinding]) -> str:
    """Return the text with each finding in its masked form; they are of this very text."""
    parts, end = list[str](), 0
    for finding in findings:
        parts += [text[end : finding.start], finding.masked]
        end = finding.end
    return "".join([*parts, text[end:]])


def scan_rows(
    heads: Sequence[str], rows: Sequence[Sequence[str]], rules: Rules = DEFAULT_RULES
) -> list[PersonalFinding]:
    """Return the personal data in a table, column by column; `where` is the cell (`B3`).

    A column counts as a whole: by its head, and by what most of its cells are. Row 1 is the first
    row below the heads; `start` and `end` count within the cell. Rows may be short.
    """
    width = max([len(heads), *map(len, rows)], default=0)
    findings = list[PersonalFinding]()
    for number in range(width):
        head = heads[number] if number < len(heads) else ""
        cells = [row[number] if number < len(row) else "" for row in rows]
        findings += scan_column(ColumnView(number, head, cells), rules, scan_text)
    return findings


def by_column(findings: Iterable[PersonalFinding]) -> list[ColumnFindings]:
    """Group what `scan_rows` found by column and kind: "column 2, identity numbers, 200 places"."""
    ordered = sorted(findings, key=_column_and_kind)
    return [
        ColumnFindings(column, kind, tuple(group))
        for (column, kind), group in groupby(ordered, _column_and_kind)
    ]


def _scan_numbers(text: str, rules: Rules, head: str, lists: PastedLists) -> list[PersonalFinding]:
    reader = NumberReader(text, rules, head, lists)
    findings = list[PersonalFinding]()
    for start, end in find_runs(text):
        found = reader.read(start, end)
        if not found:
            for piece in split_scripts(text, start, end):
                found += reader.read(*piece)
        findings += found
    return findings


def _find_protected(lists: PastedLists, rules: Rules) -> Iterator[PersonalFinding]:
    for _head, start, cell in lists.list_cells(rules.protects):
        finding = find_protected_cell(cell)
        if finding is not None:
            yield replace(finding, start=start + finding.start, end=start + finding.end)


def _without_overlaps(findings: list[PersonalFinding]) -> list[PersonalFinding]:
    """Return findings in order; of those that overlap, the one that begins first and is longest.

    What is known by its head alone gives way to what was recognised.
    """
    kept = list[PersonalFinding]()
    known = {each.start for each in findings if each.kind is not FindingKind.NAME}
    for finding in sorted(findings, key=lambda each: (each.start, -each.end)):
        if finding.kind is FindingKind.NAME and known & {*range(finding.start, finding.end)}:
            continue
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
    return kept


def _column_and_kind(finding: PersonalFinding) -> tuple[int, FindingKind]:
    return column_number(finding.where), finding.kind
