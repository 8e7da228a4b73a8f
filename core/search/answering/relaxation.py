"""Query relaxation: run the variants of a query until one gives enough hits. No database access.

As typed, then spell-corrected, then for a part of it. Where few documents have all that was asked,
partial matches fill up the page: a plain engine asked for any of the words would have found them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

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

# With fewer hits than this the next, looser variant is tried (docs/search-quality.md: 3 is best).
ENOUGH = 3


@dataclass(frozen=True, slots=True)
class SearchOutcome:
    """A page of hits and the variant of the query that it answers."""

    variant: QueryVariant
    page: SearchPage
    corrected: str | None = None


class RelaxingSearch:
    """Runs the variants of a plan; `execute` runs one of them against an engine.

    `learned` gives words that the documents know; it is called only where spelling is corrected.
    """

    def __init__(
        self,
        execute: Callable[[QueryVariant], SearchPage],
        lexicon: Lexicon,
        learned: Callable[[], frozenset[str]] = frozenset,
        today: date | None = None,
    ) -> None:
        self._execute = execute
        self._lexicon = lexicon
        self._learned = learned
        self._today = today

    def find(self, typed: str) -> SearchOutcome | None:
        """Search as typed, then spell-corrected, then relaxed; `None` for an empty query."""
        plan = plan_query(typed, self._lexicon, today=self._today)
        if plan.empty:
            return None
        if plan.dated and (page := self._execute(plan.dated)).total:
            return SearchOutcome(plan.dated, page)
        outcome = self._first_sufficient(plan.strict)
        corrected = None
        if not outcome.page.total or plan.guessed:
            corrected = self._corrected(plan)
            better = self._search_corrected(corrected, corrected.strict) if corrected else None
            if better and self._is_better(better, outcome, guessed=plan.guessed):
                outcome = better
        if outcome.page.total < ENOUGH and outcome.corrected is None:
            looser = self._search_relaxed(plan, None if outcome.page.total else corrected)
            outcome = looser if looser and looser.page.total > outcome.page.total else outcome
        return outcome

    @staticmethod
    def _is_better(corrected: SearchOutcome, as_typed: SearchOutcome, *, guessed: bool) -> bool:
        """Return whether a correction finds more, or finds words where letters were only guessed.

        As initials, letters match across the words of a title.
        """
        return corrected.page.total > (0 if guessed else as_typed.page.total)

    def _corrected(self, plan: QueryPlan) -> QueryPlan | None:
        """Plan the spell-corrected query; `None` where nothing is corrected."""
        corrected = correct(plan.typed, self._lexicon, self._learned())
        return plan_query(corrected, self._lexicon) if corrected else None

    def _search_relaxed(self, plan: QueryPlan, corrected: QueryPlan | None) -> SearchOutcome | None:
        """Search for a part: of the corrected query where that finds its matter, else as typed."""
        if corrected and corrected.relaxed:
            outcome = self._search_corrected(corrected, corrected.relaxed[:1])
            if outcome.page.total:
                return outcome
        return self._first_sufficient(plan.relaxed) if plan.relaxed else None

    def _search_corrected(
        self, corrected: QueryPlan, variants: Sequence[QueryVariant]
    ) -> SearchOutcome:
        return replace(self._first_sufficient(variants), corrected=corrected.typed)

    def _first_sufficient(self, variants: Sequence[QueryVariant]) -> SearchOutcome:
        """Run variants until one has enough hits; return the one with the most."""
        best: SearchOutcome | None = None
        for variant in variants:
            outcome = SearchOutcome(variant, self._execute(variant))
            if best is None or outcome.page.total > best.page.total:
                best = outcome
            if best.page.total >= ENOUGH:
                break
        assert best is not None  # a plan that is not empty has a variant
        return best


def find_partial_matches(
    execute: Callable[[QueryVariant], SearchPage], outcome: SearchOutcome, free_slots: int
) -> SearchOutcome | None:
    """Find documents that match in part and are no hits yet, at most one per free slot."""
    variant = outcome.variant
    undated = replace(variant, published=None)
    looser = (
        undated if variant.published else None,
        any_part(undated),
        None if outcome.page.total else any_word(variant),
    )
    known = {known for hit in outcome.page.hits for known in (hit.id, *hit.others)}
    for variant in filter(None, looser if free_slots > 0 else ()):
        page = execute(variant)
        hits = tuple(hit for hit in page.hits if hit.id not in known)
        if hits:
            return SearchOutcome(variant, replace(page, hits=hits[:free_slots]))
    return None


def any_part(variant: QueryVariant) -> QueryVariant | None:
    """Return the variant for any word, or for a part of one; `None` if it is no looser."""
    groups = [replace(group, keep=False) for group in variant.groups]
    parts = [part for group in groups if not group.optional for part in _parts(group)]
    every = sorted(dict.fromkeys([*groups, *parts]), key=lambda group: group.optional)
    looser = replace(variant, groups=tuple(every[:MAX_GROUPS]), minimum=1)
    no_looser = len(looser.required) == len(variant.required) and variant.minimum == 1
    return None if no_looser else looser


def any_word(variant: QueryVariant) -> QueryVariant | None:
    """Return the variant for any word, however short, for where nothing is found.

    A lone character at an end only says what kind of thing is meant (滑雪场, 办证费), so it is left
    out. `None` for numbers: whoever types one wants that document.
    """
    typed = [group.terms[0] for group in variant.groups]
    if any(term.form is TermForm.NUMBER for term in typed):
        return None
    words = dict.fromkeys(word for term in typed for word in _significant_words(term.text))
    groups = tuple(TermGroup((Term(word),)) for word in words)
    return QueryVariant(variant.raw_query, groups[:MAX_GROUPS], 1) if groups else None


def _significant_words(text: str) -> list[str]:
    tokens = [token for token in cut(text) if token != BREAK]
    return tokens[:-1] if tokens and len(tokens[-1]) == 1 else tokens


def _parts(group: TermGroup) -> Iterator[TermGroup]:
    """Yield the words within the word that was typed."""
    typed = group.terms[0]
    tokens = cut(typed.text)
    if typed.form is TermForm.TEXT and len(tokens) > 1:
        yield from (TermGroup((Term(token),)) for token in tokens if len(token) > 1)
