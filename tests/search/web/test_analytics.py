"""What a county learns from its search box, and what it does with it on the staff's pages."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.clock import today
from core.db.scope import Scope, open_session
from core.permissions import Role
from core.search.analytics.counters import event_counters
from core.search.analytics.reports import click_measure, delete_expired, first_of_month
from core.search.indexing.indexer import drain
from core.search.models import FailedQueryCount, SearchCount, SearchPromotion
from core.search.web import views
from core.testing.factories.people import create_person
from core.testing.pages import url_for


@pytest.fixture
def boxes(engine, tree, organs):
    organs.add(tree.county, "县民政局", address="办理低保")
    organs.add(tree.village, "村便民服务点", address="代办低保")
    drain(engine)
    return tree


@pytest.fixture
def ask(client, boxes):
    """Ask from an address at the village."""

    def run(words, address="10.0.0.1", **more):
        path = url_for("search.page", place=boxes.village, q=words, **more)
        return client.get(path, environ_overrides={"REMOTE_ADDR": address})

    return run


@pytest.fixture
def officer(client, tree):
    create_person("officer", Role.OFFICER, tree.county)
    client.sign_in("officer")
    return client


def addresses(count):
    """Addresses of so many different corners."""
    from core.search.analytics.anonymity import address_bucket

    held, found = event_counters(), {}
    for number in range(1, 250):
        address = f"10.0.1.{number}"
        found.setdefault(address_bucket(address, held._secret, first_of_month(today())), address)
    return list(found.values())[:count]


def rows(model):
    with open_session(Scope.platform("test")) as session:
        return list(session.scalars(select(model).order_by(model.id)))


def counts():
    return {row.measure: row.number for row in rows(SearchCount)}


@pytest.mark.both_databases
def test_questions_are_counted_for_the_county_by_month(ask, boxes):
    ask("低保")
    ask("低保")
    ask("滑雪场")
    ask("低保", page=2)
    ask("低保", kind="organ")
    assert counts() == {"asked": 3, "empty": 1}
    assert {(row.tenant_id, row.month) for row in rows(SearchCount)} == {
        (boxes.county.id, first_of_month(today()))
    }


@pytest.mark.both_databases
def test_words_are_kept_once_three_different_people_have_asked(ask):
    one, two, three = addresses(3)
    for address in (one, one, one, two):
        ask("滑雪场", address)
    assert [(row.words, row.in_vain) for row in rows(FailedQueryCount)] == [(None, 4)]
    ask("滑雪场", three)
    assert [(row.words, row.in_vain) for row in rows(FailedQueryCount)] == [("滑雪场", 5)]


def test_nothing_of_a_person_is_stored(ask, app):
    for address in addresses(3):
        ask("张伟低保", address)
        ask("滑雪场 13800138000", address)
    assert rows(FailedQueryCount) == []
    for address in addresses(3):
        ask("滑雪场", address)
    stored = json.dumps([str(vars(row)) for row in (*rows(FailedQueryCount), *rows(SearchCount))])
    assert not any(address in stored for address in addresses(3))


def test_clicks_are_counted_by_place_and_by_nothing_else(client, boxes):
    path = url_for("search.opened", place=boxes.village)
    for place in ("1", "1", "3", "10", "11", "400", "answer", "promoted"):
        client.post(path, {"place": place}, status=204)
    for place in ("0", "-1", "x", "", "99999", "²"):
        client.post(path, {"place": place}, status=204)
    client.post(path, {"place": "1"}, status=204, headers={"Sec-Fetch-Site": "cross-site"})
    assert counts() == {
        "click:1": 2, "click:3": 1, "click:10": 1, "click:more": 2, "click:answer": 1,
        "click:promoted": 1,
    }  # fmt: skip
    assert click_measure("007") == "click:7"


def test_counting_needs_no_token_and_sets_no_cookie(app, boxes):
    app.config["WTF_CSRF_ENABLED"] = True
    path = url_for("search.opened", place=boxes.village)
    response = app.test_client().post(path, data={"place": "1"})
    assert (response.status_code, response.headers.getlist("Set-Cookie")) == (204, [])


def test_results_say_their_place_and_links_say_nothing(ask):
    page = ask("低保")
    links = page.select("//main//ol//a[@data-place]")
    assert [link.get("data-place") for link in links] == ["1", "2"]
    assert all("?" not in link.get("href") for link in links)
    assert page.select("//main//ol/@data-opened")


@pytest.mark.both_databases
def test_a_question_in_vain_becomes_a_synonym_with_one_click(ask, officer, boxes):
    for address in addresses(3):
        ask("吃皇粮", address)
    console = url_for("search_console.wishes", place=boxes.county)
    page = officer.get(console)
    assert "吃皇粮" in page.text
    form = page.select("//form[contains(@class,'wish')]")[0]
    word = form.xpath(".//input[@name='word']/@value")[0]
    officer.post(form.get("action"), {"word": word, "other": "低保"})
    assert "已有同义词" in officer.get(console).text
    assert len(ask("吃皇粮").select("//main//ol[contains(@class,'rows')]/li")) == 2
    [removal] = officer.get(console).select("//form[contains(@action,'/remove/')]/@action")
    officer.post(removal)
    assert ask("吃皇粮").select("//main//ol[contains(@class,'rows')]/li") == []


def test_a_wrong_word_is_said_at_its_row_and_stays_typed(ask, officer, boxes):
    for address in addresses(3):
        ask("吃皇粮", address)
    action = url_for("search_console.add", place=boxes.county)
    page = officer.post(action, {"word": "吃皇粮", "other": "低 保"}, status=422)
    assert page.select("//input[@name='other']/@value") == ["低 保"]
    assert page.select("//*[@role='alert']")


def test_the_page_names_how_many_questions_it_does_not_show(ask, officer, boxes):
    ask("滑雪场")
    page = officer.get(url_for("search_console.wishes", place=boxes.county, month="x"))
    assert "滑雪场" not in page.text
    assert "另有 1 个搜索词" in page.text


def test_the_pages_belong_to_the_county_and_its_officers(client, officer, boxes):
    for page in ("search_console.wishes", "search_console.promotions"):
        officer.get(url_for(page, place=boxes.town), status=404)
        officer.get(url_for(page, place=boxes.other_county), status=403)
    officer.post(
        url_for("search_console.add", place=boxes.town), {"word": "甲乙", "other": "丙丁"},
        status=404,
    )  # fmt: skip
    client.sign_out()
    client.get(url_for("search_console.wishes", place=boxes.county), status=302)


@pytest.fixture
def recommend(officer, boxes):
    """Recommend the first document that is found, as the office does."""

    def run(status=302, **more):
        path = url_for("search_console.recommend", place=boxes.county)
        page = officer.get(url_for("search_console.promotions", place=boxes.county, find="民政局"))
        document = page.select("//input[@name='document']/@value")[0]
        form = {
            "find": "民政局", "document": document, "words": "看病报销",
            "starts_on": today().isoformat(), "ends_on": today().isoformat(),
        }  # fmt: skip
        return officer.post(path, form | more, status=status)

    return run


@pytest.mark.both_databases
def test_a_promoted_document_comes_first_and_is_marked(recommend, ask):
    recommend()
    [first] = ask("看病报销怎么办").select("//main//ol[contains(@class,'rows')]/li")
    assert "推荐" in first.text_content()
    assert "县民政局" in first.text_content()
    assert first.xpath(".//a/@data-place") == ["promoted"]
    assert "推荐" not in ask("低保").select("//main//ol")[0].text_content()


def test_a_recommended_document_stands_once(recommend, ask):
    recommend(words="低保")
    found = ask("低保").select("//main//ol[contains(@class,'rows')]/li")
    assert len(found) == 2
    assert "推荐" in found[0].text_content()


def test_recommendations_hold_from_their_first_day_to_their_last(recommend, ask):
    later = (today() + timedelta(days=3)).isoformat()
    recommend(starts_on=later, ends_on=later)
    assert ask("看病报销").select("//main//ol[contains(@class,'rows')]/li") == []


def test_a_deleted_document_is_no_longer_promoted(recommend, ask, boxes, organs):
    recommend()
    [row] = rows(SearchPromotion)
    organs.remove(boxes.county, row.document.partition("-")[2])
    assert ask("看病报销").select("//main//ol[contains(@class,'rows')]/li") == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("words", "x"), ("starts_on", "gestern"), ("ends_on", ""), ("ends_on", "2020-01-01"),
        ("ends_on", "2999-01-01"), ("document", "organ-999"),
    ],
)  # fmt: skip
def test_a_wrong_recommendation_is_said_at_the_field(recommend, field, value):
    page = recommend(422, **{field: value})
    assert page.select(f"//*[@id='{field}-error']")
    assert rows(SearchPromotion) == []


def test_a_recommendation_can_be_taken_back(recommend, officer, ask, boxes):
    recommend()
    path = url_for("search_console.promotions", place=boxes.county)
    [end] = officer.get(path).select("//form[contains(@action,'/end/')]/@action")
    officer.post(end)
    assert rows(SearchPromotion) == []
    officer.post(end, status=404)


@pytest.mark.both_databases
def test_statistics_are_forgotten_in_time(boxes, platform):
    now = date(2026, 11, 15)
    county = boxes.county.id
    for month in (date(2024, 11, 1), date(2024, 12, 1), date(2026, 10, 1), date(2026, 11, 1)):
        platform.add(SearchCount(tenant_id=county, month=month, measure="asked", number=1))
        platform.add(FailedQueryCount(tenant_id=county, month=month, digest=f"{month}", words=None))
    platform.add(
        FailedQueryCount(tenant_id=county, month=date(2026, 10, 1), digest="x", words="滑雪")
    )
    platform.flush()
    delete_expired(platform, now)
    platform.commit()
    assert [row.month for row in rows(SearchCount)] == [
        date(2024, 12, 1), date(2026, 10, 1), date(2026, 11, 1),
    ]  # fmt: skip
    assert [(row.month.month, row.words) for row in rows(FailedQueryCount)] == [
        (11, None),
        (10, "滑雪"),
    ]


def test_counts_of_several_processes_add_up(app, boxes):
    from core.search.analytics.counters import EventCounters

    month = first_of_month(today())
    for _process in range(3):
        held = EventCounters("secret")
        held.count(boxes.county.id, month, "asked")
        held.count_failed(boxes.county.id, month, "滑雪场", "10.0.0.1", partly=True)
        held.flush()
    assert counts() == {"asked": 3}
    assert [(row.partly, row.in_vain) for row in rows(FailedQueryCount)] == [(3, 0)]


def test_nobody_counts_without_limit(client, boxes, monkeypatch):
    monkeypatch.setattr(views, "MOST_OPENED", 3)
    path = f"/{boxes.village.division_code}/search/opened/"
    for _ in range(5):
        client.post(path, {"place": "1"}, status=204)
    assert counts() == {"click:1": 3}
