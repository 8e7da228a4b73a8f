"""The nearest of many points is the one that trying all finds."""

from hypothesis import given
from hypothesis import strategies as st

from core.geography.domain.areas import distance_between
from core.geography.domain.nearest import find_nearest_points

pairs = st.tuples(st.floats(105, 107), st.floats(34, 37))


@given(st.lists(pairs, max_size=5), st.lists(pairs, min_size=1, max_size=40))
def test_the_nearest_is_the_one_that_trying_all_finds(centres, points):
    for centre, found in zip(centres, find_nearest_points(centres, points), strict=True):
        assert found.metres == min(distance_between(centre, point) for point in points)
        assert found.metres == distance_between(centre, points[found.place])


def test_without_points_nothing_is_near():
    assert find_nearest_points([(106.0, 35.0)], []) == [None]
