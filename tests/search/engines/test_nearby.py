"""How the embedded engine finds what is near: its cells and rings give what measuring all gives."""

from collections.abc import Iterator
from math import cos, degrees, pi, radians, sin
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.geography.domain.areas import EARTH_RADIUS
from core.search.engines.base import SearchRequest, Sort
from core.search.engines.embedded.backend import EmbeddedBackend
from core.search.engines.embedded.cells import cover_circle, decode_spot, encode_spot, list_cells
from core.search.engines.embedded.nearby import NearbySearch
from core.search.geo import GeoPoint, Vicinity, measure_metres
from core.search.query.planner import ANYTHING
from core.search.scope import SearchScope
from tests.search.contract.engines import CHAINS, NOW, document

POINTS = 6_000
CENTRE = GeoPoint(106.2, 36.0)
places = st.builds(GeoPoint, st.floats(-180, 180), st.floats(-90, 90))


@given(places)
def test_a_spot_is_exact(point):
    assert decode_spot(encode_spot(point)) == point


@given(
    places, st.floats(20, 600_000), st.lists(st.tuples(st.floats(0, 2 * pi), st.floats(0.5, 1.5)))
)
def test_cells_inside_a_circle_are_within_and_nothing_within_is_left_out(centre, radius, ways):
    cells = cover_circle(Vicinity(centre, radius))
    for bearing, share in ways:
        angle = degrees(radius * share / EARTH_RADIUS)
        lat = centre.lat + angle * cos(bearing)
        lng = centre.lng + angle * sin(bearing) / max(cos(radians(centre.lat)), 0.01)
        if cells is None or abs(lng) > 180 or abs(lat) > 90:
            continue
        point = GeoPoint(lng, lat)
        its = set(list_cells(point))
        if its & cells.inside:
            assert measure_metres(centre, point) <= radius
        if measure_metres(centre, point) <= radius:
            assert its & (cells.inside | cells.border)


@given(places, st.floats(20, 600_000), st.integers(1, 4))
def test_a_circle_takes_a_bounded_number_of_cells(centre, radius, fineness):
    cells = cover_circle(Vicinity(centre, radius), fineness)
    assert cells is None or len(cells.inside) + len(cells.border) <= 1_600


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> Iterator[tuple[EmbeddedBackend, dict[str, GeoPoint]]]:
    """Points as a county has them: half spread over it, half in a few towns, some at one spot."""
    random = Random(13)
    towns = [(106.2 + random.uniform(-0.5, 0.5), 36 + random.uniform(-0.4, 0.4)) for _ in range(8)]
    spots: list[GeoPoint] = []
    for number in range(POINTS):
        lng, lat = random.choice(towns) if number % 2 else (106.2, 36.0)
        wide = 0.01 if number % 2 else 0.6
        same = number % 50 == 49
        spots.append(
            spots[-1]
            if same
            else GeoPoint(lng + random.uniform(-wide, wide), lat + random.uniform(-wide, wide))
        )
    documents = [document(n, kind="point", position=spot) for n, spot in enumerate(spots)]
    backend = EmbeddedBackend(tmp_path_factory.mktemp("nearby") / "search")
    backend.ensure()
    rebuild = backend.begin_rebuild()
    rebuild.upsert(documents)
    rebuild.publish()
    yield backend, {one.id: one.position for one in documents}
    backend.close()


def request(centre, radius=None, **choices) -> SearchRequest:
    return SearchRequest(
        variant=ANYTHING,
        scope=SearchScope(CHAINS[2], CHAINS[2]),
        now=NOW,
        vicinity=Vicinity(centre, radius),
        sort=Sort.NEAREST,
        **choices,
    )


@pytest.mark.parametrize("seed", range(20))
def test_the_nearest_of_many_are_those_of_measuring_all(filled, seed):
    backend, positions = filled
    random = Random(seed)
    centre = GeoPoint(106.2 + random.uniform(-1, 1), 36 + random.uniform(-1, 1))
    metres = {key: measure_metres(centre, spot) for key, spot in positions.items()}
    nearest = sorted(metres.values())
    offset = random.choice([0, 0, 10, 600])
    page = backend.search(request(centre, offset=offset, limit=5))
    assert [hit.metres for hit in page.hits] == nearest[offset : offset + 5]
    assert all(metres[hit.id] == hit.metres for hit in page.hits)
    assert page.total == POINTS
    radius = random.uniform(500, 60_000)
    assert backend.search(request(centre, radius)).total == sum(far <= radius for far in nearest)


def test_only_what_is_around_is_measured(filled, monkeypatch):
    backend, positions = filled
    looks: list[NearbySearch] = []
    kept = NearbySearch.find_nearest
    monkeypatch.setattr(
        NearbySearch,
        "find_nearest",
        lambda self, *arguments: looks.append(self) or kept(self, *arguments),
    )
    for spot in list(positions.values())[::100]:
        backend.search(request(spot, limit=5))
    measured = sorted(look.measured for look in looks)
    assert measured[len(measured) // 2] <= 600
    assert measured[-1] <= POINTS / 4
