"""A date beside words is a wish for the day of publication."""

from datetime import UTC, datetime

import pytest

from core.db.scope import Scope, open_session
from core.publishing.content import Content
from core.search.indexing.indexer import drain_all
from core.search.indexing.reconcile import prepare
from core.search.registry import search_engine
from core.testing.factories.publishing import publish_at
from core.testing.pages import url_for


@pytest.fixture
def published(tree, set_clock):
    """Two notices of one matter: the older one in May, the newer one in November."""
    prepare(search_engine())
    for month, street in ((5, "文化路"), (11, "建设路")):
        set_clock(datetime(2026, month, 20, 4, tzinfo=UTC))
        with open_session(Scope.own(tree.town)) as session:
            content = Content(title=f"{street}停水通知", body_source="检修。", genre="通知公告")
            publish_at(session, tree.town, content)
    drain_all(search_engine())
    return tree.town


def titles(page, where):
    found = page.select(f"//{where}//*[@class='row__title']")
    return ["".join(title.itertext()).split()[-1] for title in found]


def test_only_what_was_published_then_is_a_result_and_the_page_says_so(client, published):
    page = client.get(url_for("search.page", place=published, q="5月停水"))
    assert titles(page, "ol[@start='1']") == ["文化路停水通知"]
    assert "2026-05-01 至 2026-05-31" in page.text
    assert titles(page, "section[@class='search-partial']") == ["建设路停水通知"]
    [other] = page.select("//a[text()='查看全部日期']/@href")
    assert titles(client.get(other), "ol[@start='1']") == ["建设路停水通知", "文化路停水通知"]


def test_where_nothing_was_published_then_the_date_only_orders(client, published):
    page = client.get(url_for("search.page", place=published, q="3月停水"))
    assert len(titles(page, "ol[@start='1']")) == 2
    assert "发布日期：" not in page.text
