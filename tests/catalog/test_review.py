"""Revisions of a layer in real databases: two people, reasons, dates, concurrency."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from core.audit.models import AuditEntry
from core.catalog.domain.changes import (
    Define,
    DefineDomain,
    Lock,
    Refine,
    Undo,
    Withdraw,
    WithdrawDomain,
)
from core.catalog.editing.review import (
    approve_revision,
    get_revision,
    list_revisions,
    reject_revision,
    submit_revision,
)
from core.catalog.models import CatalogRevision
from core.clock import today
from core.db.scope import Scope, open_session
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.permissions import OPERATOR
from core.testing.factories.catalog import FIRST, SECOND, approve_changes, item_fields, load_catalog

MODE = Refine(FIRST, "mode", "on_request", "proactive")


@pytest.mark.both_databases
def test_a_revision_takes_effect_when_a_second_person_approves_it(national, person):
    county = national.county
    author, approver = person("liu", "liaison", county), person("he", "officer", county)

    with open_session(Scope.own(county)) as session:
        submitted = submit_revision(session, author, county, [MODE], reason="县局要求")
        number = submitted.id
    assert load_catalog(national.village).items[FIRST].fields["mode"] == "proactive"

    with open_session(Scope.own(county)) as session:
        approved = approve_revision(session, approver, number)
    assert (approved.state, approved.number, approved.approver_name) == ("approved", 1, "he 某")
    item = load_catalog(national.village).items[FIRST]
    assert item.fields["mode"] == "on_request"
    assert (item.origin("mode").tenant, item.origin("mode").revision) == ("990111", 1)
    assert item.origin("mode").reason == "县局要求"
    assert item.refinements["mode"].base == "proactive"
    assert load_catalog(national.other_village).items[FIRST].fields["mode"] == "proactive"


def test_nobody_approves_his_own_refinement_but_may_his_own_new_item(national, person):
    county = national.county
    officer = person("he", "officer", county)
    own = Define("990111-jiuzhu-001", item_fields(level2="本县事项"))

    with open_session(Scope.own(county)) as session:
        alone = submit_revision(session, officer, county, [own], reason=None)
        approve_revision(session, officer, alone.id)
        altering = submit_revision(session, officer, county, [MODE], reason="县局要求")
        with pytest.raises(Forbidden):
            approve_revision(session, officer, altering.id)


def test_the_database_itself_refuses_one_person_in_both_parts(national, person, platform):
    officer = person("he", "officer", national.county)
    row = CatalogRevision(
        tenant_id=national.county.id, state="approved", number=1, two_people=True,
        author_id=officer.user_id, author_name="x", approver_id=officer.user_id,
        decided_at=func.now(),
    )  # fmt: skip
    platform.add(row)

    with pytest.raises(IntegrityError):
        platform.flush()
    platform.rollback()


@pytest.mark.parametrize("role", ["clerk", "reviewer"])
def test_people_without_the_right_change_nothing(national, person, role):
    someone = person("zhou", role, national.county)

    with open_session(Scope.own(national.county)) as session, pytest.raises(Forbidden):
        submit_revision(session, someone, national.county, [MODE], reason="x")


def test_an_officer_of_a_township_cannot_approve_what_the_county_submitted(national, person):
    officer = person("he", "officer", national.town)
    with open_session(Scope.own(national.county)) as session:
        author = person("liu", "liaison", national.county)
        number = submit_revision(session, author, national.county, [MODE], reason="x").id

    with open_session(Scope.own(national.town)) as session, pytest.raises(Forbidden):
        approve_revision(session, officer, number)


@pytest.mark.parametrize(
    "change", [MODE, Withdraw(FIRST), Lock(FIRST, "mode"), WithdrawDomain("jiuzhu")]
)
def test_what_alters_or_cuts_needs_a_reason(national, change):
    with pytest.raises(Invalid) as caught:
        approve_changes(national.county, change, reason="  ")

    assert "reason" in caught.value.fields


@pytest.mark.parametrize(
    "change",
    [
        Refine("CN-jiuzhu-404", "mode", "proactive"),
        Define(FIRST, item_fields()),
        Define("x", item_fields(domain="nothing")),
        Refine(FIRST, "mode", "proactive", kinds=frozenset({"town"})),
    ],
)
def test_changes_that_would_not_take_effect_are_refused(national, change):
    approve_changes(national.nation, Lock(FIRST, "mode"))

    with pytest.raises(Conflict):
        approve_changes(national.county, change)
    assert not load_catalog(national.county).conflicts


def test_a_lock_set_while_a_change_waited_stops_its_approval(national):
    with open_session(Scope.own(national.county)) as session:
        waiting = submit_revision(session, OPERATOR, national.county, [MODE], reason="x").id
    approve_changes(national.nation, Lock(FIRST, "mode"))

    with open_session(Scope.own(national.county)) as session, pytest.raises(Conflict):
        approve_revision(session, OPERATOR, waiting)


def test_a_rejected_change_stays_without_effect_for_good(national, person):
    county = national.county
    officer = person("he", "officer", county)
    with open_session(Scope.own(county)) as session:
        author = person("liu", "liaison", county)
        number = submit_revision(session, author, county, [MODE], reason="x").id
        with pytest.raises(Invalid):
            reject_revision(session, officer, number, note=" ")
        rejected = reject_revision(session, officer, number, note="理由不充分")
        with pytest.raises(Conflict):
            approve_revision(session, officer, number)

    assert (rejected.state, rejected.number) == ("rejected", None)
    assert load_catalog(county).items[FIRST].fields["mode"] == "proactive"


def test_a_foreign_tenants_revision_does_not_exist(national):
    approve_changes(national.county, MODE)

    with open_session(Scope.own(national.other_county)) as session:
        with pytest.raises(NotFound):
            get_revision(session, 2)
        assert list_revisions(session, national.other_county) == []
    with open_session(Scope.own(national.county)) as session:
        assert [r.number for r in list_revisions(session, national.county)] == [1]
        assert list_revisions(session, national.county, state="in_review") == []


def test_the_catalog_of_any_day_can_be_shown(national):
    tomorrow = today() + timedelta(days=1)
    approve_changes(national.county, MODE, effective_on=tomorrow)

    assert load_catalog(national.county).items[FIRST].fields["mode"] == "proactive"
    assert load_catalog(national.county, tomorrow).items[FIRST].fields["mode"] == "on_request"
    assert load_catalog(national.county, today() - timedelta(days=1)).items == {}


def test_only_a_layers_first_revision_may_begin_in_the_past(tree):
    long_ago = today() - timedelta(days=700)
    domain, item = DefineDomain("jiuzhu", "社会救助"), Define(FIRST, item_fields())

    first = approve_changes(tree.nation, domain, item, effective_on=long_ago)
    second = approve_changes(tree.nation, MODE, effective_on=long_ago)

    assert first.effective_on == long_ago
    assert second.effective_on == today()
    assert load_catalog(tree.village, long_ago).items[FIRST].fields["mode"] == "proactive"


def test_a_persons_revision_never_begins_in_the_past(national, person):
    county = national.county
    officer = person("he", "officer", county)
    own = Define("990111-jiuzhu-001", item_fields(level2="本县事项"))

    said = approve_changes(county, own, actor=officer, effective_on=today() - timedelta(days=9))

    assert said.effective_on == today()


def test_a_layer_is_rolled_back_by_a_new_revision(national):
    approve_changes(national.county, Withdraw(FIRST), Withdraw(SECOND))
    assert load_catalog(national.village).items == {}

    approve_changes(national.county, Undo(1), reason="误删")

    assert set(load_catalog(national.village).items) == {FIRST, SECOND}
    assert FIRST not in load_catalog(national.village, today() - timedelta(days=1)).items


def test_every_act_is_recorded_with_its_actor(national, person, platform):
    officer = person("he", "officer", national.county)
    approve_changes(national.county, MODE)
    with open_session(Scope.own(national.county)) as session:
        submit_revision(session, officer, national.county, [Withdraw(SECOND)], reason="x")

    acts = platform.scalars(
        select(AuditEntry).where(AuditEntry.tenant_id == national.county.id).order_by(AuditEntry.id)
    )

    assert [(act.action, act.user_id) for act in acts] == [
        ("catalog.submit", None),
        ("catalog.approve", None),
        ("catalog.submit", officer.user_id),
    ]


@pytest.mark.both_databases
def test_of_two_approvals_at_once_one_counts(national, app):
    county = national.county
    with open_session(Scope.own(county)) as session:
        numbers = [
            submit_revision(session, OPERATOR, county, [change], reason="x").id
            for change in (MODE, Withdraw(SECOND))
        ]
    start = Barrier(4)

    def approve(number):
        with app.app_context(), open_session(Scope.own(county)) as session:
            start.wait()
            return approve_revision(session, OPERATOR, number).number

    def attempt(number):
        try:
            return approve(number)
        except Conflict:
            return None

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(attempt, numbers * 2))

    assert sorted(number for number in results if number) == [1, 2]
    assert results.count(None) == 2
