"""What search engines are told: which address a page has, and where there is nothing to look for.

Filters of lists can be combined without end, and each combination links to others. A page with a
filter is therefore neither indexed nor followed, and its canonical address is that of the whole
list; every page that it leads to is linked from pages without filters too.
"""

from flask import Flask, request
from werkzeug.wrappers import Response

from core.web.security import is_personal
from core.web.site.origin import site_origin

HEADER = "X-Robots-Tag"
NEITHER = "noindex, nofollow"
PAGE = "page"


def init_robots(app: Flask) -> None:
    """Send the header with filtered pages and with pages that are somebody's own."""
    app.after_request(_add_header)
    app.jinja_env.globals["is_filtered"] = is_filtered
    app.jinja_env.globals["canonical_url"] = canonical_url


def is_filtered() -> bool:
    """Return whether the address of this page has parameters beside the number of the page."""
    return bool(request.args.keys() - {PAGE})


def canonical_url() -> str:
    """Return the address of this page without filters, as everybody should link to it."""
    number = request.args.get(PAGE, "")
    page = f"?{PAGE}={number}" if number.isdecimal() and not is_filtered() else ""
    return f"{site_origin()}{request.script_root}{request.path}{page}"


def _add_header(response: Response) -> Response:
    if is_filtered() or is_personal():
        response.headers.setdefault(HEADER, NEITHER)
    return response
