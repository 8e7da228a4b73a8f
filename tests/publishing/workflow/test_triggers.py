"""What raw SQL cannot do to publications, on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core.db.engine import db
from core.publishing.workflow.drafts import (
    get_working_content,
    open_correction,
    save_content,
    submit,
)
from core.publishing.workflow.review import pass_review
from core.publishing.workflow.withdrawal import ask
from core.testing.factories.publishing import withdraw

pytestmark = pytest.mark.both_databases


def run(statement, **values):
    """One raw statement by the owner of the tables, whom no row-level security holds."""
    with db.engine.begin() as connection:
        return connection.execute(text(statement), values).rowcount


def refused(statement, **values):
    with pytest.raises(IntegrityError):
        run(statement, **values)


@pytest.fixture
def draft(village, make):
    publication = make(village)
    village.commit()
    return publication.id


@pytest.fixture
def handed_in(village, make, people):
    publication = make(village)
    submit(village, people.clerk, publication)
    village.commit()
    return publication.id


@pytest.fixture
def public(village, make_public):
    publication = make_public(village)
    village.commit()
    return publication.id


@pytest.mark.parametrize("state", ["returned", "approved", "published", "expired", "withdrawn"])
def test_a_draft_cannot_jump(draft, state):
    refused("UPDATE publication SET state = :state WHERE id = :id", state=state, id=draft)


@pytest.mark.parametrize("state", ["draft", "in_review", "returned", "approved"])
def test_what_is_published_cannot_go_back(public, state):
    refused("UPDATE publication SET state = :state WHERE id = :id", state=state, id=public)


def test_nothing_is_approved_without_a_review(handed_in):
    refused("UPDATE publication SET state = 'approved' WHERE id = :id", id=handed_in)


def test_nothing_begins_as_published(draft):
    refused(
        "INSERT INTO publication (tenant_id, title, body_source, body_html, summary, genre, theme,"
        " validity, source, state, review_step, author_name, revision, version, created_at,"
        " updated_at, published_at, index_number, published_revision) SELECT tenant_id, title,"
        " body_source, body_html, summary, genre, theme, validity, source, 'published', 1,"
        " author_name, 1, 1, created_at, updated_at, created_at, 'x', 1 FROM publication"
        " WHERE id = :id",
        id=draft,
    )


@pytest.mark.parametrize(
    "change",
    ["title = 'x'", "body_html = 'x'", "index_number = 'x'", "organ_id = NULL", "domain = 'x'"],
)
def test_a_published_text_is_not_changed_behind_its_review(public, change):
    refused(f"UPDATE publication SET {change} WHERE id = :id", id=public)


def test_a_correction_is_not_shown_without_a_review(public, village, people):
    run("UPDATE publication SET correction = 'draft' WHERE id = :id", id=public)
    refused("UPDATE publication SET published_revision = 2, title = 'x' WHERE id = :id", id=public)


def test_a_published_text_is_not_unpublished(public):
    refused("UPDATE publication SET published_revision = NULL WHERE id = :id", id=public)


def test_a_date_of_publication_is_not_set_back(public):
    refused("UPDATE publication SET published_at = '2020-01-01' WHERE id = :id", id=public)


@pytest.mark.parametrize("state", ["approved", "returned"])
def test_an_illegal_state_of_a_correction_is_refused(public, state):
    refused("UPDATE publication SET correction = :state WHERE id = :id", state=state, id=public)


@pytest.mark.parametrize("table", ["publication_revision", "publication_review"])
def test_revisions_and_reviews_never_change(public, table):
    column = "note" if table == "publication_revision" else "comment"
    refused(f"UPDATE {table} SET {column} = 'x' WHERE publication_id = :id", id=public)
    refused(f"DELETE FROM {table} WHERE publication_id = :id", id=public)


def review_by(person, publication, revision=1, author=None):
    return run(
        "INSERT INTO publication_review (tenant_id, publication_id, revision, step, reviewer_id,"
        " reviewer_name, author_id, outcome, comment, checks, at) SELECT tenant_id, id, :revision,"
        " 1, :person, 'x', :author, 'pass', '', '{}', created_at FROM publication WHERE id = :id",
        id=publication, person=person, author=author, revision=revision,
    )  # fmt: skip


def test_an_author_cannot_be_recorded_as_the_reviewer(handed_in, people):
    with pytest.raises(IntegrityError):
        review_by(people.clerk.user_id, handed_in)
    with pytest.raises(IntegrityError):
        review_by(people.reviewer.user_id, handed_in, author=people.reviewer.user_id)
    assert review_by(people.reviewer.user_id, handed_in, author=people.clerk.user_id) == 1


def test_only_the_newest_revision_that_was_handed_in_is_reviewed(draft, handed_in, people):
    with pytest.raises(IntegrityError):
        review_by(people.reviewer.user_id, draft)
    with pytest.raises(IntegrityError):
        review_by(people.reviewer.user_id, handed_in, revision=2)


def test_what_was_published_is_kept_until_its_tenant_is_suspended(public, tree):
    refused("DELETE FROM publication WHERE id = :id", id=public)
    run("UPDATE tenant SET status = 'suspended' WHERE id = :id", id=tree.village.id)
    assert run("DELETE FROM publication WHERE id = :id", id=public) == 1
    with db.engine.connect() as connection:
        left = connection.scalar(text("SELECT count(*) FROM publication_revision"))
    assert left == 0


def test_a_draft_can_be_deleted_with_its_revisions(draft):
    assert run("DELETE FROM publication WHERE id = :id", id=draft) == 1


def test_files_of_what_is_published_stay(public, tree):
    run(
        "INSERT INTO attachment (tenant_id, publication_id, sha256, media_type, size, filename,"
        " is_photograph, position, alt_text, live, created_at) SELECT tenant_id, id, 'a', 'b', 1,"
        " 'c', :no, 1, '', :yes, created_at FROM publication WHERE id = :id",
        id=public, yes=True, no=False,
    )  # fmt: skip
    refused("UPDATE attachment SET sha256 = 'x' WHERE publication_id = :id", id=public)
    refused("DELETE FROM attachment WHERE publication_id = :id", id=public)


def test_index_counters_only_rise(public):
    refused("UPDATE index_counter SET last = 0")


def test_the_moves_of_the_program_pass(village, make_public, people, checked):
    publication = make_public(village)
    open_correction(village, people.clerk, publication)
    content = replace(get_working_content(village, publication), title="更正后的标题")
    save_content(village, people.clerk, publication, content, note="有误")
    submit(village, people.clerk, publication)
    pass_review(village, people.reviewer, publication, checked)
    withdraw(village, people.clerk, publication, "误发")
    village.commit()
    assert (publication.title, publication.published_revision) == ("更正后的标题", 2)


@pytest.mark.parametrize("reason", ["NULL", "'误发'"])
def test_a_raw_withdrawal_needs_its_reason_and_a_second_person(public, reason):
    refused(
        f"UPDATE publication SET state = 'withdrawn', withdrawal_reason = {reason} WHERE id = :id",
        id=public,
    )


def test_what_was_withdrawn_is_not_put_back_by_one_alone(village, make_public, people):
    publication = make_public(village)
    withdraw(village, people.clerk, publication, "误发")
    ask(village, people.clerk, publication, "查实无误")
    village.commit()
    refused("UPDATE publication SET state = 'published' WHERE id = :id", id=publication.id)
    refused("UPDATE publication_request SET reason = 'x' WHERE outcome = 'approved'")
    refused("DELETE FROM publication_request WHERE publication_id = :id", id=publication.id)
    refused(
        "UPDATE publication_request SET outcome = 'approved', decided_at = asked_at,"
        " decided_by_id = asked_by_id WHERE outcome IS NULL"
    )
