"""Read a Word document into the editor: its text as HTML, its pictures, what was left out."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import ngettext

from core.errors import Invalid
from core.publishing.files.validation import MEDIA_TYPES, check_file
from core.tables.confinement import run_reader

PLACEHOLDER = "word-picture:"


@dataclass(frozen=True, slots=True)
class WordPicture:
    """A picture of a document, with the words that stood beside it."""

    name: str
    data: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class WordText:
    """The text of a document; pictures stand in it as `word-picture:NUMBER`."""

    html: str
    pictures: tuple[WordPicture, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)


def read_word(name: str, data: bytes, *, most_bytes: int) -> WordText:
    """Read a document in a process of its own; raises `Invalid` (field `word`)."""
    try:
        checked = check_file(name, data, most_bytes=most_bytes)
    except Invalid as error:
        raise Invalid({"word": error.message}) from error
    if checked.media_type == MEDIA_TYPES["doc"]:
        message = _("Old Word documents (.doc) cannot be taken over: save it as .docx first.")
        raise Invalid({"word": message})
    if checked.media_type != MEDIA_TYPES["docx"]:
        raise Invalid({"word": _("“%(name)s” is no Word document (.docx).", name=checked.filename)})
    from core.publishing.editing.word.convert import LIMITS  # a large library

    finished = run_reader("core.publishing.editing.word.convert", [], checked.data, LIMITS)
    if finished.status != 0:
        raise Invalid({"word": _("“%(name)s” cannot be read.", name=checked.filename)})
    return _load(finished.output)


def _load(output: bytes) -> WordText:
    found = json.loads(output)
    pictures = tuple(
        WordPicture(
            _("Picture %(n)s", n=number) + f".{each['ending']}",
            base64.b64decode(each["data"]),
            each["alt"],
        )
        for number, each in enumerate(found["pictures"], start=1)
    )
    return WordText(found["html"], pictures, found["left_out"])


def describe_left_out(left_out: Mapping[str, int]) -> list[str]:
    """Say what of a document did not come along."""
    said = {
        "hidden": lambda n: ngettext(
            "%(num)d piece of hidden text was left out.",
            "%(num)d pieces of hidden text were left out.", n),
        "deleted": lambda n: ngettext(
            "%(num)d deletion under tracked changes was left out.",
            "%(num)d deletions under tracked changes were left out.", n),
        "comments": lambda n: ngettext(
            "%(num)d comment was left out.", "%(num)d comments were left out.", n),
        "footnotes": lambda n: ngettext(
            "%(num)d footnote stands at the end of the text.",
            "%(num)d footnotes stand at the end of the text.", n),
        "objects": lambda n: ngettext(
            "%(num)d embedded object was left out.",
            "%(num)d embedded objects were left out.", n),
        "boxes": lambda n: ngettext(
            "The place of %(num)d text box may have changed.",
            "The places of %(num)d text boxes may have changed.", n),
        "pictures": lambda n: ngettext(
            "%(num)d picture was left out: too large, too many, or of a kind that browsers do"
            " not show.",
            "%(num)d pictures were left out: too large, too many, or of a kind that browsers do"
            " not show.", n),
    }  # fmt: skip
    return [str(said[what](number)) for what, number in left_out.items() if number]
