"""Sets of indicators: from the draft to force, inherited, measured by features."""

from datetime import date

import pytest
from sqlalchemy import select

from core.testing.pages import url_for
from plugins.supervisor_evaluation.indicators import LIBRARY
from plugins.supervisor_evaluation.models.campaign import IndicatorSet
from plugins.supervisor_evaluation.tests.factories import make_indicator_set

PAGES = "plugin_supervisor_evaluation_indicators"
ROWS = {
    "title": "2026年评议指标", "name-0": "公开及时", "weight-0": "60",
    "anchors-0": "0 未公开\n10分：全面、及时公开", "evidence-0": "demanded",
    "name-1": "通俗易懂", "weight-1": "40", "anchors-1": "0 看不懂\n10 一看就懂",
}  # fmt: skip


@pytest.fixture
def staff(client, county, sign_in_as, tree):
    """An officer of the county."""
    sign_in_as("officer", tree.county)
    return client


def find(own):
    own.expire_all()
    return own.scalars(select(IndicatorSet).order_by(IndicatorSet.id)).all()


def save(staff, indicator_set, rows, **options):
    page = url_for(f"{PAGES}.save", indicator_set.id)
    return staff.post(page, rows | {"version": indicator_set.version}, **options)


def act(staff, own, word, status=302, **values):
    newest = find(own)[-1]
    page = url_for(f"{PAGES}.act", newest.id)
    return staff.post(page, {"act": word, "version": newest.version} | values, status=status)


def test_a_version_is_drafted_circulated_put_in_force_and_superseded(
    staff, own, county, set_clock, client
):
    set_clock(date(2026, 3, 2))
    own.add(make_indicator_set(county))
    own.commit()
    staff.post(url_for(f"{PAGES}.derive"))
    draft = find(own)[1]
    assert (draft.number, draft.state, draft.indicators) == (2, "draft", find(own)[0].indicators)
    save(staff, draft, ROWS)
    act(staff, own, "circulate", comment_until="2026-03-03", status=422)
    act(staff, own, "circulate", comment_until="2026-03-20")
    page = client.get(url_for(f"{PAGES}_public.show"))
    assert "2026年评议指标" in page.text
    assert page.select("//a[contains(@href,'messages')][contains(@class,'button')]")
    (comment,) = page.select("//a[contains(@href,'messages')][contains(@class,'button')]/@href")
    client.post(str(comment), {"text": "权重偏高"}, status=303)
    assert "有 1 条意见" in staff.get(url_for(f"{PAGES}.edit", draft.id)).text
    act(staff, own, "put_in_force", status=422)  # comments still have their time
    set_clock(date(2026, 3, 21))
    act(staff, own, "put_in_force")
    first, second = find(own)
    assert (first.state, first.superseded_on) == ("superseded", date(2026, 3, 21))
    assert (second.state, second.in_force_on) == ("in_force", date(2026, 3, 21))
    save(staff, second, ROWS | {"title": "改"}, status=422)  # what is in force is not changed
    assert find(own)[1].title == "2026年评议指标"


def test_weights_that_are_not_whole_are_named_and_nothing_is_circulated(staff, own, county):
    staff.post(url_for(f"{PAGES}.derive"))
    save(staff, find(own)[0], ROWS | {"weight-1": "30"})
    page = act(staff, own, "circulate", comment_until="2199-01-01", status=422)
    (said,) = page.select("//*[contains(@class,'error-summary')]")
    assert "部门" in said.text_content()
    assert "90" in said.text_content()
    assert find(own)[0].state == "draft"


def test_what_is_wrong_in_a_row_is_said_there_and_nothing_typed_is_lost(staff, own, county):
    staff.post(url_for(f"{PAGES}.derive"))
    wrong = ROWS | {"anchors-0": "很好", "name-1": "", "weight-1": "40"}
    page = save(staff, find(own)[0], wrong, status=422)
    assert page.select("//*[@id='anchors-0-error']")
    assert page.select("//*[@id='name-1-error']")
    assert page.select("//textarea[@id='anchors-0']")[0].text.strip() == "很好"
    assert find(own)[0].indicators == []


def test_a_row_is_left_out_by_emptying_its_name(staff, own, county):
    staff.post(url_for(f"{PAGES}.derive"))
    save(staff, find(own)[0], ROWS)
    kept = find(own)[0]
    less = ROWS | {"key-0": kept.indicators[0]["key"], "name-0": "", "weight-0": ""}
    save(staff, kept, less)
    assert [each["name"] for each in find(own)[0].indicators] == ["通俗易懂"]


def test_a_township_inherits_and_a_version_of_its_own_holds_there_alone(own, county, tree):
    own.add(make_indicator_set(county, title="县级指标"))
    own.flush()
    town, village = own.merge(tree.town), own.merge(tree.village)
    assert LIBRARY.find_in_force(own, town).title == "县级指标"
    own.add(make_indicator_set(town, title="镇级指标"))
    own.flush()
    assert LIBRARY.find_in_force(own, town).title == "镇级指标"
    assert LIBRARY.find_in_force(own, village).title == "镇级指标"
    assert LIBRARY.find_in_force(own, county).title == "县级指标"
