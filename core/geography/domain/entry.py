"""Positions as somebody enters them: where they can be, which is doubtful, how it can be mended."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from core.geography.domain.areas import LngLat, bounding_box, distance_between
from core.geography.domain.checks import PositionSuspicion, find_suspicion
from core.geography.domain.datums import (
    Datum,
    GeoPosition,
    convert_position,
    is_in_china,
    is_offset_removed,
)

# With fewer known positions nobody can say where others should be.
FEWEST = 5
# Things of a county lie within this distance of their centre at least, metres.
LEAST_REACH, SPREAD = 60_000.0, 5.0
# Mends that can be offered: keep it, turn the pair; any other is the datum to read it in.
KEEP, TURN = "keep", "turn"
_LIKELY = (Datum.GCJ02, Datum.WGS84, Datum.BD09)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where positions of a place can be: within its outline, else around those that are known."""

    area: Mapping[str, Any] | None = None
    datum: Datum = Datum.GCJ02
    is_outline: bool = False
    pairs: tuple[LngLat, ...] = ()


class PositionDoubt(Exception):  # noqa: N818 - a doubt, which a person settles
    """A position that is probably wrong, with the mends that would make it right."""

    def __init__(self, suspicion: PositionSuspicion, mends: tuple[str, ...] = ()) -> None:
        super().__init__(suspicion)
        self.suspicion, self.mends = suspicion, mends


def check_position(
    lng: float | None, lat: float | None, datum: Datum, surroundings: Surroundings
) -> list[Any] | None:
    """Return longitude, latitude and datum as JSON stores them; raises `PositionDoubt`."""
    found = find_suspicion(lng, lat, datum, surroundings.area, surroundings.datum)
    if found is not None:
        raise PositionDoubt(found, tuple(_list_mends(lng, lat, datum, surroundings, found)))
    return None if lng is None else [lng, lat, datum.value]


def settle_position(
    pair: LngLat | None, datum: Datum, mend: str, surroundings: Surroundings
) -> list[Any] | None:
    """Return a position as typed, or as somebody has chosen to mend it; raises `PositionDoubt`."""
    if pair is None:
        return None
    if mend == KEEP:  # the person says it lies there: only what lies nowhere is refused
        return check_position(*pair, datum, Surroundings())
    if mend == TURN:
        pair = pair[::-1]
    return check_position(*pair, Datum(mend) if mend in set(Datum) else datum, surroundings)


def surround(pairs: Sequence[LngLat]) -> Surroundings:
    """Draw a generous box around known positions (GCJ-02); no bounds where there are too few."""
    if len(pairs) < FEWEST:
        return Surroundings(pairs=tuple(pairs))
    centre = median(lng for lng, _lat in pairs), median(lat for _lng, lat in pairs)
    reach = SPREAD * median(distance_between(centre, pair) for pair in pairs)
    west, south, east, north = bounding_box(centre, max(LEAST_REACH, reach))
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    area = {"type": "Polygon", "coordinates": [ring]}
    return Surroundings(area, Datum.GCJ02, pairs=tuple(pairs))


def widen_surroundings(surroundings: Surroundings, pairs: Sequence[LngLat]) -> Surroundings:
    """Return surroundings that know the pairs of a list too: most of them will be right."""
    if surroundings.is_outline:
        return surroundings
    likely = [pair for pair in pairs if is_in_china(*pair)]
    return surround([*surroundings.pairs, *likely])


def to_gcj02(
    lng: float | None, lat: float | None, datum: str
) -> tuple[float, float] | tuple[None, None]:
    """Convert a position to the datum to which every other one may be converted, to compare it."""
    if lng is None or lat is None:
        return None, None
    return convert_position(GeoPosition(lng, lat, Datum(datum)), Datum.GCJ02).pair


def to_public_position(entered: GeoPosition, *, may_remove_offset: bool) -> GeoPosition:
    """Return a position in WGS-84; as it was entered where true ones must not be found again."""
    if is_offset_removed(entered.datum, Datum.WGS84) and not may_remove_offset:
        return entered
    return convert_position(entered, Datum.WGS84)


def _list_mends(
    lng: float | None,
    lat: float | None,
    datum: Datum,
    around: Surroundings,
    found: PositionSuspicion,
) -> Iterator[str]:
    if lng is None or lat is None or found is PositionSuspicion.OUTSIDE_CHINA:
        return
    if found is PositionSuspicion.SWAPPED:
        yield TURN
        return
    if found is PositionSuspicion.WRONG_DATUM:
        for other in _LIKELY:
            if other != datum and not find_suspicion(lng, lat, other, around.area, around.datum):
                yield str(other)
    yield KEEP
