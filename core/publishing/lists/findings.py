"""What is to be said of a list: wrong cells, wrong totals, what is too large."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.errors import Invalid
from core.publishing.lists.cells import fits
from core.publishing.lists.domain.model import (
    LONGEST_CAPTION,
    LONGEST_CELL,
    LONGEST_NAME,
    LONGEST_UNIT,
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_ROWS,
    ColumnType,
    ListData,
    TypedColumn,
)
from core.publishing.lists.totals import find_wrong_totals, to_plain

TYPE_LABELS = {
    ColumnType.TEXT: _l("Any words"),
    ColumnType.NUMBER: _l("A number"),
    ColumnType.MONEY: _l("Amount of money"),
    ColumnType.DATE: _l("A date"),
    ColumnType.NAME: _l("Name of a person"),
    ColumnType.PHONE: _l("Telephone number"),
    ColumnType.ID_NUMBER: _l("Identity card number"),
    ColumnType.ADDRESS: _l("Home address"),
}
_EXPECTED = {
    ColumnType.NUMBER: _l("is no number"),
    ColumnType.MONEY: _l("is no amount, or has more than two decimals"),
    ColumnType.DATE: _l("is no date of 1900 to 2199"),
    ColumnType.NAME: _l("is no name"),
    ColumnType.PHONE: _l("is no telephone number"),
    ColumnType.ID_NUMBER: _l("is no identity card number"),
}
MOST_NAMED = 20
_EXCERPT = 40


@dataclass(frozen=True, slots=True)
class RowFinding:
    """One thing that is wrong or uncertain, as the component of findings shows it."""

    severity: str
    message: str
    where: str = ""
    excerpt: str = ""


def require_limits(data: ListData) -> None:
    """Raise `Invalid` at `list_data` for a list that is larger than one may be."""
    for message in _list_excesses(data):
        raise Invalid({"list_data": message})


def _list_excesses(data: ListData) -> Iterator[str]:
    if message := find_excess(len(data.rows), len(data.columns)):
        yield message
    if len(data.caption) > LONGEST_CAPTION:
        yield str(_("The caption of a list has at most %(n)s characters.", n=LONGEST_CAPTION))
    for column in data.columns:
        if len(column.name) > LONGEST_NAME or len(column.unit) > LONGEST_UNIT:
            yield str(_("The heading of a column has at most %(n)s characters.", n=LONGEST_NAME))
    size = 0
    for number, row in enumerate((*data.rows, data.totals), 1):
        size += sum(map(len, row))
        if any(len(cell) > LONGEST_CELL for cell in row):
            yield str(
                _("Row %(row)s: a cell has more than %(n)s characters.", row=number, n=LONGEST_CELL)
            )
    if size > MOST_CHARACTERS:
        yield str(_("The list has more than %(n)s characters.", n=MOST_CHARACTERS))


def find_excess(rows: int, columns: int) -> str:
    """Return the message for a list of too many rows or columns, else an empty text."""
    if rows > MOST_ROWS:
        return str(
            _(
                "A list has at most %(n)s rows, this one has %(m)s: attach it as a file.",
                n=MOST_ROWS,
                m=rows,
            )
        )
    if columns > MOST_COLUMNS:
        return str(
            _("A list has at most %(n)s columns, this one has %(m)s.", n=MOST_COLUMNS, m=columns)
        )
    return ""


def check_list(data: ListData) -> Iterator[RowFinding]:
    """Yield what is wrong with a list: headings, cells by row and column, totals with both sums."""
    yield from _check_headings(data.columns)
    if not data.rows:
        yield RowFinding("error", _("The list has no rows yet."))
    faults = list(_check_cells(data))
    yield from faults[:MOST_NAMED]
    if len(faults) > MOST_NAMED:
        more = len(faults) - MOST_NAMED
        yield RowFinding("error", _("%(n)s more cells are wrong.", n=more))
    yield from _check_totals(data)


def _check_headings(columns: Sequence[TypedColumn]) -> Iterator[RowFinding]:
    counts = Counter(column.name for column in columns)
    for place, column in enumerate(columns, 1):
        if not column.name:
            yield RowFinding("error", _("Column %(n)s has no heading.", n=place))
        elif counts.pop(column.name, 0) > 1:
            yield RowFinding("warning", _("Several columns are called %(name)s.", name=column.name))


def _check_cells(data: ListData) -> Iterator[RowFinding]:
    checked = [
        (place, column) for place, column in enumerate(data.columns) if column.type in _EXPECTED
    ]
    for number, row in enumerate(data.rows, 1):
        for place, column in checked:
            if row[place] and not fits(column, row[place]):
                where = _("Row %(row)s, column %(column)s", row=number, column=column.name)
                message = f"{where}: {_EXPECTED[column.type]}"
                yield RowFinding("error", message, excerpt=row[place][:_EXCERPT])


def _check_totals(data: ListData) -> Iterator[RowFinding]:
    for wrong in find_wrong_totals(data):
        yield RowFinding(
            "warning",
            _(
                "%(column)s: the total says %(stated)s, the rows add up to %(actual)s.",
                column=wrong.column.name,
                stated=wrong.stated,
                actual=to_plain(wrong.actual),
            ),
        )
