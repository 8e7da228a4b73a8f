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
from core.search.engines.embedded.dictionary import tokens_of
from core.search.engines.embedded.schema import WEIGHTS
from core.search.query.planner import Ask, Form, Group
from core.search.scope import DOWN, UP, SearchScope

DEEPEST = 8
# What a word weighs at most in a text: BM25 of one that ten of a million documents have is 26.
HEAVIEST = 40.0
OWN_WEIGHT = 2.0
# Whether any document may say a group in a field.
MaySay = Callable[[Group, str], bool]


def most_of_others(ask: Ask, scope: SearchScope, may_say: MaySay, *, about: bool = False) -> float:
    """What a document may be worth at most whose title lacks a required group, or that is past.

    With `about`, or that is not about one that documents may be about.
    """
    share, relaxed = POINTS / len(ask.groups), ask.relaxed
    most = _most_by_nearness(scope) + _most_by_words(ask)
    for group in ask.groups:
        most += IN_TITLE * share if may_say(group, "title") else 0.0
        most += IN_ABOUT * share if may_say(group, "about") else 0.0
        typed = as_typed(group)
        most += AS_TYPED * share if typed is not group and may_say(typed, "body") else 0.0
        if group.optional or relaxed:
            most += share if any(may_say(group, field) for field in WEIGHTS) else 0.0
        most += BY_NUMBER if group.terms[0].form is Form.NUMBER else 0.0
    lost = [IN_TITLE * share * _lost_without(group, ask, may_say) for group in ask.required]
    lost.append(share if relaxed else -REPEALED)
    if about:
        lost.append(IN_ABOUT * share)
    return most - min(lost)


def _most_by_nearness(scope: SearchScope) -> float:
    shared = (UP + DOWN) * (len(scope.asker) - len(scope.base))
    return PER_STEP * (shared + DOWN * DEEPEST)


def _most_by_words(ask: Ask) -> float:
    longest = [max(len(tokens_of(term.text)) for term in group.terms) for group in ask.groups]
    own = max(len(tokens_of(ask.own)), sum(longest))
    return HEAVIEST * (sum(longest) + OWN_WEIGHT * own)


def _lost_without(missing: Group, ask: Ask, may_say: MaySay) -> int:
    """How many groups no title has that lacks one of them: that one, and phrases around it."""
    parts = [tokens_of(term.text) for term in missing.terms if term.form is Form.TEXT]
    lost: Iterable[Group] = (
        group
        for group in ask.groups
        if group == missing
        or (group.optional and any(within(part, _firm(group)) for part in parts))
    )
    return sum(may_say(group, "title") for group in lost)


def _firm(group: Group) -> list[str]:
    """The tokens that stand in a title as they are wherever it has a phrase."""
    first, *others = group.terms
    if others or first.form is not Form.TEXT or len(first.text) < 3:
        return []
    tokens = list(tokens_of(first.text))
    return tokens[:-1] if first.prefix else tokens


def as_typed(group: Group) -> Group:
    """The group without the other words for it."""
    return group if len(group.terms) == 1 else replace(group, terms=group.terms[:1])


def within(tokens: Sequence[str], own: Sequence[str]) -> bool:
    """Whether tokens stand in a row among others."""
    size = len(tokens)
    return size > 0 and any(
        list(own[start : start + size]) == list(tokens) for start in range(len(own) - size + 1)
    )
