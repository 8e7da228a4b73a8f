"""From a question to what Meilisearch is asked: a few federated queries of phrases.

It knows no OR between phrases. So the citizen's own words, the question with the words as they
stand, and with their most important alternatives each become a query; their answers are one list.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from core.search.numbers import number_key, number_tokens
from core.search.plan import Ask, Form, Group, Term
from core.search.tokens import BREAK, cut

MOST_QUERIES = 6
MOST_RELAXED = 24


@dataclass(frozen=True, slots=True)
class Words:
    """One query, and the parts of the question (their places) that what it finds surely has."""

    text: str
    groups: frozenset[int]


def words_of(ask: Ask) -> list[Words]:
    """The queries for a question, the citizen's own words first, the others by importance."""
    own = phrase(tokens_of(ask.own))
    found: dict[str, frozenset[int]] = {own: frozenset()} if own else {}
    groups = [list(_alternatives(group)) for group in ask.groups]
    limit = MOST_RELAXED if ask.relaxed else MOST_QUERIES
    for text, places in _in_turn(_subsets(ask), groups):
        if text != own or not found[own]:
            found[text] = found.get(text) or places
        if len(found) == limit:
            break
    return [Words(text, places) for text, places in found.items()]


def _in_turn(
    subsets: Iterable[Sequence[int]], groups: Sequence[list[str]]
) -> Iterator[tuple[str, frozenset[int]]]:
    """Each subset as it stands, then each with its first alternative, and so on."""
    waiting = [
        (_rewrites([groups[place] for place in places]), frozenset(places))
        for places in subsets
        if places and all(groups[place] for place in places)
    ]
    while waiting:
        for one in tuple(waiting):
            text = next(one[0], None)
            if text is None:
                waiting.remove(one)
            else:
                yield text, one[1]


def _subsets(ask: Ask) -> Iterator[Sequence[int]]:
    """All of the groups; those that are required; then, where that is enough, fewer and fewer."""
    places = range(len(ask.groups))
    required = [place for place in places if not ask.groups[place].optional]
    kept = [place for place in required if ask.groups[place].keep]
    free = [place for place in required if not ask.groups[place].keep]
    if len(required) < len(ask.groups):
        yield list(places)
    for size in range(len(free), max(0, ask.minimum - len(kept)) - 1, -1):
        choices = combinations(free, size)
        for choice in sorted(choices, key=lambda one: -_weight(ask, one)):
            yield sorted([*kept, *choice])


def _weight(ask: Ask, places: Iterable[int]) -> int:
    """Longer words say more."""
    return sum(len(ask.groups[place].terms[0].text) for place in places)


def _rewrites(groups: Sequence[list[str]]) -> Iterator[str]:
    """The question as it stands; then with alternatives, one at a time, then all at once."""
    yield " ".join(group[0] for group in groups)
    ranks = range(1, max(map(len, groups)))
    for rank in ranks:
        for place, group in enumerate(groups):
            if rank < len(group):
                yield " ".join(
                    group[rank] if place == at else other[0] for at, other in enumerate(groups)
                )
    for rank in ranks:
        yield " ".join(group[min(rank, len(group) - 1)] for group in groups)


def _alternatives(group: Group) -> Iterator[str]:
    """What may stand for a group; a phrase that contains another one adds nothing to it."""
    kept: list[str] = []
    for text in dict.fromkeys(text for term in group.terms for text in texts_of_term(term)):
        bare = text.strip('"')
        if not any(f" {other} " in f" {bare} " for other in kept):
            kept.append(bare)
            yield text


def texts_of_term(term: Term) -> Iterator[str]:
    """Ways to write a term as a query."""
    if term.form is Form.NUMBER:
        tokens = number_tokens(term.text)
        if len(tokens) > 1:
            yield phrase(tokens)
        yield phrase([number_key(term.text)])
        return
    tokens = tokens_of_term(term)
    if tokens:
        yield begun(tokens) if term.prefix else phrase(tokens)


def tokens_of_term(term: Term) -> list[str]:
    """The words, syllables or letters of a term."""
    if term.form is Form.PINYIN:
        return term.text.split()
    if term.form is Form.INITIALS:
        return list(term.text)
    return tokens_of(term.text)


def tokens_of(text: str) -> list[str]:
    """Tokens of a folded text, as documents have them."""
    return [token for token in cut(text) if token != BREAK]


def phrase(tokens: Sequence[str]) -> str:
    """These tokens in a row."""
    return f'"{" ".join(tokens)}"' if tokens else ""


def begun(tokens: Sequence[str]) -> str:
    """These tokens, of which the last may go on (where it stands last in the query)."""
    return " ".join(filter(None, (phrase(tokens[:-1]), tokens[-1])))
