"""How a document is laid out in a tantivy index."""

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

from tantivy import Document, Schema, SchemaBuilder

from core.search.backend import FACETS
from core.search.document import BODY_LIMIT, SearchDocument
from core.search.numbers import number_key, number_tokens
from core.search.pinyin import syllables
from core.search.tokens import CUT_VERSION, analyse, cut, fold

# Raise it when fields or their contents change: indexes are then built anew.
LAYOUT_VERSION = 2

# Text fields, and beside each the two-character words across the borders of its tokens.
WEIGHTS = {"title": 1.0, "about": 0.4, "body": 0.2}
CROSSING = "_x"
NEVER = 2**62
# Stands before the first word of a title, so that its beginning can be asked for.
START = "^"

# Rows of digits as long as a mobile or an identity card number are not made findable.
_PERSONAL = re.compile(r"\d{11,}")


def build_schema() -> Schema:
    """All fields; only the id is stored, the texts stay in the database."""
    builder = SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in WEIGHTS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
        builder.add_text_field(name + CROSSING, tokenizer_name="whitespace", index_option="freq")
    for name in ("number", "pinyin", "initials"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("number_key", tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("scope", "excluded"):
        builder.add_unsigned_field(name, indexed=True)
    for name in ("owner", "depth", "expires", "published", "version"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    builder.add_boolean_field("inherits", indexed=True)
    return builder.build()


def fingerprint() -> str:
    """Name of the layout and of the rules of cutting; another one means another index."""
    text = json.dumps([LAYOUT_VERSION, CUT_VERSION, WEIGHTS, CROSSING])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def to_index(document: SearchDocument) -> Document:
    """Lay out one document."""
    fields: dict[str, object] = {
        "id": document.id,
        "kind": document.kind,
        "topic": document.topic,
        "organ": document.organ,
        "year": document.year,
        "level": document.level,
        "validity": document.validity,
        "scope": list(document.scope),
        "excluded": list(document.excluded),
        "owner": document.tenant_id,
        "depth": len(document.scope),
        "expires": _moment(document.expires_at),
        "published": day_number(document.published_on),
        "version": document.version,
        "inherits": document.inherits,
        **_texts(document),
        **_numbers(document.numbers),
    }
    laid_out = Document()
    for name, value in fields.items():
        _add(laid_out, name, value)
    return laid_out


def _add(laid_out: Document, name: str, value: object) -> None:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, bool):
            laid_out.add_boolean(name, one)
        elif isinstance(one, int):
            laid_out.add_unsigned(name, one)
        elif one:
            laid_out.add_text(name, str(one))


def _texts(document: SearchDocument) -> dict[str, object]:
    about = f"{document.summary}\n{document.alias}\n{document.topic}\n{document.organ}"
    folded = {
        "title": fold(document.title),
        "about": fold(about),
        "body": fold("\n".join((document.body[:BODY_LIMIT], *document.attached()))),
    }
    spoken = [sound for word in cut(folded["title"]) for sound in syllables(word)]
    fields: dict[str, object] = {
        "pinyin": " ".join((START, *spoken)),
        "initials": " ".join((START, *(syllable[0] for syllable in spoken))),
    }
    for name, text in folded.items():
        tokens, crossing = analyse(_PERSONAL.sub(" ", text))
        fields[name] = " ".join((START, *tokens) if name == "title" else tokens)
        fields[name + CROSSING] = " ".join(crossing)
    return fields


def _numbers(numbers: Iterable[str]) -> dict[str, object]:
    folded = [fold(number) for number in numbers if number]
    return {
        "number": [" ".join(number_tokens(number)) for number in folded],
        "number_key": [number_key(number) for number in folded],
    }


def _moment(moment: datetime | None) -> int:
    return NEVER if moment is None else max(0, int(moment.astimezone(UTC).timestamp()))


def day_number(day: date | None) -> int:
    """Days as the index counts them; 0 where there is no date."""
    return 0 if day is None else day.toordinal()
