"""Steps of a review: what is a plan, who takes each, and what a signed form may do (N3, N22)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core.clock import today
from core.db.engine import db
from core.errors import Conflict, Forbidden, Invalid
from core.publishing.models import Review
from core.publishing.rules import PublicationState
from core.publishing.workflow.drafts import submit
from core.publishing.workflow.review import SignedForm, pass_by_form, pass_review
from core.publishing.workflow.review_plan import load_steps
from core.publishing.workflow.review_steps import (
    COMMITTEE,
    PlanFault,
    ReviewStep,
    TakenBy,
    find_plan_fault,
    read_steps,
    steps_at,
    to_stored,
)

FIRST = ReviewStep("初审", TakenBy.ACCOUNT)
LEADER = ReviewStep("分管领导签发", TakenBy.FORM)
FORM = SignedForm("李主任", date(2026, 4, 11), "a" * 64, "image/jpeg")

STEP = st.builds(
    ReviewStep,
    name=st.text("初审复终签", max_size=6),
    taken_by=st.sampled_from(TakenBy),
    is_committee=st.booleans(),
)


@given(st.lists(STEP, max_size=6))
def test_what_is_stored_is_read_back_or_is_no_plan(steps):
    read = read_steps({"review_plan": to_stored(steps)})
    assert read == (() if find_plan_fault(steps) else tuple(steps))


@given(st.lists(STEP, max_size=6))
def test_a_plan_has_one_to_three_steps_and_one_by_account(steps):
    own = [step for step in steps if not step.is_committee]
    is_plan = 1 <= len(own) <= 3 and all(step.name for step in own)
    is_plan = is_plan and any(step.takes_account for step in own)
    assert (find_plan_fault(steps) is None) == is_plan


@pytest.mark.parametrize(
    "stored", [{}, {"review_plan": "x"}, {"review_plan": [1]}, {"review_steps": 9}]
)
def test_what_is_no_plan_sets_nothing(stored):
    assert read_steps(stored) == ()


def test_the_committee_reviews_at_villages_alone():
    assert steps_at([COMMITTEE, FIRST], "village") == (COMMITTEE, FIRST)
    assert steps_at([COMMITTEE, FIRST], "township") == (FIRST,)
    assert find_plan_fault([COMMITTEE]) == PlanFault.NONE


@pytest.fixture
def plan(village, tree):
    """Set the county's steps."""

    def set_steps(*steps):
        county = village.get_one(type(tree.village), tree.county.id)
        county.profile = {"review_plan": to_stored(steps)}
        village.flush()

    return set_steps


@pytest.mark.both_databases
def test_a_leader_signs_on_paper(village, plan, make, people, checked):
    plan(FIRST, LEADER)
    publication = make(village)
    submit(village, people.clerk, publication)
    with pytest.raises(Conflict):
        pass_by_form(village, people.clerk, publication, FORM)
    pass_review(village, people.reviewer, publication, checked)
    assert publication.review_step == 2
    with pytest.raises(Conflict):
        pass_review(village, people.officer, publication, checked)
    pass_by_form(village, people.clerk, publication, FORM)
    assert publication.state == PublicationState.PUBLISHED
    signed = village.scalars(select(Review).order_by(Review.id.desc())).first()
    assert (signed.reviewer_name, signed.step_name, signed.reviewer_id, signed.recorded_by) == (
        "李主任", "分管领导签发", None, people.clerk.name,
    )  # fmt: skip


@pytest.mark.both_databases
def test_forms_alone_publish_nothing(village, plan, make, people):
    """Below the program, too: whoever writes could send scans of their own."""
    plan(FIRST)
    publication = make(village)
    submit(village, people.clerk, publication)
    village.commit()
    statement = text(
        "INSERT INTO publication_review (publication_id, tenant_id, revision, step, step_name, "
        "taken_by, reviewer_name, signed_on, scan_sha256, recorded_by, outcome, comment, checks, "
        "at) VALUES (:id, :tenant, 1, 1, '', 'form', '李主任', '2026-04-11', :scan, '', 'pass', "
        "'', '{}', '2026-04-11 00:00:00+00:00')"
    )
    values = {"id": publication.id, "tenant": publication.tenant_id}
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(statement, values | {"scan": None})
    with db.engine.begin() as connection:
        connection.execute(statement, values | {"scan": "a" * 64})
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(text("UPDATE publication SET state = 'approved' WHERE id = :id"), values)


def test_whoever_wrote_it_does_not_sign(village, plan, make, people):
    plan(LEADER, FIRST)
    publication = make(village)
    submit(village, people.clerk, publication)
    own = SignedForm(people.clerk.name, today(), "a" * 64, "image/jpeg")
    with pytest.raises(Invalid) as caught:
        pass_by_form(village, people.clerk, publication, own)
    assert set(caught.value.fields) == {"signed_by"}
    late = SignedForm("李主任", today() + timedelta(days=1), "a" * 64, "image/jpeg")
    with pytest.raises(Invalid) as caught:
        pass_by_form(village, people.clerk, publication, late)
    assert set(caught.value.fields) == {"signed_on"}
    with pytest.raises(Forbidden):
        pass_by_form(village, people.stranger, publication, FORM)


def test_the_supervision_committee_comes_first_at_a_village(village, plan, make, people, checked):
    """N22: its evidence is a named member's confirmation or the signed sheet."""
    plan(COMMITTEE, FIRST)
    assert load_steps(village, make(village).tenant)[0] == COMMITTEE
    publication = make(village)
    submit(village, people.clerk, publication)
    pass_by_form(village, people.clerk, publication, FORM)
    assert publication.state == PublicationState.IN_REVIEW
    pass_review(village, people.reviewer, publication, checked)
    assert publication.state == PublicationState.PUBLISHED
