"""What is kept, for whom, and how it is answered."""

import gzip
from datetime import timedelta

import pytest

from core.clock import now
from core.db.scope import Scope, open_session
from core.permissions import OPERATOR
from core.publishing.content import Content
from core.publishing.queries import get_publication
from core.publishing.vocabulary import NOTICE
from core.testing.factories.publishing import correct_at, publish_at, withdraw
from core.testing.pages import url_for
from core.web.page_cache.verdict import page_cache

PAGES = ("portal.home", "publishing.index", "portal.places", "portal.sitemap")


def publish(tenant, title="关于低保的通知", **values):
    with open_session(Scope.own(tenant)) as session:
        content = Content(title=title, body_source="全文在此。" * 150, genre=NOTICE, **values)
        return publish_at(session, tenant, content).id


@pytest.mark.both_databases
@pytest.mark.parametrize("endpoint", PAGES)
def test_pages_for_everybody_are_kept_until_something_changes(tree, client, is_kept, endpoint):
    address = url_for(endpoint)
    assert is_kept(address)
    publish(tree.village)  # the county's pages show what lies below
    before = page_cache().statistics["misses"]
    client.get(address)
    assert page_cache().statistics["misses"] == before + 1


@pytest.mark.both_databases
def test_an_article_follows_its_corrections_and_goes_at_once_when_withdrawn(tree, client, is_kept):
    number = publish(tree.county)
    address = url_for("publishing.show", number)
    assert is_kept(address)
    with open_session(Scope.own(tree.county)) as session:
        correct_at(session, tree.county, number, title="改过的通知")
    assert "改过的通知" in client.get(address).text
    assert is_kept(address)
    with open_session(Scope.own(tree.county)) as session:
        withdraw(session, OPERATOR, get_publication(session, tree.county, number), "有误")
    client.get(address, status=410)
    assert not is_kept_status(client, address)


def is_kept_status(client, address):
    hits = page_cache().statistics["hits"]
    client.get(address, status=410)
    return page_cache().statistics["hits"] > hits


def test_what_is_dated_ahead_appears_at_its_moment(tree, client, is_kept, set_clock):
    start = now()
    set_clock(start)
    address = url_for("publishing.index")
    assert is_kept(address)
    publish(tree.county, "明早的公告", published_at=start + timedelta(hours=1))
    assert "明早的公告" not in client.get(address).text
    assert is_kept(address)
    set_clock(start + timedelta(minutes=59, seconds=59))
    assert "明早的公告" not in client.get(address).text
    set_clock(start + timedelta(hours=1))
    assert "明早的公告" in client.get(address).text


def test_a_publicity_period_ends_at_midnight_without_any_change(tree, client, is_kept, set_clock):
    number = publish(tree.county, "公示", publicity_days=1)
    address = url_for("publishing.show", number)
    assert is_kept(address)
    assert "全文在此" in client.get(address).text
    set_clock(now() + timedelta(days=1))
    assert "全文在此" not in client.get(address).text


def test_each_variant_has_a_page_of_its_own(tree, client, is_kept):
    address, seen = url_for("portal.home"), set()
    for cookie, value in ((None, None), ("gk_lang", "en"), ("gk_variant", "hant"),
                          ("gk_elder", "1"), ("gk_contrast", "high")):  # fmt: skip
        client.forget()
        if cookie:
            client.cookie(cookie, value)
        assert is_kept(address)
        seen.add(client.get(address).data)
    assert len(seen) == 5


def test_other_names_and_schemes_have_pages_of_their_own(tree, client, is_kept):
    address = url_for("portal.home")
    assert is_kept(address)
    misses = page_cache().statistics["misses"]
    client.get(address, base_url="https://localhost")
    client.get(address, base_url="http://127.0.0.1")
    assert page_cache().statistics["misses"] == misses + 2


def test_parameters_that_a_page_knows_are_kept_in_any_order_and_others_are_not(
    tree, is_kept, client
):
    publish(tree.county)
    assert is_kept(url_for("publishing.index", genre=NOTICE, year="2026"))
    address = url_for("publishing.index", year="2026", genre=NOTICE)
    hits = page_cache().statistics["hits"]
    client.get(address)
    assert page_cache().statistics["hits"] == hits + 1
    assert not is_kept(url_for("publishing.index", utm_source="x"))
    assert not is_kept(url_for("publishing.index") + "?" + "&".join(f"a{n}=1" for n in range(9)))
    assert not is_kept(url_for("publishing.index", genre="x" * 400))


def test_pages_of_signed_in_people_are_neither_kept_nor_answered_from_memory(
    tree, client, sign_in_as, is_kept
):
    address = url_for("portal.home")
    kept = client.get(address).data
    sign_in_as("officer", tree.county)
    hits = page_cache().statistics["hits"]
    own = client.get(address)
    assert "ETag" not in own.headers
    assert page_cache().statistics["hits"] == hits
    client.forget()
    assert client.get(address).data == kept


def test_a_form_with_a_token_is_made_for_each_reader(tree, is_kept, client):
    assert not is_kept(url_for("accounts.sign_in"))


def test_headers_and_conditional_requests(app, tree, client):
    address = url_for("portal.home")
    plain = client.get(address)
    headers = plain.headers
    assert headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert headers["Vary"] == "Accept-Encoding, Cookie"
    assert "Content-Security-Policy" in headers
    assert "Set-Cookie" not in headers
    small = app.test_client().get(address, headers={"Accept-Encoding": "gzip, br"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data
    assert small.headers["ETag"] != headers["ETag"]
    for accepted, tag in (("identity", headers["ETag"]), ("gzip", small.headers["ETag"])):
        sent = {"Accept-Encoding": accepted, "If-None-Match": tag}
        unchanged = client.get(address, headers=sent, status=304)
        assert unchanged.data == b""
        assert unchanged.headers["ETag"] == tag
        assert "Content-Length" not in unchanged.headers
    publish(tree.county)
    client.get(address, headers={"If-None-Match": headers["ETag"]})


def test_refused_compression_is_respected(tree, client):
    answer = client.get(url_for("portal.home"), headers={"Accept-Encoding": "gzip;q=0, identity"})
    assert "Content-Encoding" not in answer.headers
