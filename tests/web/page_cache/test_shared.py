"""Pages that processes share through a real Redis; one that is away, stuck or full of rubbish."""

import shutil
import socket
import subprocess
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisAway

from core.clock import now
from core.db.scope import Scope, open_session
from core.publishing.content import Content
from core.publishing.vocabulary import NOTICE
from core.testing.factories.publishing import publish_at
from core.testing.pages import url_for
from core.web.page_cache.front import EXTENSION
from core.web.page_cache.kept_page import Conditions, KeptPage
from core.web.page_cache.keys import PageKey
from core.web.page_cache.shared import FAILURES, LARGEST, open_shared_pages
from core.web.page_cache.store import PageStore
from core.web.page_cache.verdict import page_cache
from tests.soak.fetching import wait_until

KEY = PageKey("http", "localhost", "", "/990101/", "", ("", "", "", ""))


@pytest.fixture(scope="module")
def redis_url():
    """Start a Redis of its own on a socket; nothing of it goes to the disk."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed (make system)")
    with TemporaryDirectory(prefix="gongkai-redis-") as folder:
        file = Path(folder) / "socket"
        command = [program, "--port", "0", "--unixsocket", str(file), "--save", "", "--dir", folder]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        url = f"unix://{file}"
        try:
            wait_until(lambda: answers(url))
            yield url
        finally:
            server.terminate()
            server.wait(30)


def answers(url):
    try:
        return Redis.from_url(url).ping()
    except RedisAway:
        return False


@pytest.fixture
def redis(redis_url):
    client = Redis.from_url(redis_url)
    client.flushall()
    return client


def make_page(body=b"page", counts=()):
    conditions = Conditions(((0, 0), (5, 1)), (3, 4), now() + timedelta(hours=1))
    headers = [("Content-Type", "text/html; charset=utf-8")]
    return KeptPage(conditions, headers, body, is_compressed=False, tag="abc", counts=counts)


def test_a_page_comes_back_as_it_was(redis, redis_url):
    shared = open_shared_pages(redis_url, 1, "here")
    page = make_page("正文".encode(), ((("searches"), (7, ("asked", "none"), "低保")),))
    shared.put(KEY, page)
    found = shared.get(KEY)
    assert found == page
    assert found.choose({}).lines == page.choose({}).lines
    assert shared.get(KEY._replace(choices=("en", "", "", ""))) is None
    assert 0 < redis.ttl(redis.keys("gongkai:page:*")[0]) <= 3600


def test_another_start_of_the_server_believes_nothing_of_it(redis, redis_url):
    before, after = (open_shared_pages(redis_url, 1, "here") for _ in range(2))
    before.put(KEY, make_page())
    for name in redis.keys("gongkai:page:*"):
        content = redis.get(name)
        for place in range(1_000):
            redis.set(f"{name.decode().rpartition(':')[0]}:{place}", content)
    assert before.get(KEY) is not None
    assert after.get(KEY) is None


@pytest.mark.parametrize("rubbish", [b"", b"x", b"\x00" * 4_000, "{}", "list"])
def test_rubbish_is_no_page(redis, redis_url, rubbish):
    shared = open_shared_pages(redis_url, 1, "here")
    shared.put(KEY, make_page())
    (name,) = redis.keys("gongkai:page:*")
    redis.delete(name)
    redis.rpush(name, "x") if rubbish == "list" else redis.set(name, rubbish)
    assert shared.get(KEY) is None
    shared.put(KEY, make_page())
    assert rubbish == "list" or shared.get(KEY) is not None


def test_memory_is_bounded_whatever_is_asked_for(redis, redis_url):
    shared = open_shared_pages(redis_url, 1, "here")
    places = 8 * 2**20 // LARGEST
    for number in range(5 * places):
        shared.put(KEY._replace(query=f"q={number}"), make_page(b"x" * 100))
    shared.put(KEY, make_page(b"x" * LARGEST))
    assert redis.dbsize() <= places // 2
    shared.put(KEY, make_page())
    assert shared.get(KEY) is not None


@pytest.fixture
def with_redis(app, redis_url, redis):
    """Have the application share; its own memory can be emptied as that of another process."""
    cache = app.extensions[EXTENSION]
    cache._shared = open_shared_pages(redis_url, 1, "here")

    def forget():
        cache._store = PageStore(2**20)

    return forget


def test_a_process_answers_with_what_another_has_made_until_it_changes(tree, client, with_redis):
    address = url_for("publishing.index")
    made = client.get(address)
    with_redis()
    found = client.get(address)
    assert page_cache().statistics["shared"] == 1
    assert (found.data, found.headers["ETag"]) == (made.data, made.headers["ETag"])
    with open_session(Scope.own(tree.county)) as session:
        publish_at(session, tree.county, Content(title="新通知", body_source="文", genre=NOTICE))
    with_redis()
    assert "新通知" in client.get(address).text
    assert page_cache().statistics["shared"] == 1


@contextmanager
def listening(backlog=64):
    """Listen without ever answering, as a server that is stuck."""
    with socket.create_server(("127.0.0.1", 0), backlog=backlog) as server:
        yield server, f"redis://127.0.0.1:{server.getsockname()[1]}"


def test_one_that_is_stuck_or_away_is_left_alone_after_two_tries(app, tree, client):
    cache = app.extensions[EXTENSION]
    with listening() as (_, stuck):
        for url in (stuck, "redis://127.0.0.1:1"):
            cache._shared = open_shared_pages(url, 1, "here")
            for endpoint in ("portal.home", "publishing.index", "portal.places", "catalog.index"):
                cache._store = PageStore(2**20)
                client.get(url_for(endpoint))
            assert cache._shared.faults == FAILURES
