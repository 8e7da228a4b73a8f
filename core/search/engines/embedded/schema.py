"""Layout of documents in a tantivy index."""

import hashlib
import json

from tantivy import Document, Schema, SchemaBuilder

from core.search.document import SearchDocument
from core.search.engines.base import FACETS, encode_day, encode_moment
from core.search.engines.embedded.cells import encode_spot, list_cells
from core.search.engines.indexed_text import to_indexed_text
from core.search.text.tokenizer import CUT_VERSION

# Raise it when fields or their contents change: indexes are then built anew.
LAYOUT_VERSION = 4

# BM25 boosts of the text fields: a title says what a document is, a body names much in passing.
# Beside each field stands one of the two-character words across the borders of its tokens.
WEIGHTS = {"title": 1.0, "about": 0.4, "body": 0.2}
CROSSING = "_x"
# A token before the first word of a title, to search for its beginning.
START = "^"


def build_schema() -> Schema:
    """Build the schema; only the id is stored, the texts stay in the database."""
    builder = SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in WEIGHTS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
        builder.add_text_field(name + CROSSING, tokenizer_name="whitespace", index_option="basic")
    for name in ("number", "pinyin"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("number_key", tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("scope", "excluded", "cell"):
        builder.add_unsigned_field(name, indexed=True)
    for name in ("owner", "depth", "spot"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    for name in ("expires", "published", "version"):
        builder.add_unsigned_field(name, fast=True)
    builder.add_boolean_field("inherits", indexed=True)
    return builder.build()


def fingerprint() -> str:
    """Return a hash of layout and tokenizer; another one needs a rebuild."""
    text = json.dumps([LAYOUT_VERSION, CUT_VERSION, WEIGHTS, CROSSING])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def to_index(document: SearchDocument) -> Document:
    """Convert one document to the layout of the index."""
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
        "expires": encode_moment(document.expires_at),
        "published": encode_day(document.published_on),
        "version": document.version,
        "inherits": document.inherits,
        **_texts(document),
    }
    if document.position is not None:
        fields["cell"] = list_cells(document.position)
        fields["spot"] = encode_spot(document.position)
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
    texts = to_indexed_text(document)
    fields: dict[str, object] = {
        "pinyin": " ".join((START, *texts.syllables)),
        "number": [" ".join(tokens) for tokens in texts.numbers],
        "number_key": texts.number_keys,
    }
    for name, tokens in texts.fields.items():
        start = (START,) if name == "title" else ()
        fields[name] = " ".join((*start, *tokens.within))
        fields[name + CROSSING] = " ".join(tokens.crossing)
    return fields
