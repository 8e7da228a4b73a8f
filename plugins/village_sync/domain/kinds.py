"""Kinds of pairs: which items of a village and of the government belong together, and what agrees.

They are data (`pairs.toml`); nothing here knows a single one of them.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

_LEFT_OUT = "()[]【】、·:"


class FactMethod(StrEnum):
    """How a list says a fact."""

    SUM = "sum"
    ONE = "one"
    TALLY = "tally"
    SET = "set"


class FactDirection(StrEnum):
    """Whose word counts: the government's comes down, what is published in villages goes up."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class FactRule:
    """One fact that both sides say: columns that state it, unit, direction and tolerance."""

    key: str
    headings: tuple[str, ...]
    method: FactMethod
    unit: str = ""
    direction: FactDirection = FactDirection.UP
    tolerance: Decimal = Decimal(0)
    counts_rows: bool = False


@dataclass(frozen=True, slots=True)
class PairKind:
    """A kind of pair: words in the names of its items, and the facts that must agree."""

    key: str
    name: str
    facts: tuple[FactRule, ...]
    village: tuple[str, ...] = ()
    government: tuple[str, ...] = ()

    @property
    def names_persons(self) -> bool:
        """Whether the rows of its lists are about persons: their names are masked."""
        return any(fact.counts_rows for fact in self.facts)

    def get_fact(self, key: str) -> FactRule:
        """Return the fact of this key; raises `KeyError`."""
        return {fact.key: fact for fact in self.facts}[key]

    def with_facts(self, tolerances: Mapping[str, str]) -> "PairKind":
        """Return the kind with these facts only, each with a tolerance of its own."""
        facts = tuple(
            replace(fact, tolerance=Decimal(tolerances[fact.key]))
            for fact in self.facts
            if fact.key in tolerances
        )
        return replace(self, facts=facts)


@dataclass(frozen=True, slots=True)
class PairKinds:
    """All kinds, and the headings by which lists name persons, places and batches."""

    kinds: tuple[PairKind, ...]
    general: PairKind
    names: frozenset[str]
    places: frozenset[str]
    townships: frozenset[str]
    batches: frozenset[str]
    never: tuple[str, ...]
    without_lists: tuple[str, ...] = ()

    def get_kind(self, key: str) -> PairKind:
        """Return the kind of this key; the general one where there is none."""
        return next((kind for kind in self.kinds if kind.key == key), self.general)

    def is_never(self, heading: str) -> bool:
        """Return whether a column must not be read at all."""
        name = to_plain(heading)
        return any(word in name for word in self.never)

    def find_kind(self, village: str, government: str) -> PairKind:
        """Return the kind of a link by the names of its items; the general one where none fits.

        The government's item decides: of a village one item serves several kinds of subsidies.
        """
        fitting = [kind for kind in self.kinds if names_one(government, kind.government)]
        closer = [kind for kind in fitting if names_one(village, kind.village)]
        return (closer or fitting or [self.general])[0]

    def list_fitting(self, village: str, government: str) -> list[PairKind]:
        """List the kinds whose words stand in the names of both items."""
        return [
            kind
            for kind in self.kinds
            if names_one(village, kind.village) and names_one(government, kind.government)
        ]


def to_plain(text: str) -> str:
    """Fold a heading or a name to one form: no blanks, no brackets, half-width letters."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(
        sign for sign in folded if sign not in "()（）[]【】、·:：" and not sign.isspace()
    )


def names_one(text: str, words: Iterable[str]) -> bool:
    """Return whether a text holds one of the words."""
    plain = to_plain(text)
    return any(to_plain(word) in plain for word in words)


def to_kinds(data: Mapping[str, Any]) -> PairKinds:
    """Build the kinds from their data; raises `KeyError` for a fact that nobody defines."""
    facts = {key: _to_fact(key, stored) for key, stored in data["facts"].items()}
    return PairKinds(
        kinds=tuple(_to_kind(stored, facts) for stored in data["pairs"]),
        general=_to_kind(data["general"], facts),
        names=_to_plain_set(data["names"]),
        places=_to_plain_set(data["places"]),
        townships=_to_plain_set(data["townships"]),
        batches=_to_plain_set(data["batches"]),
        never=tuple(data["never"]),
        without_lists=tuple(data["without_lists"]),
    )


def _to_plain_set(words: Sequence[str]) -> frozenset[str]:
    return frozenset(to_plain(word) for word in words)


def _to_fact(key: str, stored: Mapping[str, Any]) -> FactRule:
    return FactRule(
        key,
        tuple(stored["headings"]),
        FactMethod(stored["method"]),
        stored.get("unit", ""),
        FactDirection(stored.get("direction", FactDirection.UP)),
        Decimal(stored.get("tolerance", "0")),
    )


def _to_kind(stored: Mapping[str, Any], facts: Mapping[str, FactRule]) -> PairKind:
    chosen = tuple(
        replace(facts[key], counts_rows=key == stored["rows"]) for key in stored["facts"]
    )
    words = (tuple(stored.get(side, ())) for side in ("village", "government"))
    return PairKind(stored["key"], stored["name"], chosen, *words)
