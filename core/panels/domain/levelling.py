"""Level the loads of an assignment along alternating paths (an optimal semi-matching)."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence

#: A taker and a thing, both by number.
Edge = tuple[int, int]


class LoadLeveller:
    """Things that each want some takers; what is level are the takers' loads.

    `allowed[thing]` lists who may take it, in the order of preference; `fixed` edges stay.
    """

    def __init__(
        self, takers: int, allowed: Sequence[Sequence[int]], fixed: Collection[Edge], wanted: int
    ) -> None:
        self._allowed, self._fixed = allowed, fixed
        self._takers: list[set[int]] = [set() for _ in allowed]
        self._things: list[set[int]] = [set() for _ in range(takers)]
        for taker, thing in fixed:
            self._give(taker, thing)
        for thing in sorted(range(len(allowed)), key=lambda each: len(allowed[each])):
            self._fill(thing, wanted)
        self._level()

    @property
    def cost(self) -> tuple[int, int]:
        """Edges that are missing, then how uneven loads are: the sum of their squares."""
        loads = [len(things) for things in self._things]
        return -sum(loads), sum(load * load for load in loads)

    def list_edges(self) -> list[Edge]:
        """List the edges, thing by thing."""
        return [
            (taker, thing) for thing, theirs in enumerate(self._takers) for taker in sorted(theirs)
        ]

    def avoid(self, unwanted: Collection[Edge]) -> None:
        """Hand on what is unwanted, until nothing more goes with loads as even as they are."""
        wanted = [
            [taker for taker in takers if (taker, thing) not in unwanted]
            for thing, takers in enumerate(self._allowed)
        ]
        has_moved = True
        while has_moved:
            has_moved = False
            for taker, thing in [edge for edge in self.list_edges() if edge in unwanted]:
                most = len(self._things[taker]) - 1
                if taker in self._takers[thing] and not self._hand_on(
                    taker, [thing], wanted, most=most
                ):
                    has_moved = True

    def _fill(self, thing: int, wanted: int) -> None:
        free = [taker for taker in self._allowed[thing] if taker not in self._takers[thing]]
        missing = max(wanted - len(self._takers[thing]), 0)
        for taker in sorted(free, key=lambda each: len(self._things[each]))[:missing]:
            self._give(taker, thing)

    def _level(self) -> None:
        """Hand on until nobody reaches somebody with at least two fewer.

        Whom a search without success reached reach nobody else: later searches pass them over.
        """
        done: set[int] = set()
        while waiting := [taker for taker in range(len(self._things)) if taker not in done]:
            taker = max(waiting, key=lambda each: len(self._things[each]))
            most = len(self._things[taker]) - 2
            done |= self._hand_on(
                taker, sorted(self._things[taker]), self._allowed, most=most, closed=done | {taker}
            )

    def _hand_on(
        self,
        start: int,
        things: Iterable[int],
        allowed: Sequence[Sequence[int]],
        *,
        most: int,
        closed: Collection[int] = (),
    ) -> set[int]:
        """Search the shortest way to hand on one of `things`, and go it.

        It ends at a taker of at most `most` things, or at `start` in exchange for another. Returns
        whom the search reached in vain; nobody where it succeeded.
        """
        reached: dict[int, Edge] = {}
        offered: set[int] = set()
        givers = deque([start])
        while givers:
            giver = givers.popleft()
            for thing in things if giver == start else sorted(self._things[giver]):
                if thing in offered or (giver, thing) in self._fixed:
                    continue
                offered.add(thing)
                for taker in allowed[thing]:
                    if taker in reached or taker in closed or taker in self._takers[thing]:
                        continue
                    reached[taker] = giver, thing
                    if taker == start or len(self._things[taker]) <= most:
                        self._shift(start, taker, reached)
                        return set()
                    givers.append(taker)
        return {start, *reached}

    def _shift(self, start: int, taker: int, reached: Mapping[int, Edge]) -> None:
        """Hand on along the path, from its end back to `start`."""
        giver = -1
        while giver != start:
            giver, thing = reached[taker]
            self._takers[thing].remove(giver)
            self._things[giver].remove(thing)
            self._give(taker, thing)
            taker = giver

    def _give(self, taker: int, thing: int) -> None:
        self._takers[thing].add(taker)
        self._things[taker].add(thing)
