"""Use a template: columns of a pasted list are found by name, what is missing or extra is said."""

from collections.abc import Iterator
from dataclasses import replace

from flask_babel import gettext as _

from core.privacy.domain.columns import find_protected_cell
from core.publishing.lists.domain.model import ListData, TypedColumn
from core.publishing.lists.findings import RowFinding
from core.publishing.lists.item_templates.model import ItemTemplate, TemplateColumn
from core.publishing.lists.reading.guessing import split_unit
from core.tables.lists.columns import to_plain_heading

_MOST_NAMED = 20


def map_columns(data: ListData, template: ItemTemplate) -> ListData:
    """Give the columns that the template knows its keys, types and units; the order stays."""
    wanted = {_plain(column.name): column for column in template.columns}
    left = dict(wanted)
    columns = []
    for column in data.columns:
        known = left.pop(_plain(column.name), None) or _find_alike(column, left)
        columns.append(_take_over(column, known) if known else column)
    return replace(data, columns=_with_own_keys(columns))


def _plain(name: str) -> str:
    return to_plain_heading(split_unit(name)[0])


def _find_alike(column: TypedColumn, left: dict[str, TemplateColumn]) -> TemplateColumn | None:
    """Find the one column whose name is part of the heading (补贴金额: 金额), or the other way."""
    name = _plain(column.name)
    alike = [key for key in left if len(name) > 1 and (key in name or name in key)]
    return left.pop(alike[0]) if len(alike) == 1 else None


def _take_over(column: TypedColumn, known: TemplateColumn) -> TypedColumn:
    unit = column.unit or known.unit
    return TypedColumn(known.key, column.name, known.type, unit)


def _with_own_keys(columns: list[TypedColumn]) -> tuple[TypedColumn, ...]:
    used: set[str] = set()
    own: list[TypedColumn] = []
    for place, column in enumerate(columns, 1):
        key = column.key if column.key not in used else f"c{place}x"
        used.add(key)
        own.append(replace(column, key=key))
    return tuple(own)


def check_template(data: ListData, template: ItemTemplate) -> Iterator[RowFinding]:
    """Yield what the template asks for and the list does not have, and what it has besides."""
    places = {column.key: place for place, column in enumerate(data.columns)}
    for wanted in template.columns:
        if wanted.key in places:
            yield from _check_cells(data, wanted, places[wanted.key])
        else:
            severity = "error" if wanted.required else "info"
            yield RowFinding(
                severity, _("The template asks for a column %(name)s.", name=wanted.name)
            )
    if template.columns:
        known = {column.key for column in template.columns}
        for column in data.columns:
            if column.key not in known and column.name:
                message = _("The template has no column %(name)s.", name=column.name)
                yield RowFinding("warning", message)
    if template.totals and data.rows and not data.totals:
        yield RowFinding("error", _("The template asks for a row 合计: press “Add up”."))


def _check_cells(data: ListData, wanted: TemplateColumn, place: int) -> Iterator[RowFinding]:
    name = data.columns[place].name
    said = 0
    for number, row in enumerate(data.rows, 1):
        fault = ""
        if wanted.required and not row[place]:
            fault = _("must not be empty")
        elif wanted.protected and find_protected_cell(row[place]):
            fault = _("must not be shown whole, mask it")
        if fault and said < _MOST_NAMED:
            said += 1
            where = _("Row %(row)s, column %(column)s", row=number, column=name)
            yield RowFinding("error", f"{where}: {fault}")
