"""Addresses: former codes redirect, a host shows its county only, a prefix holds everything."""

import pytest

from core.app import create_app
from core.db.scope import open_session
from core.db.tree import Tenant
from core.tenancy.service import recode_tenant
from core.testing.pages import PageClient


def test_a_former_code_redirects_for_good(client, tree):
    with open_session(None) as session:
        recode_tenant(session, session.get(Tenant, tree.town.id), "990111199")
    page = client.get("/990111100/catalog/?domain=x", status=301)
    assert page.location == "/990111199/catalog/?domain=x"


@pytest.mark.parametrize("code", ["123456", "CN", "99", "9901", "abc", "990111100999"])
def test_unknown_codes_and_layers_have_no_portal(client, tree, code):
    client.get(f"/{code}/", status=404)


def test_a_suspended_county_closes_with_all_below(client, tree):
    with open_session(None) as session:
        session.get(Tenant, tree.county.id).status = "suspended"
    client.get(f"/{tree.village.division_code}/", status=404)
    client.get(f"/{tree.other_village.division_code}/")


def test_a_countys_host_shows_no_other_county(app, client, tree):
    with open_session(None) as session:
        session.get(Tenant, tree.county.id).hostname = "jia.example"
    client.get(f"/{tree.village.division_code}/", base_url="http://jia.example")
    client.get(f"/{tree.other_village.division_code}/", base_url="http://jia.example", status=404)


def test_everything_lives_below_the_prefix(settings, tree):
    application = create_app(settings.changed(url_prefix="/zwgk"))
    client = PageClient(application)
    page = client.get(f"/zwgk/{tree.county.division_code}/")
    links = [link for link in page.select("//a/@href") if link.startswith("/")]
    assert links
    assert all(link.startswith("/zwgk/") for link in links)
    client.get(f"/{tree.county.division_code}/", status=404)
    with application.app_context():
        application.extensions["sqlalchemy"].engine.dispose()
