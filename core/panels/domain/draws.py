"""Who judges whom: balanced, drawn by a seed, without conflicts, rotating where possible.

A subject takes its people from those who may judge it; what is balanced are the loads of
the people, which differ by at most one wherever any assignment does that (`levelling`).

The seed is published. Name people by keys that only the office can make (keyed digests): who
knows the keys and the seed can repeat the draw.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from core.panels.domain.levelling import Edge, LoadLeveller

#: Somebody and a subject, by their keys.
DrawnPair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class DrawOrder:
    """What is drawn: `per_subject` people for each subject.

    `standing` pairs stay, unless they are in conflict or declined; `history` pairs are avoided as
    far as subjects get their number and loads stay even.
    """

    people: Collection[str]
    subjects: Collection[str]
    per_subject: int
    seed: str
    conflicts: AbstractSet[DrawnPair] = frozenset()
    declined: AbstractSet[DrawnPair] = frozenset()
    history: AbstractSet[DrawnPair] = frozenset()
    standing: AbstractSet[DrawnPair] = frozenset()


@dataclass(frozen=True, slots=True)
class DrawShortfall:
    """A subject with fewer people than wanted, and how many others were kept from it."""

    subject: str
    wanted: int
    found: int
    in_conflict: int
    declined: int


@dataclass(frozen=True, slots=True)
class PanelDraw:
    """Pairs in the order of the draw, and where there were too few people."""

    pairs: tuple[DrawnPair, ...]
    shortfalls: tuple[DrawShortfall, ...]


def draw_panel(order: DrawOrder) -> PanelDraw:
    """Draw; a subject for which there are too few people gets all who may.

    The same order gives the same pairs, in whatever sequence its keys come.
    """
    people = _shuffle(order.people, order.seed)
    places = _shuffle(order.subjects, order.seed)
    barred = _to_edges(order.conflicts | order.declined, people, places)
    past = _to_edges(order.history, people, places)
    stay = _to_edges(order.standing, people, places) - barred

    def draw(avoided: AbstractSet[Edge]) -> LoadLeveller:
        allowed = _list_allowed(len(people), len(places), avoided, past)
        return LoadLeveller(len(people), allowed, stay, order.per_subject)

    chosen, fresh = draw(barred), draw(barred | past)
    if fresh.cost <= chosen.cost:
        chosen = fresh
    else:
        chosen.avoid(past)
    pairs = tuple((people[person], places[place]) for person, place in chosen.list_edges())
    return PanelDraw(pairs, tuple(_list_shortfalls(order, people, places, pairs)))


def _list_shortfalls(
    order: DrawOrder, people: Sequence[str], places: Sequence[str], pairs: Collection[DrawnPair]
) -> Iterator[DrawShortfall]:
    found = Counter(place for _person, place in pairs)
    for place in places:
        if found[place] < order.per_subject:
            in_conflict = {who for who in people if (who, place) in order.conflicts}
            declined = {who for who in people if (who, place) in order.declined} - in_conflict
            counts = found[place], len(in_conflict), len(declined)
            yield DrawShortfall(place, order.per_subject, *counts)


def _shuffle(keys: Iterable[str], seed: str) -> list[str]:
    return sorted(
        set(keys), key=lambda key: (hashlib.sha256(f"{seed}:{key}".encode()).digest(), key)
    )


def _to_edges(
    pairs: AbstractSet[DrawnPair], people: Sequence[str], places: Sequence[str]
) -> set[Edge]:
    """Return the pairs of those who take part by their numbers in the draw."""
    person = {key: number for number, key in enumerate(people)}
    place = {key: number for number, key in enumerate(places)}
    return {(person[who], place[where]) for who, where in pairs if who in person and where in place}


def _list_allowed(
    people: int, places: int, avoided: AbstractSet[Edge], past: AbstractSet[Edge]
) -> list[list[int]]:
    """List for each place who may judge it; those of last year come last."""
    everybody = range(people)
    return [
        [u for u in everybody if (u, place) not in avoided and (u, place) not in past]
        + [u for u in everybody if (u, place) not in avoided and (u, place) in past]
        for place in range(places)
    ]
