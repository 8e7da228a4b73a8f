"""The editor's form: convert form data to content, field by field, with errors by field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict

from core.clock import beginning_of, local_day
from core.errors import Invalid
from core.publishing.body import LONGEST_BODY
from core.publishing.content import Content, FileRef
from core.publishing.files.attachments import MOST_FILES, add_attachment
from core.publishing.files.validation import check_file
from core.publishing.labels import FIELD_LABELS
from core.publishing.models import Attachment, Publication
from core.publishing.rules import VALIDITIES
from core.publishing.schemas import MOST_PUBLICITY_DAYS, ImportDay, ImportText
from core.storage.files import FileStore

Errors = dict[str, str]


class _Number(fields.Field[int | None]):
    """A whole number, `None` if empty."""

    def __init__(self, least: int, most: int) -> None:
        super().__init__()
        self._least, self._most = least, most

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> int | None:
        text = str(value).strip()
        if not text:
            return None
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
        if not self._least <= number <= self._most:
            raise ValidationError(
                _("must be a number from %(a)s to %(b)s", a=self._least, b=self._most)
            )
        return number


class FormSchema(Schema):
    """The fields of the form; every one may be empty in a draft."""

    class Meta:
        unknown = EXCLUDE

    title = ImportText(300)
    body = ImportText(LONGEST_BODY, lines=True)
    organ_id = _Number(1, 10**9)
    item_id = ImportText(80)
    no_item_reason = ImportText(200)
    summary = ImportText(500)
    document_number = ImportText(100)
    formed_on = ImportDay()
    issued_on = ImportDay()
    published_on = ImportDay()
    genre = ImportText(40)
    theme = ImportText(100)
    validity = fields.String(validate=validate.OneOf(VALIDITIES))
    source = ImportText(200)
    publicity_days = _Number(1, MOST_PUBLICITY_DAYS)
    interprets = _Number(1, 10**9)


@dataclass(slots=True)
class TypedContent:
    """The content of a submitted form as far as it is valid, and the errors."""

    content: Content
    errors: Errors = field(default_factory=dict)


# Field of the form → attribute of the content, where the names differ.
_ATTRIBUTES = {"body": "body_source"}
_NULLABLE = frozenset({"item_id", "no_item_reason", "document_number"})


def read_form(
    form: Mapping[str, str], before: Content, *, organ_ids: Iterable[int]
) -> TypedContent:
    """Read the content from a form; invalid fields keep their previous value."""
    errors: Errors = {}
    try:
        values = FormSchema().load(form)
    except ValidationError as error:
        values = error.valid_data
        errors = {name: _sentence(name, told) for name, told in error.messages_dict.items()}
    if values.get("organ_id") not in (None, *organ_ids):
        errors["organ_id"] = _("Choose one of the organs of this place.")
        values.pop("organ_id")
    return TypedContent(_changed(before, values), errors)


def _changed(before: Content, values: dict[str, Any]) -> Content:
    day = values.pop("published_on", None)
    interprets = values.pop("interprets", None)
    kept: dict[str, Any] = {
        _ATTRIBUTES.get(name, name): (value or None) if name in _NULLABLE else value
        for name, value in values.items()
    }
    kept["interprets"] = (interprets,) if interprets else ()
    content = replace(before, **kept)
    if day and before.published_at and day != local_day(before.published_at):
        content = replace(content, published_at=beginning_of(day))
    if content.item_id:
        return replace(content, no_item_reason=None)
    return replace(content, domain=None) if before.item_id else content


def _sentence(name: str, told: Any) -> str:
    label = str(FIELD_LABELS.get(name, name))
    first = told[0] if isinstance(told, list) else told
    return str(_("%(field)s %(problem)s.", field=label, problem=first))


def to_typed(content: Content) -> dict[str, Any]:
    """Convert a content to form data."""
    return {
        "title": content.title,
        "body": content.body_source,
        "organ_id": content.organ_id or "",
        "item_id": content.item_id or "",
        "no_item_reason": content.no_item_reason or "",
        "summary": content.summary,
        "document_number": content.document_number or "",
        "formed_on": content.formed_on or "",
        "issued_on": content.issued_on or "",
        "published_on": local_day(content.published_at) if content.published_at else "",
        "genre": content.genre,
        "theme": content.theme,
        "validity": content.validity,
        "source": content.source,
        "publicity_days": content.publicity_days or "",
        "interprets": content.interprets[0] if content.interprets else "",
    }


@dataclass(frozen=True, slots=True)
class UploadedFiles:
    """Stores the files that come with a form."""

    session: Session
    store: FileStore
    publication: Publication
    most_bytes: int

    def kept(
        self,
        form: MultiDict[str, str],
        sent: Iterable[tuple[str, FileStorage]],
        own: Iterable[Attachment],
    ) -> tuple[tuple[FileRef, ...], Errors]:
        """Return the files in the form's order with alternative texts, new ones last, and errors.

        A valid file is kept even if another is refused.
        """
        known = {str(attachment.id) for attachment in own}
        removed = set(form.getlist("remove"))
        refs = [
            FileRef(int(number), _alt(form, number))
            for number in dict.fromkeys(form.getlist("file"))
            if number in known and number not in removed
        ]
        errors: dict[str, list[str]] = {}
        for name, file in sent:
            if not file.filename:
                continue
            try:
                refs.append(self._keep(file, len(refs)))
            except Invalid as error:
                errors.setdefault(name, []).append(error.message)
        return tuple(refs), {name: " ".join(messages) for name, messages in errors.items()}

    def _keep(self, file: FileStorage, present: int) -> FileRef:
        if present >= MOST_FILES:
            raise Invalid(_("At most %(n)s files.", n=MOST_FILES))
        data = file.stream.read(self.most_bytes + 1)
        checked = check_file(file.filename or "", data, most_bytes=self.most_bytes)
        attachment = add_attachment(self.session, self.store, self.publication, checked)
        return FileRef(attachment.id)


def _alt(form: Mapping[str, str], number: str) -> str:
    return " ".join(form.get(f"alt-{number}", "").replace("\x00", "").split())[:200]
