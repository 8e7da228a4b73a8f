"""API keys have least privilege; tenant tokens find no more than a page would."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from click.testing import CliRunner
from meilisearch import Client
from meilisearch.errors import MeilisearchApiError

from core.search.cli.commands import search_command
from core.search.engines.base import BackendUnavailableError
from core.search.engines.meilisearch.backend import MeiliBackend
from core.search.engines.meilisearch.keys import make_keys, partner_token
from core.search.scope import SearchScope
from core.testing.meili.server import running
from tests.search.contract.engines import CHAINS, ENGINES, SERVERS, Asker, document

INDEX = "gk_keys"


@pytest.fixture(params=sorted(ENGINES.keys() - {"embedded"}))
def place(request) -> Iterator[tuple[str, str]]:
    url, key = SERVERS.ours() if request.param == "meili-ours" else SERVERS.real()
    yield url, key
    client = Client(url, key)
    client.wait_for_task(client.delete_index(INDEX).task_uid)


def asker(url, key):
    return Asker(MeiliBackend(url, key, INDEX))


def test_the_indexers_key_does_all_that_indexing_needs(place):
    url, master = place
    keys = make_keys(url, master, INDEX)
    assert make_keys(url, master, INDEX) == keys
    ask = asker(url, keys["indexer"].value)
    assert ask.engine.ensure() is True
    ask.add(document(1), document(2))
    ask.forget("publication-2")
    made = ask.engine.begin_rebuild()
    made.upsert([document(1)])
    made.publish()
    assert ask("低保") == ["1"]
    assert len(list(ask.engine.versions())) == ask.engine.health().documents == 1


def test_the_searchers_key_searches_and_writes_nothing(place):
    url, master = place
    keys = make_keys(url, master, INDEX)
    writer = asker(url, keys["indexer"].value)
    writer.engine.ensure()
    writer.add(document(1))
    reader = asker(url, keys["search"].value)
    assert reader("低保") == ["1"]
    for attempt in (
        lambda: reader.engine.upsert([document(2)]),
        lambda: reader.engine.delete(["publication-1"]),
        reader.engine.begin_rebuild,
        reader.engine.ensure,
    ):
        with pytest.raises(BackendUnavailableError, match="invalid_api_key"):
            attempt()


def test_a_token_finds_what_a_page_finds_and_ends_after_an_hour(place):
    url, master = place
    keys = make_keys(url, master, INDEX)
    writer = asker(url, keys["indexer"].value)
    writer.engine.ensure()
    writer.add(*(document(tenant, tenant=tenant) for tenant in range(1, 12)))
    now, village = datetime.now(UTC), SearchScope(CHAINS[5], CHAINS[5])
    token = partner_token(url, keys["search"], INDEX, village, now)

    def found(token):
        queries = [{"indexUid": INDEX, "q": "低保"}]
        answer = Client(url, token).multi_search(queries, federation={"page": 1, "hitsPerPage": 20})
        return {hit["id"].removeprefix("publication-") for hit in answer["hits"]}

    assert found(token) == {"1", "2", "3", "5"}
    forged = token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")
    earlier = now - timedelta(hours=2)
    with time_machine.travel(earlier, tick=True):
        old = partner_token(url, keys["search"], INDEX, village, earlier)
    for refused in (forged, old):
        with pytest.raises(MeilisearchApiError):
            found(refused)


def test_the_command_makes_keys_and_tokens_with_the_master_key_only(app, tree, monkeypatch):
    def run(*words):
        with app.app_context():
            return CliRunner().invoke(search_command, [*words, "--json"])

    assert run("keys").exit_code == 1
    with running() as server:
        settings = app.extensions["gongkai"].changed(meili_url=server.url)
        monkeypatch.setitem(app.extensions, "gongkai", settings)
        assert "GONGKAI_MEILI_MASTER_KEY" in run("keys").stdout
        monkeypatch.setenv("GONGKAI_MEILI_MASTER_KEY", "wrong")
        assert '"unavailable"' in run("keys").stdout
        monkeypatch.setenv("GONGKAI_MEILI_MASTER_KEY", server.key)
        made = run("keys")
        assert made.exit_code == 0
        assert '"indexer"' in made.stdout
        assert run("token").exit_code == 1
        assert '"token"' in run("token", "--tenant", tree.village.division_code).stdout
