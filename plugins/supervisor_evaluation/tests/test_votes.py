"""The yearly public evaluation (社会评议): what the law says of plan, grades and who is judged."""

import pytest

from core.sdk import Organ, Scope, open_session
from core.testing.kit import PublicVote
from core.testing.pages import url_for

DESK, PUBLIC = "plugin_supervisor_evaluation_vote_desk", "plugin_supervisor_evaluation_votes"


@pytest.fixture
def bureau(own, county):
    """A department of the county, and a body of villages that is none."""
    organ = Organ(tenant_id=county.id, name="民政局")
    own.add_all([organ, Organ(tenant_id=county.id, name="某村务监督委员会", kind="supervision")])
    own.commit()
    return organ


@pytest.fixture
def plan(tree, bureau):
    """A plan as the office types it."""
    return {
        "year": "2026", "title": "2026年度社会评议", "opens_at": "2026-11-01T00:00",
        "closes_at": "2099-12-31T18:00", "meeting": "90", "web": "10", "minimum": "5",
        "aspects": "公开及时\n真实准确",
        "subjects": [f"organ-{bureau.id}", f"township-{tree.town.id}"],
    }  # fmt: skip


@pytest.fixture
def officer(client, county, sign_in_as):
    """The officer of the county, signed in."""
    sign_in_as("officer", county)
    return client


def load_votes():
    """All votes that are stored, with the names and groups of who is judged."""
    with open_session(Scope.platform("test")) as session:
        votes = session.query(PublicVote).all()
        return [(vote, [(each.name, each.group) for each in vote.subjects]) for vote in votes]


def send(client, plan, status=302):
    """Send a new plan."""
    return client.post(url_for(f"{DESK}.create"), plan, status=status)


def test_a_new_plan_has_seven_aspects_and_the_web_weighs_ten_percent(officer):
    form = officer.get(url_for(f"{DESK}.new"))
    [aspects] = form.select("//textarea[@name='aspects']")
    assert len(aspects.text.split()) == 7
    assert form.select("//input[@name='web']/@value") == ["10"]


def test_the_web_weighs_more_with_a_reason_only_which_everybody_sees(officer, plan):
    more = plan | {"meeting": "70", "web": "30"}
    page = send(officer, more | {"weight_reason": " "}, status=422)
    assert page.select("//*[@id='weight_reason-error']")
    send(officer, more | {"weight_reason": "山区群众难以到会"})
    [(vote, judged)] = load_votes()
    assert judged == [("民政局", "department"), ("东镇", "township")]
    desk = url_for(f"{DESK}.show", vote.id)
    officer.post(f"{desk}step/", {"step": "open", "version": str(vote.version)})
    public = officer.get(url_for(f"{PUBLIC}.show", vote.id)).text
    assert "山区群众难以到会" in public
    assert "网上评议 30 %" in public


def test_villages_their_bodies_and_other_counties_are_never_judged(officer, plan, tree):
    offered = set(officer.get(url_for(f"{DESK}.new")).select("//input[@name='subjects']/@value"))
    assert offered == {*plan["subjects"], f"township-{tree.sister_town.id}"}
    for wrong in (tree.village, tree.other_town):
        chosen = [*plan["subjects"], f"township-{wrong.id}"]
        send(officer, plan | {"subjects": chosen}, status=422)
    assert load_votes() == []


def test_a_citizen_answers_by_three_grades_or_does_not_know(officer, plan):
    send(officer, plan)
    [(vote, _judged)] = load_votes()
    desk = url_for(f"{DESK}.show", vote.id)
    officer.post(f"{desk}step/", {"step": "open", "version": str(vote.version)})
    ballot = officer.get(url_for(f"{PUBLIC}.form", vote.id, vote.subjects[0].id))
    assert ballot.select("//input[@name='grade-a0']/@value") == [
        "satisfied", "mostly", "dissatisfied", "dont_know"
    ]  # fmt: skip
    assert vote.title in officer.get(url_for("plugin_supervisor_evaluation.index")).text
