"""The indexed text of a document: folded, cut into tokens, without personal numbers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.search.document import BODY_LIMIT, SearchDocument
from core.search.query.document_numbers import number_key, number_tokens
from core.search.text.pinyin import syllables
from core.search.text.tokenizer import analyse, cut, fold

# Digits as long as a mobile or identity card number are not indexed.
_PERSONAL = re.compile(r"\d{11,}")


@dataclass(frozen=True, slots=True)
class FieldTokens:
    """The tokens of a field, and the two-character words across their borders."""

    within: list[str]
    crossing: list[str]


@dataclass(frozen=True, slots=True)
class IndexedText:
    """The fields of a document, its pinyin and its numbers, as tokens."""

    fields: Mapping[str, FieldTokens]
    syllables: list[str]
    numbers: list[list[str]]
    number_keys: list[str]


def to_indexed_text(document: SearchDocument) -> IndexedText:
    """Cut a document: `title`, `about` (summary, domain, organ) and `body` with attachments."""
    title = fold(document.title)
    about = (document.summary, document.alias, document.topic, document.organ)
    body = (document.body[:BODY_LIMIT], *document.attached())
    numbers = [fold(number) for number in document.numbers if number]
    return IndexedText(
        fields={
            "title": _cut(title),
            "about": _cut(fold("\n".join(about))),
            "body": _cut(fold("\n".join(body))),
        },
        syllables=[sound for word in cut(title) for sound in syllables(word)],
        numbers=[number_tokens(number) for number in numbers],
        number_keys=[number_key(number) for number in numbers],
    )


def _cut(folded: str) -> FieldTokens:
    return FieldTokens(*analyse(_PERSONAL.sub(" ", folded)))
