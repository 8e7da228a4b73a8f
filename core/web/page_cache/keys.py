"""What makes two requests ask for the same page: address, parameters and the reader's choices."""

from typing import Any, NamedTuple

from werkzeug.http import parse_cookie

from core.web.site.cookies import CHOICE_COOKIES, OWN_COOKIES

LONGEST_PATH, LONGEST_QUERY, MOST_PARAMETERS = 300, 300, 8
LONGEST_CODE = 12
_LONGEST_CHOICE = 8


class PageKey(NamedTuple):
    """One page in one variant, as requests ask for it."""

    scheme: str
    host: str
    prefix: str
    path: str
    query: str
    choices: tuple[str, ...]

    @property
    def code(self) -> str:
        """The code of the place, with which the path begins."""
        return self.path[1:].partition("/")[0]


_NO_CHOICES = ("",) * len(CHOICE_COOKIES)


def build_key(environ: dict[str, Any]) -> PageKey | None:
    """Return the key of a request; `None` where its answer is for nobody else, or has no place."""
    path = environ.get("PATH_INFO", "")
    code = path[1 : LONGEST_CODE + 2].partition("/")[0]
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or not code.isdecimal():
        return None
    choices = _read_choices(environ)
    query = _sort_parameters(environ.get("QUERY_STRING", ""))
    host = environ.get("HTTP_HOST", "").lower()
    if choices is None or query is None or not host or len(path) > LONGEST_PATH:
        return None
    return PageKey(
        environ["wsgi.url_scheme"], host, environ.get("SCRIPT_NAME", ""), path, query, choices
    )


def _read_choices(environ: dict[str, Any]) -> tuple[str, ...] | None:
    """Return the values of the cookies of choices; `None` for a request of a known person."""
    sent = environ.get("HTTP_COOKIE", "")
    if not sent:
        return _NO_CHOICES
    if any(name in sent for name in OWN_COOKIES):
        return None
    if "gk_" not in sent:
        return _NO_CHOICES
    cookies = parse_cookie(environ)
    choices = tuple(cookies.get(name, "") for name in CHOICE_COOKIES)
    return None if any(len(choice) > _LONGEST_CHOICE for choice in choices) else choices


def _sort_parameters(query: str) -> str | None:
    """Return the parameters by name; `None` where there are too many to keep a page of each."""
    if not query:
        return ""
    parameters = query.split("&")
    if len(query) > LONGEST_QUERY or len(parameters) > MOST_PARAMETERS:
        return None
    return "&".join(sorted(parameters, key=lambda each: each.partition("=")[0]))
