"""A difference on the desks of both sides: seen, answered, settled with a reason, opened again."""

import pytest

from core.sdk import today
from core.testing.pages import url_for
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

DIFFERENT = (*ROWS[:2], ("王有田", "1.5", "143.25"))
CASES = "plugin_village_sync_cases"


@pytest.fixture
def differing(county, tree):
    """A comparison of the village that differs."""
    link_pair(county)
    publish_village(tree)
    publish_town(tree, DIFFERENT)
    (found,) = compare()
    return found


@pytest.mark.parametrize("role", ["clerk", "liaison"])
def test_both_desks_see_the_values_side_by_side(client, tree, differing, sign_in_as, role):
    tenant = {"clerk": tree.village, "liaison": tree.town}[role]
    sign_in_as(role, tenant)
    home = client.get(url_for("console.home", place=tenant))
    assert "与对方公开内容不一致的名单" in home.text
    page = client.get(url_for(f"{CASES}.show", differing.id, place=tenant))
    assert "735.35" in page.text
    assert "764" in page.text
    assert "王*田" in page.text
    assert "王有田" not in page.text
    assert differing.due_on.isoformat() in page.text


def test_the_township_settles_with_a_reason_and_a_day(client, tree, differing, sign_in_as):
    sign_in_as("liaison", tree.town)
    address = url_for(f"{CASES}.explain", differing.id, place=tree.town)
    page = client.post(address, data={"reason": "envy", "version": "1"}, status=422)
    assert "请填写发生的日期" in page.text
    data = {"reason": "rounding", "reason_on": str(today()), "reason_note": "四舍五入"}
    client.post(address, data=data | {"version": str(differing.version)})
    (row,) = compare()
    assert (row.state, row.reason, row.reason_on) == ("explained", "rounding", today())
    public = client.get(url_for("plugin_village_sync_compared.show", row.id, place=tree.village))
    assert "有说明" in public.text
    again = url_for(f"{CASES}.reopen", differing.id, place=tree.town)
    client.post(again, data={"why": "算错了", "version": str(row.version)})
    assert [one.state for one in list_comparisons()] == ["open"]
    assert list_acts() == ["opened", "explained", "reopened"]


def test_an_explanation_ends_with_the_values_that_it_explained(client, tree, county, sign_in_as):
    link_pair(county)
    ours = publish_village(tree)
    publish_town(tree, DIFFERENT)
    (row,) = compare()
    sign_in_as("liaison", tree.town)
    data = {"reason": "death", "reason_on": str(today()), "version": str(row.version)}
    client.post(url_for(f"{CASES}.explain", row.id, place=tree.town), data=data)
    correct_list(tree.village, ours, ROWS[:2])
    assert [one.state for one in compare()] == ["open"]


def test_a_village_answers_and_settles_nothing_by_itself(client, tree, differing, sign_in_as):
    sign_in_as("officer", tree.village)
    answer = url_for(f"{CASES}.answer", differing.id, place=tree.village)
    client.post(answer, data={"note": "已核对，村里少记三分地", "version": "1"})
    assert list_acts() == ["opened", "answered"]
    settle = url_for(f"{CASES}.explain", differing.id, place=tree.village)
    data = {"reason": "rounding", "reason_on": str(today()), "version": "1"}
    client.post(settle, data=data, status=404)
    assert [one.state for one in list_comparisons()] == ["open"]


def test_nobody_of_another_place_sees_a_difference(client, tree, differing, sign_in_as):
    for role, place in (("clerk", tree.sister_village), ("officer", tree.sister_town),
                        ("officer", tree.other_county)):  # fmt: skip
        sign_in_as(role, place)
        client.get(url_for(f"{CASES}.show", differing.id, place=place), status=404)


def test_what_somebody_else_settled_meanwhile_is_not_overwritten(
    client, tree, differing, sign_in_as
):
    sign_in_as("liaison", tree.town)
    data = {"reason": "rounding", "reason_on": str(today()), "version": str(differing.version)}
    address = url_for(f"{CASES}.explain", differing.id, place=tree.town)
    client.post(address, data=data)
    client.post(address, data=data | {"reason": "death"}, status=409)
    assert [one.reason for one in list_comparisons()] == ["rounding"]
