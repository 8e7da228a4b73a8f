"""Conversions against published reference points; areas and distances against known figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.geography.domain.areas import bounding_box, distance_between, is_inside
from core.geography.domain.checks import PositionSuspicion, find_likely_datum, find_suspicion
from core.geography.domain.datums import (
    Datum,
    GeoPosition,
    convert_position,
    is_in_china,
    is_offset_removed,
)

# Longitude, latitude in both datums; published with the test programs of two libraries that many
# others compare themselves with (eviltransform, coordtransform).
PUBLISHED = [
    (Datum.WGS84, (121.5272106, 31.1774276), Datum.GCJ02, (121.531541859215, 31.17530398364597)),
    (Datum.WGS84, (113.912316, 22.543847), Datum.GCJ02, (113.9171764808363, 22.540796131694766)),
    (Datum.WGS84, (116.377817, 39.911954), Datum.GCJ02, (116.38404722455657, 39.91334545536069)),
    (Datum.WGS84, (116.404, 39.915), Datum.GCJ02, (116.41024449916938, 39.91640428150164)),
    (Datum.GCJ02, (116.404, 39.915), Datum.BD09, (116.41036949371029, 39.92133699351021)),
    (Datum.WGS84, (116.404, 39.915), Datum.BD09, (116.41662724378733, 39.922699552216216)),
    (Datum.BD09, (116.404, 39.915), Datum.GCJ02, (116.39762729119315, 39.90865673957631)),
]
# The libraries' own ways back: a search that ends within a decimetre, and a single step. Points of
# BD-09 by eviltransform are left out: it takes pi where Baidu takes 3000 pi / 180.
GCJ, BD = Datum.GCJ02, Datum.BD09
PUBLISHED_ROUGHLY = [
    (GCJ, (116.404, 39.915), (116.39775549316407, 39.913596801757805), 0.1),
    (GCJ, (116.404, 39.915), (116.39775550083061, 39.91359571849836), 2),
    (BD, (116.404, 39.915), (116.3913836995125, 39.907253214522164), 2),
]
SQUARE = [[106.0, 35.0], [107.0, 35.0], [107.0, 36.0], [106.0, 36.0], [106.0, 35.0]]
HOLE = [[106.4, 35.4], [106.6, 35.4], [106.6, 35.6], [106.4, 35.6], [106.4, 35.4]]
COUNTY = {"type": "Polygon", "coordinates": [SQUARE, HOLE]}

positions = st.builds(
    GeoPosition,
    st.floats(74, 134),
    st.floats(4, 53),
    st.sampled_from(Datum),
)


@pytest.mark.parametrize(("source", "pair", "target", "expected"), PUBLISHED)
def test_published_points_are_met_within_a_centimetre(source, pair, target, expected):
    found = convert_position(GeoPosition(*pair, source), target)
    assert found.datum is target
    assert distance_between(found.pair, expected) < 0.01


@pytest.mark.parametrize(("source", "pair", "expected", "error"), PUBLISHED_ROUGHLY)
def test_published_ways_back_are_met_as_closely_as_they_were_made(source, pair, expected, error):
    assert (
        distance_between(convert_position(GeoPosition(*pair, source), Datum.WGS84).pair, expected)
        < error
    )


@given(positions, st.sampled_from(Datum))
def test_there_and_back_stays_within_the_stated_error(position, datum):
    back = convert_position(convert_position(position, datum), position.datum)
    with_baidu = Datum.BD09 in {datum, position.datum}
    assert distance_between(back.pair, position.pair) < (1 if with_baidu else 0.01)


@given(positions)
def test_offset_maps_are_off_by_hundreds_of_metres(position):
    truth = convert_position(position, Datum.WGS84)
    gcj = convert_position(truth, Datum.GCJ02)
    assert 20 < distance_between(truth.pair, gcj.pair) < 1500
    assert 300 < distance_between(truth.pair, convert_position(truth, Datum.BD09).pair) < 2600


def test_outside_china_nothing_is_moved():
    tokyo = GeoPosition(139.7671, 35.6812, Datum.WGS84)
    assert not is_in_china(*tokyo.pair)
    assert convert_position(tokyo, Datum.GCJ02).pair == tokyo.pair
    assert convert_position(GeoPosition(*tokyo.pair, Datum.GCJ02), Datum.WGS84).pair == tokyo.pair


def test_the_national_datum_counts_as_wgs_84():
    position = GeoPosition(106.6, 35.9, Datum.WGS84)
    assert convert_position(position, Datum.CGCS2000) == GeoPosition(106.6, 35.9, Datum.CGCS2000)


@pytest.mark.parametrize(
    ("source", "target", "removed"),
    [
        (Datum.GCJ02, Datum.WGS84, True),
        (Datum.BD09, Datum.CGCS2000, True),
        (Datum.BD09, Datum.GCJ02, False),
        (Datum.WGS84, Datum.GCJ02, False),
        (Datum.CGCS2000, Datum.WGS84, False),
    ],
)
def test_what_a_county_may_forbid(source, target, removed):
    assert is_offset_removed(source, target) is removed


def test_known_distances():
    assert distance_between((0.0, 0.0), (0.0, 1.0)) == pytest.approx(111_195, abs=1)
    # Beijing to Shanghai, great circle.
    assert distance_between((116.4074, 39.9042), (121.4737, 31.2304)) == pytest.approx(
        1_067_000, rel=0.002
    )
    assert distance_between((106.6, 35.9), (106.6, 35.9)) == 0


@given(positions, st.floats(10, 100_000), st.floats(-1, 1), st.floats(-1, 1))
def test_the_box_holds_everything_within_the_radius(centre, radius, east, north):
    west, south, far_east, far_north = bounding_box(centre.pair, radius)
    x, y = centre.longitude + east, centre.latitude + north
    if distance_between(centre.pair, (x, y)) <= radius:
        assert west <= x <= far_east
        assert south <= y <= far_north


@pytest.mark.parametrize(
    ("pair", "inside"),
    [
        ((106.1, 35.1), True),
        ((106.5, 35.5), False),  # in the hole
        ((106.4, 35.5), True),  # on the edge of the hole
        ((106.0, 35.5), True),  # on the outline
        ((107.0, 36.0), True),  # a corner
        ((107.0001, 35.5), False),
        ((105.0, 35.0), False),  # on the line of a side, beside it
    ],
)
def test_point_in_polygon(pair, inside):
    assert is_inside(pair, COUNTY) is inside


def test_areas_come_wrapped_in_many_ways():
    far = {"type": "MultiPolygon", "coordinates": [[[[0, 0], [1, 0], [1, 1], [0, 0]]], [SQUARE]]}
    feature = {"type": "Feature", "properties": {}, "geometry": far}
    nothing = {"type": "Feature", "properties": {}, "geometry": None}
    collection = {"type": "FeatureCollection", "features": [nothing, feature]}
    geometries = {"type": "GeometryCollection", "geometries": [{"type": "Point"}, far]}
    for area in (far, feature, collection, geometries):
        assert is_inside((106.5, 35.5), area)
        assert not is_inside((108.0, 35.5), area)
    assert not is_inside((106.5, 35.5), nothing)


@given(st.floats(-1, 3), st.floats(-1, 3), st.integers(0, 3))
def test_where_an_outline_begins_makes_no_difference(x, y, turn):
    ring = [[0, 0], [2, 0], [2, 2], [1, 0.5], [0, 2]]
    turned = [*ring[turn:], *ring[:turn]]
    areas = [{"type": "Polygon", "coordinates": [points]} for points in (ring, turned, ring[::-1])]
    assert len({is_inside((x, y), area) for area in areas}) == 1


@pytest.mark.parametrize(
    ("longitude", "latitude", "suspicion"),
    [
        (106.2, 35.2, None),
        (None, None, None),
        (None, 35.2, PositionSuspicion.NO_PAIR),
        (106.2, None, PositionSuspicion.NO_PAIR),
        (35.2, 106.2, PositionSuspicion.SWAPPED),
        (10.62, 35.2, PositionSuspicion.OUTSIDE_CHINA),
        (106.2, 352.0, PositionSuspicion.OUTSIDE_CHINA),
        (0.0, 0.0, PositionSuspicion.OUTSIDE_CHINA),
        (106.5, 35.5, PositionSuspicion.OUTSIDE_AREA),
        (108.0, 35.5, PositionSuspicion.OUTSIDE_AREA),
    ],
)
def test_what_is_noticed_about_a_pair(longitude, latitude, suspicion):
    assert find_suspicion(longitude, latitude, Datum.WGS84, COUNTY) is suspicion


def test_a_pair_that_is_inside_in_another_datum_only():
    at_the_edge = convert_position(GeoPosition(106.9999, 35.2, Datum.WGS84), Datum.GCJ02)
    assert at_the_edge.longitude > 107
    assert find_suspicion(*at_the_edge.pair, Datum.GCJ02, COUNTY) is None
    assert find_suspicion(*at_the_edge.pair, Datum.WGS84, COUNTY) is PositionSuspicion.WRONG_DATUM


@pytest.mark.parametrize("truth", [Datum.WGS84, Datum.GCJ02, Datum.BD09])
@pytest.mark.parametrize("said", [Datum.WGS84, Datum.GCJ02, Datum.BD09])
def test_the_datum_of_a_whole_file_is_recognised(truth, said):
    known = [GeoPosition(106.2 + step / 20, 35.2 + step / 30, Datum.WGS84) for step in range(7)]
    given = [GeoPosition(*convert_position(place, truth).pair, said) for place in known]
    given[3] = GeoPosition(106.9, 35.9, said)  # one that has moved
    found = find_likely_datum(list(zip(given, known, strict=True)))
    assert found is (None if said == truth else truth)


def test_places_that_simply_moved_say_nothing_of_the_datum():
    known = GeoPosition(106.2, 35.2, Datum.WGS84)
    assert find_likely_datum([(GeoPosition(106.3, 35.3, Datum.GCJ02), known)]) is None
    assert find_likely_datum([]) is None
