"""Words that the server itself knows by several names, so that one query says all of them.

Meilisearch has no OR between phrases, but a word of a query may have synonyms, which it looks for
as phrases. So each word of the national list gets a number of its own, which stands in no document
(texts keep no row of digits that long); the synonyms of the number are the word and all that may be
said for it. A number follows from what it stands for: web servers and workers need not agree on it.
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
    """The entries of the national list, by the word that is typed."""
    found: dict[str, SynonymEntry] = {}
    for word, others in national_lexicon().synonyms.items():
        phrases = _phrases(map(Term, (word, *others)))
        if len(phrases) > 1:
            found[word] = SynonymEntry(_number(phrases), frozenset(phrases))
    return found


def _number(phrases: Iterable[str]) -> str:
    digest = blake2b("\n".join(sorted(phrases)).encode(), digest_size=8).digest()
    return str(_LEAST + int.from_bytes(digest, "big") % (9 * _LEAST))


@cache
def synonyms() -> Mapping[str, list[str]]:
    """The table as a setting of an index."""
    return {entry.number: sorted(map(bare, entry.phrases)) for entry in table().values()}


def list_alternatives(group: TermGroup) -> list[str]:
    """What may stand for a group in a query, in as few texts as there can be, the likeliest first.

    What a county adds to the national list stands beside the number; where it forbids a part of
    the list, each word stands for itself.
    """
    first, *others = sorted(group.terms, key=_doubt)
    ways = _phrases((replace(first, prefix=False), *others))
    entry = table().get(first.text) if first.form is TermForm.TEXT else None
    if entry and entry.phrases <= set(ways):
        ways = [entry.number, *(text for text in ways if text not in entry.phrases)]
    elif first.prefix:
        ways = _phrases(others)
    return [*write_term(first), *ways] if first.prefix else ways


def _doubt(term: Term) -> int:
    """Letters are likelier the sound of a known word than a word themselves."""
    if term.form is TermForm.INITIALS:
        return 4 if _NO_INITIALS & set(term.text) else 3
    if term.form is TermForm.TEXT:
        return 2 if term.text.isascii() else 0
    return 1 if term.form is TermForm.PINYIN else 0


def _phrases(terms: Iterable[Term]) -> list[str]:
    """Every way to write these terms, without what is found by a part of it anyway."""
    texts = dict.fromkeys(text for term in terms for text in write_term(term))
    rows = {text: row(bare(text)) for text in texts}
    return [
        text
        for text, own in rows.items()
        if not any(other in own for name, other in rows.items() if name != text)
    ]
