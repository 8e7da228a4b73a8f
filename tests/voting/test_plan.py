"""The plan of a vote is drawn up beforehand, by the rules of its kind, and stays as it is."""

from datetime import timedelta

import pypdfium2
import pytest

from core.clock import now
from core.db.scope import Scope, open_session
from core.testing.pages import url_for
from core.voting.models import PublicVote
from tests.voting.votes import DESK, PUBLIC, make_vote

#: A plan as the office types it.
PLAN = {
    "year": "2026", "title": "2026年村务表决", "opens_at": "2026-12-01T00:00",
    "closes_at": "2099-12-31T18:00", "meeting": "90", "web": "10", "minimum": "5",
    "aspects": "现在就办\n由村里出钱", "subjects": ["road", "chess"],
}  # fmt: skip


@pytest.fixture
def officer(county, sign_in_as):
    """The officer of the county, signed in."""
    return sign_in_as("officer", county)


def load_votes():
    """All votes that are stored."""
    with open_session(Scope.platform("test")) as session:
        votes = session.query(PublicVote).all()
        return [(vote, [subject.name for subject in vote.subjects]) for vote in votes]


def post_new(client, plan, status=302):
    """Send a new plan."""
    return client.post(url_for(f"{DESK}.create"), plan, status=status)


def test_a_vote_is_planned_opened_and_then_fixed(client, county, sign_in_as):
    sign_in_as("officer", county)
    number = int(post_new(client, PLAN).location.rstrip("/").rpartition("/")[2])
    desk = url_for(f"{DESK}.show", number)
    public = url_for(f"{PUBLIC}.show", number)
    client.get(public, status=404)
    [(vote, names)] = load_votes()
    assert (vote.weights, names) == ({"meeting": 90, "web": 10}, ["修路", "棋牌室"])
    client.post(f"{desk}step/", {"step": "open", "version": str(vote.version)})
    assert "村民会议 90 %" in client.get(public).text
    page = client.post(f"{desk}plan/", PLAN | {"version": str(vote.version + 1), "web": "5"},
                       status=409)  # fmt: skip
    assert "不能再改" in page.text
    client.post(f"{desk}step/", {"step": "close", "version": str(vote.version + 1)}, status=409)
    [(vote, _names)] = load_votes()
    assert (vote.state, vote.weights) == ("open", {"meeting": 90, "web": 10})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"meeting": "49", "web": "51"}, "weight_reason"),
        ({"meeting": "80"}, "weights"),
        ({"meeting": "", "web": ""}, "weights"),
        ({"minimum": "2"}, "minimum"),
        ({"closes_at": "2026-11-30T00:00"}, "closes_at"),
        ({"aspects": " "}, "aspects"),
        ({"aspects": "过长的评议方面名称印不到票面上所以不能保存它" + "字" * 9}, "aspects"),
        ({"subjects": []}, "subjects"),
    ],
)  # fmt: skip
def test_a_plan_against_the_rules_is_refused_at_its_field(officer, client, changes, field):
    page = post_new(client, PLAN | changes, status=422)
    assert page.select(f"//*[@id='{field}-error']")
    assert page.select("//input[@name='title']/@value") == [PLAN["title"]]
    assert load_votes() == []


def test_only_what_the_feature_offers_can_be_judged(client, county, sign_in_as):
    sign_in_as("officer", county)
    form = client.get(url_for(f"{DESK}.new"))
    assert form.select("//input[@name='subjects']/@value") == ["road", "well", "chess"]
    assert form.select("//input[@name='web']/@value") == ["40"]
    post_new(client, PLAN | {"subjects": ["road", "bridge"]}, status=422)
    assert load_votes() == []


def test_more_weight_for_the_web_needs_a_reason_which_everybody_sees(client, county, sign_in_as):
    sign_in_as("officer", county)
    reason = {"meeting": "40", "web": "60", "weight_reason": "在外务工的人多"}
    post_new(client, PLAN | reason)
    [(vote, _names)] = load_votes()
    desk = url_for(f"{DESK}.show", vote.id)
    client.post(f"{desk}step/", {"step": "open", "version": str(vote.version)})
    public = client.get(url_for(f"{PUBLIC}.show", vote.id))
    assert "在外务工的人多" in public.text
    assert "网上表决 60 %" in public.text


def test_ballots_and_poster_are_printed(client, county, own, tree, sign_in_as):
    vote = make_vote(own, tree.county)
    own.commit()
    sign_in_as("officer", county)
    desk = url_for(f"{DESK}.show", vote.id)
    ballots = pypdfium2.PdfDocument(client.get(f"{desk}ballots.pdf").data)
    text = "".join(page.get_textpage().get_text_range() for page in ballots)
    assert (len(ballots), round(ballots[0].get_height())) == (1, 842)
    for said in ("修路", "棋牌室", "现在就办", "由村里出钱", "弃权", "同意"):
        assert said in text, said
    poster = pypdfium2.PdfDocument(client.get(f"{desk}poster.pdf").data)
    assert "/vote/" in poster[0].get_textpage().get_text_range()


def test_a_draft_is_deleted_and_an_open_vote_stays(client, county, own, tree, sign_in_as):
    draft, running = (make_vote(own, tree.county, state=state) for state in ("draft", "open"))
    own.commit()
    sign_in_as("officer", county)
    for vote, status in ((draft, 302), (running, 409)):
        desk = url_for(f"{DESK}.show", vote.id)
        client.post(f"{desk}delete/", {"version": str(vote.version)}, status=status)
    assert [vote.state for vote, _names in load_votes()] == ["open"]


def test_a_vote_that_would_be_over_is_not_opened(client, county, own, tree, sign_in_as):
    past = now() - timedelta(hours=1)
    vote = make_vote(own, tree.county, state="draft", closes_at=past)
    own.commit()
    sign_in_as("officer", county)
    desk = url_for(f"{DESK}.show", vote.id)
    page = client.post(f"{desk}step/", {"step": "open", "version": "1"}, status=409)
    assert "结束时间已过" in page.text
