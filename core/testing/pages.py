"""A page client that checks each HTML page it fetches, so that no test can forget to."""

import re
from collections import Counter
from collections.abc import Collection
from typing import Any

from flask import Flask, current_app
from flask.testing import FlaskClient
from lxml import html
from lxml.etree import ErrorTypes

from core.db.tree import Tenant
from core.testing.factories.people import PASSWORD
from core.testing.factories.trees import COUNTY
from core.web.site.lazy_pages import load_all_pages

# What the parser, which knows HTML 4, calls an error and HTML 5 does not.
UNKNOWN_TAG = ErrorTypes.HTML_UNKNOWN_TAG

# The names of a route's variable parts, e.g. `code` and `id` of `/<code>/publications/<int:id>/`.
PART_NAMES = re.compile(r"<(?:[^<>]*:)?(\w+)>")


def url_for(endpoint: str, *parts: Any, place: Tenant | str = COUNTY, **query: Any) -> str:
    """Build the address of a page: the variable parts of its route in order, then a query.

    A page of a place is one of the county of the fixture `tree` unless another place (a tenant or
    its code) is named. Unlike Flask's own `url_for` it needs no request, only an application
    context. Raises KeyError for an unknown endpoint, ValueError for too few or too many parts.
    """
    load_all_pages()
    routes = current_app.url_map
    names = PART_NAMES.findall(next(routes.iter_rules(endpoint)).rule)
    if "code" in names:
        parts = (place if isinstance(place, str) else place.division_code, *parts)
    values = dict(zip(names, parts, strict=True)) | query
    return routes.bind("localhost").build(endpoint, values)


def parse_strictly(text: str) -> tuple[Any, list[str]]:
    """Parse a page; what a browser would have to guess at comes back as `line: message`."""
    parser = html.HTMLParser()
    tree = html.document_fromstring(text, parser=parser)
    faults = (entry for entry in parser.error_log if entry.type != UNKNOWN_TAG)
    return tree, [f"{entry.line}: {entry.message}" for entry in faults]


class FetchedPage:
    """An answer: status, headers and, for HTML, its parsed tree."""

    def __init__(self, response: Any) -> None:
        self.status: int = response.status_code
        self.headers = response.headers
        self.data: bytes = response.data
        self.location: str | None = response.headers.get("Location")
        self.is_html = response.mimetype == "text/html"
        self.tree: Any = None
        self.syntax_errors: list[str] = []
        if self.is_html and self.data:
            self.tree, self.syntax_errors = parse_strictly(response.text)

    @property
    def text(self) -> str:
        """All text of the page, blanks folded."""
        assert self.tree is not None
        return " ".join(self.tree.text_content().split())

    def select(self, query: str) -> list[Any]:
        """Elements of an XPath query."""
        assert self.tree is not None
        found: list[Any] = self.tree.xpath(query)
        return found


class PageClient:
    """Fetch pages; every HTML page must keep the house rules."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._client: FlaskClient = app.test_client()

    def get(
        self, path: str, *, status: int = 200, allowed: Collection[int] = (), **options: Any
    ) -> FetchedPage:
        """GET a page that must answer with this status (or one that is allowed)."""
        response = self._client.get(path, **options)
        fine = response.status_code if response.status_code in allowed else status
        return self._checked(response, fine, path)

    def post(
        self, path: str, data: Any = None, *, status: int = 302, **options: Any
    ) -> FetchedPage:
        """POST a form; success is a redirect."""
        return self._checked(self._client.post(path, data=data, **options), status, path)

    def cookie(self, name: str, value: str) -> None:
        """Set a cookie, e.g. a reader's preference."""
        self._client.set_cookie(name, value)

    def forget(self) -> None:
        """Be somebody else's browser: without any cookie."""
        self._client = self._app.test_client()

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        """Sign in as a person of `factories.people`."""
        self.post("/sign-in/", {"username": username, "password": password})

    def sign_out(self) -> None:
        """Sign out."""
        self.post("/sign-out/")

    def _checked(self, response: Any, status: int, path: str) -> FetchedPage:
        page = FetchedPage(response)
        response.close()  # as a server does, once it has sent the answer
        assert page.status == status, (
            f"{path}: {page.status} instead of {status}\n{response.text[:800]}"
        )
        if page.tree is not None:
            faults = [*page.syntax_errors, *page_faults(page.tree)]
            assert not faults, f"{path}: {faults}"
        return page


def page_faults(tree: Any) -> list[str]:
    """List what no page may have; empty where all is well."""
    faults = []
    headings = tree.xpath("//h1")
    if len(headings) != 1:
        faults.append(f"{len(headings)} h1 (exactly one)")
    title = "".join(tree.xpath("//title/text()")).strip()
    if headings and not title.startswith(" ".join(headings[0].text_content().split())[:20]):
        faults.append(f"the title “{title}” does not start with the h1")
    ids = Counter(tree.xpath("//@id"))
    faults += [f"duplicate id {name}" for name, count in ids.items() if count > 1]
    faults += _form_faults(tree)
    if tree.xpath("//*[@style]") or tree.xpath("//script[not(@src)]") or tree.xpath("//style"):
        faults.append("inline style or script (the content security policy refuses it)")
    if not tree.xpath("/html/@lang"):
        faults.append("no lang")
    faults += ["a table without a caption" for table in tree.xpath("//table[not(caption)]")]
    faults += ["an image without alt" for image in tree.xpath("//img[not(@alt)]")]
    return faults


def _form_faults(tree: Any) -> list[str]:
    faults = []
    for form in tree.xpath("//form"):
        if form.get("action") is None:
            faults.append("a form without an action")
        if form.get("method", "get").lower() == "post" and not form.xpath(
            ".//input[@name='csrf_token']"
        ):
            faults.append("a POST form without csrf_token")
    labelled = {label.get("for") for label in tree.xpath("//label") if label.text_content().strip()}
    fields = tree.xpath(
        "//input[not(@type='hidden' or @type='submit' or @type='button')]|//select|//textarea"
    )
    for field in fields:
        named = (
            field.get("aria-label") or field.get("aria-labelledby") or field.get("id") in labelled
        )
        if not named and not field.xpath("ancestor::label"):
            faults.append(f"the field {field.get('name')} has no label")
    return faults
