import pytest

from core.command import with_locale
from core.db.scope import open_session
from core.errors import Invalid
from core.search.answering.service import SearchQuery, search
from core.search.engines.base import BackendUnavailableError, Sort
from core.search.indexing.indexer import drain
from core.search.scope import SearchArea


def answer(engine, tenant, typed, **choices):
    with open_session(None) as directory:
        return search(engine, directory, tenant, SearchQuery(typed=typed, **choices))


@pytest.fixture
def offices(engine, tree, organs):
    """One office at every tenant, all of the same name."""
    for tenant in (tree.county, tree.town, tree.village, tree.sister_village, tree.far_village,
                   tree.other_county, tree.other_village):  # fmt: skip
        organs.add(tenant, "便民服务中心", address="办理低保和社保")
    drain(engine)
    return tree


def codes(found):
    return [result.tenant.division_code for result in found.results]


@pytest.mark.both_databases
def test_a_village_finds_its_own_and_those_above_nearest_first_never_a_sister(engine, offices):
    found = answer(engine, offices.village, "便民服务中心")
    assert codes(found) == [
        offices.village.division_code, offices.town.division_code, offices.county.division_code,
    ]  # fmt: skip
    assert found.total == 3


def test_a_county_finds_everything_below_and_nothing_of_another(engine, offices):
    found = answer(engine, offices.county, "便民服务中心")
    assert codes(found)[0] == offices.county.division_code
    assert len(codes(found)) == 5
    assert all(code.startswith(offices.county.division_code) for code in codes(found))


def test_a_wider_subtree_can_be_asked(engine, offices):
    def asked(width):
        return codes(answer(engine, offices.village, "便民服务中心", area=width))

    assert asked(SearchArea.OWN) == [offices.village.division_code]
    assert set(asked(SearchArea.TOWNSHIP)) == {
        offices.village.division_code, offices.town.division_code,
        offices.sister_village.division_code,
    }  # fmt: skip
    assert len(asked(SearchArea.COUNTY)) == 5
    assert asked(SearchArea.COUNTY)[0] == offices.village.division_code
    whole = answer(engine, offices.county, "便民服务中心", area=SearchArea.TOWNSHIP)
    assert len(codes(whole)) == 5


def test_an_inherited_thing_has_the_page_of_the_tenant_that_asks(engine, tree, organs):
    key = organs.add(tree.county, "税务所", kind="vertical")
    drain(engine)
    [result] = answer(engine, tree.village, "税务所").results
    assert result.address == f"/{tree.village.division_code}/organs/{key}/"
    assert result.owner.id == tree.county.id
    [below] = answer(engine, tree.village, "税务所", area=SearchArea.OWN).results
    assert below.tenant.id == tree.village.id
    [own] = answer(engine, tree.county, "税务所").results
    assert own.address == f"/{tree.county.division_code}/organs/{key}/"


def test_a_result_shows_why_it_matched(engine, offices):
    [first, *_] = answer(engine, offices.village, "低保").results
    assert first.title == "便民服务中心"
    assert "<mark>低保</mark>" in first.snippet
    [titled, *_] = answer(engine, offices.village, "便民").results
    assert titled.snippet.startswith("<mark>便民</mark>服务中心 · ")
    assert "<mark>" not in titled.title


def test_a_mistyped_word_is_repaired_and_said(engine, offices):
    found = answer(engine, offices.village, "底保")
    assert found.corrected == "低保"
    assert found.total == 3


def test_a_relaxed_answer_is_marked_as_one(engine, offices):
    found = answer(engine, offices.village, "低保 摇号")
    assert found.relaxed
    assert found.total == 3
    assert not answer(engine, offices.village, "低保 社保").relaxed


@pytest.mark.parametrize("typed", ["", "  ", "😀", "-", "x" * 500, "%_\\'\"<script>", "\x00"])
def test_nothing_that_is_typed_fails(engine, offices, typed):
    assert answer(engine, offices.village, typed).results == ()


def test_more_than_an_engines_page_is_put_together(engine, tree, organs):
    for number in range(120):
        organs.add(tree.county, f"第{number}服务站")
    drain(engine)
    found = answer(engine, tree.county, "服务站", limit=110)
    assert (found.total, len(found.results)) == (120, 110)
    assert len({result.id for result in found.results}) == 110
    rest = answer(engine, tree.county, "服务站", offset=110, limit=110)
    assert not {result.id for result in found.results} & {result.id for result in rest.results}
    assert len(rest.results) == 10


def test_an_engine_that_is_down_is_said_so(engine, offices, monkeypatch):
    def down(_request):
        raise BackendUnavailableError("down")

    monkeypatch.setattr(engine.backend, "search", down)
    found = answer(engine, offices.village, "低保")
    assert found.degraded
    assert found.results == ()


def test_an_unknown_kind_is_refused(engine):
    with with_locale(), pytest.raises(Invalid):
        engine.kind("nothing")


def test_where_there_is_room_what_says_a_part_stands_behind(engine, offices, organs):
    organs.add(offices.village, "家电服务部")
    drain(engine)
    found = answer(engine, offices.village, "便民服务中心")
    assert found.total == len(found.results) == 3
    assert [result.title for result in found.partial] == ["家电服务部"]
    assert "<mark>服务</mark>" in found.partial[0].marked_title
    for choices in ({"limit": 3}, {"offset": 10}, {"sort": Sort.NEWEST}):
        assert not answer(engine, offices.village, "便民服务中心", **choices).partial
