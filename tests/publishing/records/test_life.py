"""N3: no text is handed in, passed or published without the records that its place demands."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import object_session

from core.clock import today
from core.db.engine import db
from core.db.tree import Tenant
from core.errors import Forbidden, Invalid
from core.permissions import OPERATOR
from core.publishing.models import Publication
from core.publishing.records.models import DisclosureDecision, SecrecyReview
from core.publishing.records.rules import SETTING, to_stored
from core.publishing.records.service import add_decision, add_secrecy_review
from core.publishing.records.shown import load_newest_records, show_records
from core.publishing.rules import CHECKS, PublicationState
from core.publishing.workflow.drafts import (
    get_working_content,
    open_correction,
    save_content,
    submit,
)
from core.publishing.workflow.review import pass_review
from tests.publishing.records.samples import DECIDED, REVIEWED

pytestmark = pytest.mark.both_databases


def run(statement, **values):
    """One raw statement by the owner of the tables."""
    with db.engine.begin() as connection:
        return connection.execute(text(statement), values).rowcount


def fields_of(refused, *arguments):
    with pytest.raises(Invalid) as caught:
        refused(*arguments)
    return set(caught.value.fields)


def test_a_township_hands_nothing_in_without_its_records(town, draft, writer, add_records):
    assert fields_of(submit, town, writer, draft) == {"secrecy_number", "nature"}
    add_secrecy_review(town, writer, draft, REVIEWED)
    assert fields_of(submit, town, writer, draft) == {"nature"}
    add_decision(town, writer, draft, DECIDED)
    submit(town, writer, draft)
    assert (draft.state, draft.demanded_records) == (PublicationState.IN_REVIEW, "both")


def test_a_village_needs_none(village, make, people):
    publication = make(village)
    submit(village, people.clerk, publication)
    assert publication.demanded_records == "none"


def test_a_county_may_ask_its_villages_too(village, make, people, tree):
    county = village.get_one(Tenant, tree.county.id)
    county.profile = {SETTING: to_stored({"secrecy": ["village"], "decision": []})}
    village.flush()
    assert fields_of(submit, village, people.clerk, make(village)) == {"secrecy_number"}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"result": "withheld"}, "secrecy_result"),
        ({"nature": "on_request"}, "nature"),
        ({"nature": "withheld", "ground": "internal"}, "nature"),
    ],
)
def test_a_record_that_says_no_stops_it(draft, writer, add_records, more, field):
    """N2: what is withheld, or given on request only, does not become public by publishing."""
    session = object_session(draft)
    add_records(session, draft, **more)
    assert fields_of(submit, session, writer, draft) == {field}


def test_the_newest_record_counts(town, draft, writer, add_records):
    add_records(town, draft, result="withheld", number="1号")
    add_records(town, draft, result="partly", number="2号", nature="partly", ground="privacy")
    submit(town, writer, draft)
    assert "2号" in show_records(town, draft).secrecy
    newest = load_newest_records(town, [draft])[draft.id]
    assert (newest.secrecy.number, newest.decision.ground) == ("2号", "privacy")


def test_the_same_again_adds_nothing(town, draft, add_records):
    add_records(town, draft)
    add_records(town, draft)
    assert len(town.scalars(select(SecrecyReview)).all()) == 1
    assert len(town.scalars(select(DisclosureDecision)).all()) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": ""}, "secrecy_number"),
        ({"number": "长" * 61}, "secrecy_number"),
        ({"reviewer_name": ""}, "secrecy_reviewer"),
        ({"reviewed_on": None}, "secrecy_on"),
        ({"result": ""}, "secrecy_result"),
    ],
)
def test_an_incomplete_review_is_said_at_its_field(town, draft, writer, changes, field):
    assert fields_of(add_secrecy_review, town, writer, draft, REVIEWED | changes) == {field}


def test_days_to_come_and_missing_grounds_are_refused(town, draft, writer):
    late = REVIEWED | {"reviewed_on": today() + timedelta(days=1)}
    assert fields_of(add_secrecy_review, town, writer, draft, late) == {"secrecy_on"}
    without = DECIDED | {"nature": "withheld"}
    assert fields_of(add_decision, town, writer, draft, without) == {"nature_ground"}


def test_only_whoever_writes_records(town, draft, people):
    with pytest.raises(Forbidden):
        add_secrecy_review(town, people.reviewer, draft, REVIEWED)


@pytest.fixture
def corrected(town, draft, writer, people, add_records):
    """A published text of the township whose correction has been written."""
    add_records(town, draft)
    submit(town, writer, draft)
    pass_review(town, people.officer, draft, dict.fromkeys(CHECKS, True))
    assert draft.state == PublicationState.PUBLISHED
    open_correction(town, writer, draft)
    content = get_working_content(town, draft)
    save_content(town, writer, draft, replace(content, title="更正后的标题"), note="有误")
    return draft


def test_a_correction_needs_records_of_its_own(town, corrected, writer, people, add_records):
    """One matter, one review (一事一审): a new text is a new matter."""
    draft = corrected
    assert fields_of(submit, town, writer, draft) == {"secrecy_number", "nature"}
    add_records(town, draft)
    submit(town, writer, draft)
    assert len(show_records(town, draft).remarks) == 1  # the review of 8 April is the old one
    pass_review(town, people.officer, draft, dict.fromkeys(CHECKS, True))
    assert (draft.title, draft.correction) == ("更正后的标题", None)


def test_what_the_operator_hands_in_is_recorded_as_such(town, draft):
    submit(town, OPERATOR, draft)
    assert draft.demanded_records == "operator"


def test_nothing_is_handed_in_below_the_program(town, draft, writer):
    """N3 in the database: neither undecided, nor without the records that are demanded."""
    town.commit()
    handed_in = "UPDATE publication SET state = 'in_review'{more} WHERE id = :id"
    for more in ("", ", demanded_records = 'x'", *(
        f", demanded_records = '{demand}'" for demand in ("secrecy", "decision", "both")
    )):  # fmt: skip
        with pytest.raises(IntegrityError):
            run(handed_in.format(more=more), id=draft.id)
    add_secrecy_review(town, writer, draft, REVIEWED | {"result": "withheld"})
    town.commit()
    with pytest.raises(IntegrityError):
        run(handed_in.format(more=", demanded_records = 'secrecy'"), id=draft.id)
    add_secrecy_review(town, writer, draft, REVIEWED)
    town.commit()
    assert run(handed_in.format(more=", demanded_records = 'secrecy'"), id=draft.id) == 1
    with pytest.raises(IntegrityError):
        run("UPDATE publication SET demanded_records = 'none' WHERE id = :id", id=draft.id)


def test_records_never_change_and_come_before_the_review(town, draft, writer, add_records):
    add_records(town, draft)
    town.commit()
    for table, column in (("secrecy_review", "number"), ("disclosure_decision", "decided_by")):
        with pytest.raises(IntegrityError):
            run(f"UPDATE {table} SET {column} = 'x'")
        with pytest.raises(IntegrityError):
            run(f"DELETE FROM {table}")
    submit(town, writer, draft)
    town.commit()
    with pytest.raises(IntegrityError):
        run(
            "INSERT INTO secrecy_review (tenant_id, publication_id, since_revision, number,"
            " reviewer_name, reviewed_on, result, recorded_by_name, recorded_at) SELECT tenant_id,"
            " publication_id, 0, '13', 'x', reviewed_on, 'public', 'x', recorded_at"
            " FROM secrecy_review"
        )


def test_a_draft_goes_with_its_records(town, draft, add_records):
    add_records(town, draft)
    town.commit()
    number = draft.id
    assert run("DELETE FROM publication WHERE id = :id", id=number) == 1
    town.expire_all()
    assert town.get(Publication, number) is None
    assert town.scalars(select(SecrecyReview)).all() == []
