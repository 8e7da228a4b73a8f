"""A long text that is pasted, or comes as a file."""

from typing import Any

from flask_babel import gettext as _
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from core.bounds import clean_text
from core.tables.formats.encoding import decode
from core.tables.limits import UnreadableFile
from core.web.forms.fields import Files, TextField

FILE = "file-"
_UNREADABLE = "\ufffd"


class DocumentField(TextField):
    """A text of many lines; a file that was chosen (`file-<name>`) stands in its place."""

    def gather(self, name: str, posted: MultiDict[str, str], files: Files) -> str:
        file = files.get(FILE + name)
        if file is None or not file.filename:
            return str(super().gather(name, posted, files))
        try:  # a sign is four bytes at most: more than is taken would be too long anyway
            return str(clean_text(decode(file.read(4 * self.most + 4), file.filename)))
        except UnreadableFile:
            return _UNREADABLE

    def typed(self, raw: Any) -> Any:
        return "" if raw == _UNREADABLE else raw

    def parse(self, typed: str) -> str:
        if typed == _UNREADABLE:
            raise ValidationError(_("This file is no text."))
        return super().parse(typed)
