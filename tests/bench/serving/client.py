"""A client with eight connections that are kept open, each asked again as soon as it answered."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import quote, urlsplit

CONNECTIONS = 8
SLOWEST = 60
_HEADERS = {"Accept": "text/html", "Accept-Language": "zh-CN,zh;q=0.9"}


def fetch(url: str, path: str) -> bytes:
    """Fetch a page once; anything but 200 is an `AssertionError`."""
    with closing(HTTPConnection(urlsplit(url).netloc, timeout=SLOWEST)) as connection:
        return _fetch(connection, path)


def fetch_many(url: str, path: str, count: int) -> int:
    """Fetch a page so many times (rounded up to whole turns); returns how often."""
    turns = -(-count // CONNECTIONS)
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        asked = [threads.submit(_fetch_turns, url, path, turns) for _ in range(CONNECTIONS)]
        for connection in asked:
            connection.result()
    return turns * CONNECTIONS


def _fetch_turns(url: str, path: str, turns: int) -> None:
    with closing(HTTPConnection(urlsplit(url).netloc, timeout=SLOWEST)) as connection:
        for _ in range(turns):
            _fetch(connection, path)


def _fetch(connection: HTTPConnection, path: str) -> bytes:
    connection.request("GET", quote(path, safe="/?=&"), headers=_HEADERS)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, f"{path}: {answer.status}"
    return body
