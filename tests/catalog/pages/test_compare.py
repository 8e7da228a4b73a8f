"""Changes from above to decide, and who below differs."""

from core.catalog.domain.changes import Refine, Withdraw
from core.testing.factories.catalog import FIRST, SECOND, approve_changes, load_catalog
from core.testing.factories.trees import TOWN
from core.testing.pages import url_for

OURS = {"raw": "7个工作日内", "rule": None}
BASE = {"raw": "及时公开", "rule": None}
THEIRS = {"raw": "3个工作日内", "rule": None}


def overtake(tree):
    approve_changes(tree.county, Refine(FIRST, "time_limit", OURS, BASE))
    approve_changes(tree.nation, Refine(FIRST, "time_limit", THEIRS, BASE))


def test_the_three_values_stand_side_by_side(staff, client, national):
    overtake(national)
    staff("office")
    page = client.get(url_for("catalog_compare.upstream"))
    cells = [cell.text_content().strip() for cell in page.select("//tbody//td")]
    assert cells == ["及时公开", "3个工作日内", "7个工作日内"]
    assert "上级变更待处理" in client.get(url_for("console.home")).text


def test_theirs_is_taken_over_alone(staff, client, national):
    overtake(national)
    staff("office")
    sent = {"change": f"{FIRST}:time_limit", "accept": "1"}
    shown = client.get(client.post(url_for("catalog_compare.decide"), sent).location)
    assert "恢复上级内容" in shown.text
    client.post(shown.select("//form[contains(@action,'/approve/')]/@action")[0])
    assert load_catalog(national.county).items[FIRST].fields["time_limit"] == THEIRS
    assert "没有待处理的上级变更" in client.get(url_for("catalog_compare.upstream")).text


def test_ours_is_kept_once_a_second_person_agrees(staff, client, national):
    overtake(national)
    staff("office")
    shown = client.post(
        url_for("catalog_compare.decide"), {"change": f"{FIRST}:time_limit", "keep": "1"}
    ).location
    staff("second")
    client.post(f"{shown}approve/")
    assert load_catalog(national.county).items[FIRST].fields["time_limit"] == OURS
    assert "没有待处理的上级变更" in client.get(url_for("catalog_compare.upstream")).text


def test_nothing_ticked_is_said(staff, client, national):
    overtake(national)
    staff("office")
    page = client.post(url_for("catalog_compare.decide"), {"keep": "1"}, status=422)
    assert "请至少勾选一项" in page.text


def test_the_drift_page_says_who_differs_in_what_and_why(staff, client, national):
    approve_changes(national.town, Refine(FIRST, "time_limit", OURS, BASE), reason="镇里更快")
    approve_changes(national.sister_town, Withdraw(SECOND), reason="西镇无此职能")
    staff("office")
    rows = [
        [cell.text_content().strip() for cell in row.xpath("./*")]
        for row in client.get(url_for("catalog_compare.drift")).select("//tbody/tr")
    ]
    names = "东镇、崾岘村委会、柳湾村委会"
    assert rows[0] == [
        "综合业务 / 政策法规文件公开时限",
        "及时公开",
        "7个工作日内",
        names,
        "镇里更快",
    ]
    assert rows[1][1:] == ["西镇、东关社区居委会、崾岘村委会", "西镇无此职能"]
    assert "没有差异" in client.get(url_for("catalog_compare.drift", domain="other")).text


def test_a_township_compares_itself_with_its_villages_only(staff, client, national):
    approve_changes(national.sister_town, Withdraw(SECOND), reason="西镇无此职能")
    staff("town")
    assert "没有差异" in client.get(url_for("catalog_compare.drift", place=TOWN)).text
