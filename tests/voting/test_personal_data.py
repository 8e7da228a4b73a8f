"""What a vote keeps about voters ends; the voices, and the record of the paper, stay."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.clock import now, today
from core.db.scope import Scope, open_session
from core.testing.kit import erase_due, list_personal_fields
from core.voting.models import VoteRemark, VoteTicket, WebBallot
from tests.voting.votes import add_web_ballots, make_vote


def load(model):
    """All rows of a table."""
    with open_session(Scope.platform("test")) as session:
        return list(session.scalars(select(model)))


@pytest.mark.both_databases
@pytest.mark.parametrize(("days", "is_over"), [(29, False), (31, True)])
def test_digests_go_a_month_after_the_vote_and_voices_stay(own, tree, county, days, is_over):
    end = now() - timedelta(days=days)
    vote = make_vote(own, tree.county, opens_at=end - timedelta(days=9), closes_at=end)
    add_web_ballots(own, vote.subjects[0], 4)
    own.add(VoteTicket(tenant_id=county.id, vote_id=vote.id, code_digest="0" * 64))
    own.commit()
    assert bool(list(erase_due())) == is_over
    ballots = load(WebBallot)
    assert len(ballots) == 4
    assert all(ballot.grades for ballot in ballots)
    assert {ballot.voter_digest is None for ballot in ballots} == {is_over}
    assert (load(VoteTicket) == []) == is_over


@pytest.mark.both_databases
def test_words_that_were_not_let_through_go_after_a_year(own, tree, county):
    vote = make_vote(own, tree.county)
    for state, days in (("waiting", 366), ("refused", 366), ("refused", 300), ("shown", 366)):
        own.add(VoteRemark(
            tenant_id=county.id, vote_id=vote.id, subject_id=vote.subjects[0].id,
            words=f"{state} {days}", state=state, sent_on=today() - timedelta(days=days),
        ))  # fmt: skip
    own.commit()
    assert sum(erased.rows for erased in erase_due()) == 2
    assert {remark.words for remark in load(VoteRemark)} == {"refused 300", "shown 366"}


def test_what_is_kept_of_people_is_declared(app):
    del app
    declared = {str(field) for _feature, field in list_personal_fields()}
    kept = ("ballot.voter_digest", "ticket.code_digest", "record.tellers", "remark.words")
    assert {f"vote_{each}" for each in kept} <= declared
