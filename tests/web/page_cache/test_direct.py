"""Kept pages that the web server answers by itself are those that WSGI would have answered."""

import socket
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from gunicorn.config import Config
from gunicorn.http import RequestParser, wsgi
from gunicorn.http.errors import InvalidHeader
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from core.app import stand_behind
from core.operations import gunicorn_settings
from core.settings import Settings
from core.testing.pages import url_for
from core.testing.serving import serve_installation
from core.web.page_cache.direct import DIRECT_ANSWERS, DirectAnswers, build_lookup_environ
from core.web.page_cache.keys import build_key
from core.web.page_cache.verdict import page_cache

PEER, SERVER = ("10.0.0.7", 40_000), ("127.0.0.1", 80)
PATHS = (
    "/990101/", "/zwgk/990101/", "/zwgk", "/990101/search/", "/%39%39/a%20b", "/990101/%E4%BD%8E",
    "/sign-in/", "/static/x.css", "//990101/", "/healthz", "/990101/?", "/99/" + "x" * 400,
)  # fmt: skip
MANY = "?" + "&".join(f"a{n}=1" for n in range(9))
QUERIES = ("", "?q=%E4%BD%8E%E4%BF%9D", "?b=2&a=1&a=0", MANY)
HEADERS = (
    ("Cookie", "gk_lang=en"), ("Cookie", "x=1"), ("Cookie", "gk_session=abc"),
    ("Cookie", 'gk_elder=1; gk_lang="en"; gk_lang=zh'),
    ("X-Forwarded-Proto", "https"), ("X-Forwarded-Proto", "http, https"),
    ("X-Forwarded-For", "1.1.1.1, 2.2.2.2"), ("X-Forwarded-Host", "evil.example"),
    ("X-Forwarded-Prefix", "/evil"), ("Forwarded", "proto=https;host=evil.example"),
    ("Script-Name", "/zwgk"), ("SCRIPT_NAME", "/zwgk"), ("Path-Info", "/990102/"),
    ("Content-Length", "0"), ("Accept-Encoding", "gzip"), ("If-None-Match", '"x"'),
    ("Connection", "close"), ("Upgrade", "h2c"), ("Cookie2", "gk_session=abc"),
)  # fmt: skip


def configured():
    config = Config()
    for name in ("forwarded_allow_ips", "forwarder_headers", "secure_scheme_headers"):
        config.set(name, getattr(gunicorn_settings, name))
    return config


CONFIG = configured()


def parse(method, path, headers):
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    raw = f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode("latin-1")
    return next(RequestParser(CONFIG, iter([raw]), PEER))


@given(
    method=st.sampled_from(("GET", "HEAD", "POST")),
    path=st.sampled_from(PATHS),
    query=st.sampled_from(QUERIES),
    headers=st.lists(st.sampled_from(HEADERS), max_size=6),
    host=st.sampled_from(("localhost", "WWW.Example:8443", "")),
    placed=st.builds(
        Settings, url_prefix=st.sampled_from(("", "/zwgk")), trusted_proxies=st.integers(0, 2)
    ),
)
@settings(max_examples=300, deadline=None)
def test_a_request_asks_for_the_same_page_whichever_way_it_is_read(
    *, method, path, query, headers, host, placed
):
    try:
        request = parse(method, path + query, [("Host", host), *headers])
    except InvalidHeader:
        reject()
    with socket.socket() as unused:
        _, environ = wsgi.create(request, unused, PEER, SERVER, CONFIG)
    asked = ask_for_key(placed, environ)
    direct = build_lookup_environ(request, PEER)
    if direct is not None:
        assert ask_for_key(placed, direct) == asked
        assert direct["REMOTE_ADDR"] == environ["REMOTE_ADDR"]


def ask_for_key(placed, environ):
    keys = []

    def application(environ, _start_response):
        keys.append(build_key(environ))
        return ()

    stand_behind(application, placed)(environ, lambda *_: None)
    return keys


@pytest.mark.parametrize("more", [(), (("X-Forwarded-Proto", "http"),), (("Cookie", "x=1"),)])
def test_a_page_that_was_kept_is_found_and_counted(app, tree, client, more):
    client.get(url_for("portal.home"))
    hits = page_cache().statistics["hits"]
    found = find(app, url_for("portal.home"), *more)
    assert found is not None
    assert page_cache().statistics["hits"] == hits + 1


@pytest.mark.parametrize(
    "more",
    [
        (("Cookie", "gk_session=x"),),
        (("Cookie", "gk_lang=en"),),
        (("Content-Length", "0"),),
        (("Cookie", "a=1"), ("Cookie", "b=2")),
        (("Expect", "100-continue"),),
    ],
    ids=["signed in", "another variant", "with a body", "named twice", "expects"],
)
def test_whatever_asks_for_more_or_another_is_not_answered(app, tree, client, more):
    client.get(url_for("portal.home"))
    assert find(app, url_for("portal.home"), *more) is None


def find(app, path, *more):
    direct: DirectAnswers = app.extensions[DIRECT_ANSWERS]
    return direct.find(parse("GET", path, [("Host", "localhost"), *more]), PEER)


VARIANTS = (
    ("GET", {}),
    ("HEAD", {}),
    ("GET", {"Accept-Encoding": "gzip, br"}),
    ("GET", {"Accept-Encoding": "gzip;q=0"}),
    ("GET", {"If-None-Match": "*", "Accept-Encoding": "gzip"}),
    ("HEAD", {"If-None-Match": "*"}),
    ("GET", {"Cookie": "gk_lang=en"}),
    ("GET", {"Cookie": "gk_elder=1; other=2"}),
    ("GET", {"X-Forwarded-Proto": "https"}),
    ("GET", {"X-Forwarded-For": "203.0.113.9"}),
)


def test_the_web_server_answers_as_the_application_would(settings, app, tree):
    """A request that announces its empty body goes through WSGI."""
    below = {"GONGKAI_PAGE_CACHE": "on", "GONGKAI_URL_PREFIX": "/zwgk"}
    path = "/zwgk" + url_for("portal.home")
    with serve_installation(settings, workers=1, environment=below) as served:
        connection = HTTPConnection(urlsplit(served.url).netloc, timeout=60)
        seen = set()
        for method, headers in VARIANTS:
            ask(connection, method, path, headers)  # made and kept
            direct = ask(connection, method, path, headers)
            through = ask(connection, method, path, headers | {"Content-Length": "0"})
            assert direct == through, headers
            seen.add(direct[2])
        assert len(seen) >= 4
        closed = ask(connection, "GET", path, {"Connection": "close"})
        assert dict(closed[1])["connection"] == "close"
        connection.close()


def ask(connection, method, path, headers):
    """Return status, headers but the date, and body."""
    connection.request(method, path, headers={"Accept-Encoding": "identity"} | headers)
    answer = connection.getresponse()
    lines = {(name.lower(), value) for name, value in answer.getheaders() if name != "Date"}
    assert answer.getheader("Date")
    return answer.status, frozenset(lines), answer.read()
