"""Find kept pages for a web server that has parsed a request and not yet built a WSGI one of it.

The same middlewares that say where the application stands (path prefix, trusted proxies) and the
same key as in front of Flask decide which page is asked for: there is no second truth.
"""

from collections.abc import Iterable
from sqlite3 import Error as SqliteError
from typing import Any, NamedTuple

from gunicorn.util import unquote_to_wsgi_str
from sqlalchemy.exc import SQLAlchemyError

from core.web.page_cache.front import PageCache, StartResponse, Wsgi
from core.web.page_cache.kept_page import KeptPage
from core.web.page_cache.keys import build_key

DIRECT_ANSWERS = "direct_answers"
_FOUND = "gongkai.kept_page"
# A request with one of these is more than a question for a page.
_MORE = frozenset({"CONTENT-LENGTH", "TRANSFER-ENCODING", "EXPECT", "UPGRADE"})


class PageLookup:
    """Stands where an application would, and leaves the kept page that is asked for."""

    def __init__(self, cache: PageCache) -> None:
        self._cache = cache

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Look the page up; there is no answer."""
        del start_response
        key = build_key(environ)
        if key is not None:
            environ[_FOUND] = self._cache.find(key)
        return ()


class DirectAnswer(NamedTuple):
    """A kept page, and what was read of the request for it."""

    page: KeptPage
    environ: dict[str, Any]


class DirectAnswers:
    """The kept pages of an application that stands behind these middlewares."""

    def __init__(self, lookup: Wsgi, cache: PageCache) -> None:
        self._lookup = lookup
        self._cache = cache

    def find(self, request: Any, client: Any) -> DirectAnswer | None:
        """Return the kept page that a request asks for, as gunicorn has parsed it.

        Whatever is wrong with what is kept, the application answers.
        """
        environ = build_lookup_environ(request, client)
        if environ is None:
            return None
        try:
            self._lookup(environ, _ignore)
        except (SqliteError, SQLAlchemyError):
            return None
        page: KeptPage | None = environ.get(_FOUND)
        if page is None:
            return None
        self._cache.statistics["hits"] += 1
        return DirectAnswer(page, environ)

    def count(self, answer: DirectAnswer) -> None:
        """Count what goes with each answer, once it has been sent."""
        if answer.page.counts:
            self._cache.count(answer.page, answer.environ)


def build_lookup_environ(request: Any, client: Any) -> dict[str, Any] | None:
    """Build what middlewares and keys read of a request; `None` where it may be more than that.

    `client` is the address of its connection.
    """
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": unquote_to_wsgi_str(request.path),
        "QUERY_STRING": request.query,
        "SCRIPT_NAME": "",
        "REMOTE_ADDR": client[0] if isinstance(client, tuple) else client,
        "wsgi.url_scheme": request.scheme,
    }
    for name, value in request.headers:
        key = "HTTP_" + name.replace("-", "_")
        if key in environ or name in _MORE:
            return None
        environ[key] = value
    return environ


def _ignore(*_: Any) -> None:
    """Take the answer of a middleware that does not let a request through."""
