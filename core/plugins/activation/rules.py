"""Which plugin is on at a node of the tree, and why (pure)."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Word(StrEnum):
    """What is said about a plugin at a node."""

    ON = "on"
    OFF = "off"
    PINNED = "pinned"
    FORBIDDEN = "forbidden"
    DELEGATED = "delegated"


class State(StrEnum):
    """What holds at a node."""

    ON = "on"
    OFF = "off"
    QUARANTINED = "quarantined"


class Because(StrEnum):
    """Why it holds."""

    NOTHING_DECIDED = "nothing_decided"
    DECIDED = "decided"
    LEVEL = "level"
    NEEDS = "needs"
    FAULTS = "faults"


BINDING = frozenset({Word.PINNED, Word.FORBIDDEN})
_ON = frozenset({Word.ON, Word.PINNED})


@dataclass(frozen=True, slots=True)
class Decision:
    """One word, of the county (or the operator) or of the node's own people.

    The two stand beside each other: what a township chooses never covers up what the county said
    there. Own people say only on or off.
    """

    node: int
    word: Word
    own: bool = False


# The decisions about one plugin by node; at a node the county's word stands before its own.
Decisions = Mapping[int, Sequence[Decision]]


@dataclass(frozen=True, slots=True)
class Place:
    """A node: ids from the root to itself, and its level."""

    chain: tuple[int, ...]
    level: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Where a plugin can be on at all, and with which others."""

    levels: Container[str]
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What the decisions on a chain come to.

    `choice`: people of the node itself may switch both ways; `bound`: nobody below may differ.
    """

    decision: Decision | None = None
    choice: bool = False
    bound: bool = False

    @property
    def on(self) -> bool:
        return self.decision is not None and self.decision.word in _ON


@dataclass(frozen=True, slots=True)
class Effective:
    """The state at a node, why, the decision that it comes from, and what it needs and lacks."""

    state: State
    because: Because
    decision: Decision | None = None
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that the state of a plugin depends on."""

    terms: Mapping[str, Terms]
    decisions: Mapping[str, Decisions]
    quarantined: Mapping[int, Container[str]]

    def standing(self, name: str, chain: Sequence[int]) -> Standing:
        """What the decisions about a plugin come to at the end of a chain."""
        return standing(self.decisions.get(name, {}), chain)


def standing(decisions: Decisions, chain: Sequence[int]) -> Standing:
    """Fold the decisions from the root down: the nearest holds, none differs below a binding one.

    `delegated` switches nothing: it lets those here and below choose, until another word of the
    county's says otherwise; an own "on" counts only while that is so, an own "off" always.
    """
    now = Standing()
    for decision in _spoken(decisions, chain):
        if decision.word in BINDING:
            return Standing(decision, bound=True)
        if decision.word is Word.DELEGATED:
            held = now.decision if _switches(now.decision) else decision
            now = Standing(held, choice=True)
        elif not decision.own:
            now = Standing(decision)
        elif now.choice or decision.word is Word.OFF:
            now = Standing(decision, choice=now.choice)
    return now


def _spoken(decisions: Decisions, chain: Sequence[int]) -> Iterator[Decision]:
    for node in chain:
        yield from decisions.get(node, ())


def _switches(decision: Decision | None) -> bool:
    return decision is not None and decision.word is not Word.DELEGATED


def effective(known: Known, name: str, place: Place) -> Effective:
    """The state of an installed plugin at a place."""
    return _effective(known, name, place, ())


def _effective(known: Known, name: str, place: Place, asked: tuple[str, ...]) -> Effective:
    terms = known.terms[name]
    held = known.standing(name, place.chain)
    if not held.on:
        why = Because.DECIDED if held.decision else Because.NOTHING_DECIDED
        return Effective(State.OFF, why, held.decision)
    if place.level not in terms.levels:
        return Effective(State.OFF, Because.LEVEL, held.decision)
    lacks = _lacking(known, terms, place, (*asked, name))
    if lacks is not None:
        return Effective(State.OFF, Because.NEEDS, held.decision, lacks)
    if name in known.quarantined.get(place.chain[-1], ()):
        return Effective(State.QUARANTINED, Because.FAULTS, held.decision)
    return Effective(State.ON, Because.DECIDED, held.decision)


def _lacking(known: Known, terms: Terms, place: Place, asked: tuple[str, ...]) -> str | None:
    """The first required plugin that is not on here; plugins that need each other are never on."""
    for other in terms.requires:
        if other in asked or other not in known.terms:
            return other
        if _effective(known, other, place, asked).state is not State.ON:
            return other
    return None


class Refusal(StrEnum):
    """Why somebody may not say a word."""

    BOUND = "bound"
    NOT_DELEGATED = "not_delegated"
    COUNTY_ONLY = "county_only"


def refusal(
    decisions: Decisions, chain: Sequence[int], word: Word | None, *, own: bool
) -> Refusal | None:
    """Why this word cannot be said at the end of the chain; `None` takes one's word back.

    Below a pin or a ban nobody says anything else; at the node itself only its own people are
    bound by it. They say no more than on or off, and on only where that is left to them.
    """
    above = standing(decisions, chain[:-1])
    if above.bound and word is not None and above.decision and word is not above.decision.word:
        return Refusal.BOUND
    if not own or word is None:
        return None
    if word not in {Word.ON, Word.OFF}:
        return Refusal.COUNTY_ONLY
    here = standing(decisions, chain)
    if here.bound:
        return Refusal.BOUND
    if word is Word.ON and not here.choice:
        return Refusal.NOT_DELEGATED
    return None
