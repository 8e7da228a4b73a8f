"""The list of a place's publications: narrowed, ordered, exported."""

import csv
import io

import pytest

from core.testing.factories.trees import VILLAGE
from core.testing.pages import url_for


@pytest.fixture
def listed(village, make, make_public):
    """One published, two drafts."""
    make_public(village, title="2026年第一季度村级财务公开")
    make(village, title="低保对象名单", genre="公示")
    make(village, title="100%参保_名单", genre="公示")
    village.commit()


def titles(page):
    return [row.text_content() for row in page.select("//li[@class='row']//a")]


def address(**query):
    return url_for("publishing_console.index", place=VILLAGE, **query)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "名单"}, {"低保对象名单", "100%参保_名单"}),
        ({"q": "名单 低保"}, {"低保对象名单"}),
        ({"q": "100%"}, {"100%参保_名单"}),
        ({"q": "_"}, {"100%参保_名单"}),
        ({"genre": "公示"}, {"低保对象名单", "100%参保_名单"}),
        ({"tab": "published"}, {"2026年第一季度村级财务公开"}),
        ({"tab": "draft", "q": "财务"}, set()),
        ({"since": "2000-01-01"}, {"2026年第一季度村级财务公开"}),
        ({"until": "2000-01-01"}, set()),
        ({"organ": "99999"}, set()),
    ],
)
def test_the_list_is_narrowed(sign_in, listed, query, expected):
    assert set(titles(sign_in("clerk").get(address(**query)))) == expected


def test_the_list_is_ordered(sign_in, listed):
    client = sign_in("clerk")
    assert titles(client.get(address(sort="title")))[0] == "100%参保_名单"
    assert titles(client.get(address(sort="published")))[0] == "2026年第一季度村级财务公开"
    assert titles(client.get(address()))[-1] == "2026年第一季度村级财务公开"


def test_odd_filters_narrow_nothing_and_break_nothing(sign_in, listed):
    client = sign_in("clerk")
    odd = {"organ": "9" * 40, "since": "0000-00-00", "until": "9999-12-31", "sort": "x", "tab": "y"}
    assert len(titles(client.get(address(**odd)))) == 3


def test_tabs_keep_the_filter_and_count_what_it_leaves(sign_in, listed):
    page = sign_in("clerk").get(address(q="名单"))
    [tab] = page.select("//nav[@class='tabs']//a[contains(., '草稿')]")
    assert "(2)" in tab.text_content()
    assert "q=" in tab.get("href")


def test_the_list_as_a_file_holds_what_is_shown(sign_in, listed):
    client = sign_in("clerk")
    export = url_for("publishing_console.export", place=VILLAGE, genre="公示", format="csv")
    rows = list(csv.reader(io.StringIO(client.get(export).data.decode("utf-8-sig"))))
    assert {row[1] for row in rows[1:]} == {"低保对象名单", "100%参保_名单"}
    workbook = client.get(url_for("publishing_console.export", place=VILLAGE))
    assert workbook.data.startswith(b"PK")
    sign_in("stranger").get(export, status=403)
