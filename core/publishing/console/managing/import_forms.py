"""Forms of imports: the upload, what is preset, and what is changed row by row."""

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from core.publishing.importing.uploads.service import KEEP, MASK, SKIP, RowChange
from core.web.forms.fields import ChoiceField, FilesField, KeyedField, LineField
from core.web.forms.form import Form

MOST_FILES = 100
CHOICE_LABELS = {
    MASK: _l("Mask it"),
    SKIP: _l("Leave the row out"),
    KEEP: _l("Keep it, for a reason that a second person confirms"),
}


class PresetForm(Form):
    """What holds for rows that do not say it themselves."""

    item = LineField(300)
    organ_id = ChoiceField()
    genre = ChoiceField()


class PublicationUploadForm(PresetForm):
    """The files, and what is preset."""

    files = FilesField(MOST_FILES, required=_l("Choose a file."))


class ImportRowsForm(Form):
    """What was changed of the rows of a page, under their numbers."""

    act = ChoiceField(("save", "run"), default="save")
    item = KeyedField(300)
    organ = KeyedField(100)
    choice = KeyedField(10)
    reason = KeyedField(500)


def read_changes(values: Mapping[str, Any], organs: Collection[str]) -> dict[int, RowChange]:
    """Return the changes by the number of the row; organs that are not offered are left out."""
    fields = ("item", "organ", "choice", "reason")
    keys = {key for name in fields for key in values[name] if key.isdecimal() and len(key) < 10}
    changes: dict[int, RowChange] = {}
    for key in keys:
        organ = values["organ"].get(key)
        choice = values["choice"].get(key, "")
        changes[int(key)] = RowChange(
            item=values["item"].get(key),
            publisher=organ if organ in organs or organ == "" else None,
            choice=choice if choice in CHOICE_LABELS else "",
            reason=values["reason"].get(key, "").strip(),
        )
    return changes
