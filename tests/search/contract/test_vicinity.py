"""What lies near a place: every engine gives what measuring each document gives."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.search.engines.base import Facet, SearchRequest, Sort
from core.search.geo import FARTHEST, GeoPoint, Vicinity, measure_metres
from core.search.query.planner import ANYTHING, plan_query
from core.search.scope import SearchScope
from tests.search.contract.engines import CHAINS, ENGINES, NOW, document

HERE = GeoPoint(106.25, 36.01)
KIND = "point"
TITLE = "便民服务点"


def point(pk, lng, lat, tenant=2, **fields):
    """A thing of the small tree that stands somewhere."""
    given = {"kind": KIND, "title": TITLE, **fields}
    return document(pk, tenant=tenant, position=GeoPoint(lng, lat), **given)


def around(radius=None, centre=HERE):
    """Choices of a request for what is nearest."""
    return {"vicinity": Vicinity(centre, radius), "sort": Sort.NEAREST}


def test_the_nearest_come_first_with_their_distance(ask):
    ask.add(point(1, 106.35, 36.01), point(2, 106.25, 36.02), point(3, 106.26, 36.01))
    page = ask.page("服务点", **around())
    assert [hit.id for hit in page.hits] == ["point-3", "point-2", "point-1"]
    metres = [hit.metres for hit in page.hits]
    assert metres == pytest.approx([899.4, 1111.9, 8994.7], abs=0.1)


def test_a_radius_counts_and_facets_only_what_lies_within(ask):
    ask.add(
        point(1, 106.251, 36.01, topic="甲"),
        point(2, 106.27, 36.01, topic="乙"),
        point(3, 107.25, 36.01, topic="乙"),
        document(4, kind=KIND, title=TITLE, topic="丙"),
    )
    page = ask.page("服务点", **around(5_000), facets=("topic",))
    assert page.total == 2
    assert page.facets["topic"] == {"甲": 1, "乙": 1}
    assert ask("服务点", vicinity=Vicinity(HERE, 100.0)) == ["1"]
    assert ask("服务点", vicinity=Vicinity(HERE, 10.0)) == []


def test_what_stands_nowhere_is_found_by_words_alone(ask):
    ask.add(document(1, kind=KIND, title=TITLE), point(2, 106.25, 36.01))
    assert sorted(ask("服务点")) == ["1", "2"]
    assert ask("服务点", **around()) == ["2"]


def test_words_and_filters_hold_beside_the_place(ask):
    ask.add(
        point(1, 106.25, 36.01, title="石桥镇便民服务点", summary="社保卡 医保"),
        point(2, 106.26, 36.01, title="柳湾村服务站", summary="社保卡"),
        point(3, 106.25, 36.01, kind="open_day", title="社保卡开放日"),
    )
    kinds = {Facet.KIND: frozenset({KIND})}
    assert ask("社保卡", **around(), filters=kinds) == ["1", "2"]
    assert ask("医保", **around(), filters=kinds) == ["1"]


def test_the_point_of_another_county_is_not_found_though_it_is_nearer(ask):
    ask.add(point(1, 106.25, 36.01, tenant=9), point(2, 106.45, 36.01, tenant=7))
    assert ask("服务点", 5, base=2, with_above=False, **around()) == ["2"]
    assert ask("服务点", 1, **around()) == ["1", "2"]


def test_what_moved_is_where_it_is_now(ask):
    ask.add(point(1, 106.25, 36.01))
    ask.add(point(1, 107.25, 36.01))
    assert ask("服务点", **around(1_000)) == []
    ask.forget("point-1")
    assert ask("服务点", **around()) == []


def test_pages_by_distance_have_no_gap(ask):
    ask.add(*(point(n, 106.25 + n % 7 / 100, 36.01) for n in range(40)))
    pages = [ask("服务点", **around(), offset=offset, limit=7) for offset in range(0, 42, 7)]
    whole = ask("服务点", **around(), limit=50)
    assert [key for page in pages for key in page] == whole
    assert len(set(whole)) == 40


def test_across_the_date_line_and_at_the_pole(ask):
    ask.add(point(1, 179.99, 10.0), point(2, -179.99, 10.0), point(3, 0.0, 89.99))
    assert ask("服务点", **around(5_000, GeoPoint(-179.999, 10.0))) == ["2", "1"]
    assert ask("服务点", **around(5_000, GeoPoint(180.0, 90.0))) == ["3"]


@pytest.mark.parametrize("values", [(181, 0), (0, 91), (float("nan"), 0), (0, float("inf"))])
def test_what_is_no_place_is_refused(values):
    with pytest.raises(ValueError, match=r"position|place"):
        GeoPoint(*values)


@pytest.mark.parametrize("radius", [0, -1.0, FARTHEST * 2, float("nan")])
def test_what_is_no_radius_is_refused(radius):
    with pytest.raises(ValueError, match="radius"):
        Vicinity(HERE, radius)


def test_nearest_needs_a_place():
    scope = SearchScope(CHAINS[2], CHAINS[2])
    with pytest.raises(ValueError, match="nearest"):
        SearchRequest(variant=ANYTHING, scope=scope, now=NOW, sort=Sort.NEAREST)


@st.composite
def countries(draw):
    """Points in clusters of very different width, somebody who asks, and how far."""
    centre = GeoPoint(draw(st.floats(70, 140)), draw(st.floats(-60, 60)))
    wide = draw(st.sampled_from([0.0005, 0.02, 0.5, 6.0]))
    offsets = st.floats(-wide, wide)
    places = draw(st.lists(st.tuples(offsets, offsets), min_size=1, max_size=25))
    documents = [
        point(n, centre.lng + x, centre.lat + y, tenant=draw(st.sampled_from(sorted(CHAINS))))
        for n, (x, y) in enumerate(places)
    ]
    radius = draw(st.one_of(st.none(), st.floats(20, 600_000)))
    return documents, Vicinity(centre, radius), draw(st.booleans())


# How far Meilisearch's own measure of a radius may differ: it takes another size of the Earth.
TOLERANCE = 0.003


@settings(max_examples=30, deadline=None)
@given(countries())
def test_an_engine_answers_what_measuring_each_gives(country):
    documents, vicinity, by_words = country
    scope = SearchScope(CHAINS[2], CHAINS[2])
    variant = plan_query(TITLE).variants[0] if by_words else ANYTHING
    admitted = {one.id: one for one in documents if scope.admits(one, NOW)}
    metres = {key: measure_metres(vicinity.centre, one.position) for key, one in admitted.items()}
    within = {key for key in metres if vicinity.has(metres[key])}
    radius = vicinity.radius or FARTHEST
    unsure = {key for key, far in metres.items() if abs(far - radius) <= radius * TOLERANCE}
    for name, make in ENGINES.items():
        with (
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
            make(Path(folder)) as engine,
        ):
            engine.ensure()
            engine.wait(engine.upsert(documents), 10)
            request = SearchRequest(
                variant=variant, scope=scope, now=NOW, limit=50, facets=("kind",),
                vicinity=vicinity, sort=Sort.NEAREST,
            )  # fmt: skip
            page = engine.search(request)
        hits = [hit.id for hit in page.hits]
        ignored = unsure if name == "meilisearch" else set()
        assert set(hits) - ignored == within - ignored
        assert page.total == len(hits) == page.facets["kind"].get(KIND, 0)
        assert [hit.metres for hit in page.hits] == [metres[key] for key in hits]
        assert hits == sorted(hits, key=lambda key: (metres[key], admitted[key].version))
