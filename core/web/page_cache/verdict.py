"""Decide which answers are kept: pages for everybody that nothing refuses and no cookie comes with.

What is not known to be the same for all readers is made for each of them.
"""

from http import HTTPStatus
from typing import cast

from flask import Flask, current_app, g, request, session
from werkzeug.wrappers import Response

from core.clock import now_until
from core.settings import Settings
from core.validity.answers import Validity, current_validity
from core.web.access import access_of_page
from core.web.incoming import IncomingRequest
from core.web.page_cache.front import EXTENSION, PageCache
from core.web.page_cache.shared import open_shared_pages
from core.web.security import is_personal
from core.web.site.hosts import is_known_address

_PRIVATE = ("no-store", "private")


def init_page_cache(app: Flask, settings: Settings) -> PageCache:
    """Give the application its kept pages; must come before what adds headers to answers."""
    megabytes = settings.page_cache_megabytes
    shared = None
    if settings.redis_url and settings.page_cache == "on":
        shared = open_shared_pages(settings.redis_url, megabytes, str(settings.data_dir))
    cache = PageCache(app, megabytes, settings.proxy_cache_seconds, shared)
    app.extensions[EXTENSION] = cache
    app.after_request(_decide)
    return cache


def page_cache() -> PageCache:
    """Return the kept pages of the current application."""
    cache: PageCache = current_app.extensions[EXTENSION]
    return cache


def _decide(response: Response) -> Response:
    """Say whether this answer is kept; runs last of all that change answers."""
    validity = current_validity()
    if validity is None:
        return response
    validity.chain = tuple(node.id for node in g.get("chain", ()))
    refusal = _find_refusal(response)
    if refusal:
        validity.refusals.add(refusal)
    validity.is_kept = not validity.refusals
    if validity.is_kept:
        _limit_by_schedules(validity)
    return response


def _find_refusal(response: Response) -> str:
    """Return why an answer is kept for nobody; empty where it is the same for everybody."""
    if response.status_code != HTTPStatus.OK:
        return f"status {response.status_code}"
    if access_of_page() != "public" or "tenant" not in g:
        return "no public page"
    if session.modified or is_personal() or "Set-Cookie" in response.headers:
        return "somebody's own"
    return _find_refusal_of_body(response) or _find_refusal_of_address()


def _find_refusal_of_body(response: Response) -> str:
    if response.is_streamed or response.direct_passthrough:
        return "streamed"
    cache_control = response.headers.get("Cache-Control", "")
    return "says so itself" if any(word in cache_control for word in _PRIVATE) else ""


def _find_refusal_of_address() -> str:
    """Addresses that can be made up without end would fill the memory with the same page."""
    if not is_known_address(g.county):
        return "unknown host"
    return "unknown parameters" if cast(IncomingRequest, request).has_unread_args() else ""


def _limit_by_schedules(validity: Validity) -> None:
    """Have the page end when the next thing appears that waits for its moment."""
    present = now_until()
    for name in sorted(validity.schedules):
        moment = page_cache().schedules[name](g.session)
        if moment is not None and moment > present:
            validity.until = min(validity.until, moment)
