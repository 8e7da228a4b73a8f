"""Feeds hold what is published, and nothing else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from lxml import etree

from core.sdk import Content, Scope, Tenant, open_session, utc_now
from core.testing.factories.publishing import correct_at, publish_at
from core.testing.pages import url_for

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def published(plugin_on, tree) -> Callable[..., int]:
    plugin_on("feeds", tree.county)

    def publish(tenant: Tenant, title: str, **more: object) -> int:
        with open_session(Scope.own(tenant)) as session:
            content = Content(title=title, body_source="正文。", genre="通知公告", **more)
            return publish_at(session, tenant, content).id

    return publish


def entries(client, address):
    page = client.get(address)
    assert page.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return list(etree.fromstring(page.data).iter(f"{ATOM}entry"))


def titles(client, address):
    return [entry.findtext(f"{ATOM}title") for entry in entries(client, address)]


def test_a_feed_has_what_the_place_published_and_where_it_is(client, published, tree):
    number = published(tree.town, "停水通知 <二>")
    published(tree.village, "村里的事")
    code = tree.town.division_code
    (entry,) = entries(client, url_for("plugin_feeds.atom", place=code))
    assert entry.findtext(f"{ATOM}title") == "停水通知 <二>"
    address = entry.find(f"{ATOM}link").get("href")
    assert address == f"http://localhost/{code}/publications/{number}/"
    assert client.get(url_for("publishing.show", number, place=code)).status == 200


def test_ids_are_the_same_whatever_host_is_asked(client, published, tree):
    published(tree.town, "停水通知")
    address = url_for("plugin_feeds.atom", place=tree.town)

    def ids(host):
        page = client.get(address, headers={"Host": host})
        return [element.text for element in etree.fromstring(page.data).iter(f"{ATOM}id")]

    assert ids("www.example.gov.cn") == ids("10.0.0.7") != []


def test_a_correction_is_an_update(client, published, tree, set_clock):
    number = published(tree.town, "停水通知")
    address = url_for("plugin_feeds.atom", place=tree.town)
    (before,) = entries(client, address)
    set_clock(utc_now() + timedelta(days=2))
    with open_session(Scope.own(tree.town)) as session:
        correct_at(session, tree.town, number, title="停水通知（更正）")
    (after,) = entries(client, address)
    assert after.findtext(f"{ATOM}title") == "停水通知（更正）"
    assert after.findtext(f"{ATOM}id") == before.findtext(f"{ATOM}id")
    assert after.findtext(f"{ATOM}published") == before.findtext(f"{ATOM}published")
    assert after.findtext(f"{ATOM}updated") > before.findtext(f"{ATOM}updated")


def test_a_feed_of_all_below_has_the_villages_too(client, published, tree):
    published(tree.town, "镇里的事")
    published(tree.village, "村里的事")
    published(tree.far_village, "别处的事")
    code = tree.town.division_code
    found = titles(client, url_for("plugin_feeds.atom", place=code, below=1))
    assert set(found) == {"镇里的事", "村里的事"}


def test_a_genre_can_be_followed_alone(client, published, tree):
    published(tree.town, "一个通知")
    code = tree.town.division_code
    assert titles(client, url_for("plugin_feeds.atom", place=code, genre="通知公告")) == [
        "一个通知"
    ]
    assert titles(client, url_for("plugin_feeds.atom", place=code, genre="政策文件")) == []


def test_every_page_names_the_feed_and_the_list_leads_to_it(client, published, tree):
    published(tree.town, "一个通知")
    code = tree.town.division_code
    home = client.get(url_for("portal.home", place=code))
    (address,) = home.select("//link[@rel='alternate' and @type='application/atom+xml']/@href")
    assert titles(client, address) == ["一个通知"]
    listed = client.get(url_for("plugin_feeds.index", place=code)).select("//main//a/@href")
    assert f"/{code}/feeds/publications.atom" in listed


def test_where_it_is_off_there_is_no_feed(client, published, tree):
    code = tree.other_county.division_code
    client.get(url_for("plugin_feeds.atom", place=code), status=404)
    assert client.get(url_for("portal.home", place=code)).select("//link[@rel='alternate']") == []
