"""A list as a line of an import gives it, checked cell by cell."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from core.bounds import clean_text
from core.errors import Invalid
from core.publishing.lists.domain.model import Cells, ColumnType, ListData, TypedColumn
from core.publishing.lists.findings import require_limits

_TYPES = {kind.value: kind for kind in ColumnType}


def parse_given_list(given: Any) -> ListData:
    """Parse a list: `columns` (names, or objects), `rows` of texts or numbers, `totals`, `caption`.

    Raises `ValueError` with a message for people.
    """
    if not isinstance(given, Mapping) or not isinstance(given.get("columns"), list):
        raise ValueError(_("must be an object with columns and rows"))  # noqa: TRY004 - one kind of error
    columns = tuple(_parse_column(one, place) for place, one in enumerate(given["columns"], 1))
    if len({column.key for column in columns}) < len(columns) or not columns:
        raise ValueError(_("each column needs a key of its own"))
    rows = given.get("rows") or []
    if not isinstance(rows, list):
        raise ValueError(_("must be an object with columns and rows"))  # noqa: TRY004 - one kind of error
    data = ListData(
        columns,
        tuple(_parse_row(row, number, len(columns)) for number, row in enumerate(rows, 1)),
        _parse_text(given.get("caption") or ""),
        _parse_row(given["totals"], len(rows) + 1, len(columns)) if given.get("totals") else (),
    )
    try:
        require_limits(data)
    except Invalid as error:
        raise ValueError(error.fields["list_data"]) from error
    return data


def _parse_column(given: Any, place: int) -> TypedColumn:
    if isinstance(given, str):
        given = {"name": given}
    if not isinstance(given, Mapping) or not _parse_text(given.get("name", "")):
        raise ValueError(_("column %(n)s has no name", n=place))
    kind = _TYPES.get(str(given.get("type") or "text"))
    if kind is None:
        words = ", ".join(_TYPES)
        raise ValueError(_("the type of column %(n)s is none of %(types)s", n=place, types=words))
    key = _parse_text(given.get("key") or f"c{place}")[:40]
    return TypedColumn(key, _parse_text(given["name"]), kind, _parse_text(given.get("unit") or ""))


def _parse_row(given: Any, number: int, width: int) -> Cells:
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) != width:
        raise ValueError(_("row %(n)s needs %(m)s cells", n=number, m=width))
    return tuple(_parse_text("" if cell is None else cell) for cell in given)


def _parse_text(given: Any) -> str:
    """Return a text on one line; raises `ValueError` for what is neither text nor number."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise ValueError(_("cells hold texts or numbers"))  # noqa: TRY004 - one kind of error
    return " ".join(clean_text(str(given)).split())
