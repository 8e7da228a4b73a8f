"""From what a citizen typed to what an engine is asked, the same for every engine.

A plan is a row of questions, from the exact one to looser ones; search asks the next one only
where the last found too little. The citizen's own words are part of every question.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from core.search.numbers import asked_number, find_number
from core.search.pinyin import split_syllables
from core.search.tokens import cut, fold, pieces, runs
from core.search.words import Words, national_words

MAX_TYPED = 200
MAX_GROUPS = 10
MAX_PHRASE = 4
MAX_SPELLED = 30
SHORTEST_INITIALS, LONGEST_INITIALS = 3, 8


class Form(StrEnum):
    """How a term is looked for: as words, as a title's pinyin, or as a number."""

    TEXT = "text"
    PINYIN = "pinyin"
    INITIALS = "initials"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to look for; with `prefix`, the last word may go on."""

    text: str
    form: Form = Form.TEXT
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Terms of which one must match; a group to `keep` is never given up."""

    terms: tuple[Term, ...]
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: at least `minimum` of the groups, or the citizen's `own` words as they are."""

    own: str
    groups: tuple[Group, ...]
    minimum: int

    @property
    def relaxed(self) -> bool:
        """Whether documents may answer that lack a part of what was asked."""
        return self.minimum < len(self.groups)


@dataclass(frozen=True, slots=True)
class Plan:
    """What was typed, and the questions to ask in turn."""

    typed: str
    asks: tuple[Ask, ...]

    @property
    def empty(self) -> bool:
        """Nothing was typed that could be looked for."""
        return not self.asks

    @property
    def guessed(self) -> bool:
        """Whether letters were typed that are no pinyin and no known term: initials, perhaps."""
        terms = [group.terms for ask in self.asks[:1] for group in ask.groups]
        return any(
            {term.form for term in group} == {Form.TEXT, Form.INITIALS} and len(group) == 2
            for group in terms
        )

    @property
    def strict(self) -> tuple[Ask, ...]:
        """Questions for all that was asked."""
        return tuple(ask for ask in self.asks if not ask.relaxed)

    @property
    def relaxed(self) -> tuple[Ask, ...]:
        """Questions for a part of it."""
        return tuple(ask for ask in self.asks if ask.relaxed)


def plan_query(typed: str, words: Words | None = None) -> Plan:
    """Plan a query; total on any text, and no character of it is ever an operator."""
    typed = typed.strip()[:MAX_TYPED]
    words = words or national_words()
    folded = fold(typed)
    number, rest = _take_number(folded)
    exact = [*number, *_groups(rest, words)][:MAX_GROUPS]
    own = " ".join(run for _, run in pieces(folded))
    if not exact:
        return Plan(typed, _own_only(own))
    return Plan(typed, tuple(_asks(own, exact)))


def _own_only(own: str) -> tuple[Ask, ...]:
    """Ask the words as they stand where nothing but question words was typed."""
    return (Ask(own, (Group((Term(own, prefix=True),)),), 1),) if cut(own) else ()


def _take_number(folded: str) -> tuple[list[Group], str]:
    span = find_number(folded)
    if span is None:
        return [], folded
    text = folded[span[0] : span[1]].strip()
    terms = (Term(asked_number(text), Form.NUMBER), Term(text))
    return [Group(terms, keep=True)], f"{folded[: span[0]]} {folded[span[1] :]}"


def _asks(own: str, exact: Sequence[Group]) -> Iterator[Ask]:
    yield Ask(own, tuple(exact), len(exact))
    loose = tuple(_loosen(exact))[:MAX_GROUPS]
    if loose != tuple(exact):
        yield Ask(own, loose, len(loose))
    for minimum in sorted({len(loose) - 1, len(loose) // 2}, reverse=True):
        if 0 < minimum < len(loose):
            yield Ask(own, loose, minimum)


def _loosen(groups: Sequence[Group]) -> Iterator[Group]:
    """Split phrases that no list knows into their words of two and more characters."""
    for group in groups:
        first = group.terms[0]
        wordy = [token for token in cut(first.text) if len(token) > 1]
        if group.keep or len(group.terms) > 1 or first.form is not Form.TEXT or len(wordy) < 2:
            yield group
            continue
        yield from (Group((Term(token),)) for token in wordy)


def _groups(folded: str, words: Words) -> list[Group]:
    groups: list[Group] = []
    for run in runs(folded):
        groups.extend(_groups_of_run(run, words))
    required = [group for group in groups if not _is_single(group)] or groups
    return _with_prefix(list(dict.fromkeys(required)))


def _is_single(group: Group) -> bool:
    """A lone character beside other words is asked for, but not insisted on."""
    return len(group.terms) == 1 and len(group.terms[0].text) == 1


def _with_prefix(groups: list[Group]) -> list[Group]:
    """Let the last word go on where it looks unfinished: 农村危房改(造)."""
    if not groups:
        return groups
    first, *others = groups[-1].terms
    tokens = cut(first.text)
    if first.form is Form.TEXT and tokens and (len(tokens[-1]) == 1 or first.text.isascii()):
        groups[-1] = replace(groups[-1], terms=(replace(first, prefix=True), *others))
    return groups


def _groups_of_run(run: str, words: Words) -> Iterator[Group]:
    if run.isascii() and run.isalpha():
        yield _spelled(run, words)
        return
    rest = ""
    for part, known in _known_parts(run, words):
        if known:
            yield from _phrases(rest, words)
            rest = ""
            yield Group((Term(part), *(Term(other) for other in words.synonyms[part])))
        else:
            rest += part
    yield from _phrases(rest, words)


def _known_parts(run: str, words: Words) -> Iterator[tuple[str, bool]]:
    """Cut a run into words with synonyms, the longest first, at borders of tokens only."""
    borders = [0]
    for token in cut(run):
        borders.append(borders[-1] + len(token))
    start = 0
    while start < len(run):
        ends = [end for end in borders if start < end <= start + words.longest]
        end = next((end for end in reversed(ends) if run[start:end] in words.synonyms), None)
        if start in borders and end is not None:
            yield run[start:end], True
            start = end
        else:
            yield run[start], False
            start += 1


def _phrases(run: str, words: Words) -> Iterator[Group]:
    """What is left of a run without its question words: short phrases, long ones word by word."""
    for question in words.questions:
        run = run.replace(question, " ")
    for part in run.split():
        for phrase in _without_fillers(part, words):
            yield from _phrase_groups(phrase)


def _without_fillers(part: str, words: Words) -> Iterator[list[str]]:
    phrase: list[str] = []
    for token in cut(part):
        if token not in words.fillers:
            phrase.append(token)
            continue
        if phrase:
            yield phrase
        phrase = []
    if phrase:
        yield phrase


def _phrase_groups(tokens: list[str]) -> Iterator[Group]:
    if len(tokens) <= MAX_PHRASE:
        yield Group((Term("".join(tokens)),))
    else:
        yield from (Group((Term(token),)) for token in tokens)


def _spelled(letters: str, words: Words) -> Group:
    """Latin letters: a word as it is, pinyin of a title or of a known term, or initials."""
    terms = [Term(word) for word in (letters, *words.synonyms.get(letters, ()))]
    parts = split_syllables(letters) if len(letters) <= MAX_SPELLED else None
    if parts:
        terms.append(Term(" ".join(parts), Form.PINYIN))
    if SHORTEST_INITIALS <= len(letters) <= LONGEST_INITIALS:
        terms.append(Term(letters, Form.INITIALS))
    terms.extend(Term(term) for term in words.spelled.get(letters, ()))
    return Group(tuple(terms))
