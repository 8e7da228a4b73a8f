"""Decisions wait for their results, together on the pages of both (N20, N23: 两公开)."""

from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from core.db.scope import Scope, open_session
from core.errors import Conflict, Forbidden, Invalid
from core.messages.models import MessageContact
from core.notifications.models import QueuedNotice
from core.plugins.calls.measures import load_objective_measures
from core.publishing.decisions.domain.pairs import PairState
from core.publishing.decisions.models import DecisionExtension, PublicationDecision
from core.publishing.decisions.queries import load_decision_pairs, suggest_results
from core.publishing.decisions.reminders import remind_of_results
from core.publishing.decisions.service import (
    drop_decision,
    expect_result,
    extend,
    find_decision,
    link_result,
    unlink_result,
)
from core.publishing.queries import get_publication
from core.testing.factories.publishing import withdraw
from core.testing.pages import url_for

FIRST, DUE = date(2026, 4, 1), date(2026, 6, 30)


@pytest.fixture
def pair(app, set_clock, decide, write_public):
    """A resolution of April, and a text of May that may be its result."""
    set_clock(FIRST)
    decision = decide(DUE)
    set_clock(date(2026, 5, 20))
    return SimpleNamespace(decision=decision, result=write_public("二组道路硬化实施结果公开"))


def load(tree):
    with open_session(Scope.own(tree.village)) as session:
        return load_decision_pairs(session, [tree.village])


def panel(client, tree, number):
    page = client.get(url_for("publishing.show", number, place=tree.village))
    return page.select("string(//section[@aria-labelledby='decision-results'])")


@pytest.mark.both_databases
def test_both_sides_are_shown_on_both_pages(client, tree, pair, link):
    """N20: 决议 → 实施结果; before that the page says by when the result is expected."""
    assert "2026-06-30" in panel(client, tree, pair.decision)
    assert panel(client, tree, pair.result) == ""
    link(pair.decision, pair.result)
    for number in (pair.decision, pair.result):
        shown = panel(client, tree, number)
        assert "关于硬化二组道路的决议" in shown
        assert "二组道路硬化实施结果公开" in shown
        assert "2026-06-30" not in shown
    (found,) = load(tree)
    assert found.state is PairState.DONE
    assert found.is_on_time


@pytest.mark.both_databases
def test_a_stage_is_shown_and_the_decision_goes_on_waiting(client, tree, pair, link, set_clock):
    link(pair.decision, pair.result, stage="开工", is_final=False)
    shown = panel(client, tree, pair.decision)
    assert "开工" in shown
    assert "2026-06-30" in shown
    set_clock(date(2026, 7, 1))
    assert load(tree)[0].state is PairState.LATE
    link(pair.decision, pair.result, is_final=True)
    assert load(tree)[0].state is PairState.DONE


@pytest.mark.both_databases
def test_a_withdrawn_result_lets_the_decision_wait_again(client, tree, pair, link, people):
    """N20: what the public cannot read meets no duty; nothing of it is named on the other page."""
    link(pair.decision, pair.result)
    with open_session(Scope.own(tree.village)) as session:
        publication = get_publication(session, tree.village, pair.result)
        withdraw(session, people.clerk, publication, "写错了")
    assert load(tree)[0].state is not PairState.DONE
    assert "实施结果公开" not in panel(client, tree, pair.decision)
    with open_session(Scope.own(tree.village)) as session:
        decision = get_publication(session, tree.village, pair.decision)
        withdraw(session, people.clerk, decision, "写错了")
    assert load(tree) == []


def test_a_draft_is_linked_before_it_is_public(client, tree, pair, link, write_draft):
    link(pair.decision, write_draft("还没公开的结果"))
    assert "还没公开的结果" not in panel(client, tree, pair.decision)
    assert load(tree)[0].state is not PairState.DONE


@pytest.mark.both_databases
def test_more_time_has_a_reason_also_below_the_orm(app, tree, pair, people):
    """N20: the first day and each reason stay on record."""
    with open_session(Scope.own(tree.village)) as session:
        decision = find_decision(session, get_publication(session, tree.village, pair.decision))
        for day, reason in ((DUE, "雨季"), (date(2026, 9, 30), " ")):
            with pytest.raises(Invalid):
                extend(session, people.clerk, decision, day, reason)
        extend(session, people.clerk, decision, date(2026, 9, 30), "雨季不能施工")
    (found,) = load(tree)
    assert (found.first_due_on, found.due_on) == (DUE, date(2026, 9, 30))
    later = update(PublicationDecision).values(due_on=date(2027, 1, 1))
    sooner = update(PublicationDecision).values(due_on=DUE)
    changed = update(DecisionExtension).values(reason="别的")
    for statement in (later, sooner, changed):
        with pytest.raises(DatabaseError), open_session(Scope.own(tree.village)) as session:
            session.execute(statement)


@pytest.mark.both_databases
def test_what_makes_no_pair_is_refused(tree, pair, people, link, village):
    link(pair.decision, pair.result)
    decision = find_decision(village, get_publication(village, tree.village, pair.decision))
    result = get_publication(village, tree.village, pair.result)
    back = expect_result(village, people.clerk, result, DUE)
    for number in (pair.decision, 10**8):
        with pytest.raises(Invalid):
            link_result(village, people.clerk, decision, number)
    with pytest.raises(Invalid):
        link_result(village, people.clerk, back, pair.decision)
    with pytest.raises(Conflict):
        expect_result(village, people.clerk, result, DUE)
    with pytest.raises(Conflict):
        drop_decision(village, people.clerk, decision, "弄错了")
    with pytest.raises(Invalid):
        unlink_result(village, people.clerk, decision, decision.results[0].id, "")
    unlink_result(village, people.clerk, decision, decision.results[0].id, "弄错了")
    with pytest.raises(Forbidden):
        drop_decision(village, people.stranger, decision, "弄错了")
    drop_decision(village, people.clerk, decision, "弄错了")


def test_likely_results_are_suggested(app, tree, pair, write_public):
    """N20: by title, number and item; the clerk decides."""
    write_public("第二季度财务公开")
    with open_session(Scope.own(tree.village)) as session:
        (found,) = load_decision_pairs(session, [tree.village])
        assert [each.id for each in suggest_results(session, tree.village, found)] == [pair.result]


@pytest.mark.both_databases
def test_the_office_is_told_once_before_and_once_after_the_term(app, tree, pair, set_clock):
    with open_session(Scope.own(tree.village)) as session:
        session.add(MessageContact(tenant_id=tree.village.id, phone="13800001111"))
    counts = []
    for day in (date(2026, 6, 1), date(2026, 6, 26), date(2026, 6, 29), date(2026, 7, 1),
                date(2026, 7, 2)):  # fmt: skip
        set_clock(day)
        remind_of_results()
        with open_session(Scope.own(tree.village)) as session:
            topics = session.scalars(select(QueuedNotice.topic).order_by(QueuedNotice.id)).all()
        counts.append([topic.rpartition(".")[2] for topic in topics])
    assert counts == [[], ["due"], ["due"], ["due", "late"], ["due", "late"]]


@pytest.mark.both_databases
def test_results_in_time_are_counted_for_evaluations(app, tree, pair, link, decide):
    """N20: of the village's decisions whose term ended, counted at its township, by anybody."""
    decide(DUE, title="关于文化广场的决议")
    link(pair.decision, pair.result)
    with open_session(Scope.subtree(tree.county, "measures")) as session:
        measured = load_objective_measures(session, tree.county, FIRST, DUE)
        before = load_objective_measures(session, tree.county, FIRST, date(2026, 6, 29))
    (value,) = [each for each in measured if each.measure == "publishing.decision_results"]
    assert (value.township_id, value.reached, value.of) == (tree.town.id, 1, 2)
    assert not before
