"""Make public votes, and fill in ballots."""

import secrets
from datetime import timedelta

from core.sdk import Organ, today, utc_now
from plugins.supervisor_evaluation.domain.ballots import Grade
from plugins.supervisor_evaluation.models.voting import SocialVote, VoteSubject, WebBallot

WEIGHTS = {"meeting": 90, "web": 10}
ASPECTS = [{"key": "a0", "label": "公开及时"}, {"key": "a1", "label": "真实准确"}]
BALLOT = {"grade-a0": "satisfied", "grade-a1": "dissatisfied"}


def make_vote(session, tree, **values):
    """Make a vote on a department and a township of the county, open now."""
    now = utc_now()
    plain = {
        "year": 2026, "title": "2026年度政务公开社会评议", "weights": WEIGHTS, "aspects": ASPECTS,
        "minimum": 3, "state": "open", "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=1),
    }  # fmt: skip
    organ = session.query(Organ).filter_by(name="民政局").first()
    organ = organ or Organ(tenant_id=tree.county.id, name="民政局")
    session.add(organ)
    session.flush()
    vote = SocialVote(tenant_id=tree.county.id, **plain | values)
    own = {"tenant_id": tree.county.id}
    vote.subjects = [
        VoteSubject(**own, organ_id=organ.id, name="民政局", position=0),
        VoteSubject(**own, township_id=tree.town.id, name="东镇", position=1),
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
            grades={"a0": Grade.SATISFIED, "a1": Grade.SATISFIED} | grades,
            cast_on=today(),
        )
        for _number in range(count)
    )
    session.flush()
