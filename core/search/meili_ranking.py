"""Put Meilisearch's first hits in the order that both engines promise.

The server knows what matches best, not who asks: which documents are near is decided here, among
as many hits as people look at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.search.backend import Hit
from core.search.meili_query import Words, tokens_of_term
from core.search.numbers import number_key, number_tokens
from core.search.plan import Ask, Form, Group, Term
from core.search.ranking import (
    BY_NUMBER,
    BY_OTHER_WORD,
    IN_ABOUT,
    IN_TITLE,
    PER_STEP,
    POINTS,
    REPEALED,
)
from core.search.scope import SearchScope, shared_depth, up_and_down

# Hits behind these stay in the server's own order.
WINDOW = 100
# Scores of the server that differ by less are equal; then the newer document comes first.
SCORE_STEP = 0.02

Found = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Order:
    """What decides about one search's order."""

    ask: Ask
    scope: SearchScope
    queries: Sequence[Words]

    def sort(self, found: Sequence[Found]) -> list[Hit]:
        """The hits of the window in order, then the others as they came."""
        window = sorted(found[:WINDOW], key=self._place)
        return self.as_found((*window, *found[WINDOW:]))

    @staticmethod
    def as_found(found: Sequence[Found]) -> list[Hit]:
        """The hits as they came."""
        return [Hit(one["id"], score_of(one)) for one in found]

    def _place(self, one: Found) -> tuple[float, ...]:
        far = distance(self.scope, one["scope"])
        return (
            PER_STEP * far - self._points(one),
            -round(score_of(one) / SCORE_STEP),
            -one["published"],
            int(one["version"]),
        )

    def _points(self, one: Found) -> float:
        """What the document has of the question, and where."""
        sure = self.queries[one["_federation"]["queriesPosition"]].groups
        share = POINTS / len(self.ask.groups)
        points = 0.0
        for place, group in enumerate(self.ask.groups):
            in_title, in_about = _titled(group, one), _names(group, one, "about")
            points += share * (in_title + IN_ABOUT * in_about)
            if group.optional or self.ask.relaxed:
                points += share * (place in sure or in_title > 0 or in_about)
            if group.terms[0].form is Form.NUMBER:
                points += BY_NUMBER * (number_key(group.terms[0].text) in one["number_key"])
        if not one["in_force"]:
            points += -share if self.ask.relaxed else REPEALED
        return points


def _titled(group: Group, one: Found) -> float:
    """What a group earns in a title; the typed word a little more than another one for it."""
    if _names_term(group.terms[0], one, "title"):
        return IN_TITLE
    return BY_OTHER_WORD * _names(group, one, "title")


def _names(group: Group, one: Found, field: str) -> bool:
    return any(_names_term(term, one, field) for term in group.terms)


def _names_term(term: Term, one: Found, field: str) -> bool:
    """The term in one field, or in a title's pinyin, or in the document's number."""
    if term.form is Form.NUMBER:
        within = any(holds(numbers, number_tokens(term.text)) for numbers in one["number"])
        return within or number_key(term.text) in one["number_key"]
    field = {Form.PINYIN: "pinyin", Form.INITIALS: "initials"}.get(term.form, field)
    return holds(one[field], tokens_of_term(term), begun=term.prefix)


def holds(text: str, tokens: Sequence[str], *, begun: bool = False) -> bool:
    """Whether a text of tokens has these in a row; `begun` lets the last one go on."""
    wanted = f" {' '.join(tokens)}" + ("" if begun else " ")
    return bool(tokens) and wanted in f" {text} "


def score_of(one: Found) -> float:
    """The server's own opinion, from 0 to 1."""
    return float(one["_federation"]["weightedRankingScore"])


def distance(scope: SearchScope, owner: Sequence[int]) -> int:
    """Steps in the tree from the asker to the owner of a document."""
    common = shared_depth(scope.asker, tuple(owner))
    return up_and_down(len(scope.asker) - common, len(owner) - common)
