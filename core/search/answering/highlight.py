"""Highlight matches in texts with `<mark>` (everything else escaped), and cut snippets."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise

from markupsafe import Markup, escape

from core.search.query.planner import QueryVariant, Term, TermForm
from core.search.text.pinyin import syllables
from core.search.text.tokenizer import cut, fold, fold_with_origins

SNIPPET = 120
LEAD = 24
# Characters of a text that are folded: without plain matches, and around them.
LOOKED_AT = 5_000
NEARBY = 600
MOST_SPOTS = 60
# Between pieces while they are escaped; HTML may not have it, so a text may do without it.
_EDGE = "\0"

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class HighlightTerms:
    """Words to highlight, folded, without punctuation, the longest first; and pinyin."""

    words: tuple[str, ...]
    spelled: tuple[tuple[str, ...], ...]


def to_highlight_terms(variant: QueryVariant) -> HighlightTerms:
    """Return the highlight terms of a query variant."""
    terms = [term for group in variant.groups for term in group.terms]
    texts = [
        variant.raw_query,
        *(term.text for term in terms if term.form in {TermForm.TEXT, TermForm.NUMBER}),
    ]
    words = {_bare(fold(text)) for text in texts}
    if variant.relaxed:
        firsts = [variant.raw_query, *(group.terms[0].text for group in variant.groups)]
        words |= {token for text in firsts for token in cut(fold(text)) if len(token) > 1}
    spelled = {
        _syllables(term) for term in terms if term.form in {TermForm.PINYIN, TermForm.INITIALS}
    }
    return HighlightTerms(
        tuple(sorted(words - {""}, key=lambda word: (-len(word), word))), tuple(sorted(spelled))
    )


def _syllables(term: Term) -> tuple[str, ...]:
    return tuple(term.text.split() if term.form is TermForm.PINYIN else term.text)


def _bare(folded: str) -> str:
    return "".join(character for character in folded if character.isalnum())


def marked(text: str, terms: HighlightTerms) -> Markup:
    """Return the whole text with its matches highlighted."""
    return _render(text, _spans(text, terms), 0, len(text))


def has_match(text: str, terms: HighlightTerms) -> bool:
    """Return whether a text has a match; of a long one only the beginning is folded."""
    plain = text.lower()
    for word in terms.words:
        if word in plain and not word.isascii():
            return True
    return bool(_spans(text[:LOOKED_AT], terms))


def snippet(text: str, terms: HighlightTerms) -> Markup:
    """Return `SNIPPET` characters around the densest matches, or the beginning of the text."""
    start, end = _neighbourhood(text, terms)
    flat = " ".join(text[start:end].split())
    spans = _spans(flat, terms)
    first = _best_start(spans, 0 if start else SNIPPET - LEAD)
    last = min(len(flat), first + SNIPPET)
    before = "…" if start or first else ""
    after = "…" if end < len(text) or last < len(flat) else ""
    return Markup(f"{before}{_render(flat, spans, first, last)}{after}")  # noqa: S704 - rendered


def _neighbourhood(text: str, terms: HighlightTerms) -> Span:
    """Return the span around the densest plain matches; only it is folded, which is slow."""
    if len(text) <= NEARBY:
        return 0, len(text)
    spots = sorted(islice(_spots(text.lower(), terms.words), MOST_SPOTS))
    if not spots:
        return 0, min(len(text), LOOKED_AT)
    start = max(0, _densest(spots) - NEARBY // 4)
    return start, min(len(text), start + NEARBY)


def _spots(text: str, words: Iterable[str]) -> Iterator[Span]:
    for word in words:
        place = text.find(word)
        while place >= 0:
            yield place, place + len(word)
            place = text.find(word, place + len(word))


def _best_start(spans: Sequence[Span], near: int) -> int:
    """Return the start of a snippet: `LEAD` before the densest matches, or 0 if these are near."""
    best = _densest(spans) if spans else 0
    return 0 if best < max(near, LEAD) else best - LEAD


def _densest(spans: Sequence[Span]) -> int:
    """Return the match followed by the most matched characters within a snippet's length."""
    best, most, held, right = spans[0][0], 0, 0, 0
    for first, last in spans:
        while right < len(spans) and spans[right][0] < first + SNIPPET - LEAD:
            held += spans[right][1] - spans[right][0]
            right += 1
        if held > most:
            best, most = first, held
        held -= last - first
    return best


def _render(text: str, spans: Iterable[Span], start: int, end: int) -> Markup:
    """Return a part of a text, escaped in one go, with tags where spans begin and end."""
    text, bounds = text.replace(_EDGE, " "), [start]
    for first, last in spans:
        if (first := max(first, start)) < (last := min(last, end)):
            bounds += (first, last)
    pieces = [text[first:last] for first, last in pairwise((*bounds, end))]
    plain, *rest = str(escape(_EDGE.join(pieces))).split(_EDGE)
    marks = zip(rest[::2], rest[1::2], strict=True)
    shown = "".join([f"<mark>{match}</mark>{after}" for match, after in marks])
    return Markup(plain + shown)  # noqa: S704 - escaped above


def _spans(text: str, terms: HighlightTerms) -> list[Span]:
    """Return the spans of matches in the original text, in order, without overlaps."""
    folded = fold_with_origins(text)
    matches = [
        place
        for word in terms.words
        if word[0] in folded.text  # much sooner known than that a pattern is nowhere
        for place in _places(folded.text, word)
    ]
    matches += _spelled_places(folded.text, terms.spelled)
    spans: list[Span] = []
    for start, end in sorted(matches, key=lambda span: (span[0], -span[1])):
        first, last = folded.origins[start], folded.origins[end - 1] + 1
        if spans and first < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], last))
        else:
            spans.append((first, last))
    return spans


def _places(text: str, word: str) -> Iterable[Span]:
    for match in _pattern(word).finditer(text):
        if not (word.isascii() and _inside_word(text, *match.span())):
            yield match.span()


@lru_cache(maxsize=1_000)
def _pattern(word: str) -> re.Pattern[str]:
    """Compile a word, allowing punctuation inside: “三公”经费 matches 三公经费."""
    return re.compile(r"[\W_]*".join(map(re.escape, word)))


def _inside_word(text: str, start: int, end: int) -> bool:
    """Return whether a match is a part of a Latin word or number: 14 is not in 2014."""

    def same(left: str, right: str) -> bool:
        return left.isascii() and left.isdigit() == right.isdigit()

    return (start > 0 and same(text[start - 1], text[start])) or (
        end < len(text) and text[end].isdigit() and text[end - 1].isdigit()
    )


def _spelled_places(text: str, spelled: Sequence[tuple[str, ...]]) -> Iterable[Span]:
    """Yield spans whose characters have the pinyin, or the initials, of a term."""
    if not spelled:
        return
    spoken = [
        (place, next(iter(syllables(character)), ""))
        for place, character in enumerate(text)
        if character.isalnum()
    ]
    for wanted_syllables in spelled:
        for start in range(len(spoken) - len(wanted_syllables) + 1):
            window = spoken[start : start + len(wanted_syllables)]
            pairs = zip(window, wanted_syllables, strict=True)
            if all(_sounds_like(said, wanted) for (_, said), wanted in pairs):
                yield window[0][0], window[-1][0] + 1


def _sounds_like(syllable: str, wanted: str) -> bool:
    return syllable == wanted or (len(wanted) == 1 and syllable[:1] == wanted)
