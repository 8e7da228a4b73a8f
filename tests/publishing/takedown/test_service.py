"""Emergency takedown: hidden by one person at once, decided by a second one (N27, N30)."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core.accounts.staff_menu import Task
from core.audit.models import AuditEntry
from core.calendar.service import add_working_days
from core.clock import today
from core.db.engine import db
from core.db.scope import Scope, open_session
from core.errors import Conflict, Forbidden, Invalid
from core.permissions import Role
from core.publishing.models import Publication
from core.publishing.search.documents import search_kind
from core.publishing.takedown.pages import list_tasks
from core.publishing.takedown.service import (
    confirm,
    find_open_takedown,
    restore,
    take_down,
)
from core.publishing.workflow.drafts import (
    get_working_content,
    open_correction,
    save_content,
    submit,
)
from core.publishing.workflow.review import pass_review
from core.publishing.workflow.tombstone import find_tombstone
from core.publishing.workflow.withdrawal import approve, ask, find_kind, list_requests
from core.testing.factories.people import create_person

pytestmark = pytest.mark.both_databases


@pytest.fixture
def public(village, make_public):
    publication = make_public(village)
    village.commit()
    return publication


@pytest.fixture
def colleague(tree):
    return create_person("colleague", Role.REVIEWER, tree.town)


def is_found(publication) -> bool:
    with open_session(Scope.platform("test")) as session:
        return bool(list(search_kind().load(session, [str(publication.id)])))


def test_one_hides_it_and_another_withdraws_it_with_a_tombstone(village, public, people, colleague):
    taken = take_down(village, people.reviewer, public, " 含身份证号 ")
    village.commit()
    assert (public.state, public.is_public_now, is_found(public)) == ("published", False, False)
    assert (taken.reason, taken.due_on) == ("含身份证号", add_working_days(today(), 1).end)
    with pytest.raises(Forbidden):
        confirm(village, people.reviewer, taken, "privacy")
    confirm(village, colleague, taken, "privacy")
    village.commit()
    assert (public.state, public.hidden_since) == ("withdrawn", None)
    assert public.title not in str(find_tombstone(village, public))
    told = [(each.kind, each.outcome, each.asked_by_id) for each in list_requests(village, public)]
    assert told == [("withdraw", "approved", people.reviewer.user_id)]
    acts = {entry.action for entry in village.query(AuditEntry)}
    assert {"publication.take_down", "publication.take_down_confirm"} <= acts


def test_another_shows_it_again_as_it_was(village, public, people, colleague):
    before = (public.state, public.body_html, public.index_number)
    taken = take_down(village, people.reviewer, public, "疑似表述错误")
    with pytest.raises(Invalid) as told:
        restore(village, colleague, taken, " ")
    assert "note" in told.value.fields
    restore(village, colleague, taken, "已核实,表述无误")
    village.commit()
    assert (public.state, public.body_html, public.index_number) == before
    assert is_found(public)
    assert find_open_takedown(village, public) is None
    with pytest.raises(Conflict):
        confirm(village, colleague, taken, "other")
    take_down(village, people.officer, public, "再次发现问题")
    assert not public.is_public_now


@pytest.mark.parametrize("name", ["clerk", "liaison", "stranger"])
def test_others_neither_hide_nor_decide(village, public, people, name):
    other = getattr(people, name)
    with pytest.raises(Forbidden):
        take_down(village, other, public, "看着不好")
    taken = take_down(village, people.reviewer, public, "泄露")
    for decide in (confirm, restore):
        with pytest.raises(Forbidden):
            decide(village, other, taken, "other")


def test_only_what_is_public_is_hidden_and_only_once(village, public, make, people):
    with pytest.raises(Invalid):
        take_down(village, people.reviewer, public, " ")
    with pytest.raises(Conflict):
        take_down(village, people.reviewer, make(village), "草稿没有公开")
    take_down(village, people.reviewer, public, "泄露")
    with pytest.raises(Conflict):
        take_down(village, people.officer, public, "泄露")


def test_a_withdrawal_waits_for_the_decision_and_goes_with_it(village, public, people, colleague):
    asked = ask(village, people.clerk, public, "误发")
    taken = take_down(village, people.reviewer, public, "泄露")
    assert find_kind(public) is None
    with pytest.raises(Conflict):
        approve(village, colleague, asked)
    confirm(village, colleague, taken, "mistake")
    outcomes = {each.reason: each.outcome for each in list_requests(village, public)}
    assert outcomes == {"误发": "declined", "泄露": "approved"}


def test_a_correction_is_published_behind_the_curtain(village, public, people, colleague, checked):
    taken = take_down(village, people.reviewer, public, "金额有误")
    open_correction(village, people.clerk, public)
    mended = replace(get_working_content(village, public), body_source="本季收入合计1元。")
    save_content(village, people.clerk, public, mended, note="更正金额")
    submit(village, people.clerk, public)
    pass_review(village, people.officer, public, checked)
    assert (public.published_revision, public.is_public_now) == (2, False)
    restore(village, colleague, taken, "已更正")
    assert public.is_public_now
    assert "1元" in public.body_html


@pytest.fixture
def tasks(app, tree):
    """What the to-do list of a place holds for somebody."""

    def read(name, actor) -> list[Task]:
        place = getattr(tree, name)
        with app.test_request_context(), open_session(Scope.subtree(place, "test")) as session:
            return list(list_tasks(session, place, actor))

    return read


def test_it_comes_up_in_the_to_do_list(village, public, people, colleague, tasks):
    taken = take_down(village, people.reviewer, public, "泄露")
    village.commit()
    assert tasks("town", people.reviewer) == []  # whoever hid it does not decide
    [task] = tasks("town", colleague)
    assert (task.count, task.urgent, task.due, task.note) == (1, True, taken.due_on, "")
    assert tasks("county", people.officer) == []


def test_what_is_overdue_comes_up_at_every_place_above(village, public, people, tasks, set_clock):
    taken = take_down(village, people.reviewer, public, "泄露")
    village.commit()
    set_clock(add_working_days(taken.due_on, 1).end)
    [task] = tasks("county", people.officer)
    assert task.due == taken.due_on
    assert "1" in task.note


HIDE = "UPDATE publication SET hidden_since = created_at WHERE id = :id"
SHOW = "UPDATE publication SET hidden_since = NULL WHERE id = :id"
DECIDE = (
    "UPDATE publication_takedown SET outcome = 'restored', decided_at = taken_down_at, "
    "decided_by_id = {who} WHERE publication_id = :id AND reason = '泄露'"
)


FORGED = (
    "INSERT INTO publication_takedown (tenant_id, publication_id, reason, taken_down_by_name,"
    " taken_down_at, due_on, outcome, decided_at, note) SELECT tenant_id, id, 'x', 'x',"
    " created_at, '2026-01-05', 'restored', created_at, '' FROM publication WHERE id = :id"
)
WITHDRAW = "UPDATE publication SET {}state = 'withdrawn', withdrawal_reason = 'x' WHERE id = :id"


def run(statement, publication) -> None:
    """One raw statement by the owner of the tables, whom no row-level security holds."""
    with db.engine.begin() as connection:
        connection.execute(text(statement), {"id": publication.id})


def refused(statement, publication) -> None:
    with pytest.raises(IntegrityError):
        run(statement, publication)


def test_the_database_hides_nothing_without_a_record(village, public):
    refused(HIDE, public)
    run(FORGED, public)
    refused(HIDE, public)  # one that is decided hides nothing


def test_the_database_shows_nothing_again_without_a_second_person(village, public, people):
    take_down(village, people.reviewer, public, "泄露")
    village.commit()
    for statement in (
        SHOW,
        WITHDRAW.format(""),
        WITHDRAW.format("hidden_since = NULL, "),
        DECIDE.format(who="taken_down_by_id"),
        "UPDATE publication_takedown SET reason = '改写' WHERE publication_id = :id",
        "DELETE FROM publication_takedown WHERE publication_id = :id",
    ):
        refused(statement, public)
    run(FORGED, public)
    refused(SHOW, public)
    run(DECIDE.format(who="NULL"), public)
    refused(DECIDE.format(who="NULL"), public)  # decided once
    run(SHOW, public)
    with open_session(Scope.platform("test")) as session:
        assert session.get_one(Publication, public.id).is_public_now
