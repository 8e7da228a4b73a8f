"""Take a Word document over into the form: text, pictures as files of the publication."""

from dataclasses import dataclass, field, replace

from flask import flash
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.errors import Invalid
from core.publishing.body.convert import LONGEST_BODY, to_html
from core.publishing.body.markup import is_markup
from core.publishing.console.forms import WORD_ACT, SavingForm, TypedContent
from core.publishing.content import Content, FileRef
from core.publishing.editing.word.reading import (
    PLACEHOLDER,
    WordPicture,
    WordText,
    describe_left_out,
    read_word,
)
from core.publishing.files.attachments import MOST_FILES
from core.publishing.files.validation import CheckedFile, check_file
from core.web.forms.fields import ChoiceField, FilesField
from core.web.forms.form import Errors, Form
from core.web.urls import tenant_url


class WordImportForm(Form):
    """A document, and where its text goes if there is one already."""

    word = FilesField(1)
    word_place = ChoiceField(("end", "replace"), wrong=_l("Choose where the text goes."))


@dataclass(slots=True)
class WordImport:
    """A document that was read for the form: its pictures, checked, come after other new files."""

    errors: Errors = field(default_factory=dict)
    body: str | None = None
    pictures: list[CheckedFile] = field(default_factory=list)
    alts: list[str] = field(default_factory=list)


def import_into(draft: TypedContent, most_bytes: int) -> None:
    """Take the document that came with the form over into what was typed, if its button asks."""
    saving = SavingForm.read().values
    if saving["act"] != WORD_ACT:
        return
    kept = len(set(saving["file"]) - set(saving["remove"])) + len(draft.files)
    found = draft.word = _import(draft.content.body_source, kept, most_bytes)
    draft.errors |= found.errors
    if found.body is not None:
        draft.content = replace(draft.content, body_source=found.body)
        draft.typed["body"] = found.body
        draft.files = [*draft.files, *found.pictures]


def _import(body: str, kept_files: int, most_bytes: int) -> WordImport:
    """Read the document, before anything is written."""
    form = WordImportForm.read()
    found = WordImport(dict(form.errors))
    if found.errors:
        return found
    if not form.values["word"]:
        found.errors["word"] = _("Choose a Word document.")
    elif body.strip() and not form.values["word_place"]:
        found.errors["word_place"] = _("There is a text already: choose where the new one goes.")
    else:
        file = form.values["word"][0]
        try:
            text = read_word(
                file.filename or "", file.stream.read(most_bytes + 1), most_bytes=most_bytes
            )
            _take(found, text, body if form.values["word_place"] == "end" else "", kept_files)
        except Invalid as error:
            found.errors |= error.fields
    return found


def _take(found: WordImport, text: WordText, before: str, kept_files: int) -> None:
    markup = before if not before or is_markup(before) else to_html(before)
    left_out = dict(text.left_out)
    html = text.html
    for number, picture in enumerate(text.pictures):
        checked = _check(picture) if kept_files + len(found.pictures) < MOST_FILES else None
        if checked is None:
            left_out["pictures"] = left_out.get("pictures", 0) + 1
            continue
        html = html.replace(f'src="{PLACEHOLDER}{number}"', f'src="={len(found.pictures)}"', 1)
        found.pictures.append(checked)
        found.alts.append(picture.alt)
    body = markup + html
    if len(body) > LONGEST_BODY:
        raise Invalid({"word": _("At most %(n)s characters.", n=LONGEST_BODY)})
    found.body = body
    for message in describe_left_out(left_out):
        flash(message, "warning")
    flash(_("The document was taken over. Look it through; say what each picture shows."))


def _check(picture: WordPicture) -> CheckedFile | None:
    """Return a picture as a file of the publication; `None` where browsers could not show it."""
    try:
        return check_file(picture.name, picture.data, most_bytes=len(picture.data))
    except Invalid:
        return None


def place_pictures(content: Content, draft: TypedContent) -> Content:
    """Give the pictures of the document, which are the last files, their addresses in the text."""
    found: WordImport | None = draft.word
    if found is None or not found.pictures:
        return content
    count = len(found.pictures)
    others, own = content.files[:-count], content.files[-count:]
    body = content.body_source
    for number, (ref, checked) in enumerate(zip(own, found.pictures, strict=True)):
        address = tenant_url("publishing.file", id=ref.id, name=checked.filename)
        body = body.replace(f'src="={number}"', f'src="{address}"')
    named = tuple(FileRef(ref.id, alt) for ref, alt in zip(own, found.alts, strict=True))
    draft.typed["body"] = body
    return replace(content, body_source=body, files=(*others, *named))
