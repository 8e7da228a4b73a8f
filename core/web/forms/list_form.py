"""The form that takes a list: a file or pasted text, then the rows of its preview, confirmed."""

from flask_babel import get_locale
from flask_babel import gettext as _

from core.errors import Invalid
from core.tables.limits import MIB, UnreadableFile
from core.tables.lists.source import MAX_BYTES, ListSource, read_list_file, read_pasted_list
from core.web.forms.fields import FileField, LineField, TextField
from core.web.forms.form import Form, FormData


class SentListForm(Form):
    """A list: `file` or `pasted`; `rows` and `filename` travel in its preview (`act=confirm`)."""

    act = LineField(20)
    file = FileField()
    pasted = TextField(1_000_000)
    rows = TextField(4_000_000)
    filename = LineField(200)


def is_list_confirmed(form: FormData) -> bool:
    """Say whether the list was shown as it was read, and confirmed."""
    return bool(form.values["act"] == "confirm")


def read_list_source(form: FormData) -> ListSource:
    """Read the list that a form holds; raises `Invalid`, at the field concerned."""
    values = form.require()
    if is_list_confirmed(form):
        return read_pasted_list(values["rows"])
    file = values["file"]
    if file is not None and file.filename:
        data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise Invalid({"file": _("The file is larger than %(n)s MB.", n=MAX_BYTES // MIB)})
        form.typed["filename"] = file.filename[-200:]
        return read_sent_list(data, file.filename)
    if values["pasted"]:
        return read_pasted_list(values["pasted"])
    raise Invalid({"file": _("Choose a file, or paste the list.")})


def read_sent_list(data: bytes, filename: str) -> ListSource:
    """Read a file as a list; raises `Invalid` with the reason in the reader's language."""
    try:
        return read_list_file(data, filename)
    except UnreadableFile as error:
        raise Invalid({"file": error.message(list_language())}) from error


def list_language() -> str:
    """Return in which of the languages of `core.tables` the reader is told about lists."""
    return "zh" if str(get_locale() or "zh").startswith("zh") else "en"
