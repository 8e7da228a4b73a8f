"""Ask an engine in turn: as typed, as it sounds, for a part of it; knows no database.

What stands behind few answers: documents that have any part of what was asked.

The plain engine, asked for any of the words, would have found them: planning never leaves them out
where there is room for them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from core.search.engines.base import SearchPage
from core.search.query.lexicon import Lexicon
from core.search.query.planner import (
    MAX_GROUPS,
    QueryPlan,
    QueryVariant,
    Term,
    TermForm,
    TermGroup,
    plan_query,
)
from core.search.query.spelling import correct
from core.search.text.tokenizer import BREAK, cut

# With fewer answers than this the next, looser question is asked.
ENOUGH = 3


@dataclass(frozen=True, slots=True)
class SearchOutcome:
    """What the engine said, to which question."""

    variant: QueryVariant
    page: SearchPage
    corrected: str | None = None


class RelaxingSearch:
    """Puts the questions of a plan to an engine; `put` asks one question for one page.

    `learned` gives words that the documents know; it is asked only where something is to be
    repaired.
    """

    def __init__(
        self,
        put: Callable[[QueryVariant], SearchPage],
        words: Lexicon,
        learned: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        self._put = put
        self._words = words
        self._learned = learned

    def find(self, typed: str) -> SearchOutcome | None:
        """Ask as typed; then as it sounds; then for a part of it. `None` if nothing was asked."""
        plan = plan_query(typed, self._words)
        if plan.empty:
            return None
        found = self._first_of(plan.strict)
        repaired = None
        if not found.page.total or plan.guessed:
            repaired = self._repaired(plan)
            better = self._asked(repaired, repaired.strict) if repaired else None
            found = better if better and better.page.total > found.page.total else found
        if found.page.total < ENOUGH and found.corrected is None:
            looser = self._looser(plan, None if found.page.total else repaired)
            found = looser if looser and looser.page.total > found.page.total else found
        return found

    def _repaired(self, plan: QueryPlan) -> QueryPlan | None:
        """The same question without its typing errors, or `None` if there seem to be none."""
        corrected = correct(plan.typed, self._words, self._learned())
        return plan_query(corrected, self._words) if corrected else None

    def _looser(self, plan: QueryPlan, repaired: QueryPlan | None) -> SearchOutcome | None:
        """Ask for a part: of the repaired question where that finds its matter, else as typed."""
        if repaired and repaired.relaxed:
            found = self._asked(repaired, repaired.relaxed[:1])
            if found.page.total:
                return found
        return self._first_of(plan.relaxed) if plan.relaxed else None

    def _asked(self, repaired: QueryPlan, variants: Sequence[QueryVariant]) -> SearchOutcome:
        return replace(self._first_of(variants), corrected=repaired.typed)

    def _first_of(self, variants: Sequence[QueryVariant]) -> SearchOutcome:
        """Ask one question after the other until there is enough; keep the fullest answer."""
        best: SearchOutcome | None = None
        for variant in variants:
            found = SearchOutcome(variant, self._put(variant))
            if best is None or found.page.total > best.page.total:
                best = found
            if best.page.total >= ENOUGH:
                break
        assert best is not None  # a plan that is not empty has a question
        return best


def others(
    put: Callable[[QueryVariant], SearchPage], found: SearchOutcome, room: int
) -> SearchOutcome | None:
    """Documents that the answer does not have, at most as many as there is room for."""
    looser = (any_part(found.variant), None if found.page.total else any_word(found.variant))
    known = {hit.id for hit in found.page.hits}
    for variant in filter(None, looser if room > 0 else ()):
        page = put(variant)
        hits = tuple(hit for hit in page.hits if hit.id not in known)
        if hits:
            return SearchOutcome(variant, replace(page, hits=hits[:room]))
    return None


def any_part(variant: QueryVariant) -> QueryVariant | None:
    """The question for any word of a question, or for a part of one; `None` if it is no looser."""
    groups = [replace(group, keep=False) for group in variant.groups]
    parts = [part for group in groups if not group.optional for part in _parts(group)]
    asked = sorted(dict.fromkeys([*groups, *parts]), key=lambda group: group.optional)
    looser = replace(variant, groups=tuple(asked[:MAX_GROUPS]), minimum=1)
    no_looser = len(looser.required) == len(variant.required) and variant.minimum == 1
    return None if no_looser else looser


def any_word(variant: QueryVariant) -> QueryVariant | None:
    """The plain engine's question, where nothing is found: for any word, however short.

    A lone character at an end only says what kind of thing is meant (滑雪场, 办证费); and whoever
    asks for a number wants that one.
    """
    typed = [group.terms[0] for group in variant.groups]
    if any(term.form is TermForm.NUMBER for term in typed):
        return None
    words = dict.fromkeys(word for term in typed for word in _telling(term.text))
    groups = tuple(TermGroup((Term(word),)) for word in words)
    return QueryVariant(variant.raw_query, groups[:MAX_GROUPS], 1) if groups else None


def _telling(text: str) -> list[str]:
    tokens = [token for token in cut(text) if token != BREAK]
    return tokens[:-1] if tokens and len(tokens[-1]) == 1 else tokens


def _parts(group: TermGroup) -> Iterator[TermGroup]:
    """Words within the word that was typed."""
    typed = group.terms[0]
    tokens = cut(typed.text)
    if typed.form is TermForm.TEXT and len(tokens) > 1:
        yield from (TermGroup((Term(token),)) for token in tokens if len(token) > 1)
