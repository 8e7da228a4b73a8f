"""Layout of documents in a Meilisearch index, and the index settings.

Texts are sent as our tokens with blanks between them, so that both engines match the same: the
server's segmenter leaves a word of two or three characters whole.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from core.search.document import SearchDocument
from core.search.engines.base import FACETS, MAX_REACHABLE, encode_day, encode_moment
from core.search.engines.indexed_text import to_indexed_text
from core.search.engines.meilisearch.synonyms import synonyms
from core.search.text.tokenizer import CUT_VERSION

# Raise it when fields or their contents change: indexes are then built anew.
LAYOUT_VERSION = 3
CROSSING, CHARACTERS = "_x", "characters"
# The most frequent words of a text, returned with each hit for reranking.
MAX_FREQUENT_WORDS = 60
SEARCHABLE = (
    "title", "title_x", "number", "number_key", "pinyin", "initials", "about", "about_x",
    CHARACTERS, "body", "body_x",
)  # fmt: skip
# Attributes of a title, in each of its forms.
IN_TITLE = ("title", "title_x", "pinyin", "initials", CHARACTERS)
# A synonym that nobody types holds the layout's fingerprint: an index has no other place for it.
_MARK = "gongkai layout"

SETTINGS: dict[str, Any] = {
    "searchableAttributes": list(SEARCHABLE),
    "filterableAttributes": [
        *FACETS, "scope", "owner", "inherits", "excluded", "expires", "published",
        "_geo", "placed",
    ],
    "sortableAttributes": ["published", "_geo"],
    "displayedAttributes": [
        "id", "version", "title", "about", "pinyin", "initials", "number", "number_key", "scope",
        "in_force", "published", "often", "length", "_geo",
    ],
    "rankingRules": [
        "sort", "in_force:desc", "words", "typo", "attributeRank", "proximity", "wordPosition",
        "exactness", "published:desc",
    ],
    "localizedAttributes": [{"attributePatterns": ["*"], "locales": ["cmn"]}],
    "typoTolerance": {
        "enabled": True,
        "minWordSizeForTypos": {"oneTypo": 5, "twoTypos": 9},
        "disableOnNumbers": True,
        "disableOnAttributes": ["number", "number_key", "pinyin", "initials"],
    },
    "pagination": {"maxTotalHits": MAX_REACHABLE},
    "faceting": {"maxValuesPerFacet": 100},
    "searchCutoffMs": 300,
    "prefixSearch": "indexingTime",
    "proximityPrecision": "byWord",
    "stopWords": [],
}  # fmt: skip

# Older servers know one rule where newer ones have two.
OLDER_RULES = [
    rule if rule != "attributeRank" else "attribute"
    for rule in SETTINGS["rankingRules"]
    if rule != "wordPosition"
]

# Lists that the server returns in another order.
_SETS = {"filterableAttributes", "sortableAttributes", "disableOnAttributes", "stopWords"}


def fingerprint() -> str:
    """Return a hash of layout, settings and tokenizer; another one needs a rebuild."""
    text = json.dumps([LAYOUT_VERSION, CUT_VERSION, SETTINGS], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def wanted_settings() -> dict[str, Any]:
    """Return the settings with synonyms and the layout's fingerprint."""
    return {**SETTINGS, "synonyms": {_MARK: [fingerprint()], **synonyms()}}


def read_layout(settings: dict[str, Any]) -> str | None:
    """Return the layout fingerprint in the settings of an index."""
    found = settings.get("synonyms", {}).get(_MARK)
    return str(found[0]) if found else None


def differences(current: dict[str, Any]) -> list[str]:
    """List settings that differ from ours; the server may add keys to a group."""
    return [
        name
        for name, wanted in wanted_settings().items()
        if not _holds(name, current.get(name), wanted)
    ]


def _holds(name: str, current: Any, wanted: Any) -> bool:
    if name == "rankingRules":
        return current in (wanted, OLDER_RULES)
    if isinstance(wanted, dict) and isinstance(current, dict):
        return all(_holds(key, current.get(key), value) for key, value in wanted.items())
    if name in _SETS and isinstance(current, list):
        return sorted(current) == sorted(wanted)
    return bool(current == wanted)


def to_meili(document: SearchDocument) -> dict[str, Any]:
    """Convert one document to the layout of the index."""
    texts = to_indexed_text(document)
    fields: dict[str, Any] = {
        "id": document.id,
        "version": str(document.version),
        "scope": list(document.scope),
        "owner": document.tenant_id,
        "inherits": document.inherits,
        "excluded": list(document.excluded),
        "expires": encode_moment(document.expires_at),
        "published": encode_day(document.published_on),
        "in_force": int(not document.repealed),
        "pinyin": " ".join(texts.syllables),
        "initials": " ".join(syllable[0] for syllable in texts.syllables),
        CHARACTERS: " ".join(dict.fromkeys("".join(texts.fields["title"].within))),
        "number": [" ".join(tokens) for tokens in texts.numbers],
        "number_key": texts.number_keys,
        "often": _frequent_words(texts.fields["body"].within),
        "length": len(texts.fields["body"].within),
    }
    for name, tokens in texts.fields.items():
        fields[name] = " ".join(tokens.within)
        fields[name + CROSSING] = " ".join(tokens.crossing)
    if document.position is not None:
        # `_geo` is the server's own name; it cannot be asked whether a document has one.
        fields["_geo"] = {"lat": document.position.lat, "lng": document.position.lng}
        fields["placed"] = True
    facets = {name: getattr(document, name) for name in FACETS}
    return fields | {name: str(value) for name, value in facets.items() if value}


def _frequent_words(tokens: Sequence[str]) -> str:
    """Return the most frequent words of a text with their frequencies."""
    counted = Counter(token for token in tokens if len(token) > 1)
    return " ".join(f"{token}={times}" for token, times in counted.most_common(MAX_FREQUENT_WORDS))
