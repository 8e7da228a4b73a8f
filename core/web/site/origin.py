"""The start of absolute links: a county's own host name, else the configured address.

`Host` is whatever a client sends, and caches in front keep the answer. Only where neither is known
do links in feeds, calendars and QR codes begin with the name that was asked for.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from flask import g, has_request_context, request
from werkzeug.wrappers import Response

from core.db.tree import Tenant
from core.settings import current_settings
from core.validity.lru_cache import LruCache
from core.web.site.hosts import requested_name
from core.web.site.lazy_pages import LazyPages
from core.web.site.rules import LazyRule
from core.web.site.templates import PageEnvironment

MOST_PATHS = 8_000
LONGEST_KEPT = 40


class GongkaiApp(LazyPages):
    """Flask, but absolute links begin with the configured address.

    Pages are loaded, and rules compiled, when they are needed; paths that were built last are
    kept, and templates are compiled for each language.
    """

    url_rule_class = LazyRule
    jinja_environment = PageEnvironment

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._paths: LruCache[str] = LruCache(MOST_PATHS)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function as it is: none of views, hooks and handlers is asynchronous."""
        return func

    def url_for(
        self,
        /,
        endpoint: str,
        *,
        _anchor: str | None = None,
        _method: str | None = None,
        _scheme: str | None = None,
        _external: bool | None = None,
        **values: Any,
    ) -> str:
        """Build an address as Flask does; in a request, `_external` adds `site_origin()`."""
        special = {"_anchor": _anchor, "_method": _method, "_scheme": _scheme}
        if not has_request_context() or _anchor or _method or _scheme:
            return super().url_for(endpoint, _external=_external, **special, **values)
        path = self._build_path(endpoint, values)
        return site_origin() + path if _external else path

    def _build_path(self, endpoint: str, values: dict[str, Any]) -> str:
        """Build the path, or take it from the last ones: layouts build the same dozens each time.

        Texts, which may be anybody's words, are not kept where they are long. Values are told apart
        by their types too: 1 is not `True`.
        """
        present = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - the proxy's own method
        key = (present.script_root, endpoint, *values.items(), *map(type, values.values()))
        try:
            path = self._paths.get(key)
        except TypeError:  # a list of values
            return super().url_for(endpoint, _external=False, **values)
        if path is None:
            path = super().url_for(endpoint, _external=False, **values)
            if not endpoint.startswith(".") and all(map(_is_short, values.values())):
                self._paths.put(key, path)
        return path


def _is_short(value: object) -> bool:
    return type(value) is int or (type(value) is str and len(value) <= LONGEST_KEPT)


def site_origin() -> str:
    """Return scheme and host of absolute links to the site of this request, without a slash."""
    public = current_settings().public_url
    known = vars(g._get_current_object())  # noqa: SLF001 - the proxy's own method
    county: Tenant | None = known.get("county")
    if county is None or county.hostname is None:
        return public or request.host_url.rstrip("/")
    scheme = urlsplit(public).scheme or request.scheme
    asked_by_its_name = county.hostname == requested_name()
    return f"{scheme}://{request.host if asked_by_its_name else county.hostname}"


def keep_redirect_local(response: Response) -> None:
    """Make a redirect to the host that was asked for relative: a cache may keep it for others."""
    parts = urlsplit(response.location or "")
    if parts.netloc and parts.netloc == request.host:
        path = "/" + parts.path.lstrip("/\\")
        response.location = urlunsplit(("", "", path, parts.query, parts.fragment))
