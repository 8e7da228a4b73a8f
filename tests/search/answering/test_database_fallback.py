"""The worst day: Meilisearch does not answer and the embedded index cannot be read."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.db.scope import open_session
from core.search.answering.service import SearchQuery, search
from core.search.answering.suggestions import suggest
from core.search.engines.base import Facet
from core.search.engines.meilisearch.backend import MeiliBackend
from core.search.indexing.indexer import drain_all
from core.search.indexing.reconcile import prepare, verify
from core.search.registry import SearchEngine
from core.search.scope import SearchArea
from tests.search.organs import ORGANS

NOBODY = "http://127.0.0.1:9"


def index_of(folder: Path) -> Path:
    return folder / (folder / "CURRENT").read_text()


def spoil_all(folder: Path) -> None:
    for path in index_of(folder).iterdir():
        if path.suffix in {".idx", ".term", ".store", ".pos", ".fast"}:
            path.write_bytes(b"\xff" * path.stat().st_size)


def spoil_list(folder: Path) -> None:
    (index_of(folder) / "meta.json").write_text('{"segments": [')


def lose_list(folder: Path) -> None:
    (index_of(folder) / "meta.json").unlink()


def spoil_pointer(folder: Path) -> None:
    (folder / "CURRENT").write_bytes(b"\xff\xfe")


FAULTS = (spoil_all, spoil_list, lose_list, spoil_pointer, shutil.rmtree)


@pytest.fixture
def engine(app, engine) -> SearchEngine:
    """Meilisearch, which is not there, before the embedded engine."""
    made = SearchEngine(MeiliBackend(NOBODY, "", "gk_public"), engine.backend)
    made.register(ORGANS)
    app.extensions["search"] = made
    return made


@pytest.fixture
def folder(settings) -> Path:
    return settings.data_dir / "search"


def broken(engine: SearchEngine, folder: Path, fault: Callable[[Path], None]) -> None:
    """Fill the embedded index, then spoil it; nobody has it open."""
    drain_all(engine.per_backend()[1])
    engine.fallbacks[0].close()
    fault(folder)


def answer(engine, tenant, typed="民政局", **choices):
    with open_session(None) as directory:
        return search(engine, directory, tenant, SearchQuery(typed=typed, **choices))


def titles(found):
    return [result.title for result in found.results]


@pytest.mark.parametrize("fault", FAULTS)
def test_titles_are_looked_up_in_the_database_and_that_is_said(engine, tree, organs, folder, fault):
    organs.add(tree.county, "县民政局")
    broken(engine, folder, fault)
    found = answer(engine, tree.village)
    assert (titles(found), found.total) == (["县民政局"], 1)
    assert (found.backend, found.degraded, found.from_titles) == ("titles", True, True)
    assert "<mark>" in found.results[0].marked_title


def test_an_index_that_is_spoilt_while_somebody_reads_it(engine, tree, organs, folder):
    organs.add(tree.county, "县民政局")
    drain_all(engine.per_backend()[1])
    assert answer(engine, tree.village).backend == "embedded"
    spoil_all(folder)
    assert answer(engine, tree.village).total == 1


@pytest.mark.both_databases
def test_nobody_sees_more_than_on_a_good_day(engine, tree, organs, folder):
    for tenant in (tree.village, tree.sister_village, tree.other_village, tree.county):
        organs.add(tenant, "民政局")
    organs.add(tree.town, "民政局委员会", kind="committee")
    organs.add(tree.county, "税务局", kind="vertical")

    def seen() -> list[set[str]]:
        return [
            {result.id for result in answer(engine, tenant, typed, area=area).results}
            for tenant in (tree.village, tree.town, tree.county)
            for typed in ("民政局", "税务局")
            for area in SearchArea
        ]

    drain_all(engine.per_backend()[1])
    before = seen()
    broken(engine, folder, shutil.rmtree)
    assert seen() == before


@pytest.mark.both_databases
@pytest.mark.parametrize("typed", ["县%局", "县_务局", "' OR 1=1 --", "\\", "县水务局\\"])
def test_no_character_is_an_operator_of_the_database(engine, tree, organs, folder, typed):
    organs.add(tree.county, "县水务局")
    broken(engine, folder, shutil.rmtree)
    with open_session(None) as directory:
        assert suggest(engine, directory, tree.county, typed, SearchArea.HERE) == []
    assert answer(engine, tree.county, typed).degraded or not typed.strip("\\")


def test_synonyms_numbers_and_a_part_of_the_question_are_found(engine, tree, organs, folder):
    for name in ("最低生活保障中心", "公墓管理所", "望政发〔2026〕14号办公室"):
        organs.add(tree.county, name)
    broken(engine, folder, shutil.rmtree)
    assert titles(answer(engine, tree.village, "低保")) == ["最低生活保障中心"]
    assert titles(answer(engine, tree.village, "望政发[2026]14号")) == ["望政发〔2026〕14号办公室"]
    assert titles(answer(engine, tree.village, "公墓租金")) == ["公墓管理所"]


def test_pages_and_filters_hold_and_there_are_at_most_twenty(engine, tree, organs, folder):
    for number in range(25):
        organs.add(tree.county, f"民政局第{number}所")
    broken(engine, folder, shutil.rmtree)
    first, second = (answer(engine, tree.county, offset=offset) for offset in (0, 10))
    assert (first.total, first.total_exact) == (20, False)
    assert len({result.id for result in (*first.results, *second.results)}) == 20
    assert answer(engine, tree.county, filters={Facet.KIND: frozenset({"publication"})}).total == 0
    assert answer(engine, tree.county, filters={Facet.YEAR: frozenset({"2001"})}).total == 0


def test_completions_come_from_the_database_too(engine, tree, organs, folder):
    organs.add(tree.county, "县民政局")
    organs.add(tree.sister_village, "民政站")
    broken(engine, folder, shutil.rmtree)
    with open_session(None) as directory:
        found = suggest(engine, directory, tree.village, "民政", SearchArea.HERE)
    assert found == ["县民政局"]


@pytest.mark.parametrize("fault", FAULTS)
def test_the_next_start_of_the_worker_mends_it(engine, tree, organs, folder, fault):
    organs.add(tree.county, "县民政局")
    broken(engine, folder, fault)
    organs.add(tree.county, "县水务局")
    embedded = engine.per_backend()[1]
    prepare(embedded)
    drain_all(embedded)
    assert verify(embedded).none
    assert answer(engine, tree.village).backend == "embedded"
