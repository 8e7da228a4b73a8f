"""The calculation sheet of a panel as a file: written to be published, read to calculate again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.errors import Invalid
from core.panels.domain.marks import ScoreMark
from core.panels.domain.scoring import (
    OBJECTIVE,
    Computation,
    Criterion,
    PanelScores,
    ScoreRow,
    compute_panel,
)
from core.panels.domain.sheet import SheetRow, build_sheet
from core.tables.limits import UnreadableFile
from core.tables.lists.cells import parse_amount, parse_whole_number
from core.tables.lists.columns import ListColumn
from core.tables.lists.reading import ListFault, ListRead, ListRow, read_list
from core.tables.lists.source import read_list_file
from core.tables.lists.writing import CellValue, ListSheet, write_list_csv, write_list_xlsx

#: Groups of subjects by their keys, with their names in the reader's language.
GroupNames = Mapping[str, Any]
MOST_ROWS = 100_000
_COUNTED = _l("counted")
_LABELS = {
    "group": _l("Group"),
    "subject": _l("Evaluated"),
    "scorer": _l("Scorer"),
    "indicator": _l("Indicator"),
    "weight": _l("Weight"),
    "most": _l("Highest points"),
    "minimum": _l("Answers needed"),
    "points": _l("Points"),
    "remark": _l("Note on the score"),
}


_MARKS = {ScoreMark.OUTLIER: _l("far from the others"), ScoreMark.STRAIGHT: _l("all alike")}
_PARSERS = {
    "weight": parse_whole_number,
    "most": parse_whole_number,
    "minimum": parse_whole_number,
    "points": parse_amount,
}


def build_score_sheet(
    scores: PanelScores, seed: str, hidden: Sequence[str], groups: GroupNames
) -> ListSheet:
    """List every counted score of the subjects that are not hidden, without a name."""
    shown = [row for row in scores.rows if row.subject not in hidden]
    rows = build_sheet(shown, scores.criteria, scores.minimum, seed, scores.notes)
    criteria = {criterion.key: criterion for criterion in scores.criteria}
    lines = [_to_line(row, criteria[row.indicator], scores.minimum, groups) for row in rows]
    return ListSheet(_("Scores"), [str(label) for label in _LABELS.values()], lines)


def _to_line(
    row: SheetRow, criterion: Criterion, minimum: int, groups: GroupNames
) -> list[CellValue]:
    marks = [str(_MARKS[mark]) for mark in row.marks]
    return [
        str(groups[row.group]),
        row.subject,
        row.scorer or str(_COUNTED),
        row.indicator,
        criterion.weight,
        criterion.most,
        minimum,
        row.points if row.points % 1 else int(row.points),
        _(", ").join([*marks, *filter(None, [row.note])]),
    ]


def build_rule_sheet(scores: PanelScores, seed: str) -> ListSheet:
    """Say how results follow from the scores, for people who calculate them again."""
    rules = [
        _("The mean of an indicator: of all points; from seven on without one highest and lowest."),
        _("It is rounded to four decimals, halves up."),
        _("An indicator of which fewer points than needed were given is left out."),
        _("Its weight is shared out over the others in proportion."),
        _("Total: weight × mean ÷ highest points, summed, ÷ sum of weights, × 100."),
        _("It is rounded to two decimals, halves up; equal totals share a place in their group."),
        _("Scorers have numbers that hold for one subject only and follow from the points."),
        _("Remarkable scores are marked and never removed."),
        _("Points needed of an indicator: %(n)s", n=scores.minimum),
        _("Seed of the draw: %(seed)s", seed=seed),
    ]
    return ListSheet(_("Rules"), [_("Rule of calculation")], [[rule] for rule in rules])


def write_sheets(sheets: Sequence[ListSheet]) -> tuple[bytes, bytes]:
    """Return a workbook of the sheets, and the first as CSV."""
    return write_list_xlsx(sheets), write_list_csv(sheets[0])


_FAULTS = {
    "minimum": _l("The number of points needed must be one for all, and 3 at least."),
    "indicator": _l("The indicator is not for this group."),
    "scorer": _l("The indicator is both scored and counted."),
    "scale": _l("Weight and highest points of the indicator differ between rows."),
    "points": _l("The points lie outside the scale of the indicator."),
    "twice": _l("A scorer has scored an indicator of a subject twice."),
}


def compute_from_sheet(
    data: bytes, filename: str, groups: GroupNames
) -> tuple[Computation, list[str]]:
    """Calculate the results of a published sheet alone, with remarks on what was not read.

    Raises `Invalid` that names the row.
    """
    read = _read_rows(data, filename, groups)
    minimum = read.rows[0].values["minimum"]
    criteria: dict[str, Criterion] = {}
    scores = []
    for row in read.rows:
        try:
            if row.values["minimum"] != minimum:
                raise ValueError("minimum")  # noqa: TRY301 - worded below, with the row
            scores.append(_read_score(row, criteria))
            compute_panel(scores[-1:], list(criteria.values()), minimum)
        except ValueError as error:
            where = f"{filename} {ListFault('', row.place).where()}"
            raise Invalid(str(_FAULTS[str(error)]), where=where) from error
    try:
        computed = compute_panel(scores, list(criteria.values()), minimum)
    except ValueError as error:
        raise Invalid(str(_FAULTS[str(error)]), where=filename) from error
    return computed, [note.message() for note in read.notes]


def _read_rows(data: bytes, filename: str, groups: GroupNames) -> ListRead:
    def parse_group(text: str) -> str:
        for key, label in groups.items():
            if text in {key, str(label)}:
                return key
        raise ValueError(_("This is no group of the evaluated."))

    parsers = _PARSERS | {"group": parse_group}
    columns = [
        ListColumn(key, str(label), (key,), key != "remark", 400, parsers.get(key, str))
        for key, label in _LABELS.items()
    ]
    try:
        read = read_list(read_list_file(data, filename), columns, most=MOST_ROWS)
    except UnreadableFile as error:
        raise Invalid(error.message(), where=filename) from error
    if read.faults:
        fault = read.faults[0]
        raise Invalid(fault.message(), where=f"{filename} {fault.where()}".strip())
    if not read.rows:
        raise Invalid(_("The sheet holds no scores."), where=filename)
    return read


def _read_score(row: ListRow, criteria: dict[str, Criterion]) -> ScoreRow:
    """Read a score, and its indicator where it is the first; raises `ValueError` with a code."""
    values = row.values
    is_counted = values["scorer"] == str(_COUNTED)
    key = values["indicator"]
    known = criteria.get(key)
    group = values["group"] if known is None or known.group == values["group"] else "both"
    criterion = Criterion(key, values["weight"], values["most"], group, is_counted)
    if known is not None and replace(known, group=group) != criterion:
        raise ValueError("scale")
    if criterion.weight < 1 or criterion.most < 1:
        raise ValueError("scale")
    criteria[key] = criterion
    scorer = OBJECTIVE if is_counted else values["scorer"]
    return ScoreRow(values["subject"], values["group"], scorer, key, values["points"])
