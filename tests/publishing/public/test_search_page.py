"""The results page over publications: narrowed, ordered, completed, and never more than public."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from core.db.scope import Scope, open_session
from core.permissions import OPERATOR
from core.publishing.importing.importer import PublicationImport
from core.publishing.workflow.drafts import submit
from core.search.indexing.indexer import drain
from core.search.registry import search_engine
from core.testing.factories.publishing import withdraw
from core.testing.pages import url_for

VILLAGE, SISTER, COUNTY = "990111100201", "990111100202", "990111"
WORD = "路灯"


@pytest.fixture
def ask(client):
    """The results page for some parameters, after everything has been indexed."""
    search_engine().backend.ensure()

    def get(parameters=f"q={WORD}", code=VILLAGE):
        drain(search_engine())
        return client.get(f"{url_for('search.page', place=code)}?{parameters}")

    return get


@pytest.fixture
def suggested(client, ask):
    def get(typed, code=VILLAGE, scope=""):
        ask(code=code)
        page = client.get(url_for("search.suggestions", place=code, q=typed, scope=scope))
        return json.loads(page.data)["suggestions"]

    return get


def line(code, number, **more):
    text = {
        "id": f"{code}-{number}", "tenant": code, "body": "正文", "genre": "通知公告",
        "publisher": "办公室", "written_date": more["publish_date"],
    }  # fmt: skip
    return json.dumps(text | more, ensure_ascii=False)


def put(tree, *lines):
    """Publish as an import does, whatever the dates."""
    with open_session(Scope.platform("test")) as session:
        county = session.merge(tree.county)
        importer = PublicationImport(session, OPERATOR, county, approve=True)
        assert importer.run("\n".join(lines)).rejected == []


@pytest.fixture
def three(tree):
    """Three texts about lamps: the village's of two years, and the county's, which is repealed."""
    lines = (
        line(VILLAGE, 1, title="路灯安装决议", publish_date="2025-03-01"),
        line(VILLAGE, 2, title="村务公开", body="修了路灯。", publish_date="2026-03-01"),
        line(COUNTY, 3, title="路灯管理办法", publish_date="2024-03-01", status="废止"),
    )
    put(tree, *lines)


def titles(page):
    return [a.text_content() for a in page.select("//main//ol[contains(@class,'rows')]//a")]


def narrowing(page):
    """Facets offered beside the answers: heading → {label: (count, address)}."""
    found = {}
    for group in page.select("//aside//ul"):
        heading = page.select(f"//*[@id='{group.get('aria-labelledby')}']")[0].text_content()
        found[heading] = {
            li.xpath("a")[0].text_content(): (int(li.xpath("span")[0].text), li.xpath("a/@href")[0])
            for li in group.xpath("li")
        }
    return found


@pytest.mark.both_databases
def test_answers_are_counted_and_narrowed_by_year_level_and_validity(three, ask):
    groups = narrowing(ask())
    counts = {head: {k: n for k, (n, _) in values.items()} for head, values in groups.items()}
    assert counts["年份"] == {"2026": 1, "2025": 1, "2024": 1}
    assert counts["层级"] == {"县级": 1, "村级": 2}
    assert counts["有效性"] == {"有效": 2, "废止": 1}
    for values in groups.values():
        for number, address in values.values():
            assert len(titles(ask(urlsplit(address).query))) == number, address


def test_a_choice_is_shown_and_can_be_taken_back(three, ask):
    page = ask(f"q={WORD}&level=village&year=2025")
    assert titles(page) == ["路灯安装决议"]
    chips = page.select("//ul[contains(@class,'chips')]//a")
    assert [chip.text_content().split()[1] for chip in chips] == ["2025", "村级"]
    assert parse_qs(urlsplit(chips[0].get("href")).query) == {"q": [WORD], "level": ["village"]}


def test_repealed_documents_come_last_and_say_so(three, ask):
    page = ask()
    assert titles(page)[-1] == "路灯管理办法"
    assert "废止" in page.select("//main//ol/li")[-1].text_content()
    assert titles(ask(f"q={WORD}&sort=date"))[0] == "村务公开"


def test_titles_alone_can_be_searched(three, ask):
    assert titles(ask(f"q={WORD}&in=title")) == ["路灯安装决议", "路灯管理办法"]


def test_other_pages_and_sites_do_not_learn_what_was_asked(three, ask):
    page = ask()
    assert page.headers["Referrer-Policy"] == "no-referrer"
    links = page.select("//main//ol//a/@href")
    assert links
    assert all("?" not in link for link in links)


def test_what_is_typed_is_completed_with_titles(three, suggested):
    assert set(suggested("路灯")) == {"路灯安装决议", "路灯管理办法"}
    assert suggested("路灯", scope="own") == ["路灯安装决议"]
    assert suggested("ludeng")
    assert suggested("") == suggested("  ") == []


@pytest.fixture
def hidden(tree, village, make, make_public, people):
    """Texts about lamps that the village's citizens must not find."""
    make(village, title="路灯草稿")
    submit(village, people.clerk, make(village, title="路灯送审"))
    withdraw(village, people.clerk, make_public(village, title="路灯撤回"), "误发")
    village.commit()
    put(
        tree,
        line(SISTER, 1, title="路灯邻村", publish_date="2026-03-01"),
        line(VILLAGE, 2, title="名单", body="路灯户", publish_date="2020-03-01", publicity_days=5),
    )


@pytest.mark.both_databases
def test_what_is_not_public_here_is_not_found_counted_or_suggested(hidden, ask, suggested):
    page = ask()
    assert titles(page) == []
    assert narrowing(page) == {}
    assert suggested("路灯") == []
    assert titles(ask(code=SISTER)) == ["路灯邻村"]


def test_where_the_engine_is_down_titles_are_suggested_from_the_database(three, client, ask):
    ask()
    (search_engine().backend._folder / "CURRENT").unlink()
    page = client.get(url_for("search.suggestions", place=VILLAGE, q=WORD))
    assert json.loads(page.data) == {"suggestions": ["路灯安装决议", "路灯管理办法"]}
