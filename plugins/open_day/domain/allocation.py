"""Pure rules of seats: who gets some, from the waiting list and in a lottery."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Party:
    """People that want seats together: its number orders it, the category may have a quota."""

    number: int
    people: int
    category: int | None = None


@dataclass(slots=True)
class Seats:
    """Free seats of a slot, and of those categories that have a quota of their own."""

    free: int
    quotas: dict[int, int] = field(default_factory=dict)

    def fits(self, party: Party) -> bool:
        """Whether there are enough seats for all of the party."""
        quota = self.quotas.get(party.category) if party.category is not None else None
        return party.people <= self.free and (quota is None or party.people <= quota)

    def take(self, party: Party) -> None:
        """Give the party its seats."""
        self.free -= party.people
        if party.category in self.quotas:
            self.quotas[party.category] -= party.people


def allocate(parties: Iterable[Party], seats: Seats) -> list[Party]:
    """Those who get seats, asked in this order; a party too big for what is left is passed over.

    It keeps its place, and gets its seats before all who come after it once there are enough.
    `seats` is used up.
    """
    allocated = []
    for party in parties:
        if seats.fits(party):
            seats.take(party)
            allocated.append(party)
    return allocated


def commitment(seed: str) -> str:
    """Return what is published of a lottery's seed before the draw."""
    return hashlib.sha256(seed.encode()).hexdigest()


def drawn_order(numbers: Iterable[int], seed: str) -> list[int]:
    """Lottery numbers in the order drawn: by SHA-256 of `seed:number`, so anybody can repeat it."""
    return sorted(numbers, key=lambda number: (commitment(f"{seed}:{number}"), number))


def draw(parties: Sequence[Party], seed: str, seats: Seats) -> tuple[list[int], list[int]]:
    """Draw a lottery: all numbers in the order drawn, and those that win seats."""
    by_number = {party.number: party for party in parties}
    order = drawn_order(by_number, seed)
    return order, [party.number for party in allocate((by_number[n] for n in order), seats)]
