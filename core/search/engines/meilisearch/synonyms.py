"""Synonyms as a setting of the index, so that one query matches a word and all its synonyms.

Meilisearch has no OR between phrases, but a word of a query may have synonyms, which it matches as
phrases. So each word of the national list gets a number that is in no document (indexed texts keep
no row of digits that long); the synonyms of that number are the word and its synonyms. The number
is a hash of them, so web servers and workers agree on it without talking.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b

from core.search.engines.meilisearch.terms import bare, row, write_term
from core.search.query.lexicon import national_lexicon
from core.search.query.planner import Term, TermForm, TermGroup

_LEAST = 10**15
# No syllable begins with these letters: a word with one of them is not spelled by its initials.
_NO_INITIALS = frozenset("iuv")


@dataclass(frozen=True, slots=True)
class SynonymEntry:
    """A number, and the phrases that it stands for."""

    number: str
    phrases: frozenset[str]


@cache
def table() -> Mapping[str, SynonymEntry]:
    """Return the entries of the national list by typed word."""
    entries: dict[str, SynonymEntry] = {}
    for word, others in national_lexicon().synonyms.items():
        phrases = _phrases(map(Term, (word, *others)))
        if len(phrases) > 1:
            entries[word] = SynonymEntry(_number(phrases), frozenset(phrases))
    return entries


def _number(phrases: Iterable[str]) -> str:
    digest = blake2b("\n".join(sorted(phrases)).encode(), digest_size=8).digest()
    return str(_LEAST + int.from_bytes(digest, "big") % (9 * _LEAST))


@cache
def synonyms() -> Mapping[str, list[str]]:
    """Return the index setting: phrases by number."""
    return {entry.number: sorted(map(bare, entry.phrases)) for entry in table().values()}


def list_alternatives(group: TermGroup) -> list[str]:
    """List the alternatives for a group in a query, as few as possible, the likeliest first.

    Synonyms that a county adds stand beside the number; where it forbids a part of the national
    list, each word is an alternative of its own.
    """
    first, *others = sorted(group.terms, key=_unlikelihood)
    ways = _phrases((replace(first, prefix=False), *others))
    entry = table().get(first.text) if first.form is TermForm.TEXT else None
    if entry and entry.phrases <= set(ways):
        ways = [entry.number, *(text for text in ways if text not in entry.phrases)]
    elif first.prefix:
        ways = _phrases(others)
    return [*write_term(first), *ways] if first.prefix else ways


def _unlikelihood(term: Term) -> int:
    """Return a sort key: letters are likelier pinyin of a known word than a word."""
    if term.form is TermForm.INITIALS:
        return 4 if _NO_INITIALS & set(term.text) else 3
    if term.form is TermForm.TEXT:
        return 2 if term.text.isascii() else 0
    return 1 if term.form is TermForm.PINYIN else 0


def _phrases(terms: Iterable[Term]) -> list[str]:
    """Return the texts of terms, without those that contain another one of them."""
    texts = dict.fromkeys(text for term in terms for text in write_term(term))
    rows = {text: row(bare(text)) for text in texts}
    return [
        text
        for text, own in rows.items()
        if not any(other in own for name, other in rows.items() if name != text)
    ]
