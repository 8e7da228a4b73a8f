"""What is kept of persons: masked, and only while it is needed (N32)."""

from datetime import timedelta

from core.sdk import Scope, open_session, today
from core.testing.factories.publishing import correct_at
from plugins.village_sync.plugin import daily, erase
from plugins.village_sync.tests.factories import (
    ROWS,
    compare,
    link_pair,
    list_comparisons,
    publish_town,
    publish_village,
)


def test_rows_about_persons_go_with_the_publicity_of_a_list(county, tree, set_clock):
    link_pair(county)
    ours = publish_village(tree)
    publish_town(tree, ROWS[:2])
    with open_session(Scope.platform("test")) as session:
        correct_at(session, tree.village, ours, publicity_days=7)
    (found,) = compare()
    assert len(found.rows) == 1
    run_night(tree.village)
    assert len(list_comparisons()[0].rows) == 1
    set_clock(today() + timedelta(days=8))
    run_night(tree.village)
    (found,) = list_comparisons()
    assert (found.state, found.rows, found.row_count) == ("open", [], 1)


def run_night(village):
    with open_session(Scope.own(village)) as session:
        daily(session, village)


def test_nothing_is_left_of_a_place_that_gives_the_feature_up(county, tree):
    link_pair(county)
    publish_village(tree)
    publish_town(tree, ROWS[:2])
    compare()
    for place in (tree.village, tree.town, county):
        with open_session(Scope.own(place)) as session:
            erase(session, place)
    assert list_comparisons() == []
