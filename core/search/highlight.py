"""Mark what was asked in a text: escape first, then `<mark>`; cut a snippet around the matches."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from core.search.pinyin import syllables
from core.search.plan import Ask, Form, Term
from core.search.tokens import cut, fold, fold_with_origins

SNIPPET = 120
LEAD = 24

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Needles:
    """What to mark, folded and without blanks and punctuation, the longest first."""

    words: tuple[str, ...]
    spelled: tuple[tuple[str, ...], ...]


def needles_of(ask: Ask) -> Needles:
    """What the documents that answer a question were found by."""
    terms = [term for group in ask.groups for term in group.terms]
    texts = [ask.own, *(term.text for term in terms if term.form in {Form.TEXT, Form.NUMBER})]
    words = {_bare(fold(text)) for text in texts}
    if ask.relaxed:
        firsts = [ask.own, *(group.terms[0].text for group in ask.groups)]
        words |= {token for text in firsts for token in cut(fold(text)) if len(token) > 1}
    spelled = {_syllables(term) for term in terms if term.form in {Form.PINYIN, Form.INITIALS}}
    return Needles(
        tuple(sorted(words - {""}, key=lambda word: (-len(word), word))), tuple(sorted(spelled))
    )


def _syllables(term: Term) -> tuple[str, ...]:
    return tuple(term.text.split() if term.form is Form.PINYIN else term.text)


def _bare(folded: str) -> str:
    return "".join(character for character in folded if character.isalnum())


def marked(text: str, needles: Needles) -> Markup:
    """The whole text, its matches marked."""
    return _render(text, _spans(text, needles), 0, len(text))


def has_match(text: str, needles: Needles) -> bool:
    """Whether anything in the text would be marked."""
    return bool(_spans(text, needles))


def snippet(text: str, needles: Needles) -> Markup:
    """About a hundred characters around the densest matches, or the beginning of the text."""
    flat = " ".join(text.split())
    spans = _spans(flat, needles)
    start = _best_start(spans)
    end = min(len(flat), start + SNIPPET)
    before, after = "…" if start else "", "…" if end < len(flat) else ""
    return Markup("").join((before, _render(flat, spans, start, end), after))


def _best_start(spans: Sequence[Span]) -> int:
    """Begin a little before the match that has the most different neighbours behind it."""
    if not spans:
        return 0
    best = max(
        spans,
        key=lambda first: (
            sum(
                min(e, first[0] + SNIPPET - LEAD) - s
                for s, e in spans
                if first[0] <= s < first[0] + SNIPPET - LEAD
            ),
            -first[0],
        ),
    )
    return 0 if best[0] < SNIPPET - LEAD else best[0] - LEAD


def _render(text: str, spans: Iterable[Span], start: int, end: int) -> Markup:
    parts: list[Markup] = []
    place = start
    for first, last in ((max(s, start), min(e, end)) for s, e in spans):
        if first < last:
            parts += [escape(text[place:first]), Markup("<mark>%s</mark>") % text[first:last]]
            place = last
    parts.append(escape(text[place:end]))
    return Markup("").join(parts)


def _spans(text: str, needles: Needles) -> list[Span]:
    """Places of the matches in the original text, in order, without overlaps."""
    folded = fold_with_origins(text)
    found = [place for word in needles.words for place in _places(folded.text, word)]
    found += _spelled_places(folded.text, needles.spelled)
    spans: list[Span] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
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
    """The word, also across blanks and punctuation: “三公”经费 is found by 三公经费."""
    return re.compile(r"[\W_]*".join(map(re.escape, word)))


def _inside_word(text: str, start: int, end: int) -> bool:
    """Latin letters and digits count as whole words only: 14 is not in 2014."""

    def same(left: str, right: str) -> bool:
        return left.isascii() and left.isdigit() == right.isdigit()

    return (start > 0 and same(text[start - 1], text[start])) or (
        end < len(text) and text[end].isdigit() and text[end - 1].isdigit()
    )


def _spelled_places(text: str, spelled: Sequence[tuple[str, ...]]) -> Iterable[Span]:
    """Where the characters are pronounced as asked (each one by its first letters)."""
    if not spelled:
        return
    spoken = [
        (place, next(iter(syllables(character)), ""))
        for place, character in enumerate(text)
        if character.isalnum()
    ]
    for asked in spelled:
        for start in range(len(spoken) - len(asked) + 1):
            window = spoken[start : start + len(asked)]
            if all(_said(said, wanted) for (_, said), wanted in zip(window, asked, strict=True)):
                yield window[0][0], window[-1][0] + 1


def _said(syllable: str, wanted: str) -> bool:
    return syllable == wanted or (len(wanted) == 1 and syllable[:1] == wanted)
