"""Make public votes, and fill in ballots."""

import secrets
from datetime import timedelta

from core.clock import now, today
from core.voting.models import PublicVote, VoteSubject, WebBallot

#: The pages of citizens and of staff, as the sample plugin has them.
PUBLIC, DESK = "plugin_village_matters", "plugin_village_matters_desk"
WEIGHTS = {"meeting": 90, "web": 10}
ASPECTS = [{"key": "a0", "label": "现在就办"}, {"key": "a1", "label": "由村里出钱"}]
BALLOT = {"grade-a0": "yes", "grade-a1": "no"}


def make_vote(session, county, **values):
    """Make a vote of a county on two matters that are compared with none, open now."""
    plain = {
        "kind": "village_matters.matter", "year": 2026, "title": "2026年村务表决",
        "weights": WEIGHTS, "aspects": ASPECTS, "minimum": 3, "state": "open",
        "opens_at": now() - timedelta(days=1), "closes_at": now() + timedelta(days=1),
    }  # fmt: skip
    own = {"tenant_id": county.id}
    vote = PublicVote(**own, **plain | values)
    vote.subjects = [
        VoteSubject(**own, key="road", group="works", name="修路", position=0),
        VoteSubject(**own, key="chess", group="leisure", name="棋牌室", position=1),
    ]
    session.add(vote)
    session.flush()
    return vote


def add_web_ballots(session, subject, count, **grades):
    """Add so many voices of the web on a subject, each of another device."""
    session.add_all(
        WebBallot(
            tenant_id=subject.tenant_id,
            vote_id=subject.vote_id,
            subject_id=subject.id,
            voter_digest=secrets.token_hex(32),
            grades={"a0": "yes", "a1": "yes"} | grades,
            cast_on=today(),
        )
        for _number in range(count)
    )
    session.flush()
