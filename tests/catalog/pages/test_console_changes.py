"""Two people: what waits, who may decide, what a revision says, taking one back."""

import pytest

from core.catalog.domain.changes import Refine, Withdraw
from core.catalog.editing.review import submit_revision
from core.db.scope import Scope, open_session
from core.testing.factories.catalog import FIRST, SECOND, approve_changes, load_catalog
from core.testing.factories.trees import TOWN
from core.testing.pages import url_for

LIMIT = {"raw": "7个工作日内公开", "rule": None}
SLOW = {"raw": "20个工作日内公开", "rule": None}


@pytest.fixture
def submitted(staff, national):
    """A refinement handed in by the office."""
    actor = staff("office")
    approve_changes(national.nation, Refine(FIRST, "time_limit", SLOW))
    with open_session(Scope.own(national.county)) as session:
        change = Refine(FIRST, "time_limit", LIMIT, SLOW)
        return submit_revision(session, actor, national.county, [change], reason="更快").id


def test_the_author_is_told_why_there_is_no_button_and_who_can(staff, client, submitted):
    for name in ("second", "reviewer", "clerk", "office"):
        staff(name)
    page = client.get(url_for("catalog_changes.show", submitted))
    assert "没有批准按钮" in page.text
    assert "second 某、reviewer 某" in page.text
    assert not page.select("//form[contains(@action,'/approve/')]")
    client.post(url_for("catalog_changes.approve", submitted), status=403)


def test_a_second_person_sees_the_marks_and_approves(staff, client, national, submitted):
    staff("reviewer")
    page = client.get(url_for("catalog_changes.show", submitted))
    assert [cell.text for cell in page.select("//dd/del")] == ["20"]
    assert [cell.text for cell in page.select("//dd/ins")] == ["7"]
    assert "共有 7 个单位" in page.text
    client.post(url_for("catalog_changes.approve", submitted))
    assert load_catalog(national.county).items[FIRST].fields["time_limit"] == LIMIT
    decided = client.get(url_for("catalog_changes.show", submitted))
    assert "第 1 次修订" in decided.text
    assert "reviewer 某" in decided.text


def test_a_decided_change_is_not_decided_again(staff, client, submitted):
    staff("second")
    client.post(url_for("catalog_changes.approve", submitted))
    again = client.post(url_for("catalog_changes.approve", submitted), status=409)
    assert "已有审核结论" in again.text
    client.post(url_for("catalog_changes.reject", submitted), {"note": "晚了"}, status=409)


def test_a_rejection_needs_a_note_and_keeps_the_catalog(staff, client, national, submitted):
    staff("second")
    refused = client.post(url_for("catalog_changes.reject", submitted), {"note": " "}, status=422)
    assert refused.select("//*[@id='note-error']")
    client.post(url_for("catalog_changes.reject", submitted), {"note": "依据不足"})
    assert load_catalog(national.county).items[FIRST].fields["time_limit"] == SLOW
    assert "依据不足" in client.get(url_for("catalog_changes.show", submitted)).text
    assert "已退回" in client.get(url_for("catalog_changes.history")).text


def test_the_list_puts_what_one_may_decide_first(staff, client, submitted):
    assert "待他人审核" in client.get(url_for("catalog_changes.index")).text
    staff("second")
    assert "待我审核" in client.get(url_for("catalog_changes.index")).text


def test_a_liaison_below_cannot_approve(staff, client, submitted):
    staff("town")
    client.post(url_for("catalog_changes.approve", submitted), status=403)


def test_a_change_of_another_layer_is_not_found_here(staff, client, national, submitted):
    staff("second")
    client.get(url_for("catalog_changes.show", submitted, place=TOWN), status=404)
    client.post(url_for("catalog_changes.approve", submitted, place=TOWN), status=404)
    client.get(url_for("catalog_changes.show", 99999), status=404)


def test_a_revision_is_taken_back_by_a_new_one(staff, client, national):
    revision = approve_changes(national.county, Withdraw(SECOND))
    staff("office")
    client.post(url_for("catalog_changes.undo", revision.id), {"reason": ""}, status=422)
    shown = client.post(url_for("catalog_changes.undo", revision.id), {"reason": "误删"})
    page = client.get(shown.location)
    assert "撤销此前变更" in page.text
    staff("second")
    client.post(f"{shown.location}approve/")
    assert SECOND in load_catalog(national.county).items


def test_those_below_who_must_decide_are_counted(staff, client, national, submitted):
    approve_changes(national.town, Refine(FIRST, "time_limit", {"raw": "当日", "rule": None}, SLOW))
    staff("second")
    page = client.get(url_for("catalog_changes.show", submitted))
    assert "其中 1 个单位对相应栏目已有细化" in page.text
