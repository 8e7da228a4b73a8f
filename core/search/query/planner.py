"""Query planning, the same for every engine: from what was typed to variants of a query.

The variants go from the exact one to looser ones (query relaxation); the next one is run only where
the last had too few hits. The raw query is part of every variant, so planning loses no match.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate

from core.search.query.dates import PublicationPeriod, find_period
from core.search.query.document_numbers import find_number, normalise_number, with_digits
from core.search.query.lexicon import PLACE_KINDS, Lexicon, national_lexicon
from core.search.text.pinyin import split_syllables
from core.search.text.tokenizer import CJK, cut, fold, pieces, runs
from core.search.text.tokenizer import words as cut_words

MAX_TYPED = 200
MAX_GROUPS = 10
MAX_PHRASE = 4
MAX_SPELLED = 30
# 占了地, 罚了多少款, 起一栋房: the word is 占地, 罚款, 起房.
_BETWEEN = "[了过着个点些新]|多少|什么|啥|几[个次块]?|[一两这那][栋座间块条个笔次套些点]"
_SEPARATED = re.compile(rf"([{CJK}])(?:{_BETWEEN})+([{CJK}])")
# Known words as long as this are meant even where the tokenizer cuts through them.
SURE_LENGTH = 3
# 能不能, 算不算, 有没有
_WHETHER = re.compile(rf"([{CJK}])[不没]\1")
# pm2.5, 5g, h7n9: letters and digits that are one name.
_NAME = re.compile(r"(?:[a-z]+[-.]?\d+(?:\.\d+)?)+|\d+[a-z]+")
SHORTEST_INITIALS, LONGEST_INITIALS = 3, 8


class TermForm(StrEnum):
    """How a term is matched: as words, as a title's pinyin or initials, or as a number."""

    TEXT = "text"
    PINYIN = "pinyin"
    INITIALS = "initials"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase; with `prefix`, its last word may be longer."""

    text: str
    form: TermForm = TermForm.TEXT
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class TermGroup:
    """Synonyms, one of which must match.

    An `optional` group only raises the score. A `keep` group is required even in relaxed variants.
    A `head` is a matter or place that the lexicon knows: other groups are dropped before it. A
    `common` group (政府, 老人) is dropped before others, and is no matter by itself.
    """

    terms: tuple[Term, ...]
    keep: bool = False
    optional: bool = False
    head: bool = False
    common: bool = False


@dataclass(frozen=True, slots=True)
class QueryVariant:
    """One form of a query: at least `minimum` required groups, or the raw query as it stands.

    `published` limits it to documents published in a period.
    """

    raw_query: str
    groups: tuple[TermGroup, ...]
    minimum: int
    published: PublicationPeriod | None = None

    @property
    def anything(self) -> bool:
        """Whether nothing was typed, and every document matches."""
        return not (self.groups or self.raw_query)

    @property
    def required(self) -> tuple[TermGroup, ...]:
        """The groups of which `minimum` must match."""
        return tuple(group for group in self.groups if not group.optional)

    @property
    def relaxed(self) -> bool:
        """Whether documents match that lack a required group."""
        return self.minimum < len(self.required)

    @property
    def partial(self) -> bool:
        """Whether half of what was asked for may be missing, and none of it is sure to be there.

        Only this is worth a notice: with less missing, answers are nearly as good as exact ones.
        """
        required = self.required
        if all(group.common for group in required):
            return any(len(group.terms[0].text) == 1 for group in self.groups)
        sure = any(group.keep for group in required)
        return self.relaxed and not sure and self.minimum * 2 <= len(required)


#: For what is chosen by place and kind alone.
ANYTHING = QueryVariant("", (), 0)


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """What was typed, and the variants to run in turn.

    `dated`, where a date was typed, is run first and is enough where it finds anything.
    """

    typed: str
    variants: tuple[QueryVariant, ...]
    dated: QueryVariant | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing was typed that could be searched for."""
        return not self.variants

    @property
    def guessed(self) -> bool:
        """Whether the query is letters, neither pinyin nor a known term: perhaps initials."""
        terms = [group.terms for variant in self.variants[:1] for group in variant.groups]
        return any(
            {term.form for term in group} == {TermForm.TEXT, TermForm.INITIALS} and len(group) == 2
            for group in terms
        )

    @property
    def strict(self) -> tuple[QueryVariant, ...]:
        """Variants that require every group."""
        return tuple(variant for variant in self.variants if not variant.relaxed)

    @property
    def relaxed(self) -> tuple[QueryVariant, ...]:
        """Variants for which a part of the groups is enough."""
        return tuple(variant for variant in self.variants if variant.relaxed)


def plan_query(typed: str, words: Lexicon | None = None, *, today: date | None = None) -> QueryPlan:
    """Plan a query. Total on any text; no character of it is ever an operator.

    With `today`, a date beside words is first taken for the day of publication.
    """
    typed = typed.strip()[:MAX_TYPED]
    words = words or national_lexicon()
    folded = fold(typed)
    number, rest = _take_number(with_digits(folded), words)
    raw_query = " ".join(run for _, run in pieces(folded))
    dated = _dated(raw_query, rest, words, today) if today and not number else None
    asked = [*number, *(dated.groups if dated else _groups(rest, words))]
    exact = sorted(asked, key=lambda group: group.optional)[:MAX_GROUPS]
    as_typed = _raw_only(raw_query) if _has_no_word(exact) else ()
    variants = (*as_typed, *(_variants(raw_query, exact) if exact else ()))
    return QueryPlan(typed, tuple(dict.fromkeys(variants)), dated)


def _dated(raw_query: str, folded: str, words: Lexicon, today: date) -> QueryVariant | None:
    """Return the variant that takes a date for the day of publication, and requires the rest.

    The date as it was typed only raises the score of texts that name it.
    """
    found = find_period(folded, today)
    if found is None:
        return None
    (start, end), period = found
    groups = _groups(f"{folded[:start]} {folded[end:]}", words)
    if _has_no_word(groups):
        return None
    groups = [*groups[: MAX_GROUPS - 1], TermGroup((Term(folded[start:end]),), optional=True)]
    return replace(_variant(raw_query, groups), published=period)


def _has_no_word(groups: Sequence[TermGroup]) -> bool:
    """Return whether only lone characters are left: 失能 must not be searched as 失."""
    return not any(len(group.terms[0].text) > 1 for group in groups if not group.optional)


def _raw_only(raw_query: str) -> tuple[QueryVariant, ...]:
    """Return the raw query alone, for where nothing but question words was typed."""
    return (
        (QueryVariant(raw_query, (TermGroup((Term(raw_query, prefix=True),)),), 1),)
        if cut(raw_query)
        else ()
    )


def _take_number(folded: str, words: Lexicon) -> tuple[list[TermGroup], str]:
    span = find_number(folded)
    if span is None:
        return [], folded
    typed = folded[span[0] : span[1]].strip()
    asked = normalise_number(_without_questions(typed, words).strip())
    texts = dict.fromkeys((asked, typed))
    terms = (Term(asked, TermForm.NUMBER), *(Term(text) for text in texts))
    return [TermGroup(terms, keep=True)], f"{folded[: span[0]]} {folded[span[1] :]}"


def _variants(raw_query: str, exact: Sequence[TermGroup]) -> Iterator[QueryVariant]:
    """Yield all required groups; then long words in parts, no common ones, heads only, any part."""
    yield _variant(raw_query, exact)
    loose = _loosen(exact)
    if loose != list(exact):
        yield _variant(raw_query, loose)
    required = _variant(raw_query, loose).required
    if 0 < sum(group.common for group in required) < len(required):
        yield _kept(raw_query, loose, [group for group in required if not group.common])
        loose = [replace(group, optional=group.optional or group.common) for group in loose]
        required = _variant(raw_query, loose).required
    if 0 < sum(group.head for group in required) < len(required):
        yield _kept(raw_query, loose, [group for group in loose if group.head])
    for minimum in sorted({len(required) - 1, len(required) // 2, 1}, reverse=True):
        if 0 < minimum < len(required):
            yield replace(_variant(raw_query, loose), minimum=minimum)


def _variant(raw_query: str, groups: Sequence[TermGroup]) -> QueryVariant:
    """Build the variant that requires all groups."""
    return QueryVariant(raw_query, tuple(groups), sum(not group.optional for group in groups))


def _kept(raw_query: str, groups: Sequence[TermGroup], kept: Collection[TermGroup]) -> QueryVariant:
    """Build the variant that requires some groups only, the others as far as they are there."""
    marked = tuple(replace(group, keep=group.keep or group in kept) for group in groups)
    return QueryVariant(raw_query, marked, sum(group.keep for group in marked))


def _loosen(groups: Sequence[TermGroup]) -> list[TermGroup]:
    """Split long words that the lexicon does not know into parts of two and more characters."""
    loose: list[TermGroup] = []
    for group in groups:
        first = group.terms[0]
        tokens = cut(first.text)
        wordy = [token for token in tokens if len(token) > 1]
        known = group.keep or group.optional or group.head or len(group.terms) > 1
        if known or first.form is not TermForm.TEXT or not wordy or len(tokens) < 2:
            loose.append(group)
            continue
        loose += [TermGroup((Term(token),)) for token in wordy]
        loose.append(replace(group, optional=True))
    return sorted(dict.fromkeys(loose), key=lambda group: group.optional)[:MAX_GROUPS]


def _groups(folded: str, words: Lexicon) -> list[TermGroup]:
    groups = [_known(name, words) for name in _NAME.findall(folded)]
    for run in runs(_NAME.sub(" ", folded)):
        groups.extend(_groups_of_run(run, words))
    wider = _wider_places(groups, words)
    groups = [
        replace(group, optional=group.optional or _is_single(group) or group in wider)
        for group in groups
    ]
    if all(group.optional for group in groups):
        groups = [replace(group, optional=False) for group in groups]
    return _with_prefix(list(dict.fromkeys(groups)))


def _is_single(group: TermGroup) -> bool:
    """Return whether a group is a lone character: too little to be required beside words."""
    return len(group.terms) == 1 and len(group.terms[0].text) == 1


def _wider_places(groups: Sequence[TermGroup], words: Lexicon) -> list[TermGroup]:
    """Return places that another one lies in: what a village publishes seldom names its town."""
    levels = {group: words.level(group.terms[0].text) for group in groups}
    lowest = max((level for level in levels.values() if level is not None), default=0)
    return [group for group, level in levels.items() if level is not None and level < lowest]


def _with_prefix(groups: list[TermGroup]) -> list[TermGroup]:
    """Make the last word a prefix where it looks unfinished: 农村危房改(造)."""
    if not groups:
        return groups
    first, *others = groups[-1].terms
    tokens = cut(first.text)
    if first.form is TermForm.TEXT and tokens and (len(tokens[-1]) == 1 or first.text.isascii()):
        groups[-1] = replace(groups[-1], terms=(replace(first, prefix=True), *others))
    return groups


def _groups_of_run(run: str, words: Lexicon) -> Iterator[TermGroup]:
    if run.isascii() and run.isalpha():
        yield _spelled(run, words)
        return
    run = _SEPARATED.sub(lambda found: _joined(found, words), run)
    rest = ""
    for part, known in _known_parts(run, words):
        if known:
            yield from _phrases(rest, words)
            rest = ""
            yield _known(part, words)
        else:
            rest += part
    yield from _phrases(rest, words)


def _joined(found: re.Match[str], words: Lexicon) -> str:
    """Join a verb and its object, where they are a known word."""
    joined = found[1] + found[2]
    return found[0] if words.knows(found[0]) or joined not in words.terms else joined


def _known(part: str, words: Lexicon) -> TermGroup:
    """Build the group of a known word with its synonyms; of a place with and without its kind."""
    optional = part in words.aspects
    terms = (part, *words.synonyms.get(part, ()))
    if part in words.places and part not in words.synonyms:
        bare = PLACE_KINDS.sub("", part)
        terms = (part, bare) if len(bare) > 1 and bare != part else (part,)
    common = part in words.common
    head = (part in words.synonyms or part in words.terms) and not (optional or common)
    return TermGroup(tuple(map(Term, terms)), optional=optional, head=head, common=common)


def _known_parts(run: str, words: Lexicon) -> Iterator[tuple[str, bool]]:
    """Cut a run into known words, the longest first, short ones at token borders, and the rest."""
    borders = {0, *accumulate(map(len, cut(run)))}
    start = 0
    while start < len(run):
        ends = range(min(len(run), start + words.longest), start, -1)
        likely = (end for end in ends if {start, end} <= borders or end - start >= SURE_LENGTH)
        end = next((end for end in likely if words.knows(run[start:end])), None)
        yield run[start : end or start + 1], end is not None
        start = end or start + 1


def _phrases(run: str, words: Lexicon) -> Iterator[TermGroup]:
    """Yield groups of what a run has besides question words."""
    for part in _without_questions(run, words).split():
        for phrase in _without_fillers(part, words):
            yield from _phrase_groups(phrase, words)


def _without_questions(text: str, words: Lexicon) -> str:
    text = _WHETHER.sub(" ", text)
    return _questions(words.questions).sub(" ", text) if words.questions else text


@lru_cache(maxsize=64)
def _questions(questions: tuple[str, ...]) -> re.Pattern[str]:
    """Compile the question words, which come with the longest first."""
    return re.compile("|".join(map(re.escape, questions)))


def _without_fillers(part: str, words: Lexicon) -> Iterator[list[str]]:
    phrase: list[str] = []
    for word in cut_words(part):
        if word not in words.fillers:
            phrase.append(word)
            continue
        if phrase:
            yield phrase
        phrase = []
    if phrase:
        yield phrase


def _phrase_groups(whole: list[str], words: Lexicon) -> Iterator[TermGroup]:
    """Yield a group per word; lone characters and the whole phrase are optional."""
    parts = list(_parts(whole))
    yield from (_known(part, words) for part in parts)
    said = "".join(parts)
    lone = (word for word in whole if len(word) == 1 and word not in said)
    yield from (TermGroup((Term(character),), optional=True) for character in lone)
    if 1 < len(whole) <= MAX_PHRASE and parts != ["".join(whole)]:
        yield TermGroup((Term("".join(whole)),), optional=True)


def _parts(whole: Sequence[str]) -> Iterator[str]:
    """Yield words of two and more characters; join characters between them."""
    single = ""
    for word in whole:
        if len(word) == 1:
            single += word
            continue
        if len(single) > 1:
            yield single
        single = ""
        yield word
    if len(single) > 1 or len(single) == len(whole):
        yield single


def _spelled(letters: str, words: Lexicon) -> TermGroup:
    """Build the group of Latin letters: a word, pinyin of a title or known term, or initials."""
    terms = [Term(word) for word in (letters, *words.synonyms.get(letters, ()))]
    parts = split_syllables(letters) if len(letters) <= MAX_SPELLED else None
    if parts:
        terms.append(Term(" ".join(parts), TermForm.PINYIN))
    if SHORTEST_INITIALS <= len(letters) <= LONGEST_INITIALS:
        terms.append(Term(letters, TermForm.INITIALS))
    for known in words.spelled.get(letters, ()):
        terms.extend(map(Term, (known, *words.synonyms.get(known, ()))))
    return TermGroup(tuple(dict.fromkeys(terms)))
