"""Rerank Meilisearch's first hits by the ranking that both engines share.

The server cannot score by the asker's place, nor by field as `core.search.engines.base` says. So
the first `WINDOW` hits are ordered here from what the server sends of each: its title, what it is
about, and the most frequent words of its text with their frequencies.
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
from core.search.geo import GeoPoint, Vicinity, measure_metres
from core.search.query.document_numbers import number_key, number_tokens
from core.search.query.planner import QueryVariant, Term, TermForm, TermGroup
from core.search.scope import SearchScope, shared_depth, up_and_down

# Hits that are reranked; those behind them stay in the server's order.
WINDOW = 50
# Word weights that differ by less are ties; then the newer document comes first.
WEIGHT_STEP = 0.005
# The raw query in a row weighs as much as two groups.
RAW_QUERY_WEIGHT = 2.0
# Weight of a field (as in the embedded engine's schema), and the usual number of its tokens: BM25
# normalises by the average length, which the server does not tell.
TITLE, ABOUT, BODY = (1.0, 14), (0.4, 20), (0.2, 400)
# BM25's usual k1 (saturation of term frequency) and b (length normalisation).
K1, B = 1.2, 0.75

# Attributes needed of every hit, and for terms of a form.
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
    """Matches one term against hits; `words` are its tokens of two and more characters."""

    form: TermForm
    tokens: tuple[str, ...]
    key: str
    prefix: bool
    words: tuple[str, ...]

    def matches(self, hit: RawHit, field: str) -> bool:
        """Return whether a field, the title's pinyin or the document's number has the term."""
        if self.form is TermForm.NUMBER:
            within = any(holds(number, self.tokens) for number in hit["number"])
            return within or self.key in hit["number_key"]
        place = {TermForm.PINYIN: "pinyin", TermForm.INITIALS: "initials"}.get(self.form, field)
        return holds(hit[place], self.tokens, begun=self.prefix)

    def frequency(self, hit: RawHit) -> int:
        """Return the term frequency in the body, as far as its most frequent words tell."""
        if self.form is not TermForm.TEXT or not self.words:
            return 0
        return min(_frequency(token, hit["often"]) for token in self.words)

    def weight(self, hit: RawHit) -> float:
        """Return the best field's BM25 weight without the inverse document frequency."""
        if self.form is not TermForm.TEXT or not self.tokens:
            return 0.0
        wanted = row(" ".join(self.tokens))
        title, about = hit["title"], hit["about"]
        return max(
            _field_weight(TITLE, row(title).count(wanted), title.count(" ") + 1),
            _field_weight(ABOUT, row(about).count(wanted), about.count(" ") + 1),
            _field_weight(BODY, self.frequency(hit), hit["length"]),
        )


def build_matcher(term: Term) -> TermMatcher:
    """Build the matcher of a term."""
    number = term.form is TermForm.NUMBER
    tokens = tuple(number_tokens(term.text) if number else term_tokens(term))
    return TermMatcher(
        form=term.form,
        tokens=tokens,
        key=number_key(term.text) if number else "",
        prefix=term.prefix,
        words=tuple(token for token in tokens if len(token) > 1),
    )


def _frequency(token: str, often: str) -> int:
    _, _, rest = f" {often}".partition(f" {token}=")
    return int(rest.partition(" ")[0] or 0)


def _field_weight(field: tuple[float, int], times: int, length: int) -> float:
    weight, usual_length = field
    saturated = times + K1 * (1 - B + B * length / usual_length)
    return weight * times * (1 + K1) / saturated


class HitOrder:
    """Orders the hits of one search."""

    def __init__(
        self, variant: QueryVariant, scope: SearchScope, queries: Sequence[FederatedQuery]
    ) -> None:
        self._ask = variant
        self._scope = scope
        self._queries = queries
        self._raw_query = build_matcher(Term(variant.raw_query))
        self._groups = [
            (group, [build_matcher(term) for term in group.terms]) for group in variant.groups
        ]

    def sort(self, hits: Sequence[RawHit]) -> list[Hit]:
        """Return the hits of the window in order, then the others as they came."""
        window = sorted(hits[:WINDOW], key=self._sort_key)
        return to_hits((*window, *hits[WINDOW:]))

    def _sort_key(self, hit: RawHit) -> tuple[float, ...]:
        far = distance(self._scope, hit["scope"])
        return (
            PER_STEP * far - self._points(hit),
            -round(self._weight(hit) / WEIGHT_STEP),
            -hit["published"],
            int(hit["version"]),
        )

    def _points(self, hit: RawHit) -> float:
        """Return the points of a hit: which groups it has, and where."""
        certain = self._queries[hit["_federation"]["queriesPosition"]].groups
        share = POINTS / max(1, len(self._groups))  # none where anything matches
        points = sum(
            share * self._factor(group, terms, hit, certain=place in certain)
            for place, (group, terms) in enumerate(self._groups)
        )
        keys = [terms[0].key for _, terms in self._groups if terms[0].key]
        points += BY_NUMBER * sum(key in hit["number_key"] for key in keys)
        if not hit["in_force"]:
            points += -share if self._ask.relaxed else REPEALED
        return points

    def _factor(
        self, group: TermGroup, terms: Sequence[TermMatcher], hit: RawHit, *, certain: bool
    ) -> float:
        """Return the factor that a group earns; the typed word more than a synonym."""
        typed = terms[0].matches(hit, "title")
        titled = typed or any(term.matches(hit, "title") for term in terms[1:])
        about = any(term.matches(hit, "about") for term in terms)
        factor = IN_ABOUT * about + (IN_TITLE if typed else BY_OTHER_WORD * titled)
        if len(terms) > 1:
            factor += AS_TYPED * bool(terms[0].frequency(hit))
        if group.optional or self._ask.relaxed:
            factor += certain or titled or about or any(term.frequency(hit) for term in terms)
        return factor

    def _weight(self, hit: RawHit) -> float:
        """Return the word weight, which orders hits with equal points and nearness."""
        return RAW_QUERY_WEIGHT * self._raw_query.weight(hit) + sum(
            max(term.weight(hit) for term in terms)
            for group, terms in self._groups
            if not group.optional
        )


def attributes_for(variant: QueryVariant) -> list[str]:
    """Return the attributes to retrieve with each hit of a query."""
    forms = {term.form for group in variant.groups for term in group.terms}
    return [*ALWAYS, *(name for form, names in BY_FORM.items() if form in forms for name in names)]


def to_hits(hits: Sequence[RawHit]) -> list[Hit]:
    """Convert hits in the server's order."""
    return [Hit(hit["id"], to_score(hit)) for hit in hits]


def by_distance(hits: Sequence[RawHit], vicinity: Vicinity) -> list[Hit]:
    """Sort hits by distance; at one spot by the version, as every engine does."""
    measured = [(_metres(hit, vicinity), int(hit["version"]), hit) for hit in hits]
    return [
        Hit(hit["id"], -metres, metres=metres)
        for metres, _, hit in sorted(measured, key=lambda one: one[:2])
    ]


def measure(hits: Sequence[RawHit], vicinity: Vicinity) -> dict[str, float]:
    """Return the distance of each hit from the centre in metres, by id."""
    return {hit["id"]: _metres(hit, vicinity) for hit in hits}


def _metres(hit: RawHit, vicinity: Vicinity) -> float:
    # Measured here and not by the server, which takes another radius of the Earth.
    position = hit["_geo"]
    return measure_metres(vicinity.centre, GeoPoint(position["lng"], position["lat"]))


def to_score(hit: RawHit) -> float:
    """Return the server's ranking score, from 0 to 1."""
    return float(hit["_federation"]["weightedRankingScore"])


def distance(scope: SearchScope, owner: Sequence[int]) -> int:
    """Return the weighted steps from the asker to the owner of a document."""
    common = shared_depth(scope.asker, tuple(owner))
    return up_and_down(len(scope.asker) - common, len(owner) - common)
