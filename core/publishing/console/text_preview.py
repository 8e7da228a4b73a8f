"""The text of the form as readers will see it, before it is stored."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from core.bounds import clean_text
from core.publishing.article import to_shown
from core.publishing.body.convert import LONGEST_BODY, convert
from core.publishing.body.references import find_references, has_silent_picture
from core.publishing.body.remarks import describe_reference, describe_remark
from core.publishing.labels import SILENT_PICTURE

_MOST_MESSAGES = 20


@dataclass(frozen=True, slots=True)
class TextPreview:
    """The text as HTML, what is uncertain or left out, and a key that stands for this text."""

    html: Markup
    messages: list[str]
    key: str


def build_preview(typed: Any, own: Collection[int] = ()) -> TextPreview:
    """Build the preview of a typed text; of one that is too long, of its beginning.

    `own` are the files of the publication, whose pictures may stand in the text.
    """
    text = clean_text(str(typed or "")).strip()[:LONGEST_BODY]
    converted = convert(text, own)
    messages = [describe_remark(remark) for remark in converted.remarks]
    messages += [describe_reference(reference) for reference in find_references(text, own)]
    messages += [str(SILENT_PICTURE)] * has_silent_picture(converted.html)
    return TextPreview(to_shown(converted.html), messages[:_MOST_MESSAGES], _to_key(text, messages))


def is_confirmed(
    typed: Mapping[str, Any], saving: Mapping[str, Any], own: Collection[int] = ()
) -> bool:
    """Say whether a text was shown with what is uncertain about it, or nothing is."""
    preview = build_preview(typed.get("body"), own)
    return not preview.messages or saving["body_seen"] == preview.key


def _to_key(text: str, messages: list[str]) -> str:
    return hashlib.sha256("\n".join([text, *messages]).encode()).hexdigest()[:16]
