"""A publication is written by one person, reviewed by another, published, corrected, withdrawn."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.audit.models import AuditEntry
from core.clock import today
from core.db.base import utc_now
from core.errors import Conflict, Forbidden, Invalid
from core.permissions import OPERATOR
from core.publishing.models import Publication, PublicationRevision, Review
from core.publishing.rules import PublicationState
from core.publishing.workflow.drafts import (
    discard,
    get_published_content,
    get_working_content,
    list_revisions,
    open_correction,
    save_content,
    submit,
    take_back,
)
from core.publishing.workflow.publish import expire_due
from core.publishing.workflow.review import may_review, pass_review, return_for_changes
from core.testing.factories.publishing import withdraw

pytestmark = pytest.mark.both_databases


def test_a_clerks_text_is_published_with_its_metadata_once_the_town_passes_it(
    village, make, people, checked
):
    publication = make(village)
    submit(village, people.clerk, publication)
    assert publication.state == PublicationState.IN_REVIEW
    pass_review(village, people.reviewer, publication, checked)
    assert publication.state == PublicationState.PUBLISHED
    assert publication.index_number == f"990111100201/{today().year}-00001"
    assert publication.published_at is not None
    assert publication.summary == "本季收入合计126450元。 本季支出合计97880元。"
    assert publication.published_revision == 1


def test_what_is_missing_is_said_at_once(village, make, people):
    publication = make(village, title=" ", body_source="", no_item_reason=None, formed_on=None)
    with pytest.raises(Invalid) as caught:
        submit(village, people.clerk, publication)
    assert set(caught.value.fields) == {"title", "body", "item_id", "formed_on"}
    assert publication.state == PublicationState.DRAFT


def test_a_returned_text_is_changed_and_handed_in_again(village, make, people, checked):
    publication = make(village)
    submit(village, people.clerk, publication)
    return_for_changes(village, people.reviewer, publication, "请补充附件。")
    assert publication.state == PublicationState.RETURNED
    content = replace(get_working_content(village, publication), title="改后的标题")
    save_content(village, people.clerk, publication, content)
    submit(village, people.clerk, publication)
    pass_review(village, people.reviewer, publication, checked)
    assert publication.title == "改后的标题"
    outcomes = [review.outcome for review in village.scalars(select(Review).order_by(Review.id))]
    assert outcomes == ["return", "pass"]


def test_returning_needs_a_reason_and_passing_needs_every_check(village, make, people, checked):
    publication = make(village)
    submit(village, people.clerk, publication)
    with pytest.raises(Invalid):
        return_for_changes(village, people.reviewer, publication, "  ")
    with pytest.raises(Invalid):
        pass_review(village, people.reviewer, publication, checked | {"secrecy": False})


def test_nobody_reviews_their_own_text(village, make, people, checked, tree):
    publication = make(village)
    both = replace(people.clerk, held=people.clerk.held + people.reviewer.held)
    submit(village, both, publication)
    assert not may_review(village, both, publication)
    with pytest.raises(Forbidden):
        pass_review(village, both, publication, checked)
    with pytest.raises(Forbidden):
        return_for_changes(village, both, publication, "不行")


def test_who_only_helped_to_write_does_not_review_either(village, make, people, checked):
    publication = make(village)
    helper = replace(people.reviewer, held=people.clerk.held + people.reviewer.held)
    content = replace(get_working_content(village, publication), title="帮忙改过")
    save_content(village, helper, publication, content)
    content = replace(content, title="又改过")
    save_content(village, people.clerk, publication, content)
    submit(village, people.clerk, publication)
    with pytest.raises(Forbidden):
        pass_review(village, people.reviewer, publication, checked)


@pytest.mark.parametrize("name", ["clerk", "liaison", "stranger"])
def test_who_has_no_right_to_review_does_not(village, make, people, checked, name):
    publication = make(village)
    submit(village, people.clerk, publication)
    with pytest.raises(Forbidden):
        pass_review(village, getattr(people, name), publication, checked)


@pytest.mark.parametrize("name", ["reviewer", "liaison", "officer", "stranger"])
def test_nobody_above_writes_in_a_villages_name(village, make, people, name):
    publication = make(village)
    content = replace(get_working_content(village, publication), title="越俎代庖")
    with pytest.raises(Forbidden):
        save_content(village, getattr(people, name), publication, content)
    with pytest.raises(Forbidden):
        make(village, actor=getattr(people, name))


def test_what_is_in_review_is_not_edited_but_can_be_taken_back(village, make, people):
    publication = make(village)
    submit(village, people.clerk, publication)
    content = replace(get_working_content(village, publication), title="偷改")
    with pytest.raises(Conflict):
        save_content(village, people.clerk, publication, content)
    take_back(village, people.clerk, publication)
    save_content(village, people.clerk, publication, content)
    assert publication.title == "偷改"


def test_the_published_text_stays_up_until_its_correction_is_passed(
    village, make_public, people, checked
):
    publication = make_public(village)
    number, moment = publication.index_number, publication.published_at
    open_correction(village, people.clerk, publication)
    content = replace(get_working_content(village, publication), title="更正后的标题")
    save_content(village, people.clerk, publication, content, note="标题有误")
    submit(village, people.clerk, publication)
    assert publication.title == "2026年第一季度村级财务公开"
    assert (publication.state, publication.correction) == (
        PublicationState.PUBLISHED,
        PublicationState.IN_REVIEW,
    )
    pass_review(village, people.reviewer, publication, checked)
    assert publication.title == "更正后的标题"
    assert (publication.state, publication.correction) == (PublicationState.PUBLISHED, None)
    assert (publication.index_number, publication.published_at) == (number, moment)


def test_a_correction_that_is_given_up_leaves_the_published_text(village, make_public, people):
    publication = make_public(village)
    open_correction(village, people.clerk, publication)
    content = replace(get_working_content(village, publication), title="写错了")
    save_content(village, people.clerk, publication, content)
    discard(village, people.clerk, publication)
    assert publication.correction is None
    assert get_working_content(village, publication) == get_published_content(village, publication)


def test_every_revision_is_kept(village, make, people):
    publication = make(village)
    for title in ("一", "二", "二"):
        content = replace(get_working_content(village, publication), title=title)
        save_content(village, people.clerk, publication, content)
    numbers = [revision.number for revision in list_revisions(village, publication)]
    assert numbers == [3, 2, 1]
    first = village.scalar(select(PublicationRevision).where(PublicationRevision.number == 1))
    assert first.snapshot["title"] == "2026年第一季度村级财务公开"


def test_a_date_of_publication_is_not_set_back_without_a_note(
    village, make_public, people, checked
):
    publication = make_public(village)
    open_correction(village, people.clerk, publication)
    earlier = publication.published_at - timedelta(days=30)
    content = replace(get_working_content(village, publication), published_at=earlier)
    with pytest.raises(Invalid) as caught:
        save_content(village, people.clerk, publication, content)
    assert set(caught.value.fields) == {"note"}
    save_content(village, people.clerk, publication, content, note="原件张贴于上月，有照片为证")
    submit(village, people.clerk, publication)
    pass_review(village, people.reviewer, publication, checked)
    assert publication.published_at == earlier


def test_a_draft_is_not_dated_before_it_was_begun(village, make, people):
    with pytest.raises(Invalid):
        make(village, published_at=utc_now() - timedelta(days=400))


def test_withdrawing_needs_a_reason_that_is_kept(village, make_public, people):
    publication = make_public(village)
    with pytest.raises(Invalid):
        withdraw(village, people.clerk, publication, " ")
    withdraw(village, people.reviewer, publication, "含身份证号码")
    assert publication.state == PublicationState.WITHDRAWN
    assert publication.withdrawal_reason == "含身份证号码"
    with pytest.raises(Conflict):
        open_correction(village, people.clerk, publication)


def test_a_draft_can_be_deleted_what_was_published_cannot(village, make, make_public, people):
    draft = make(village)
    discard(village, people.clerk, draft)
    assert village.get(Publication, draft.id) is None
    with pytest.raises(Conflict):
        discard(village, people.clerk, make_public(village))


def test_a_publicity_period_ends_by_itself(village, platform, make_public, set_clock):
    publication = make_public(village, publicity_days=7)
    last = today() + timedelta(days=6)
    assert publication.publicity_until == last
    village.commit()
    assert expire_due(platform) == 0
    set_clock(last + timedelta(days=1))
    assert expire_due(platform) == 1
    platform.commit()
    village.refresh(publication)
    assert publication.state == PublicationState.EXPIRED


def test_three_people_review_where_the_place_wants_it(village, tree, make, people, checked):
    with_steps = {"review_steps": 2}
    village.get_one(type(tree.village), tree.county.id).profile = with_steps
    publication = make(village)
    submit(village, people.clerk, publication)
    pass_review(village, people.reviewer, publication, checked)
    assert (publication.state, publication.review_step) == (PublicationState.IN_REVIEW, 2)
    with pytest.raises(Forbidden):
        pass_review(village, people.reviewer, publication, checked)
    pass_review(village, people.officer, publication, checked)
    assert publication.state == PublicationState.PUBLISHED


def test_the_operator_may_do_both_and_is_recorded_as_such(village, make, tree):
    publication = make(village, actor=OPERATOR)
    submit(village, OPERATOR, publication)
    pass_review(
        village,
        OPERATOR,
        publication,
        dict.fromkeys(("secrecy", "law", "wording", "standard"), True),
    )
    review = village.scalar(select(Review))
    assert (review.reviewer_id, review.reviewer_name) == (None, "operator")


def test_every_act_is_on_record(village, make_public, people):
    publication = make_public(village)
    withdraw(village, people.clerk, publication, "误发")
    acts = village.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert acts == [
        f"publication.{act}"
        for act in ("create", "submit", "pass", "publish", "withdraw_ask", "withdraw")
    ]


def test_an_unknown_item_is_refused(village, make):
    with pytest.raises(Invalid) as caught:
        make(village, item_id="CN-nothing-001")
    assert set(caught.value.fields) == {"item_id"}


def test_who_was_slower_learns_of_it(village, make, people, platform):
    publication = make(village)
    village.commit()
    other = platform.get(Publication, publication.id)
    other.title = "别人先改了"
    platform.commit()
    content = replace(get_working_content(village, publication), formed_on=date(2026, 1, 1))
    with pytest.raises(Conflict):
        save_content(village, people.clerk, publication, content)
    village.rollback()
