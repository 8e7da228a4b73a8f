"""Where links begin, and which names are answered: as configured, whatever a client sends."""

import pytest

from core.app import create_app
from core.db.scope import open_session
from core.errors import Invalid
from core.settings import Settings
from core.testing.pages import PageClient

PUBLIC = "https://www.gov.example"
EVIL = {"Host": "evil.example"}
FEEDS = "/{code}/feeds/publications.atom"


@pytest.fixture
def open_site(settings, tree, plugin_on):
    """Open the same installation once more, configured otherwise."""
    made = []

    def configured(**values):
        application = create_app(settings.changed(**values))
        application.config["WTF_CSRF_ENABLED"] = False
        made.append(application)
        return PageClient(application)

    plugin_on("feeds", tree.county)
    yield configured
    for application in made:
        with application.app_context():
            application.extensions["sqlalchemy"].engine.dispose()


def name_county(tree, name):
    with open_session(None) as session:
        session.merge(tree.county).hostname = name


def test_absolute_links_begin_with_the_configured_address(open_site, tree):
    code = tree.county.division_code
    site = open_site(public_url=PUBLIC, trusted_hosts="evil.example")
    feed = site.get(FEEDS.format(code=code), headers=EVIL).data.decode()
    assert f"{PUBLIC}/{code}/" in feed
    assert "evil" not in feed
    assert b"evil" not in site.get(f"/{code}/", headers=EVIL).data


def test_a_countys_own_name_comes_first(open_site, tree):
    code = tree.county.division_code
    name_county(tree, "www.county.example")
    site = open_site(public_url=PUBLIC)
    own = {"Host": "www.county.example"}
    for headers in (own, {"Host": "www.gov.example"}):
        feed = site.get(FEEDS.format(code=code), headers=headers).data.decode()
        assert f"https://www.county.example/{code}/" in feed
        assert "gov.example" not in feed


def test_names_that_are_not_configured_are_refused(open_site, tree):
    name_county(tree, "www.county.example")
    site = open_site(public_url=PUBLIC, trusted_hosts=" Other.Example ,third.example")
    page = f"/{tree.county.division_code}/"
    for name in (
        "www.gov.example", "WWW.gov.example:8443", "other.example", "third.example",
        "www.county.example",
    ):  # fmt: skip
        site.get(page, headers={"Host": name})
    for name in ("evil.example", "gov.example", "www.gov.example.evil.example", "127.0.0.1", "a b"):
        for path in (page, page.rstrip("/"), "/", "/nothing/", "/sign-in/"):
            site.get(path, headers={"Host": name}, status=400)
    site.get("/healthz", headers={"Host": "10.0.0.7:8000"})


def test_without_configuration_every_name_is_answered(open_site, tree):
    open_site().get(f"/{tree.county.division_code}/", headers={"Host": "any.example"})


@pytest.mark.parametrize(
    "path", ["/{code}", "/{code}/places", "/sign-in", "//{code}", "//evil.example/{code}"]
)
def test_redirects_name_no_host(open_site, tree, path):
    """A permanent redirect is kept by caches: it must not lead where one client wanted it to."""
    asked = path.format(code=tree.county.division_code)
    page = open_site().get(asked, headers=EVIL, status=308, allowed={404})
    location = page.location or "/"
    assert location.startswith("/")
    assert not location.startswith("//")


def test_redirects_keep_the_query(open_site, tree):
    page = open_site().get(f"/{tree.county.division_code}/search?q=a%2Fb", status=308)
    assert page.location == f"/{tree.county.division_code}/search/?q=a%2Fb"


@pytest.mark.parametrize(
    "value",
    ["www.gov.example", "ftp://gov.example", "https://gov.example/zwgk", "https://a@b", "x"],
)
def test_an_address_that_is_none_is_refused(value):
    with pytest.raises(Invalid, match="https://HOST"):
        Settings(public_url=value)


def test_a_slash_behind_the_address_is_dropped():
    assert Settings(public_url="https://Gov.Example/").public_url == "https://gov.example"
