"""Two engines: Meilisearch answers, the embedded one stands in; both are kept up to date."""

from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from core.db.scope import open_session
from core.search.answering.service import SearchQuery, search
from core.search.cli.commands import search_command
from core.search.engines.base import BackendUnavailableError
from core.search.engines.meilisearch.backend import MeiliBackend
from core.search.indexing.indexer import drain, drain_all
from core.search.indexing.jobs import _drain, _repair
from core.search.indexing.reconcile import prepare, status, verify
from core.search.models import SearchOutbox
from core.search.registry import SearchEngine
from core.search.scope import SearchArea
from core.testing.meili.server import FakeMeilisearch, running
from tests.search.organs import ORGANS


@pytest.fixture
def server() -> Iterator[FakeMeilisearch]:
    with running() as started:
        yield started


@pytest.fixture
def both(app, server, engine) -> SearchEngine:
    """The application's engine with Meilisearch before the embedded one."""
    made = SearchEngine(MeiliBackend(server.url, server.key, "gk_public"), engine.backend)
    made.register(ORGANS)
    app.extensions["search"] = made
    for side in made.per_backend():
        prepare(side)
    return made


def waiting(backend):
    with open_session(None) as session:
        query = select(func.count()).where(
            SearchOutbox.backend == backend, SearchOutbox.kind == "organ"
        )
        return session.scalar(query)


def answer(engine, tenant, typed="民政局", **choices):
    with open_session(None) as directory:
        return search(engine, directory, tenant, SearchQuery(typed=typed, **choices))


def test_each_change_is_marked_for_both_and_settled_for_each(both, tree, organs):
    organs.add(tree.county, "民政局")
    assert (waiting("meilisearch"), waiting("embedded")) == (1, 1)
    meili, embedded = both.per_backend()
    drain(meili)
    assert (waiting("meilisearch"), waiting("embedded")) == (0, 1)
    drain(embedded)
    assert waiting("embedded") == 0
    assert all(verify(side).none for side in both.per_backend())
    found = answer(both, tree.village)
    assert (found.total, found.backend, found.degraded) == (1, "meilisearch", False)


def test_when_it_is_down_the_other_answers_as_usual_and_the_backlog_waits(
    both, tree, organs, server
):
    organs.add(tree.county, "民政局")
    _drain(both)
    server.busy = True
    organs.add(tree.town, "民政局东镇分局")
    _drain(both)
    assert (waiting("meilisearch") > 0, waiting("embedded")) == (True, 0)
    found = answer(both, tree.village)
    assert (found.total, found.backend, found.degraded) == (2, "embedded", True)
    server.busy = False
    _drain(both)
    assert waiting("meilisearch") == 0
    assert verify(both.per_backend()[0]).none
    found = answer(both, tree.village)
    assert (found.total, found.backend, found.degraded) == (2, "meilisearch", False)


def test_once_it_is_known_to_be_down_nobody_waits_for_it(both, tree, organs, server):
    organs.add(tree.county, "民政局")
    _drain(both)
    server.busy = True
    for _ in range(6):
        assert answer(both, tree.village).degraded
    asked = server.requests
    assert answer(both, tree.village).total == 1
    assert server.requests == asked


def test_nobody_sees_more_when_it_is_down(both, tree, organs, server):
    for tenant in (tree.village, tree.sister_village, tree.other_village, tree.county):
        organs.add(tenant, "民政局")
    organs.add(tree.town, "民政局委员会", kind="committee")
    _drain(both)
    seen = []
    for server.busy in (False, True):
        for area in SearchArea:
            found = answer(both, tree.village, area=area)
            seen.append({result.id for result in found.results})
    assert seen[: len(SearchArea)] == seen[len(SearchArea) :]


def test_a_document_that_only_one_engine_refuses_is_parked_there(both, tree, organs, server):
    organs.add(tree.county, "民政局")
    meili, embedded = both.per_backend()
    server.store.failing = [{"code": "invalid_document_id", "message": "bad"}] * 100
    drain_all(meili)
    drain_all(embedded)
    assert (status(meili).parked > 0, status(embedded).parked) == (True, 0)


def test_a_task_that_fails_by_the_servers_fault_is_no_fault_of_the_document(
    both, tree, organs, server
):
    organs.add(tree.county, "民政局")
    server.store.failing = [
        {"code": "no_space_left_on_device", "message": "full", "kind": "system"}
    ]
    with pytest.raises(BackendUnavailableError, match="full"):
        drain(both.per_backend()[0])
    assert waiting("meilisearch") == 1
    drain(both.per_backend()[0])
    assert waiting("meilisearch") == 0


def test_the_nightly_round_repairs_each_that_answers(both, tree, organs, server):
    key = organs.add(tree.county, "民政局")
    _drain(both)
    for backend in both.backends:
        backend.wait(backend.delete([f"organ-{key}"]), 10)
    _repair(both)
    assert all(verify(side).none for side in both.per_backend())
    server.busy = True
    both.fallbacks[0].delete([f"organ-{key}"])
    _repair(both)
    assert verify(both.per_backend()[1]).none


def test_commands_look_after_both(both, app, tree, organs, server):
    import json

    def run(word):
        with app.app_context():
            done = CliRunner().invoke(search_command, [word, "--json"])
        return done.exit_code, json.loads(done.stdout)

    organs.add(tree.county, "民政局")
    code, drift = run("verify")
    assert (code, drift["missing"]) == (1, 2)
    assert [one["backend"] for one in drift["engines"]] == ["meilisearch", "embedded"]
    assert run("drain")[0] == 0
    assert run("verify")[0] == 0
    code, built = run("rebuild")
    assert (code, [one["built"] for one in built["engines"]]) == (0, [1, 1])
    server.busy = True
    code, now = run("status")
    assert (code, now["ok"], now["engines"][1]["ok"]) == (1, False, True)
    organs.add(tree.county, "水务局")
    code, failed = run("drain")
    assert (code, failed["error"]["code"]) == (1, "unavailable")
    assert waiting("embedded") == 0  # the other one was not held up
