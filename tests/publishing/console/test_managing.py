"""The list of a place's publications: narrowed, ordered, exported."""

import csv
import io

import pytest

from core.db.scope import Scope, open_session
from core.permissions import OPERATOR
from core.testing.factories.trees import (
    COUNTY,
    FAR_VILLAGE,
    OTHER_COUNTY,
    SISTER_TOWN,
    TOWN,
    VILLAGE,
)
from core.testing.pages import url_for
from core.testing.queries import counted

VILLAGE_TITLES = {"2026年第一季度村级财务公开", "低保对象名单", "100%参保_名单"}


@pytest.fixture
def listed(village, make, make_public):
    """One published, two drafts."""
    make_public(village, title="2026年第一季度村级财务公开")
    make(village, title="低保对象名单", genre="公示")
    make(village, title="100%参保_名单", genre="公示")
    village.commit()


def below_county(endpoint="publishing_console.index"):
    return url_for(endpoint) + "?place=below"


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
    assert {row[2] for row in rows[1:]} == {"低保对象名单", "100%参保_名单"}
    workbook = client.get(url_for("publishing_console.export", place=VILLAGE))
    assert workbook.data.startswith(b"PK")
    sign_in("stranger").get(export, status=403)


@pytest.fixture
def spread(tree, listed, make):
    """A draft in the township and one in a village of another, beside those of the village."""
    for place, title in ((tree.town, "镇财政预算"), (tree.far_village, "西镇村务公开")):
        with open_session(Scope.own(place)) as session:
            make(session, place, OPERATOR, title=title)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("reader", "place", "expected"),
    [
        (("officer", COUNTY), "", set()),
        (("officer", COUNTY), "below", {*VILLAGE_TITLES, "镇财政预算", "西镇村务公开"}),
        (("officer", COUNTY), TOWN, {*VILLAGE_TITLES, "镇财政预算"}),
        (("officer", COUNTY), VILLAGE, VILLAGE_TITLES),
        (("reviewer", TOWN), "below", {*VILLAGE_TITLES, "镇财政预算"}),
        # Not below: another county, another township, the county above.
        (("officer", COUNTY), OTHER_COUNTY, set()),
        (("reviewer", TOWN), SISTER_TOWN, {"镇财政预算"}),
        (("reviewer", TOWN), COUNTY, {"镇财政预算"}),
        # A liaison's role does not reach down, a clerk has nothing below.
        (("liaison", COUNTY), "below", set()),
        (("clerk", VILLAGE), "below", VILLAGE_TITLES),
    ],
)
def test_places_below_are_listed_for_those_whose_role_reaches_down(
    sign_in, spread, reader, place, expected
):
    username, at = reader
    page = sign_in(username).get(url_for("publishing_console.index", place=at) + f"?place={place}")
    assert set(titles(page)) == expected


def test_a_row_names_its_place_and_leads_there(sign_in, spread):
    page = sign_in("officer").get(below_county())
    [row] = page.select("//li[@class='row'][contains(., '西镇村务公开')]")
    assert "崾岘村委会" in row.text_content()
    [link] = row.xpath(".//a/@href")
    assert f"/{FAR_VILLAGE}/" in link
    sign_in("officer").get(link)
    [choice] = page.select(f"//select[@id='place']/option[@value='{TOWN}']")
    assert choice.text_content() == "东镇"


def test_the_list_of_places_below_is_a_file_too(sign_in, spread):
    answer = sign_in("officer").get(
        below_county("publishing_console.export") + "&format=csv&q=村务公开"
    )
    [_heads, row] = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert row[:1] + row[2:3] == ["崾岘村委会", "西镇村务公开"]


def test_a_longer_list_of_more_places_costs_no_more_statements(tree, sign_in, spread, make):
    client = sign_in("officer")
    client.get(below_county())  # whatever is remembered between requests
    with counted() as few:
        client.get(below_county())
    for place in (tree.sister_town, tree.community, tree.sister_village):
        with open_session(Scope.own(place)) as session:
            for number in range(5):
                make(session, place, OPERATOR, title=f"公开{number}")
    with counted() as many:
        page = client.get(below_county())
    assert len(titles(page)) == 20
    assert len(many) == len(few), many


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"day": "formed", "since": "2026-04-10", "until": "2026-04-10"}, 3),
        ({"day": "formed", "since": "2026-04-11", "until": ""}, 0),
        ({"day": "changed", "since": "2000-01-01", "until": ""}, 3),
        ({"day": "changed", "since": "", "until": "2000-01-01"}, 0),
        ({"day": "published", "since": "2000-01-01", "until": ""}, 1),
    ],
)
def test_the_two_days_are_those_of_the_chosen_date(sign_in, listed, query, count):
    page = sign_in("clerk").get(address(**query))
    assert len(titles(page)) == count
