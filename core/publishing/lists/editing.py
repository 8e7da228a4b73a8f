"""Edit the list of a publication in its form: read what was pasted, correct it, check it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _

from core.errors import Invalid
from core.publishing.lists.domain.model import Cells, ColumnType, ListData, TypedColumn, to_json
from core.publishing.lists.fields import ListRowsForm, build_posted_list, is_grid, write_rows
from core.publishing.lists.findings import RowFinding, check_list, require_limits
from core.publishing.lists.item_templates.applying import check_template, map_columns
from core.publishing.lists.item_templates.model import ItemTemplate
from core.publishing.lists.reading.body_table import move_table
from core.publishing.lists.reading.rows import ReadRows, read_list_sheet, read_list_text
from core.publishing.lists.reading.sheets import MOST_BYTES
from core.publishing.lists.totals import add_totals
from core.web.forms.form import Errors, FormData

_NEW_COLUMNS = 3
_FIRST_SHOWN, _LAST_SHOWN = 4, 2


@dataclass(slots=True)
class ListEdit:
    """The list that a form holds now, what was said while it was read, and errors by field.

    `body` is the text without the table that became the list, where one was moved.
    """

    data: ListData | None = None
    notes: list[RowFinding] = field(default_factory=list)
    errors: Errors = field(default_factory=dict)
    paste: str = ""
    body: str | None = None
    is_new: bool = False
    template: ItemTemplate | None = None

    @property
    def findings(self) -> list[RowFinding]:
        """Everything to look at, what must be corrected first."""
        found = [*self.notes, *self.checked]
        return sorted(found, key=lambda each: each.severity != "error")

    @property
    def checked(self) -> list[RowFinding]:
        """What is wrong or doubtful of the list as it is, for its template too."""
        if self.data is None:
            return []
        asked = check_template(self.data, self.template) if self.template else ()
        return [*check_list(self.data), *asked]

    @property
    def key(self) -> str:
        """A key of this list with what is to be checked about it: whoever sends it has seen it."""
        said = [each.message for each in self.checked]
        text = json.dumps([to_json(self.data) if self.data else None, said], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def is_grid(self) -> bool:
        """Whether each cell has a field of its own."""
        return self.data is None or is_grid(self.data)

    @property
    def text(self) -> str:
        """The rows as text."""
        return write_rows(self.data.rows) if self.data else ""

    @property
    def ends(self) -> tuple[Sequence[Cells], Sequence[Cells]]:
        """The first and the last rows, as they were read."""
        rows = self.data.rows if self.data else ()
        if len(rows) <= _FIRST_SHOWN + _LAST_SHOWN:
            return rows, ()
        return rows[:_FIRST_SHOWN], rows[-_LAST_SHOWN:]


def edit_list(before: ListData | None, body: str, template: ItemTemplate | None) -> ListEdit:
    """Read the list of the form that was posted; what is wrong leaves it as it was.

    A form without the list's fields keeps the list that was `before`.
    """
    form = ListRowsForm.read()
    edit = ListEdit(build_posted_list(form.values), paste=form.typed["list_paste"])
    edit.template = template
    if edit.data is None and not form.typed["list_columns"]:
        edit.data = before
    edit.errors |= {f"list_{name}": said for name, said in _list_errors(form).items()}
    try:
        _act(edit, form, body)
        if edit.data:
            require_limits(edit.data)
    except Invalid as error:
        edit.errors |= error.fields
        edit.data = before
    return edit


def _list_errors(form: FormData) -> Errors:
    return {name.removeprefix("list_"): said for name, said in form.errors.items()}


def _act(edit: ListEdit, form: FormData, body: str) -> None:
    """Do what was pressed; what was pasted or chosen is read whatever was pressed."""
    act = form.values["act"]
    if act == "list-remove":
        edit.data = None
    elif act == "list-text":
        moved = move_table(body)
        if moved is not None and moved.read.data:
            _take(edit, moved.read)
            edit.body = moved.rest
    elif act == "list-begin" and edit.data is None:
        edit.data = ListData(tuple(_new_column(place) for place in range(_NEW_COLUMNS)), ())
    elif act == "list-column" and edit.data:
        edit.data = _with_column(edit.data)
    elif act == "list-total" and edit.data:
        edit.data = add_totals(edit.data)
    _read_sent(edit, form)
    if act == "submit" and edit.data and not any(map(any, (*edit.data.rows, edit.data.totals))):
        edit.data = None  # columns that a template brought and nobody filled are no list


def _read_sent(edit: ListEdit, form: FormData) -> None:
    file = form.values["list_file"]
    if file is not None and file.filename:
        data = file.read(MOST_BYTES + 1)
        _take(edit, read_list_sheet(data, file.filename))
    elif edit.paste.strip() and "list_paste" not in edit.errors:
        _take(edit, read_list_text(form.values["list_paste"]))
        edit.paste = ""


def _take(edit: ListEdit, read: ReadRows) -> None:
    """Take a list that was read in place of the one before; raises `Invalid` where it is none."""
    if read.data is None:
        raise Invalid({"list_paste": _("No list was found: paste one row on each line.")})
    edit.data = map_columns(read.data, edit.template) if edit.template else read.data
    edit.notes, edit.is_new = read.findings, True


def _new_column(place: int) -> TypedColumn:
    return TypedColumn(f"c{place + 1}", "")


def _with_column(data: ListData) -> ListData:
    """Return the list with an empty column at its end."""
    keys = {column.key for column in data.columns}
    place = next(n for n in range(len(keys) + 1) if f"c{n + 1}" not in keys)
    columns = (*data.columns, TypedColumn(f"c{place + 1}", "", ColumnType.TEXT))
    rows = tuple((*row, "") for row in data.rows)
    return replace(data, columns=columns, rows=rows, totals=data.totals and (*data.totals, ""))


def find_submit_error(edit: ListEdit) -> str:
    """Return why a list cannot be handed in as it is, else an empty text.

    What must be corrected must be; what is to be checked, and a list just read, must have been
    shown before.
    """
    if edit.data is None:
        return ""
    findings = edit.findings
    if any(each.severity == "error" for each in findings):
        return str(_("Correct the list: what is wrong is said above it."))
    seen: Any = ListRowsForm.read().values["list_seen"]
    warned = any(each.severity == "warning" for each in findings)
    if (edit.is_new or warned) and seen != edit.key:
        return str(_("Look at the list as it was read below, then hand it in."))
    return ""
