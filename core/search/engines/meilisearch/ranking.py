"""Put Meilisearch's first hits in the order that both engines promise.

The server knows what matches best, not who asks: which documents are near is decided here, among
as many hits as people look at. So are the points that a document has of the question, and what
counts among equals, from what the server sends of each: its title, what it is about, and the
commonest words of its text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.search.engines.base import (
    AS_TYPED,
    BY_NUMBER,
    BY_OTHER_WORD,
    IN_ABOUT,
    IN_TITLE,
    PER_STEP,
    POINTS,
    REPEALED,
    Hit,
)
from core.search.engines.meilisearch.query import FederatedQuery
from core.search.engines.meilisearch.terms import holds, row, term_tokens
from core.search.query.document_numbers import number_key, number_tokens
from core.search.query.planner import QueryVariant, Term, TermForm, TermGroup
from core.search.scope import SearchScope, shared_depth, up_and_down

# Hits behind these stay in the server's own order.
WINDOW = 50
# Weights that differ by less are equal; then the newer document comes first.
WEIGHT_STEP = 0.005
# The own words in a row count as much as two parts of the question.
OWN_WEIGHT = 2.0
# Where a word stands: what that is worth, and how many tokens such a text usually has.
TITLE, ABOUT, BODY = (1.0, 14), (0.4, 20), (0.2, 400)
# BM25's constants: how soon more of the same says nothing new, and what the length counts.
SATURATION, BY_LENGTH = 1.2, 0.75

# What is needed of every hit, and where there are terms of a form.
ALWAYS = (
    "id", "version", "title", "about", "scope", "in_force", "published", "often", "length",
)  # fmt: skip
BY_FORM = {
    TermForm.PINYIN: ("pinyin",),
    TermForm.INITIALS: ("initials",),
    TermForm.NUMBER: ("number", "number_key"),
}

RawHit = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TermMatcher:
    """A term, ready to be looked for in many documents; `wordy` are its tokens that are words."""

    form: TermForm
    tokens: tuple[str, ...]
    key: str
    begun: bool
    wordy: tuple[str, ...]

    def names(self, one: RawHit, field: str) -> bool:
        """Whether a field has the term, or a title's pinyin, or the document's number."""
        if self.form is TermForm.NUMBER:
            within = any(holds(number, self.tokens) for number in one["number"])
            return within or self.key in one["number_key"]
        place = {TermForm.PINYIN: "pinyin", TermForm.INITIALS: "initials"}.get(self.form, field)
        return holds(one[place], self.tokens, begun=self.begun)

    def often(self, one: RawHit) -> int:
        """How often the text says it, as far as its commonest words tell."""
        if self.form is not TermForm.TEXT or not self.wordy:
            return 0
        return min(_times(token, one["often"]) for token in self.wordy)

    def weight(self, one: RawHit) -> float:
        """How much of the document is about it, as BM25 has it, with no regard to rarity."""
        if self.form is not TermForm.TEXT or not self.tokens:
            return 0.0
        wanted = row(" ".join(self.tokens))
        title, about = one["title"], one["about"]
        return max(
            _share(TITLE, row(title).count(wanted), title.count(" ") + 1),
            _share(ABOUT, row(about).count(wanted), about.count(" ") + 1),
            _share(BODY, self.often(one), one["length"]),
        )


def sought(term: Term) -> TermMatcher:
    """Get a term ready."""
    number = term.form is TermForm.NUMBER
    tokens = tuple(number_tokens(term.text) if number else term_tokens(term))
    return TermMatcher(
        form=term.form,
        tokens=tokens,
        key=number_key(term.text) if number else "",
        begun=term.prefix,
        wordy=tuple(token for token in tokens if len(token) > 1),
    )


def _times(token: str, often: str) -> int:
    _, _, rest = f" {often}".partition(f" {token}=")
    return int(rest.partition(" ")[0] or 0)


def _share(field: tuple[float, int], times: int, length: int) -> float:
    worth, usual = field
    dampened = times + SATURATION * (1 - BY_LENGTH + BY_LENGTH * length / usual)
    return worth * times * (1 + SATURATION) / dampened


class HitOrder:
    """What decides about one search's order."""

    def __init__(
        self, variant: QueryVariant, scope: SearchScope, queries: Sequence[FederatedQuery]
    ) -> None:
        self._ask = variant
        self._scope = scope
        self._queries = queries
        self._own = sought(Term(variant.raw_query))
        self._groups = [(group, [sought(term) for term in group.terms]) for group in variant.groups]

    def sort(self, found: Sequence[RawHit]) -> list[Hit]:
        """The hits of the window in order, then the others as they came."""
        window = sorted(found[:WINDOW], key=self._place)
        return as_found((*window, *found[WINDOW:]))

    def _place(self, one: RawHit) -> tuple[float, ...]:
        far = distance(self._scope, one["scope"])
        return (
            PER_STEP * far - self._points(one),
            -round(self._weight(one) / WEIGHT_STEP),
            -one["published"],
            int(one["version"]),
        )

    def _points(self, one: RawHit) -> float:
        """What the document has of the question, and where."""
        sure = self._queries[one["_federation"]["queriesPosition"]].groups
        share = POINTS / len(self._groups)
        points = sum(
            share * self._worth(group, terms, one, sure=place in sure)
            for place, (group, terms) in enumerate(self._groups)
        )
        keys = [terms[0].key for _, terms in self._groups if terms[0].key]
        points += BY_NUMBER * sum(key in one["number_key"] for key in keys)
        if not one["in_force"]:
            points += -share if self._ask.relaxed else REPEALED
        return points

    def _worth(
        self, group: TermGroup, terms: Sequence[TermMatcher], one: RawHit, *, sure: bool
    ) -> float:
        """What a group earns in a document; the typed word more than another one for it."""
        typed = terms[0].names(one, "title")
        titled = typed or any(term.names(one, "title") for term in terms[1:])
        about = any(term.names(one, "about") for term in terms)
        worth = IN_ABOUT * about + (IN_TITLE if typed else BY_OTHER_WORD * titled)
        if len(terms) > 1:
            worth += AS_TYPED * bool(terms[0].often(one))
        if group.optional or self._ask.relaxed:
            worth += sure or titled or about or any(term.often(one) for term in terms)
        return worth

    def _weight(self, one: RawHit) -> float:
        """What counts among documents with as many points that are as near."""
        return OWN_WEIGHT * self._own.weight(one) + sum(
            max(term.weight(one) for term in terms)
            for group, terms in self._groups
            if not group.optional
        )


def needed_for(variant: QueryVariant) -> list[str]:
    """What is to be known of each hit to put it in order."""
    forms = {term.form for group in variant.groups for term in group.terms}
    return [*ALWAYS, *(name for form, names in BY_FORM.items() if form in forms for name in names)]


def as_found(found: Sequence[RawHit]) -> list[Hit]:
    """The hits as they came."""
    return [Hit(one["id"], score_of(one)) for one in found]


def score_of(one: RawHit) -> float:
    """The server's own opinion, from 0 to 1."""
    return float(one["_federation"]["weightedRankingScore"])


def distance(scope: SearchScope, owner: Sequence[int]) -> int:
    """Steps in the tree from the asker to the owner of a document."""
    common = shared_depth(scope.asker, tuple(owner))
    return up_and_down(len(scope.asker) - common, len(owner) - common)
