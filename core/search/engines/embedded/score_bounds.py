"""What documents may be worth at most that were not looked at: whether a page needs them."""

from collections.abc import Callable, Iterable, Sequence
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
from core.search.query.planner import QueryVariant, TermForm, TermGroup
from core.search.scope import DOWN, UP, SearchScope

DEEPEST = 8
# What a word weighs at most in a text: BM25 of one that ten of a million documents have is 26.
HEAVIEST = 40.0
OWN_WEIGHT = 2.0
# Whether any document may say a group in a field.
MaySay = Callable[[TermGroup, str], bool]


def most_of_others(
    variant: QueryVariant, scope: SearchScope, may_say: MaySay, *, about: bool = False
) -> float:
    """What a document may be worth at most whose title lacks a required group, or that is past.

    With `about`, or that is not about one that documents may be about.
    """
    share, relaxed = POINTS / len(variant.groups), variant.relaxed
    most = _most_by_nearness(scope) + _most_by_words(variant)
    for group in variant.groups:
        most += IN_TITLE * share if may_say(group, "title") else 0.0
        most += IN_ABOUT * share if may_say(group, "about") else 0.0
        typed = as_typed(group)
        most += AS_TYPED * share if typed is not group and may_say(typed, "body") else 0.0
        if group.optional or relaxed:
            most += share if any(may_say(group, field) for field in WEIGHTS) else 0.0
        most += BY_NUMBER if group.terms[0].form is TermForm.NUMBER else 0.0
    lost = [IN_TITLE * share * _lost_without(group, variant, may_say) for group in variant.required]
    lost.append(share if relaxed else -REPEALED)
    if about:
        lost.append(IN_ABOUT * share)
    return most - min(lost)


def _most_by_nearness(scope: SearchScope) -> float:
    shared = (UP + DOWN) * (len(scope.asker) - len(scope.base))
    return PER_STEP * (shared + DOWN * DEEPEST)


def _most_by_words(variant: QueryVariant) -> float:
    longest = [max(len(to_tokens(term.text)) for term in group.terms) for group in variant.groups]
    own = max(len(to_tokens(variant.raw_query)), sum(longest))
    return HEAVIEST * (sum(longest) + OWN_WEIGHT * own)


def _lost_without(missing: TermGroup, variant: QueryVariant, may_say: MaySay) -> int:
    """How many groups no title has that lacks one of them: that one, and phrases around it."""
    parts = [to_tokens(term.text) for term in missing.terms if term.form is TermForm.TEXT]
    lost: Iterable[TermGroup] = (
        group
        for group in variant.groups
        if group == missing
        or (group.optional and any(within(part, _firm(group)) for part in parts))
    )
    return sum(may_say(group, "title") for group in lost)


def _firm(group: TermGroup) -> list[str]:
    """The tokens that stand in a title as they are wherever it has a phrase."""
    first, *others = group.terms
    if others or first.form is not TermForm.TEXT or len(first.text) < 3:
        return []
    tokens = list(to_tokens(first.text))
    return tokens[:-1] if first.prefix else tokens


def as_typed(group: TermGroup) -> TermGroup:
    """The group without the other words for it."""
    return group if len(group.terms) == 1 else replace(group, terms=group.terms[:1])


def within(tokens: Sequence[str], own: Sequence[str]) -> bool:
    """Whether tokens stand in a row among others."""
    size = len(tokens)
    return size > 0 and any(
        list(own[start : start + size]) == list(tokens) for start in range(len(own) - size + 1)
    )
