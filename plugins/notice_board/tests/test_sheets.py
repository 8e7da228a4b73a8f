"""What is printed, and for whom."""

from datetime import timedelta

import pytest

from core.sdk import Content, Scope, open_session, today
from core.testing.factories.publishing import publish_at


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
    page = client.get(f"/{code}/notice-board/")
    assert "第三季度财务收支" in page.text
    (source,) = page.select("//li//img/@src")
    assert client.get(source).headers["Content-Type"].startswith("image/svg+xml")
    assert client.get(f"/{code}/notice-board/qr.svg").status == 200


def test_another_period_is_empty(client, published, tree):
    before = today() - timedelta(days=800)
    address = f"/{tree.village.division_code}/notice-board/?first={before}&last={before}"
    page = client.get(address)
    assert page.select("//li[contains(@class, 'board__entry')]") == []


def test_one_publication_is_printed_in_full(client, published, tree):
    page = client.get(f"/{tree.village.division_code}/notice-board/{published}/")
    assert "收入合计126450元。" in page.text
    client.get(f"/{tree.village.division_code}/notice-board/{published + 1}/", status=404)


def test_the_publication_leads_to_its_sheet(client, published, tree):
    page = client.get(f"/{tree.village.division_code}/publications/{published}/")
    address = f"/{tree.village.division_code}/notice-board/{published}/"
    assert address in page.select("//main//a/@href")


def test_a_county_has_no_notice_board(client, published, tree):
    client.get(f"/{tree.county.division_code}/notice-board/", status=404)


def test_the_way_back_ends_where_there_is_nothing_older(client, published, tree):
    address = f"/{tree.village.division_code}/notice-board/"
    later = client.get(f"{address}?first=2091-01-01&last=2091-03-31")
    assert later.select("//li[contains(@class, 'board__entry')]") == []
    (before,) = later.select("//main//form//a/@href")
    assert "first=2090-10-01" in before
    assert client.get(address).select("//main//form//a/@href") == []
