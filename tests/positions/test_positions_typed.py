"""Positions as people type them and lists write them, and what is doubtful about one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.geography.domain.checks import PositionSuspicion
from core.geography.domain.datums import Datum, GeoPosition
from core.geography.domain.entry import (
    PositionDoubt,
    Surroundings,
    check_position,
    settle_position,
    surround,
    widen_surroundings,
)
from core.positions.forms import PositionForm, parse_degree_pair, read_position
from core.positions.links import list_map_links
from core.positions.lists import find_named_datum, position_columns, to_degree_pair
from core.tables.lists.columns import ListColumn
from core.tables.lists.reading import read_list
from core.tables.lists.source import read_pasted_list

KNOWN = surround([(106.60 + step / 100, 35.90) for step in range(6)])


def test_a_doubtful_position_comes_with_what_would_make_it_right():
    for pair, mends in (((35.9, 106.6), ("turn",)), ((110.6, 35.9), ("keep",)), ((16.6, 35.9), ())):
        with pytest.raises(PositionDoubt) as caught:
            check_position(*pair, Datum.GCJ02, KNOWN)
        assert caught.value.mends == mends
        for mend in mends:
            assert settle_position(pair, Datum.GCJ02, mend, KNOWN)


def test_a_pair_with_one_number_is_no_pair():
    with pytest.raises(PositionDoubt) as caught:
        check_position(None, 35.9, Datum.GCJ02, KNOWN)
    assert caught.value.suspicion is PositionSuspicion.NO_PAIR
    assert check_position(None, None, Datum.GCJ02, KNOWN) is None


def test_most_of_a_list_widens_what_is_known_but_not_an_outline():
    far = [(110.0 + step / 100, 35.9) for step in range(20)]
    assert check_position(110.05, 35.9, Datum.GCJ02, widen_surroundings(KNOWN, far))
    outline = Surroundings(KNOWN.area, is_outline=True)
    assert widen_surroundings(outline, far) is outline


@given(lng=st.floats(73, 135), lat=st.floats(18, 53))
def test_what_a_map_copies_is_read_back(lng, lat):
    pair = parse_degree_pair(f"经度：{lng:.6f}，纬度：{lat:.6f}")
    assert pair == pytest.approx((lng, lat), abs=1e-6)


def test_a_form_keeps_the_position_as_typed_until_somebody_settles_it(app):
    with app.test_request_context():
        typed = {"position": "35.9,106.6", "datum": "wgs84"}
        form = PositionForm.read(typed)
        _values, mends = read_position(form, KNOWN)
        assert [mend["value"] for mend in mends] == ["turn"]
        assert "position" in form.errors
        settled, none = read_position(PositionForm.read(typed | {"mend": "turn"}), KNOWN)
        assert (settled, none) == ({"lng": 106.6, "lat": 35.9, "datum": "wgs84"}, [])
        nothing, _none = read_position(PositionForm.read({}), KNOWN)
        assert nothing == {"lng": None, "lat": None, "datum": "gcj02"}


@pytest.mark.parametrize(
    ("text", "pair", "datum"),
    [
        ("名称,经度(百度),纬度(百度)\n甲,东经106.6°,35.9\n", (106.6, 35.9), Datum.BD09),
        ('名称,坐标\n甲,"106.6，35.9"\n', (106.6, 35.9), None),
        ("name,lng_gcj02,lat_gcj02\n甲,106.6,35.9\n", (106.6, 35.9), Datum.GCJ02),
    ],
)  # fmt: skip
def test_lists_name_positions_and_their_datum_in_many_ways(app, text, pair, datum):
    with app.test_request_context():
        columns = (ListColumn("name", "名称", required=True), *position_columns())
        read = read_list(read_pasted_list(text), columns)
        assert to_degree_pair(read.rows[0].values) == pair
        assert find_named_datum(read.headings) == datum


def test_links_that_need_true_positions_are_left_out_where_those_are_forbidden(app):
    with app.test_request_context():
        entered = GeoPosition(116.404, 39.915, Datum.GCJ02)
        every = list(list_map_links(entered, "站", may_remove_offset=True))
        fewer = list(list_map_links(entered, "站", may_remove_offset=False))
    assert fewer == every[:3]
    assert every[3]["url"].startswith("https://map.tianditu.gov.cn/")
    assert every[4]["url"].startswith("geo:")
