"""A crawler that keeps to what it is told comes to an end, and finds every page once."""

from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from lxml import html

from core.db.scope import Scope, open_session
from core.publishing.content import Content
from core.testing.factories.catalog import define_items
from core.testing.factories.publishing import publish_at
from core.testing.pages import url_for

PUBLICATIONS = 24
HTML_LINKS = "//a[not(contains(concat(' ', @rel, ' '), ' nofollow '))]/@href"
# Addresses of one path: pages of a list, one choice of each filter that a page links to.
MOST_OF_A_PATH = 12


class Crawler:
    """Follow links as a search engine does; every address once."""

    def __init__(self, client):
        self._client = client
        self.found = {}

    def crawl(self, start):
        waiting = [start]
        while waiting:
            address = waiting.pop()
            if address in self.found or not address.startswith("/"):
                continue
            links, told = self._read(address)
            self.found[address] = told
            waiting += [urljoin(address, link).partition("#")[0] for link in links]
        return self.found

    def _read(self, address):
        answer = self._client.get(address)
        assert answer.status_code in {200, 302, 303, 308, 404}, address
        told = answer.headers.get("X-Robots-Tag", "")
        if answer.location:
            return [answer.location], told
        saved = "Content-Disposition" in answer.headers
        if "nofollow" in told or saved or answer.mimetype != "text/html":
            return [], told
        page = html.document_fromstring(answer.text)
        told += ", ".join(page.xpath("//meta[@name='robots']/@content"))
        return ([] if "nofollow" in told else page.xpath(HTML_LINKS)), told


@pytest.fixture
def town(tree, plugin_on):
    """A township with two pages of publications of several kinds, and a catalog."""
    plugin_on("feeds", tree.county)
    plugin_on("notice_board", tree.county)
    items = {f"jz-{n}": (f"事项{n}", ("county", "township", "village")) for n in range(3)}
    define_items(tree.nation, "jiuzhu", "社会救助", items)
    with open_session(Scope.own(tree.town)) as session:
        for number in range(PUBLICATIONS):
            genre = ("通知公告", "政策文件")[number % 2]
            content = Content(
                title=f"公告{number}", body_source="正文", genre=genre, item_id=f"jz-{number % 3}"
            )
            publish_at(session, tree.town, content)
    return tree.town


def test_a_crawl_comes_to_an_end(app, town, tree):
    found = Crawler(app.test_client()).crawl(f"/{tree.county.division_code}/")
    paths = {}
    for address in found:
        paths.setdefault(urlsplit(address).path, set()).add(address)
    assert max(map(len, paths.values())) <= MOST_OF_A_PATH, max(paths.values(), key=len)
    assert (
        len([path for path in paths if f"/{town.division_code}/publications/" in path])
        > PUBLICATIONS
    )
    for address, told in found.items():
        parameters = parse_qs(urlsplit(address).query, keep_blank_values=True).keys() - {"page"}
        assert not parameters or "noindex" in told, address
        assert len(parameters) <= 1, address


def test_pages_say_their_address(client, town):
    root = f"http://localhost/{town.division_code}/publications/"
    canonical = "//link[@rel='canonical']/@href"
    list_ = f"/{town.division_code}/publications/"
    assert client.get(list_).select(canonical) == [root]
    assert client.get(f"{list_}?page=2").select(canonical) == [f"{root}?page=2"]
    filtered = client.get(f"{list_}?genre=通知公告&page=2&utm_source=x")
    assert filtered.select(canonical) == [root]
    assert filtered.select("//meta[@name='robots']/@content") == ["noindex, nofollow"]
    assert "X-Robots-Tag" not in client.get(list_).headers


def test_the_list_of_counties_is_content(client, tree):
    assert "X-Robots-Tag" not in client.get(url_for("portal.counties")).headers


def test_pages_that_are_no_content_are_not_looked_at(client, tree, sign_in_as):
    assert "noindex" in client.get(url_for("accounts.sign_in")).headers["X-Robots-Tag"]
    sign_in_as("clerk", tree.town)
    console = client.get(url_for("console.home", place=tree.town))
    assert "noindex" in console.headers["X-Robots-Tag"]
