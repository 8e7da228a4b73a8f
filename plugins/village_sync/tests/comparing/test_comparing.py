"""Lists of both sides compared by the job: agreeing, differing, corrected, withdrawn."""

import pytest

from core.sdk import OPERATOR, Publication, Scope, open_session
from core.testing.factories.publishing import withdraw
from plugins.village_sync.tests.factories import (
    ROWS,
    compare,
    correct_list,
    link_pair,
    list_acts,
    list_comparisons,
    publish_town,
    publish_village,
)

pytestmark = pytest.mark.both_databases
DIFFERENT = (("张大山", "2.5", "238.75"), ("李小河", "5", "477.5"), ("钱新增", "1.2", "114.6"))


def test_lists_of_one_batch_that_say_the_same_agree(county, tree):
    link_pair(county)
    publish_village(tree)
    publish_town(tree, reversed(ROWS))
    (found,) = compare()
    assert (found.state, found.batch, found.kind) == ("agrees", "2026-b1", "farmland")
    assert [(one["key"], one["village"], one["government"]) for one in found.facts] == [
        ("households", "3", "3"), ("area", "7.7", "7.7"), ("amount", "735.35", "735.35"),
    ]  # fmt: skip
    assert (found.tenant_id, found.government_tenant_id) == (tree.village.id, tree.town.id)


def test_a_difference_is_a_case_with_masked_rows_and_a_day(county, tree):
    link_pair(county)
    publish_village(tree)
    publish_town(tree, DIFFERENT)
    (found,) = compare()
    assert found.state == "open"
    assert found.due_on > found.found_on
    assert found.row_count == 3
    names = {row["name"] for row in found.rows}
    assert not names & {"李小河", "王有田", "钱新增"}
    (changed,) = [row for row in found.rows if row["village"] and row["government"]]
    assert changed["facts"] == [["area", "4", "5"], ["amount", "382", "477.5"]]


def test_correcting_settles_by_itself_and_doing_it_twice_changes_nothing(county, tree):
    link_pair(county)
    ours = publish_village(tree)
    publish_town(tree, DIFFERENT)
    compare()
    compare()
    assert list_acts() == ["opened"]
    correct_list(tree.village, ours, DIFFERENT)
    (found,) = compare()
    assert (found.state, found.rows) == ("agrees", [])
    assert list_acts() == ["opened", "agreed"]
    version = found.version
    assert [one.version for one in compare()] == [version]


def test_lists_of_other_batches_are_never_compared(county, tree):
    link_pair(county)
    publish_village(tree)
    publish_town(tree, title="东镇2026年第二批耕地地力保护补贴")
    publish_town(tree, title="东镇耕地地力保护补贴发放公示")
    assert compare() == []


def test_a_withdrawn_side_ends_the_comparison(county, tree):
    link_pair(county)
    publish_village(tree)
    theirs = publish_town(tree, DIFFERENT)
    compare()
    with open_session(Scope.platform("test")) as session:
        withdraw(session, OPERATOR, session.get_one(Publication, theirs), "名单有误")
    (found,) = compare()
    assert (found.state, found.rows) == ("gone", [])
    publish_town(tree)
    assert [one.state for one in compare()] == ["agrees"]


def test_nothing_is_compared_without_a_confirmed_pair(county, tree):
    publish_village(tree)
    publish_town(tree)
    assert compare() == []
    link_pair(county)
    assert [one.state for one in compare()] == ["agrees"]
    assert len(list_comparisons()) == 1
