"""The editor's form: convert form data to content, field by field, with errors by field."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from core.clock import first_moment, local_day
from core.errors import Invalid
from core.publishing.body.convert import LONGEST_BODY
from core.publishing.content import Content, FileRef
from core.publishing.files.attachments import MOST_FILES, add_attachment
from core.publishing.files.validation import CheckedFile, check_file
from core.publishing.guard.form import FindingAct
from core.publishing.guard.masked_files import MaskedCopy
from core.publishing.guard.service import Handled
from core.publishing.lists.editing import ListEdit
from core.publishing.models import Attachment, Publication
from core.publishing.rules import CALENDAR_DAYS, DAY_KINDS, VALIDITIES
from core.publishing.schemas import MOST_PUBLICITY_DAYS
from core.storage.files import FileStore
from core.web.forms.fields import (
    ChoiceField,
    DayField,
    FilesField,
    KeyedField,
    LineField,
    MomentField,
    NumberField,
    TextField,
    TickedIdsField,
    TickField,
)
from core.web.forms.form import Errors, Form

FILE_FIELDS = ("photos", "files")
WORD_ACT = "import"


class SavingForm(Form):
    """What comes along with a publication's fields: its files, a note, the button."""

    note = TextField(1_000)
    act = LineField(20)
    body_seen = LineField(20)
    file = TickedIdsField()
    remove = TickedIdsField()
    alt = KeyedField(200)
    photos = FilesField(1_000)
    files = FilesField(1_000)


class PublicationForm(Form):
    """The fields of the form; every one may be empty in a draft."""

    title = LineField(300)
    body = TextField(LONGEST_BODY)
    organ_id = ChoiceField(wrong=_l("Choose one of the organs of this place."))
    item_id = LineField(80)
    no_item_reason = LineField(200)
    summary = LineField(500)
    document_number = LineField(100)
    formed_on = DayField()
    issued_on = DayField()
    published_on = DayField()
    genre = LineField(40)
    theme = LineField(100)
    validity = ChoiceField(VALIDITIES, default=VALIDITIES[0])
    source = LineField(200)
    publicity_days = NumberField(1, MOST_PUBLICITY_DAYS)
    publicity_day_kind = ChoiceField(DAY_KINDS, default=CALENDAR_DAYS)
    interprets = NumberField(1, 10**9 - 1)
    publish_at = MomentField()
    hides_comparison = TickField()


@dataclass(slots=True)
class TypedContent:
    """The content of a submitted form as far as it is valid, the errors, and what was typed.

    `files` are its new ones, checked, that are not stored yet; `list` is its list. `act` is the
    button pressed at personal data, `handled` what it has masked or removed, `masked` the copy of a
    file.
    """

    content: Content
    errors: Errors = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)
    files: Sequence[CheckedFile] = ()
    word: Any = None
    list: ListEdit = field(default_factory=ListEdit)
    act: FindingAct | None = None
    handled: Handled | None = None
    masked: MaskedCopy | None = None


# Field of the form → attribute of the content, where the names differ.
_ATTRIBUTES = {"body": "body_source"}
_NULLABLE = frozenset({"item_id", "organ_id", "no_item_reason", "document_number"})


def read_form(before: Content, *, organ_ids: Iterable[int]) -> TypedContent:
    """Read the content from the form; missing and invalid fields keep their previous value."""
    data = PublicationForm.read(choices={"organ_id": list(organ_ids)})
    values = {name: data.values[name] for name in data.sent - data.errors.keys()}
    return TypedContent(_changed(before, values), dict(data.errors), data.typed)


def _changed(before: Content, values: dict[str, Any]) -> Content:
    day = values.pop("published_on", None)
    interprets = values.pop("interprets", None)
    if "publish_at" in values:  # asked for before the first publication only
        values["published_at"] = values.pop("publish_at")
    kept: dict[str, Any] = {
        _ATTRIBUTES.get(name, name): (value or None) if name in _NULLABLE else value
        for name, value in values.items()
    }
    kept["interprets"] = (interprets,) if interprets else ()
    content = replace(before, **kept)
    if day and before.published_at and day != local_day(before.published_at):
        content = replace(content, published_at=first_moment(day))
    if content.item_id:
        return replace(content, no_item_reason=None)
    return replace(content, domain=None) if before.item_id else content


def to_typed(content: Content) -> dict[str, Any]:
    """Convert a content to what the form shows."""
    day = local_day(content.published_at) if content.published_at else None
    different = {
        "body": content.body_source,
        "published_on": day,
        "publish_at": content.published_at,
        "interprets": next(iter(content.interprets), None),
    }
    return PublicationForm.show(asdict(content) | different)


@dataclass(frozen=True, slots=True)
class UploadedFiles:
    """Stores the files that come with a form."""

    session: Session
    store: FileStore
    publication: Publication

    def store_sent(
        self,
        kept: Mapping[str, Any],
        own: Iterable[Attachment],
        checked: Iterable[CheckedFile],
    ) -> tuple[FileRef, ...]:
        """Return the files in the form's order with alternative texts, new ones last."""
        known = {attachment.id for attachment in own}
        refs = [
            FileRef(number, kept["alt"].get(str(number), ""))
            for number in kept["file"]
            if number in known and number not in kept["remove"]
        ]
        for file in checked:
            attachment = add_attachment(self.session, self.store, self.publication, file)
            refs.append(FileRef(attachment.id))
        return tuple(refs)


def check_sent(kept: Mapping[str, Any], most_bytes: int) -> tuple[list[CheckedFile], Errors]:
    """Validate the new files of a form, before anything is written: pictures take a while.

    A valid file is kept even if another is refused.
    """
    checked: list[CheckedFile] = []
    errors: dict[str, list[str]] = {}
    room = MOST_FILES - len(set(kept["file"]) - set(kept["remove"]))
    for name, file in [(each, file) for each in FILE_FIELDS for file in kept[each]]:
        try:
            checked.append(_check(file, most_bytes, room - len(checked)))
        except Invalid as error:
            errors.setdefault(name, []).append(error.message)
    return checked, {name: " ".join(messages) for name, messages in errors.items()}


def _check(file: FileStorage, most_bytes: int, room: int) -> CheckedFile:
    if room <= 0:
        raise Invalid(_("At most %(n)s files.", n=MOST_FILES))
    return check_file(file.filename or "", file.stream.read(most_bytes + 1), most_bytes=most_bytes)


def only_looks() -> bool:
    """Say whether the form asks for a preview alone; files that come along are stored first."""
    values = SavingForm.read().values
    stores = values["act"] == WORD_ACT or any(values[name] for name in FILE_FIELDS)
    return shows_again(values["act"]) and not stores


def shows_again(act: str) -> bool:
    """Say whether a button shows the form again: with the text's preview, or a changed list."""
    return act in {"preview", WORD_ACT} or act.startswith("list-")
