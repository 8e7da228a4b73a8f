"""Personal data in a list of typed rows: by column, and in its caption."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.privacy.domain.findings import FindingKind, PersonalFinding, Rules, to_plain_head
from core.publishing.lists.domain.model import Cells, ListData

CAPTION = "caption"


def scan_list(
    data: ListData, rules: Rules
) -> Iterator[tuple[str, FindingKind, Sequence[PersonalFinding]]]:
    """Yield place (the number of a column from 0, or `caption`), kind, and findings."""
    from core.privacy.domain.scanning import by_column, scan_rows, scan_text  # many patterns

    for kind, findings in _by_kind(scan_text(data.caption, rules)).items():
        yield CAPTION, kind, findings
    for group in by_column(scan_rows(data.labels, data.rows, _with_keys(data, rules))):
        yield str(group.column), group.kind, group.findings


def _with_keys(data: ListData, rules: Rules) -> Rules:
    """Return the rules with the headings of columns that the template protects by their key."""
    heads = {to_plain_head(one.label) for one in data.columns if one.key in rules.protected}
    return replace(rules, protected=rules.protected | heads - {""}) if heads else rules


def _by_kind(found: Sequence[PersonalFinding]) -> dict[FindingKind, list[PersonalFinding]]:
    kinds: dict[FindingKind, list[PersonalFinding]] = defaultdict(list)
    for finding in found:
        kinds[finding.kind].append(finding)
    return kinds


def mask_list(data: ListData, place: str, findings: Sequence[PersonalFinding]) -> ListData:
    """Return the list with the findings of a place masked."""
    from core.privacy.domain.scanning import mask_text  # many patterns

    if place == CAPTION:
        return replace(data, caption=mask_text(data.caption, findings))
    in_rows: dict[int, list[PersonalFinding]] = defaultdict(list)
    for finding in findings:
        in_rows[_row_number(finding)].append(finding)
    rows = [*data.rows]
    for number, found in in_rows.items():
        rows[number] = _mask_row(rows[number], found)
    return replace(data, rows=tuple(rows))


def _row_number(finding: PersonalFinding) -> int:
    return int(finding.where.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) - 1


def _mask_row(row: Cells, findings: Sequence[PersonalFinding]) -> Cells:
    from core.privacy.domain.columns import column_number
    from core.privacy.domain.scanning import mask_text  # many patterns

    cells, column = [*row], column_number(findings[0].where)
    cells[column] = mask_text(cells[column], findings)
    return tuple(cells)


def remove_list_column(data: ListData, place: str) -> ListData:
    """Return the list without a column."""
    number = int(place)

    def cut(cells: Cells) -> Cells:
        return cells[:number] + cells[number + 1 :]

    columns = data.columns[:number] + data.columns[number + 1 :]
    return replace(data, columns=columns, rows=tuple(map(cut, data.rows)), totals=cut(data.totals))
