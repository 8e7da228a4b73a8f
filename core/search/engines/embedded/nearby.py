"""What lies near a place: cells of the index narrow it down, exact distances decide."""

from collections.abc import Iterable

from tantivy import DocAddress, Occur, Query, Schema, Searcher

from core.search.engines.embedded.cells import cover_circle, decode_spot
from core.search.engines.embedded.terms import any_of, filter_only
from core.search.geo import FARTHEST, Vicinity, measure_metres

# So many documents are measured at once rather than ring by ring.
FEW = 500
# The first circle that is looked through for the nearest (metres), and how much wider each next is.
FIRST_RADIUS, WIDER = 1_000.0, 2.0

# A document with its distance from the centre in metres.
Measured = tuple[float, DocAddress]


class NearbySearch:
    """Looks around one place in one commit; `measured` counts the documents looked at."""

    def __init__(self, schema: Schema, searcher: Searcher, vicinity: Vicinity) -> None:
        self._schema = schema
        self._searcher = searcher
        self._vicinity = vicinity
        self.measured = 0

    def restrict(self, matches: Query) -> Query:
        """Return the matches that lie within the radius; those with a position where there is none.

        Cells wholly inside stand for their documents; what lies in a cell on the border is
        measured, and named by its exact spot.
        """
        placed = Query.exists_query("spot")
        if self._vicinity.radius is None:
            return self._both(matches, placed)
        cells = cover_circle(self._vicinity)
        inside = self._cells(cells.inside) if cells else Query.empty_query()
        unsure = self._cells(cells.border) if cells else placed
        spots = {
            spot
            for spot in self._spots(self._addresses(self._both(matches, unsure)))
            if self._vicinity.has(self._metres(spot))
        }
        exact = self._set("spot", spots) if spots else Query.empty_query()
        return self._both(matches, any_of([inside, exact]))

    def find_nearest(self, matches: Query, total: int, end: int) -> list[Measured]:
        """Return at least the `end` nearest of the restricted matches, in order."""
        radius = self._vicinity.radius or FARTHEST
        ring = FIRST_RADIUS
        while total > max(FEW, end) and ring < radius:
            cells = cover_circle(Vicinity(self._vicinity.centre, ring), fineness=2)
            if cells is None:
                break
            within = self._both(matches, self._cells(cells.inside | cells.border))
            near = [one for one in self._measure(self._addresses(within)) if one[0] <= ring]
            if len(near) >= end:
                return self._sorted(near)
            ring *= WIDER
        return self._sorted(self._measure(self._addresses(matches)))

    def measure(self, addresses: list[DocAddress]) -> list[float | None]:
        """Return the distance of each document in metres; `None` without a position."""
        spots = self._searcher.fast_field_values("spot", addresses)
        return [None if spot is None else self._metres(int(spot)) for spot in spots]

    def _measure(self, addresses: list[DocAddress]) -> list[Measured]:
        spots = self._spots(addresses)
        return [
            (self._metres(spot), address)
            for spot, address in zip(spots, addresses, strict=True)
        ]  # fmt: skip

    def _sorted(self, measured: list[Measured]) -> list[Measured]:
        """Sort by distance; at one spot by the version, as every engine does."""
        versions = self._searcher.fast_field_values("version", [one[1] for one in measured])
        keyed = zip(measured, versions, strict=True)
        return [one for one, _ in sorted(keyed, key=lambda pair: (pair[0][0], pair[1] or 0))]

    def _addresses(self, query: Query) -> list[DocAddress]:
        limit = max(1, self._searcher.num_docs)
        found = self._searcher.search(query, limit=limit, count=False).hits
        self.measured += len(found)
        return [address for _, address in found]

    def _spots(self, addresses: list[DocAddress]) -> list[int]:
        return [int(spot or 0) for spot in self._searcher.fast_field_values("spot", addresses)]

    def _metres(self, spot: int) -> float:
        return measure_metres(self._vicinity.centre, decode_spot(spot))

    def _cells(self, cells: Iterable[int]) -> Query:
        return self._set("cell", cells)

    def _set(self, field: str, values: Iterable[int]) -> Query:
        return Query.term_set_query(self._schema, field, sorted(values))

    @staticmethod
    def _both(matches: Query, condition: Query) -> Query:
        return Query.boolean_query([(Occur.Must, matches), (Occur.Must, filter_only(condition))])
