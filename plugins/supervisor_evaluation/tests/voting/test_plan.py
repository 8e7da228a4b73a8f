"""The plan of a public vote is drawn up beforehand, by the rules, and then stays as it is."""

from datetime import timedelta

import pypdfium2
import pytest

from core.sdk import Organ, Scope, open_session, utc_now
from core.testing.pages import url_for
from plugins.supervisor_evaluation.models.voting import SocialVote
from plugins.supervisor_evaluation.tests.voting.votes import make_vote


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
        "year": "2026", "title": "2026年度社会评议", "opens_at": "2026-12-01T00:00",
        "closes_at": "2099-12-31T18:00", "meeting": "90", "web": "10", "minimum": "5",
        "aspects": "公开及时\n真实准确",
        "subjects": [f"organ-{bureau.id}", f"township-{tree.town.id}"],
    }  # fmt: skip


@pytest.fixture
def officer(county, sign_in_as):
    """The officer of the county, signed in."""
    return sign_in_as("officer", county)


def load_votes():
    """All votes that are stored."""
    with open_session(Scope.platform("test")) as session:
        votes = session.query(SocialVote).all()
        return [(vote, [subject.name for subject in vote.subjects]) for vote in votes]


def post_new(client, plan, status=302):
    """Send a new plan."""
    return client.post(url_for("plugin_supervisor_evaluation_vote_desk.create"), plan,
                       status=status)  # fmt: skip


def test_a_vote_is_planned_opened_and_then_fixed(client, county, plan, sign_in_as):
    sign_in_as("officer", county)
    number = int(post_new(client, plan).location.rstrip("/").rpartition("/")[2])
    desk = url_for("plugin_supervisor_evaluation_vote_desk.show", number)
    public = url_for("plugin_supervisor_evaluation_votes.show", number)
    client.get(public, status=404)
    [(vote, names)] = load_votes()
    assert (vote.weights, names) == ({"meeting": 90, "web": 10}, ["民政局", "东镇"])
    client.post(f"{desk}step/", {"step": "open", "version": str(vote.version)})
    assert "评议会 90 %" in client.get(public).text
    page = client.post(f"{desk}plan/", plan | {"version": str(vote.version + 1), "web": "5"},
                       status=409)  # fmt: skip
    assert "不能再改" in page.text
    client.post(f"{desk}step/", {"step": "close", "version": str(vote.version + 1)}, status=409)
    [(vote, _names)] = load_votes()
    assert (vote.state, vote.weights) == ("open", {"meeting": 90, "web": 10})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"meeting": "80", "web": "20"}, "weight_reason"),
        ({"meeting": "80"}, "weights"),
        ({"meeting": "", "web": ""}, "weights"),
        ({"minimum": "2"}, "minimum"),
        ({"closes_at": "2026-11-30T00:00"}, "closes_at"),
        ({"aspects": " "}, "aspects"),
        ({"aspects": "过长的评议方面名称印不到票面上所以不能保存它" + "字" * 9}, "aspects"),
        ({"subjects": []}, "subjects"),
    ],
)  # fmt: skip
def test_a_plan_against_the_rules_is_refused_at_its_field(officer, client, plan, changes, field):
    page = post_new(client, plan | changes, status=422)
    assert page.select(f"//*[@id='{field}-error']")
    assert page.select("//input[@name='title']/@value") == [plan["title"]]
    assert load_votes() == []


def test_villages_and_their_bodies_are_never_judged(client, county, plan, tree, sign_in_as):
    sign_in_as("officer", county)
    form = client.get(url_for("plugin_supervisor_evaluation_vote_desk.new"))
    offered = set(form.select("//input[@name='subjects']/@value"))
    assert offered == {*plan["subjects"], f"township-{tree.sister_town.id}"}
    for wrong in (tree.village, tree.other_town):
        chosen = [*plan["subjects"], f"township-{wrong.id}"]
        post_new(client, plan | {"subjects": chosen}, status=422)
    assert load_votes() == []


def test_more_weight_for_the_web_needs_a_reason_which_everybody_sees(
    client, county, plan, sign_in_as
):
    sign_in_as("officer", county)
    reason = {"meeting": "70", "web": "30", "weight_reason": "山区群众难以到会"}
    post_new(client, plan | reason)
    [(vote, _names)] = load_votes()
    desk = url_for("plugin_supervisor_evaluation_vote_desk.show", vote.id)
    client.post(f"{desk}step/", {"step": "open", "version": str(vote.version)})
    public = client.get(url_for("plugin_supervisor_evaluation_votes.show", vote.id))
    assert "山区群众难以到会" in public.text
    assert "网上评议 30 %" in public.text


def test_ballots_and_poster_are_printed(client, county, own, tree, sign_in_as):
    vote = make_vote(own, tree)
    own.commit()
    sign_in_as("officer", county)
    desk = url_for("plugin_supervisor_evaluation_vote_desk.show", vote.id)
    ballots = pypdfium2.PdfDocument(client.get(f"{desk}ballots.pdf").data)
    text = "".join(page.get_textpage().get_text_range() for page in ballots)
    assert (len(ballots), round(ballots[0].get_height())) == (1, 842)
    for said in ("民政局", "东镇", "公开及时", "真实准确", "不了解", "基本满意"):
        assert said in text, said
    poster = pypdfium2.PdfDocument(client.get(f"{desk}poster.pdf").data)
    assert "/vote/" in poster[0].get_textpage().get_text_range()


def test_a_draft_is_deleted_and_an_open_vote_stays(client, county, own, tree, sign_in_as):
    draft, running = (make_vote(own, tree, state=state) for state in ("draft", "open"))
    own.commit()
    sign_in_as("officer", county)
    for vote, status in ((draft, 302), (running, 409)):
        desk = url_for("plugin_supervisor_evaluation_vote_desk.show", vote.id)
        client.post(f"{desk}delete/", {"version": str(vote.version)}, status=status)
    assert [vote.state for vote, _names in load_votes()] == ["open"]


def test_a_vote_that_would_be_over_is_not_opened(client, county, own, tree, sign_in_as):
    past = utc_now() - timedelta(hours=1)
    vote = make_vote(own, tree, state="draft", closes_at=past)
    own.commit()
    sign_in_as("officer", county)
    desk = url_for("plugin_supervisor_evaluation_vote_desk.show", vote.id)
    page = client.post(f"{desk}step/", {"step": "open", "version": "1"}, status=409)
    assert "结束时间已过" in page.text
