"""A change of a catalog item that lets persons be found, or no longer, reaches the index."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.catalog.domain.changes import (
    Define,
    DefineDomain,
    Refine,
    Reset,
    Undo,
    Withdraw,
    WithdrawDomain,
)
from core.clock import first_moment, today
from core.db.scope import open_session
from core.publishing.workflow.channel_changes import decide_again
from core.search.indexing import indexer
from core.search.indexing.indexer import drain
from core.search.models import SearchOutbox
from core.search.registry import search_engine
from core.testing.factories.catalog import FIRST, approve_changes, item_fields
from core.testing.factories.trees import VILLAGE
from core.testing.pages import url_for

NAME = "韦有才"
LET = {"姓名可检索": "是"}


@pytest.fixture
def lists(tree, village, make_public, client):
    """The number of lists that a name finds, of some lists in the village, after indexing."""
    made = [DefineDomain("jiuzhu", "社会救助"), Define(FIRST, item_fields())]
    approve_changes(tree.county, *made)

    def publish(number=1):
        for place in range(number):
            make_public(
                village,
                title=f"第{place}批低保公示",
                genre="公示",
                item_id=FIRST,
                no_item_reason=None,
                body_source=f"拟救助户主:{NAME}",
                publicity_days=7,
            )
        village.commit()
        search_engine().backend.ensure()
        return found()

    def found():
        decide_again()
        drain(search_engine())
        page = client.get(url_for("search.page", place=VILLAGE, q=NAME))
        links = page.select("//main//ol[contains(@class,'rows')]//a/@href")
        return len({link for link in links if "/publications/" in link})

    publish.found = found
    return publish


def waiting():
    with open_session(None) as session:
        rows = session.scalars(select(SearchOutbox).order_by(SearchOutbox.id))
        return [(row.kind, row.pk, row.due_at) for row in rows]


def test_what_a_county_changes_is_followed_below(lists, tree):
    assert lists() == 0
    for change, found in (
        (Refine(FIRST, "extra", LET), 1),
        (Refine(FIRST, "extra", {"姓名可检索": "否"}), 0),
        (Undo(3), 1),
        (Refine(FIRST, "audience", {"kind": "group", "text": "本村村民"}), 0),
        (Reset(FIRST, "audience"), 1),
        (Refine(FIRST, "mode", "on_request"), 0),
        (Refine(FIRST, "mode", "proactive"), 1),
        (Withdraw(FIRST), 0),
        (Undo(9), 1),
        (WithdrawDomain("jiuzhu"), 0),
    ):
        approve_changes(tree.county, change)
        assert lists.found() == found, change


@pytest.mark.both_databases
def test_a_township_decides_for_its_villages(lists, tree):
    approve_changes(tree.county, Refine(FIRST, "extra", LET))
    assert lists() == 1
    approve_changes(tree.town, Refine(FIRST, "extra", {"姓名可检索": "否"}))
    assert lists.found() == 0
    approve_changes(tree.town, Refine(FIRST, "extra", LET))
    assert lists.found() == 1


def test_many_lists_are_one_row_and_several_batches(lists, tree, monkeypatch):
    monkeypatch.setattr(indexer, "BATCH", 2)
    assert lists(5) == 0
    approve_changes(tree.county, Refine(FIRST, "extra", LET))
    dependent = [(kind, pk) for kind, pk, _due in waiting() if kind == "*publication"]
    assert dependent == [("*publication", FIRST)] * len(search_engine().backends)
    assert lists.found() == 5
    assert waiting() == [] or all(kind != "*publication" for kind, _pk, _due in waiting())


def test_a_change_to_come_is_followed_on_its_day(lists, tree):
    assert lists() == 0
    day = today() + timedelta(days=30)
    approve_changes(tree.county, Refine(FIRST, "extra", LET), effective_on=day)
    due = {due for kind, _pk, due in waiting() if kind == "*publication"}
    assert due == {first_moment(day)}
    assert lists.found() == 0


def test_what_changes_nothing_for_names_reads_no_lists_again(lists, tree):
    assert lists() == 0
    approve_changes(tree.county, Refine(FIRST, "legal_basis", ["村民委员会组织法"]))
    assert all(kind != "*publication" for kind, _pk, _due in waiting())
