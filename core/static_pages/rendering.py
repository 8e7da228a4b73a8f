"""Make pages as a reader without any choice gets them, and say which of them a file may hold.

They go through the whole application with its kept pages (`core.web.page_cache`): what is kept for
nobody is written into no file. A web server sends a file to whoever asks until the day ends, so a
page that ends earlier, depends on more than its place, or is counted with each reader is left out.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import EnvironBuilder, run_wsgi_app

from core.db.versions import EVERYWHERE, load_versions
from core.static_pages.folder import Chain, StaticPlace
from core.web.page_cache.front import EXTENSION, PageCache
from core.web.page_cache.kept_page import OWN, SUBTREE, KeptPage
from core.web.page_cache.keys import build_key
from core.web.security import SITE_HEADERS
from core.web.site.cookies import OWN_COOKIES

HTML = "text/html"
# What nginx says itself; the example has the rest (deploy/nginx).
_OF_THE_CONNECTION = frozenset(
    {"content-type", "content-length", "date", "etag", "vary", "strict-transport-security"}
)
CACHE_CONTROL = "public, max-age=0, must-revalidate"


@dataclass(frozen=True, slots=True)
class PlaceStamp:
    """The versions on which the pages of a place depend."""

    numbers: dict[tuple[int, int], int]

    @property
    def name(self) -> str:
        """The name of the folder of pages that were made under these versions."""
        return "-".join(map(str, self.numbers.values()))


def load_stamp(session: Session, chain: Chain) -> PlaceStamp:
    """Read the versions of a place from the database."""
    needs = [(EVERYWHERE, OWN), *((each, OWN) for each in chain), (chain[-1], SUBTREE)]
    known = load_versions(session, [EVERYWHERE, *chain])
    return PlaceStamp({(each, which): known[each][which] for each, which in needs})


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A page as it was answered, and what is kept of it; `None` where that is nothing."""

    body: bytes
    kept: KeptPage | None

    def is_file(self, stamp: PlaceStamp, end: datetime) -> bool:
        """Return whether the page may be sent to anybody while these versions stand, until then."""
        kept = self.kept
        if kept is None or kept.counts or kept.conditions.until < end:
            return False
        conditions = kept.conditions
        depends = dict(zip(conditions.needs, conditions.stamp, strict=True))
        return depends.items() <= stamp.numbers.items() and _has_usual_headers(kept)


def _has_usual_headers(kept: KeptPage) -> bool:
    """Return whether the web server's own headers say all that the page's do."""
    headers = {name.lower(): value for name, value in kept.headers}
    usual = {name.lower(): value for name, value in SITE_HEADERS.items()}
    cached = headers.pop("cache-control", "").partition(", s-maxage")[0]
    rest = {name: value for name, value in headers.items() if name not in _OF_THE_CONNECTION}
    is_html = headers.get("content-type", "").startswith(HTML)
    return is_html and cached == CACHE_CONTROL and rest == usual


class PageRenderer:
    """Asks the application as readers do, in a thread that shares nothing with the caller."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._cache: PageCache = app.extensions[EXTENSION]
        self._threads = ThreadPoolExecutor(1, "gongkai-static-pages")

    def close(self) -> None:
        """End the thread."""
        self._threads.shutdown()

    def render(self, place: StaticPlace, path: str, *, anew: bool = False) -> RenderedPage | None:
        """Return the page of a path behind the prefix; `None` where it is no HTML page.

        `anew`: as it is made now, whatever is kept.
        """
        return self._threads.submit(self._render, place, path, anew).result()

    def _render(self, place: StaticPlace, path: str, anew: bool) -> RenderedPage | None:
        root = f"{place.scheme}://{place.netloc}"
        builder = EnvironBuilder(path=quote(f"{place.prefix}{path}"), base_url=root)
        # A request that comes with a session is answered out of no memory.
        environ = builder.get_environ() | ({"HTTP_COOKIE": f"{OWN_COOKIES[0]}=-"} if anew else {})
        chunks, status, headers = run_wsgi_app(self._app.wsgi_app, environ, buffered=True)
        body = b"".join(chunks)
        close: Callable[[], Any] | None = getattr(chunks, "close", None)
        if close is not None:
            close()
        if not status.startswith("200") or not headers.get("Content-Type", "").startswith(HTML):
            return None
        if anew:
            return RenderedPage(body, None)
        key = build_key(environ | {"SCRIPT_NAME": place.prefix, "PATH_INFO": path})
        return RenderedPage(body, self._cache.find(key) if key else None)
