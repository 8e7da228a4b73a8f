"""The nearest things of a county: from a village too, and never of another county."""

from dataclasses import replace

import pytest

from core.db.scope import open_session
from core.search.answering.nearest import NearestThing, find_nearest
from core.search.geo import GeoPoint, Vicinity
from core.search.indexing.indexer import drain
from core.search.query.planner import plan_query
from core.search.query.vocabulary import find_named
from core.testing.queries import counted
from tests.search.organs import ORGANS, load_organs

HERE = Vicinity(GeoPoint(106.2, 36.0))


def load_placed(session, keys):
    """Organs as documents that stand where their address says."""
    for document in load_organs(session, keys):
        lng, _, lat = document.body.partition(",")
        yield replace(document, position=GeoPoint(float(lng), float(lat)) if lat else None)


@pytest.fixture
def placed(engine, tree, organs):
    """Offices of two counties with positions, and one without."""
    engine.kinds.clear()
    engine.register(replace(ORGANS, load=load_placed))
    keys = {
        "near": organs.add(tree.far_village, "柳湾社保服务站", address="106.21,36.0"),
        "far": organs.add(tree.county, "社保大厅", address="106.4,36.0"),
        "other": organs.add(tree.other_county, "乙县社保大厅", address="106.2,36.0"),
        "nowhere": organs.add(tree.village, "社保代办点"),
    }
    drain(engine)
    return keys


def nearest(place, around=HERE, typed="社保"):
    with open_session(None) as session:
        return find_nearest(session, place, "organ", around, plan_query(typed).variants)


@pytest.mark.both_databases
def test_a_village_finds_what_stands_in_the_next_one(app, tree, placed):
    del app
    found = nearest(tree.village)
    assert [thing.key for thing in found] == [placed["near"], placed["far"]]
    assert found[0].metres == pytest.approx(899.6, abs=0.2)


def test_a_radius_ends_what_is_near(app, tree, placed):
    del app
    assert [one.key for one in nearest(tree.village, replace(HERE, radius=5_000.0))] == [
        placed["near"]
    ]


def test_where_nobody_knows_where_one_is_the_tree_decides(app, tree, placed):
    del app
    assert nearest(tree.village, None)[0] == NearestThing(placed["nowhere"])
    assert placed["other"] not in [one.key for one in nearest(tree.village, None)]


def test_titles_in_the_database_answer_where_no_engine_can(app, engine, tree, placed):
    del app
    engine.backend.begin_rebuild().publish()
    engine.backend._folder.joinpath("CURRENT").unlink()
    engine.backend.close()
    assert [thing.key for thing in nearest(tree.village)] == [placed["near"], placed["far"]]


def test_it_costs_few_statements(app, tree, placed):
    del app, placed
    nearest(tree.village)
    with counted() as queries:
        nearest(tree.village)
    assert len(queries) <= 2


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("柳湾村", "sister_village"),
        ("柳湾", "sister_village"),
        ("东关社区", "community"),
        ("崾岘村", "village"),
        ("东镇", "town"),
        ("乙县", None),
        ("", None),
    ],
)
def test_a_place_is_found_by_its_name_the_nearest_of_several(app, tree, name, found):
    del app
    with open_session(None) as session:
        place = find_named(session, tree.village, name)
    assert (place and place.id) == (getattr(tree, found).id if found else None)
