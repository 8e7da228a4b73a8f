"""What is printed, and for whom."""

from datetime import timedelta

import pytest

from core.sdk import Content, Scope, open_session, today
from core.testing.factories.publishing import publish_at
from core.testing.pages import url_for


@pytest.fixture
def published(plugin_on, tree):
    plugin_on("notice_board", tree.county)
    with open_session(Scope.own(tree.village)) as session:
        content = Content(
            title="第三季度财务收支", body_source="收入合计126450元。", genre="村务公开"
        )
        return publish_at(session, tree.village, content).id


def test_the_sheet_of_this_quarter_has_each_entry_with_its_code(client, published, tree):
    code = tree.village.division_code
    page = client.get(url_for("plugin_notice_board.sheet", place=code))
    assert "第三季度财务收支" in page.text
    (source,) = page.select("//li//img/@src")
    assert client.get(source).headers["Content-Type"].startswith("image/svg+xml")
    assert client.get(url_for("plugin_notice_board.code_of_place", place=code)).status == 200


def test_another_period_is_empty(client, published, tree):
    before = today() - timedelta(days=800)
    address = url_for("plugin_notice_board.sheet", place=tree.village, first=before, last=before)
    page = client.get(address)
    assert page.select("//li[contains(@class, 'board__entry')]") == []


def test_one_publication_is_printed_in_full(client, published, tree):
    page = client.get(url_for("plugin_notice_board.single", published, place=tree.village))
    assert "收入合计126450元。" in page.text
    client.get(url_for("plugin_notice_board.single", published + 1, place=tree.village), status=404)


def test_the_publication_leads_to_its_sheet(client, published, tree):
    page = client.get(url_for("publishing.show", published, place=tree.village))
    address = url_for("plugin_notice_board.single", published, place=tree.village)
    assert address in page.select("//main//a/@href")


def test_a_county_has_no_notice_board(client, published, tree):
    client.get(url_for("plugin_notice_board.sheet", place=tree.county), status=404)


def test_the_way_back_ends_where_there_is_nothing_older(client, published, tree):
    address = url_for("plugin_notice_board.sheet", place=tree.village)
    later = client.get(
        url_for(
            "plugin_notice_board.sheet", place=tree.village, first="2091-01-01", last="2091-03-31"
        )
    )
    assert later.select("//li[contains(@class, 'board__entry')]") == []
    (before,) = later.select("//main//form//a/@href")
    assert "first=2090-10-01" in before
    assert client.get(address).select("//main//form//a/@href") == []
