"""Personal data in the texts of a publication, in groups: a kind at a place, such as a column."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.privacy.domain.findings import FindingKind, PersonalFinding, Rules
from core.publishing.body.markup import is_markup
from core.publishing.content import Content
from core.publishing.guard.cells import CellMap
from core.publishing.guard.digests import to_key
from core.publishing.guard.lists import CAPTION, mask_list, remove_list_column, scan_list
from core.tables.pasted.heads import is_heading_word

#: Field of the form → attribute of the content; columns of tables are told apart in the body.
TEXTS = {"title": "title", "summary": "summary", "body": "body_source"}
LIST = "list"
LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """All findings of a kind at a place; the values stay in memory.

    `place` is table and column in a text (`0.2`), the column in a list (`2`), or empty; `label` is
    the heading of the column.
    """

    field: str
    place: str
    kind: FindingKind
    findings: Sequence[PersonalFinding]
    label: str = ""

    @property
    def key(self) -> str:
        """The name by which forms know it."""
        return to_key(self.field, self.place, self.kind)

    @property
    def is_column(self) -> bool:
        """Whether it stands in a column, which can be removed."""
        return self.place not in {"", CAPTION}


def find_groups(content: Content, rules: Rules) -> list[FindingGroup]:
    """Find the personal data in title, summary, body and list, grouped, in their order."""
    groups: list[FindingGroup] = []
    for field, attribute in TEXTS.items():
        source = getattr(content, attribute)
        groups += _group(field, source, rules) if source else ()
    data = content.list_data
    if data is not None:
        labels = dict(enumerate(data.labels))
        for place, kind, findings in scan_list(data, rules):
            label = labels[int(place)][:LONGEST_LABEL] if place != CAPTION else ""
            groups.append(FindingGroup(LIST, place, kind, findings, label))
    return groups


def find_in_text(source: str, rules: Rules) -> list[PersonalFinding]:
    """Find the personal data in a text, typed or HTML; positions are those of the source."""
    from core.privacy.domain.scanning import scan_text  # many patterns
    from core.privacy.markup import scan_markup

    return scan_markup(source, rules) if is_markup(source) else scan_text(source, rules)


def _group(field: str, source: str, rules: Rules) -> Iterator[FindingGroup]:
    found = find_in_text(source, rules)
    cells = CellMap(source) if found else None
    by_place: dict[tuple[str, FindingKind], list[PersonalFinding]] = {}
    for finding in found:
        cell = cells.find(finding.start) if cells else None
        place = f"{cell.table}.{cell.column}" if cell else ""
        by_place.setdefault((place, finding.kind), []).append(finding)
    headings = _list_headings(cells) if cells else {}
    for (place, kind), findings in by_place.items():
        yield FindingGroup(field, place, kind, findings, headings.get(place, ""))


def _list_headings(cells: CellMap) -> Mapping[str, str]:
    """Return the headings by place; what is no heading as lists have them is never stored."""
    return {
        f"{cell.table}.{cell.column}": text[:LONGEST_LABEL]
        for cell in cells.cells
        if cell.row == 0 and is_heading_word(text := cells.source[cell.start : cell.end].strip())
    }


def mask_group(content: Content, group: FindingGroup) -> Content:
    """Return the content with every value of a group masked."""
    from core.privacy.domain.scanning import mask_text  # many patterns
    from core.privacy.markup import mask_markup

    if group.field == LIST and content.list_data is not None:
        data = mask_list(content.list_data, group.place, group.findings)
        return replace(content, list_data=data)
    attribute = TEXTS[group.field]
    source = getattr(content, attribute)
    mask = mask_markup if is_markup(source) else mask_text
    changed: dict[str, Any] = {attribute: mask(source, group.findings)}
    return replace(content, **changed)


def mask_content(content: Content, rules: Rules) -> tuple[Content, list[FindingGroup]]:
    """Return the content with all personal data of its texts masked, and what that was."""
    groups = find_groups(content, rules)
    for group in groups:
        # Positions have moved where another group of the same text was masked.
        present = (one for one in find_groups(content, rules) if one.key == group.key)
        content = next((mask_group(content, one) for one in present), content)
    return content, groups


def remove_column(content: Content, group: FindingGroup) -> Content:
    """Return the content without the column in which a group stands."""
    if group.field == LIST and content.list_data is not None:
        return replace(content, list_data=remove_list_column(content.list_data, group.place))
    table, column = map(int, group.place.split("."))
    source = CellMap(content.body_source).without_column(table, column)
    return replace(content, body_source=source)
