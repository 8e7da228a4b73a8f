"""Upper bounds of scores, for early termination (cf. MaxScore and WAND).

Standing in the title is worth so much that a page is usually filled by documents whose titles say
every required group. These are few and found first. If the last of them on the page scores more
than any other document could (`max_score_elsewhere`), the others need not be scored.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from core.search.engines.base import (
    AS_TYPED,
    BY_NUMBER,
    IN_ABOUT,
    IN_TITLE,
    PER_STEP,
    POINTS,
    REPEALED,
)
from core.search.engines.embedded.dictionary import to_tokens
from core.search.engines.embedded.schema import WEIGHTS
from core.search.engines.embedded.scope_clauses import DEEPEST
from core.search.query.planner import QueryVariant, TermForm, TermGroup
from core.search.scope import DOWN, UP, SearchScope

# The largest BM25 weight of a word: one that ten of a million documents have weighs 26.
HEAVIEST = 40.0
RAW_QUERY_WEIGHT = 2.0
# Whether any document may say a group in a field.
MaySay = Callable[[TermGroup, str], bool]


def max_score_elsewhere(variant: QueryVariant, scope: SearchScope, may_say: MaySay) -> float:
    """Return the most that a document outside the title pass can score.

    Such a document lacks a required group in its title, or is no longer in force.
    """
    share, relaxed = POINTS / len(variant.groups), variant.relaxed
    highest = _max_nearness(scope) + _max_word_weight(variant)
    for group in variant.groups:
        highest += IN_TITLE * share if may_say(group, "title") else 0.0
        highest += IN_ABOUT * share if may_say(group, "about") else 0.0
        typed = as_typed(group)
        highest += AS_TYPED * share if typed is not group and may_say(typed, "body") else 0.0
        if group.optional or relaxed:
            highest += share if any(may_say(group, field) for field in WEIGHTS) else 0.0
        highest += BY_NUMBER if group.terms[0].form is TermForm.NUMBER else 0.0
    lost = [IN_TITLE * share * _titles_lost(group, variant, may_say) for group in variant.required]
    lost.append(share if relaxed else -REPEALED)
    return highest - min(lost)


def _max_nearness(scope: SearchScope) -> float:
    shared = (UP + DOWN) * (len(scope.asker) - len(scope.base))
    return PER_STEP * (shared + DOWN * DEEPEST)


def _max_word_weight(variant: QueryVariant) -> float:
    longest = [max(len(to_tokens(term.text)) for term in group.terms) for group in variant.groups]
    raw = max(len(to_tokens(variant.raw_query)), sum(longest))
    return HEAVIEST * (sum(longest) + RAW_QUERY_WEIGHT * raw)


def _titles_lost(missing: TermGroup, variant: QueryVariant, may_say: MaySay) -> int:
    """Count the groups that a title without one group lacks too: phrases around it."""
    parts = [to_tokens(term.text) for term in missing.terms if term.form is TermForm.TEXT]
    lost = (
        group
        for group in variant.groups
        if group == missing
        or (group.optional and any(is_row_of(part, _fixed_tokens(group)) for part in parts))
    )
    return sum(may_say(group, "title") for group in lost)


def _fixed_tokens(group: TermGroup) -> list[str]:
    """Return the tokens of a phrase that stand unchanged in every title that has it."""
    first, *synonyms = group.terms
    if synonyms or first.form is not TermForm.TEXT or len(first.text) < 3:
        return []
    tokens = list(to_tokens(first.text))
    return tokens[:-1] if first.prefix else tokens


def as_typed(group: TermGroup) -> TermGroup:
    """Return the group without its synonyms."""
    return group if len(group.terms) == 1 else replace(group, terms=group.terms[:1])


def is_row_of(tokens: Sequence[str], others: Sequence[str]) -> bool:
    """Return whether tokens stand in a row among others."""
    size = len(tokens)
    return size > 0 and any(
        list(others[start : start + size]) == list(tokens)
        for start in range(len(others) - size + 1)
    )
