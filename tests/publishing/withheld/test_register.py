"""N2, N4: what is withheld stands in a register without content, and is evaluated again in time."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core.clock import today
from core.db.engine import db
from core.errors import Conflict, Forbidden, Invalid
from core.permissions import organ_scope
from core.publishing.editing.models import DiscardedDraft
from core.publishing.models import Publication, PublicationRevision
from core.publishing.rules import PublicationState
from core.publishing.withheld.models import WithheldEvaluation, WithheldItem
from core.publishing.withheld.service import count_due, enter_item, evaluate_item, list_evaluations

pytestmark = pytest.mark.both_databases


def evaluation(**more):
    return {
        "outcome": "kept",
        "ground": "process",
        "evaluated_on": today(),
        "decided_by": "李主任",
        "next_on": today() + timedelta(days=365),
    } | more


def dated(changes):
    """Days from today become days."""
    return {
        name: today() + timedelta(days=value) if isinstance(value, int) else value
        for name, value in changes.items()
    }


def run(statement, **values):
    """One raw statement by the owner of the tables."""
    with db.engine.begin() as connection:
        return connection.execute(text(statement), values).rowcount


def test_numbers_are_given_one_after_the_other(town, tree, keeper, values, item):
    other = enter_item(town, keeper, tree.town, values)
    year = today().year
    assert [item.number, other.number] == [f"不予公开〔{year}〕001号", f"不予公开〔{year}〕002号"]


@pytest.mark.parametrize(
    "wrong",
    [
        ({"ground": ""}, "ground"),
        ({"decided_by": ""}, "decided_by"),
        ({"decided_on": 2}, "decided_on"),
        ({"next_on": 0}, "next_on"),
        ({"next_on": 365 * 9}, "next_on"),
        ({"next_on": None}, "next_on"),
        ({"reference": "关于某户低保的处理意见"}, "reference"),
        ({"ground": "privacy"}, "third_party"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(town, tree, keeper, values, wrong):
    changes, field = wrong
    with pytest.raises(Invalid) as caught:
        enter_item(town, keeper, tree.town, values | dated(changes))
    assert set(caught.value.fields) == {field}


def test_who_does_not_write_there_enters_nothing(town, tree, people, values):
    for actor in (people.reviewer, people.officer, people.stranger, people.clerk):
        with pytest.raises(Forbidden):
            enter_item(town, actor, tree.town, values)


def test_a_withheld_draft_leaves_nothing_behind(town, tree, keeper, values, make):
    """N4: the register has no content, and the draft is not kept for bringing back."""
    draft = make(town, tree.town, keeper, records=False, organ_id=values["organ_id"])
    number = draft.id
    entered = enter_item(town, keeper, tree.town, values, draft)
    town.commit()
    assert town.get(Publication, number) is None
    assert entered.publication_id is None
    for model in (PublicationRevision, DiscardedDraft):
        assert town.scalars(select(model)).all() == []


def test_what_is_public_is_withdrawn_first(town, tree, keeper, values, make_public):
    public = make_public(town, tree.town, keeper)
    with pytest.raises(Conflict):
        enter_item(town, keeper, tree.town, values, public)
    part = enter_item(town, keeper, tree.town, values | {"nature": "partly"}, public)
    assert part.publication_id == public.id  # severable parts are published (N2)


def test_it_is_due_on_its_day_until_somebody_looks(town, tree, keeper, item, set_clock):
    scope = organ_scope(keeper, "write_publication", tree.town)
    assert count_due(town, tree.town, scope)[0] == 0
    day = item.next_on
    set_clock(day)
    assert count_due(town, tree.town, scope) == (1, day)
    evaluate_item(town, keeper, item, evaluation(next_on=day + timedelta(days=100)))
    assert count_due(town, tree.town, scope)[0] == 0
    assert [(one.outcome, one.ground) for one in list_evaluations(town, item)] == [
        ("kept", "process")
    ]
    assert item.ground == "process"


def test_what_may_be_public_now_becomes_a_draft(town, keeper, item):
    draft = evaluate_item(town, keeper, item, evaluation(outcome="released", next_on=None))
    assert (draft.state, draft.title, draft.organ_id) == (PublicationState.DRAFT, "", item.organ_id)
    assert (item.released_on, item.next_on, item.publication_id) == (today(), None, draft.id)
    with pytest.raises(Conflict):
        evaluate_item(town, keeper, item, evaluation())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"outcome": ""}, "outcome"),
        ({"next_on": None}, "next_on"),
        ({"evaluated_on": 1}, "evaluated_on"),
        ({"evaluated_on": -60}, "evaluated_on"),
    ],
)
def test_an_evaluation_is_complete(town, keeper, item, changes, field):
    with pytest.raises(Invalid) as caught:
        evaluate_item(town, keeper, item, evaluation(**dated(changes)))
    assert set(caught.value.fields) == {field}


def test_the_register_is_kept_below_the_program_too(town, keeper, item):
    evaluate_item(town, keeper, item, evaluation())
    town.commit()
    for statement in (
        "UPDATE withheld_item SET number = 'x'",
        "UPDATE withheld_item SET decided_by = 'x'",
        "UPDATE withheld_item SET next_on = '2099-01-01'",
        "UPDATE withheld_item SET next_on = NULL",
        "DELETE FROM withheld_item",
        "UPDATE withheld_evaluation SET outcome = 'released'",
        "DELETE FROM withheld_evaluation",
    ):
        with pytest.raises(IntegrityError):
            run(statement)


def test_no_column_of_the_register_could_hold_a_text():
    """N4 in the tables: no column for a title or a note, and none without a bound."""
    for model in (WithheldItem, WithheldEvaluation):
        for column in model.__table__.columns:
            assert column.name not in {"title", "content", "body", "summary", "note", "comment"}
            length = getattr(column.type, "length", None)
            assert length is None or length <= 64
