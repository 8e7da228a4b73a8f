"""Citizens vote without an account: one voice for each office and device or ticket."""

import re
from datetime import timedelta

import pypdfium2
import pytest
from sqlalchemy import select

from core.clock import now
from core.db.scope import Scope, open_session
from core.testing.pages import url_for
from core.voting.models import VoteRemark, VoteTicket, WebBallot
from core.voting.pages import ballot
from tests.voting.votes import BALLOT, DESK, PUBLIC, make_vote


@pytest.fixture
def vote(own, tree, county):
    """A vote that is open, with its subjects loaded."""
    made = make_vote(own, tree.county)
    own.commit()
    return made


def at(vote, place=0):
    """The ballot of one subject."""
    return url_for(f"{PUBLIC}.form", vote.id, vote.subjects[place].id)


def load(model):
    """All rows of a table."""
    with open_session(Scope.platform("test")) as session:
        return list(session.scalars(select(model)))


def test_a_device_has_one_voice_for_each_office(client, vote):
    page = client.get(at(vote))
    assert "修路" in page.text
    client.post(at(vote), BALLOT | {"words": "请多公开低保名单"}, status=303)
    [stored] = load(WebBallot)
    assert stored.grades == {"a0": "yes", "a1": "no"}
    chosen = client.get(url_for(f"{PUBLIC}.choose", vote.id))
    assert "您对修路的评议已计入" in chosen.text
    assert "还有 1 个对象" in chosen.text
    client.post(at(vote), BALLOT | {"grade-a0": "no"}, status=303)
    assert "以第一次为准" in client.get(url_for(f"{PUBLIC}.choose", vote.id)).text
    assert client.get(at(vote), status=303)
    client.post(at(vote, 1), BALLOT, status=303)
    assert "您已全部评议" in client.get(url_for(f"{PUBLIC}.choose", vote.id)).text
    assert [ballot.grades["a0"] for ballot in load(WebBallot)] == ["yes"] * 2
    assert [remark.words for remark in load(VoteRemark)] == ["请多公开低保名单"]


def test_another_device_has_a_voice_of_its_own_and_neither_is_named(client, vote):
    for _device in range(3):
        client.get(at(vote))
        client.post(at(vote), BALLOT, status=303)
        client.forget()
    voters = [ballot.voter_digest for ballot in load(WebBallot)]
    assert len(set(voters)) == 3
    assert all(re.fullmatch("[0-9a-f]{64}", voter) for voter in voters)


def test_the_same_device_in_another_vote_cannot_be_recognised(client, vote, own, tree):
    other = make_vote(own, tree.county, year=2027)
    own.commit()
    for each in (vote, other):
        client.get(at(each))
        client.post(at(each), BALLOT, status=303)
    assert len({ballot.voter_digest for ballot in load(WebBallot)}) == 2


def test_what_is_missing_is_said_at_its_choices_and_nothing_is_lost(client, vote):
    typed = {"grade-a0": "yes", "words": "希望多开放日"}
    page = client.post(at(vote), typed, status=422)
    assert page.select("//*[@id='grade-a1-error']")
    assert page.select("//input[@name='grade-a0'][@checked]/@value") == ["yes"]
    assert "希望多开放日" in page.text
    client.post(at(vote), typed | {"grade-a1": "excellent"}, status=422)
    client.post(at(vote), BALLOT | {"words": "长" * 501}, status=422)
    assert load(WebBallot) == []


def test_a_lost_session_brings_the_ballot_back_filled_in(client, app, vote):
    app.config["WTF_CSRF_ENABLED"] = True
    sent = BALLOT | {"words": "会话过期也不能丢", "csrf_token": "old"}
    headers = {"Referer": f"http://localhost{at(vote)}", "Sec-Fetch-Site": "same-origin"}
    page = client.post(at(vote), sent, headers=headers, status=400)
    assert "会话过期也不能丢" in page.text
    assert page.select("//input[@name='grade-a1'][@checked]/@value") == ["no"]
    assert load(WebBallot) == []


def make_tickets(client, vote, count="12"):
    """Have the office print tickets; return their codes, as they stand on the sheets."""
    desk = url_for(f"{DESK}.show", vote.id)
    sent = client.post(f"{desk}tickets.pdf", {"count": count}, status=200)
    document = pypdfium2.PdfDocument(sent.data)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    return re.findall(r"\b([2-9A-Z]{5} [2-9A-Z]{5})\b", text)


def test_a_ticket_has_one_voice_for_each_office_on_whatever_device(
    client, county, own, tree, sign_in_as
):
    vote = make_vote(own, tree.county, by_ticket=True)
    own.commit()
    sign_in_as("officer", county)
    codes = make_tickets(client, vote)
    assert len(set(codes)) == 12
    kept = {ticket.code_digest for ticket in load(VoteTicket)}
    assert len(kept) == 12
    assert not kept & set(codes)
    client.sign_out()
    asked = client.get(url_for(f"{PUBLIC}.choose", vote.id))
    assert asked.select("//input[@name='ticket']")
    client.post(at(vote), BALLOT, status=422)
    client.get(url_for(f"{PUBLIC}.choose", vote.id, ticket="22222 22222"), status=422)
    for device in range(2):
        client.forget()
        chosen = client.get(url_for(f"{PUBLIC}.choose", vote.id, ticket=codes[0].lower()))
        assert ("已评议" in chosen.text) == bool(device)
        client.post(at(vote), BALLOT | {"ticket": codes[0]}, status=303)
    client.post(at(vote), BALLOT | {"ticket": codes[1]}, status=303)
    assert len(load(WebBallot)) == 2


def test_who_tries_codes_is_stopped_and_who_has_one_is_not_elsewhere(client, own, tree, county):
    vote = make_vote(own, tree.county, by_ticket=True)
    own.commit()
    for number in range(ballot.MOST_WRONG_TICKETS):
        client.get(url_for(f"{PUBLIC}.choose", vote.id, ticket=f"AAAAA{number}"), status=422)
    page = client.get(url_for(f"{PUBLIC}.choose", vote.id, ticket="BBBBB"), status=422)
    assert "十分钟后再试" in page.text


def test_a_flood_from_one_address_is_held_up_and_what_was_typed_stays(client, vote, monkeypatch):
    monkeypatch.setattr(ballot, "MOST_VOICES", 2)
    for _device in range(2):
        client.forget()
        client.post(at(vote), BALLOT, status=303)
    client.forget()
    page = client.post(at(vote), BALLOT | {"words": "再试一次"}, status=429)
    assert "十分钟后再试" in page.text
    assert "再试一次" in page.text
    assert len(load(WebBallot)) == 2


@pytest.mark.parametrize(
    "values",
    [
        {"opens_at": now() + timedelta(hours=1)},
        {"closes_at": now() - timedelta(hours=1)},
        {"state": "counting"},
        {"weights": {"meeting": 100}},
    ],
    ids=["early", "late", "counting", "no web"],
)
def test_no_voice_is_taken_while_the_web_is_not_open(client, own, tree, county, values):
    vote = make_vote(own, tree.county, **values)
    own.commit()
    assert client.get(at(vote), status=302).location.endswith(url_for(f"{PUBLIC}.show", vote.id))
    client.get(url_for(f"{PUBLIC}.choose", vote.id), status=302)
    client.post(at(vote), BALLOT, status=409)
    assert load(WebBallot) == []


def test_a_ballot_of_another_vote_or_a_draft_is_not_there(client, vote, own, tree):
    draft = make_vote(own, tree.county, state="draft")
    own.commit()
    client.get(url_for(f"{PUBLIC}.form", vote.id, draft.subjects[0].id), status=404)
    client.get(at(draft), status=404)
    client.post(at(draft), BALLOT, status=404)


def test_the_page_says_what_it_cannot_keep_away(client, vote):
    said = client.get(url_for(f"{PUBLIC}.choose", vote.id)).text
    assert "持有多台设备的人可能重复投票" in said
    assert "30 天后清除" in said
