import pytest
from sqlalchemy import event

from core.db.engine import db
from core.search.indexing.indexer import drain
from core.search.web.views import PER_PAGE
from core.testing.pages import url_for


@pytest.fixture
def found(engine, tree, organs):
    organs.add(tree.county, "县民政局 <b>", address="办理低保 & 社保")
    organs.add(tree.village, "村便民服务点", address="代办低保")
    organs.add(tree.sister_village, "邻村便民服务点", address="代办低保")
    drain(engine)
    return tree


def results(page):
    return [link.get("href") for link in page.select("//ol[contains(@class,'rows')]//a")]


def test_the_page_shows_marked_results_nearest_first(client, found):
    page = client.get(url_for("search.page", place=found.village, q="低保"))
    assert [href.split("/")[1] for href in results(page)] == [
        found.village.division_code, found.county.division_code,
    ]  # fmt: skip
    assert {mark.text for mark in page.select("//main//mark")} == {"低保"}
    assert "<b>" in page.text  # as text, not as markup
    assert not page.select("//main//ol//b")


def test_results_are_kept_out_of_other_search_machines(client, found):
    page = client.get(url_for("search.page", place=found.county, q="低保"))
    assert page.select("//meta[@name='robots'][@content='noindex']")
    assert page.headers["X-Robots-Tag"] == "noindex"


def test_the_box_keeps_what_was_typed_and_where(client, found):
    page = client.get(url_for("search.page", place=found.village, q="低保", scope="county"))
    assert page.select("//input[@name='q']")[0].get("value") == "低保"
    assert page.select("//input[@name='scope'][@checked]")[0].get("value") == "county"
    assert len(results(page)) == 3


def test_a_village_can_ask_three_widths_a_county_one(client, found):
    village = client.get(url_for("search.page", place=found.village, q="低保"))
    links = village.select("//main//nav[contains(@class,'tabs')][1]//a")
    assert [link.text_content() for link in links] == ["由近及远", "本村", "本乡镇", "全县"]
    county = client.get(url_for("search.page", place=found.county, q="低保"))
    assert not county.select("//main//a[text()='全县']")


def test_nothing_found_says_what_to_do_next(client, found):
    page = client.get(url_for("search.page", place=found.village, q="滑雪场", scope="own"))
    assert "没有找到" in page.text
    links = [link.get("href") for link in page.select("//main//ul//a")]
    assert any(href.endswith("/catalog/") for href in links)
    assert any("scope=county" in href for href in links)


def test_partial_matches_have_a_heading_of_their_own(client, engine, found, organs):
    for name in ("低保服务窗口", "低保服务台", "低保服务点", "家电服务部"):
        organs.add(found.village, name)
    drain(engine)
    page = client.get(url_for("search.page", place=found.village, q="低保服务"))
    [part] = page.select("//section[@aria-labelledby='partial']//ol")
    assert part.get("start") == "5"
    assert "包含部分词语的结果" in page.text
    assert "家电服务部" in part.text_content()


def test_without_a_question_the_page_says_how_to_ask(client, found):
    page = client.get(url_for("search.page", place=found.village))
    assert not results(page)
    assert page.select("//main//h1")


def test_pages_follow_each_other(client, engine, tree, organs):
    for number in range(PER_PAGE * 2 + 3):
        organs.add(tree.county, f"第{number}服务站")
    drain(engine)
    address = url_for("search.page", place=tree.county, q="服务站")
    seen = [href for page in "123" for href in results(client.get(f"{address}&page={page}"))]
    assert len(seen) == len(set(seen)) == PER_PAGE * 2 + 3
    assert client.get(f"{address}&page=2").select("//a[@rel='prev']")


@pytest.mark.parametrize(
    "parameters",
    [
        "q=%00", "q=" + "低" * 3000, "q=%F0%9F%98%80", "q=<script>alert(1)</script>", "q=%ff%fe",
        "q=低保&page=0", "q=低保&page=-1", "q=低保&page=99999999999", "q=低保&page=x",
        "q=低保&page=²", "q=低保&scope=everything", "q=低保&kind=nothing",
        "q=低保&q=x&scope=&kind=",
        "q='%20OR%201=1--", "q=\\", "q=%25", "q=" + "a" * 199,
    ],
)  # fmt: skip
def test_no_address_breaks_the_page(client, found, parameters):
    page = client.get(f"{url_for('search.page', place=found.village)}?{parameters}")
    assert not page.select("//main//script")
    assert found.sister_village.division_code not in " ".join(results(page))


def test_an_engine_that_is_down_leaves_a_page(client, engine, found):
    (engine.backend._folder / "CURRENT").unlink()
    page = client.get(url_for("search.page", place=found.village, q="低保"))
    assert "搜索正在维护" in page.text


def test_the_page_speaks_english_where_that_is_chosen(client, found):
    client.cookie("gk_lang", "en")
    page = client.get(url_for("search.page", place=found.village, q="低保"))
    assert "2 results, nearest first" in page.text


# The place and its chain, the county's words, the hits of a kind, what is recommended, whose pages.
MOST_STATEMENTS = 8


@pytest.mark.parametrize("number", [1, 10])
def test_a_page_asks_the_database_as_often_however_much_is_found(
    client, engine, found, organs, number
):
    for name in range(number):
        organs.add(found.village, f"停车场{name}", address="停车")
    drain(engine)
    address = url_for("search.page", place=found.village, q="停车")
    assert len(results(client.get(address))) == number
    statements = []

    def note(*args):
        statements.append(args[2])

    event.listen(db.engine, "before_cursor_execute", note)
    client.get(address)
    event.remove(db.engine, "before_cursor_execute", note)
    asked = [each for each in statements if "plugin_clock" not in each]
    assert len(asked) <= MOST_STATEMENTS, asked
