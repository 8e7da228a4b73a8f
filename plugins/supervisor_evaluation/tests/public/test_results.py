"""Published results for everybody: grades or grades and scores, and nothing of those too few."""

import io
import json

import openpyxl
import pytest
from sqlalchemy import delete, select

from core.sdk import OPERATOR, Context
from core.testing.pages import url_for
from plugins.supervisor_evaluation.models.campaign import (
    EvaluationAssignment,
    EvaluationScore,
    SubjectStatement,
)
from plugins.supervisor_evaluation.results.publishing import (
    PublishedCampaign,
    export_results,
    read_own,
    write_article,
)
from plugins.supervisor_evaluation.search import search_kind
from plugins.supervisor_evaluation.tests.results.scored import (
    FEW,
    LAST,
    add_people,
    add_scores,
    add_subject,
    make_campaign,
    make_scored,
    publish,
)

RESULTS = "plugin_supervisor_evaluation_results"
VIEWS = ("show", "data", "table", "sheet", "sheet_as_text")


@pytest.fixture
def campaign(own, county, tree):
    return publish(own, county, make_scored(own, county, tree))


def open_workbook(data):
    return str([list(sheet.values) for sheet in openpyxl.load_workbook(io.BytesIO(data))])


def read_public(client, campaign):
    """Return every public answer about results as text, by view: pages, data, files, feed."""
    places = {view: url_for(f"{RESULTS}.{view}", campaign.id) for view in VIEWS}
    places |= {view: url_for(f"{RESULTS}.{view}") for view in ("index", "feed")}
    answers = {view: client.get(place, allowed=(404,)) for view, place in places.items()}
    return {
        view: open_workbook(answer.data) if view == "sheet" else answer.data.decode()
        for view, answer in answers.items()
        if answer.status == 200
    }


def read_everything(client, session, county, campaign):
    """Return what anybody can see, and what leaves the office in any other way."""
    found = read_public(client, campaign)
    ctx = Context(session, county, OPERATOR)
    found["export"] = open_workbook(export_results(ctx, campaign))
    published = PublishedCampaign.read(campaign)
    found["article"] = write_article(published, 0)
    found["search"] = str(list(search_kind().load(session, [str(campaign.id)])))
    (few,) = [one for one in campaign.subjects if one.name == FEW]
    found["own"] = str(read_own(few))
    return {view: text.replace(campaign.sheet_digest, "") for view, text in found.items()}


def test_below_the_minimum_nothing_is_anywhere(client, own, county, campaign):
    """Whatever the few have answered, and however many they are, all answers are the same."""
    before = read_everything(client, own, county, campaign)
    assert set(before) >= {*VIEWS, "index", "feed", "export", "article", "search", "own"}
    (few,) = [one.id for one in campaign.subjects if one.name == FEW]
    works = own.scalars(
        select(EvaluationAssignment).where(EvaluationAssignment.subject_id == few)
    ).all()
    for work in works:
        own.execute(delete(EvaluationScore).where(EvaluationScore.assignment_id == work.id))
        own.expire_all()
        publish(own, county, campaign)
        assert without_moments(read_everything(client, own, county, campaign)) == without_moments(
            before
        )


def without_moments(found):
    """Leave the feed's moments of publication out."""
    lines = (
        line for line in found["feed"].split("<") if not line.startswith(("updated", "published"))
    )
    return found | {"feed": "<".join(lines)}


def test_who_is_unlisted_is_named_without_a_reason(client, campaign):
    for view, text in read_public(client, campaign).items():
        if view in {"show", "data"}:
            assert FEW in text
            assert LAST in text
        else:
            assert FEW not in text
            assert LAST not in text
        assert "60.00" not in text


def test_averages_are_of_the_published_alone(client, own, county, campaign):
    """The average of all, times their number, minus the others would be the lowest."""
    article = write_article(PublishedCampaign.read(campaign), 2)
    assert "86.67" in article
    assert "78.75" not in article
    assert "2 个单位" in article


def test_the_page_tells_groups_apart_and_no_places(client, campaign):
    page = client.get(url_for(f"{RESULTS}.show", campaign.id))
    assert page.text.index("县水务局") < page.text.index("东镇")
    assert "名次" not in page.text.replace("不公布名次", "")
    assert "民生" in page.text
    assert campaign.sheet_digest in page.text


def test_open_data_says_what_the_page_says(client, campaign):
    body = json.loads(client.get(url_for(f"{RESULTS}.data", campaign.id)).data)
    assert body["results"][0] == {
        "subject": "县民政局", "group": "department", "peer_group": "民生", "grade": "excellent",
        "score": 90.0, "rank": 1, "answers": 6,
        "indicators": {"公开及时": 9.0, "内容完整": 9.0, "通俗易懂": 9.0},
    }  # fmt: skip
    assert body["sheet_sha256"] == campaign.sheet_digest
    assert body["sheet"].endswith("sheet.xlsx")


def test_where_only_grades_are_published_no_answer_has_a_score(client, own, county, tree):
    campaign = publish(own, county, make_scored(own, county, tree, level="grades"))
    found = read_public(client, campaign)
    assert "sheet" not in found
    assert "sheet_as_text" not in found
    for text in found.values():
        assert "90.00" not in text
        assert "80.00" not in text
    assert "优秀" in found["show"]
    assert campaign.sheet_digest in found["show"]


@pytest.mark.parametrize("state", ["draft", "scoring", "reply", "cancelled"])
def test_before_publication_there_is_nothing(client, own, county, campaign, state):
    campaign.published_at, campaign.state = None, state
    own.commit()
    for view in VIEWS:
        client.get(url_for(f"{RESULTS}.{view}", campaign.id), status=404)
    assert campaign.title not in client.get(url_for(f"{RESULTS}.index")).text
    assert campaign.title not in client.get(url_for(f"{RESULTS}.feed")).data.decode()
    assert not list(search_kind().load(own, [str(campaign.id)]))


def test_results_are_the_places_own(client, tree, campaign):
    there = url_for(f"{RESULTS}.show", campaign.id, place=tree.town)
    client.get(there, status=404)


def test_years_are_compared_once_there_are_two(client, own, county, tree, campaign):
    assert "历年总分平均" not in client.get(url_for(f"{RESULTS}.index")).text
    earlier = make_campaign(own, county, year=2025, level="grades_and_scores")
    people = add_people(own, county, 5)
    for name, points in (("县民政局", 7), ("县水务局", 6)):
        add_scores(own, add_subject(own, earlier, name), people, *[points] * 5)
    publish(own, county, earlier)
    page = client.get(url_for(f"{RESULTS}.index")).text
    assert "历年总分平均" in page
    assert "合格 70.00" in page
    assert "60.00" not in page


def test_what_was_mended_and_accepted_replies_stand_on_the_page(client, own, county, campaign):
    said = {
        "县民政局": ("accepted", "补公开了救助名单", "今后按季公开"),
        "县水务局": ("submitted", "", "未审的说明"),
        LAST: ("accepted", "最后一名整改", "不服"),
    }
    for subject in campaign.subjects:
        if subject.name in said:
            state, mended, reply = said[subject.name]
            own.add(
                SubjectStatement(
                    tenant_id=county.id, subject_id=subject.id, reply=reply, reply_state=state,
                    mended=mended,
                )
            )  # fmt: skip
    own.commit()
    page = client.get(url_for(f"{RESULTS}.show", campaign.id)).text
    assert "补公开了救助名单" in page
    assert "今后按季公开" in page
    for hidden in ("未审的说明", "最后一名整改", "不服"):
        assert hidden not in page


def test_the_search_box_finds_results_with_grades(own, campaign):
    (document,) = search_kind().load(own, [str(campaign.id)])
    assert document.title == campaign.title
    assert "县民政局 优秀" in document.body
    assert list(search_kind().keys(own, campaign.tenant_id)) == [str(campaign.id)]


def test_no_public_answer_names_a_scorer(client, campaign):
    for text in read_public(client, campaign).values():
        for told in ("评议0号", "13800000", "理由"):
            assert told not in text
