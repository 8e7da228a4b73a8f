"""The Meilisearch engine against our own server: what goes wrong, and what is said and done."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from meilisearch import Client

from core.outages.breaker import FAILURES
from core.search.document import AttachedText
from core.search.engines.base import BackendUnavailableError, WriteState
from core.search.engines.meilisearch.backend import MOST_AT_ONCE, MeiliBackend
from core.search.engines.meilisearch.client import MeiliRequestError
from core.search.engines.meilisearch.schema import OLDER_RULES, SETTINGS, differences, to_meili
from core.testing.meili import store
from core.testing.meili.server import FakeMeilisearch, running
from tests.search.contract.engines import Asker, document


@pytest.fixture
def server() -> Iterator[FakeMeilisearch]:
    with running() as started:
        yield started


@pytest.fixture
def ask(server) -> Asker:
    engine = MeiliBackend(server.url, server.key, "gk_public")
    engine.ensure()
    return Asker(engine)


def test_a_failed_task_is_told_not_swallowed(ask, server):
    server.store.failing = [{"code": "invalid_document_id", "message": "bad"}]
    outcome = ask.engine.wait(ask.engine.upsert([document(1)]), 10)
    assert (outcome.state, outcome.permanent) == (WriteState.FAILED, True)
    assert "invalid_document_id" in outcome.detail
    server.store.failing = [
        {"code": "no_space_left_on_device", "message": "full", "kind": "system"}
    ]
    outcome = ask.engine.wait(ask.engine.upsert([document(1)]), 10)
    assert (outcome.state, outcome.permanent) == (WriteState.FAILED, False)


def test_a_bad_document_fails_its_whole_batch_and_changes_nothing(ask):
    outcome = ask.engine.wait(ask.engine.upsert([document(1), document("a b")]), 10)
    assert (outcome.state, outcome.permanent) == (WriteState.FAILED, True)
    assert ask.engine.health().documents == 0


def test_a_task_that_takes_longer_is_pending(server, ask):
    server.store.delay = 0.3
    ticket = ask.engine.upsert([document(1)])
    assert ask.engine.wait(ticket, 0).state is WriteState.PENDING
    assert ask.engine.wait(ticket, 10).state is WriteState.DONE


def test_settings_that_somebody_changed_are_mended(ask, server):
    ask.add(document(1))
    held = server.store.indexes["gk_public"].settings
    held["stopWords"], held["rankingRules"] = ["低保"], ["words"]
    assert differences(held) == ["rankingRules", "stopWords"]
    assert ask.engine.ensure() is False
    assert differences(server.store.indexes["gk_public"].settings) == []
    assert ask("低保") == ["1"]


def test_an_index_of_another_layout_is_to_be_built_anew(ask, server):
    server.store.indexes["gk_public"].settings["synonyms"] = {}
    assert ask.engine.ensure() is True
    assert not ask.engine.health().ok


def test_settings_that_the_server_does_not_take_are_an_error(server, monkeypatch):
    taken = server.store.set
    monkeypatch.setattr(
        server.store, "set", lambda uid, wanted: taken(uid, {**wanted, "stopWords": ["的"]})
    )
    with pytest.raises(BackendUnavailableError, match="stopWords"):
        MeiliBackend(server.url, server.key, "gk_public").ensure()


def test_an_older_server_gets_the_rule_that_it_knows(server, monkeypatch):
    monkeypatch.setattr(store, "RULES", store.RULES - {"attributeRank", "wordPosition"})
    ask = Asker(MeiliBackend(server.url, server.key, "gk_public"))
    ask.engine.ensure()
    assert server.store.indexes["gk_public"].settings["rankingRules"] == OLDER_RULES
    assert SETTINGS["rankingRules"] != OLDER_RULES
    ask.add(document(1))
    assert ask("低保") == ["1"]
    assert ask.engine.ensure() is False


def test_a_busy_server_is_left_alone_after_some_failures_and_tried_again(ask, server):
    ask.add(document(1))
    server.busy = True
    for _ in range(FAILURES):
        with pytest.raises(BackendUnavailableError, match="too_many"):
            ask("低保")
    asked = server.requests
    with pytest.raises(BackendUnavailableError, match="left alone"):
        ask("低保")
    assert server.requests == asked
    server.busy = False
    ask.engine._connection.breaker._open_until = 0.0  # the pause is over
    assert ask("低保") == ["1"]


def test_a_server_that_hangs_holds_nobody_up_for_long(ask, server, monkeypatch):
    monkeypatch.setattr("core.search.engines.meilisearch.client.READ_TIMEOUT", 0.1)
    server.answering.clear()
    with pytest.raises(BackendUnavailableError):
        ask("低保")
    server.answering.set()
    assert ask("低保") == []


def test_a_server_that_is_not_there_is_told(tmp_path):
    engine = MeiliBackend("http://127.0.0.1:9", "", "gk_public")
    health = engine.health()
    assert (health.ok, health.documents) == (False, 0)
    for call in (engine.ensure, lambda: engine.upsert([]), lambda: list(engine.versions())):
        with pytest.raises(BackendUnavailableError):
            call()


def test_a_wrong_key_is_told_and_is_nobodys_document_at_fault(server):
    engine = MeiliBackend(server.url, "wrong", "gk_public")
    with pytest.raises(BackendUnavailableError, match="invalid_api_key"):
        engine.upsert([document(1)])
    assert not engine.health().ok


def test_a_rejected_request_is_not_a_server_that_is_down(ask, server):
    with pytest.raises(MeiliRequestError), ask.engine._connection.writing() as client:
        client.index("gk_public").update_settings({"noSetting": 1})


def test_a_question_that_the_server_refuses_counts_against_nobody(ask, server):
    server.store.indexes["gk_public"].settings["filterableAttributes"] = []
    for _ in range(2 * FAILURES):
        with pytest.raises(BackendUnavailableError, match="not filterable"):
            ask("低保")


def test_only_the_first_ten_words_of_a_query_count(ask, server):
    ask.add(document(1, title="一 二 三 四 五 六 七 八 九 十"))
    query = {"indexUid": "gk_public", "q": "一 二 三 四 五 六 七 八 九 十 缺"}
    found = Client(server.url, server.key).multi_search([query], federation={"hitsPerPage": 5})
    assert found["totalHits"] == 1
    query["q"] = "缺 " + query["q"]
    found = Client(server.url, server.key).multi_search([query], federation={"hitsPerPage": 5})
    assert found["totalHits"] == 0


def test_what_an_interrupted_rebuild_left_behind_goes(ask, server):
    ask.engine.begin_rebuild().upsert([document(1)])
    assert len(server.store.indexes) == 2
    made = ask.engine.begin_rebuild()
    made.upsert([document(2), document(3)])
    made.delete(["publication-3"])
    made.publish()
    assert list(server.store.indexes) == ["gk_public"]
    assert ask("低保") == ["2"]


def test_a_rebuild_sends_no_more_at_once_than_a_server_takes(ask):
    longest = document(0, body="低保标准" * 5_000)
    longest = replace(longest, attachments=(AttachedText("甲", "低保标准" * 5_000),))
    assert len(json.dumps(to_meili(longest))) * MOST_AT_ONCE < 100_000_000
    made = ask.engine.begin_rebuild()
    made.upsert([document(number) for number in range(2 * MOST_AT_ONCE + 1)])
    made.publish()
    assert ask.engine.health().documents == 2 * MOST_AT_ONCE + 1


def test_a_task_of_a_rebuild_that_fails_stops_it_before_it_answers(ask, server):
    ask.add(document(1))
    made = ask.engine.begin_rebuild()
    server.store.failing = [{"code": "internal", "message": "oh", "kind": "internal"}]
    made.upsert([document(2)])
    with pytest.raises(BackendUnavailableError):
        made.publish()
    made.abort()
    assert ask("低保") == ["1"]
    assert list(server.store.indexes) == ["gk_public"]
