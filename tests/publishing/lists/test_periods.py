"""Copy last period, and the list beside that of the last period; downloads; imports."""

import io
import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from core.clock import today
from core.publishing.drafting.copying import find_last_period
from core.publishing.lists.domain.periods import advance_title, find_covered_quarter
from core.publishing.lists.periods.comparison import compare_periods
from core.publishing.lists.reading.given import parse_given_list
from core.publishing.models import Publication
from core.publishing.workflow.drafts import get_working_content
from core.testing.factories.trees import VILLAGE
from core.testing.pages import url_for


@pytest.mark.parametrize(
    ("title", "covered"),
    [
        ("2026年第三季度村级财务公开", (2026, 3)),
        ("2025年度第4季度低保名单", (2025, 4)),
        ("2026年9月份收支明细", (2026, 3)),
        ("三季度账目", (2026, 3)),
        ("第四季度低保公示", (2026, 4)),
        ("2026年度工作计划", (2026, 4)),
        ("2026年上半年财务", (2026, 4)),
        ("2026年一季度与二季度对比", (2026, 1)),
        ("2027年第一季度值班安排", (2026, 4)),
        ("2026年9月3日会议决议", (2026, 4)),
        ("补贴名单", (2026, 4)),
    ],
)
def test_a_title_says_which_quarter_it_covers(title, covered):
    assert find_covered_quarter(title, date(2026, 10, 12)) == covered


def test_a_quarter_without_a_year_is_the_last_one():
    assert find_covered_quarter("四季度账目", date(2027, 1, 5)) == (2026, 4)


@pytest.mark.parametrize(
    ("title", "following"),
    [
        ("2026年第四季度村级财务公开", "2027年第一季度村级财务公开"),
        ("2026年一季度", "2026年二季度"),
        ("2026年12月低保名单", "2027年1月低保名单"),
        ("2026年03月份", "2026年04月份"),
        ("2026年下半年收支", "2027年上半年收支"),
        ("2025年度补贴", "2026年度补贴"),
        ("2026年4月6日公告", "2026年4月6日公告"),
        ("2025年补贴（2026年发放）", "2025年补贴（2026年发放）"),
        ("名单", "名单"),
    ],
)
def test_the_title_of_the_next_period(title, following):
    assert advance_title(title) == following


def test_new_gone_and_changed_rows_and_both_sums(subsidies):
    rows = (("王大山", "12.5", "1600.00"), ("赵六", "1", "120"))
    found = compare_periods(subsidies, replace(subsidies, rows=rows))
    assert (found.new, found.gone) == (["赵六"], ["李秀英"])
    assert [(row.name, row.changes) for row in found.changed] == [
        ("王大山", (("金额", "1500.00", "1600.00"),))
    ]
    assert [(each.before, each.after) for each in found.sums][1] == (
        Decimal("2460.00"), Decimal("1720.00"),
    )  # fmt: skip


def test_rows_of_one_name_are_told_apart_by_their_order(subsidies):
    twice = replace(subsidies, rows=(subsidies.rows[0], subsidies.rows[0]))
    found = compare_periods(subsidies, twice)
    assert (found.new, found.gone, found.changed) == (["王大山"], ["李秀英"], [])


@pytest.fixture
def first(village, make_public, subsidies) -> Publication:
    """The list of a first quarter."""
    title = "2026年第一季度补贴发放表"
    made = make_public(village, title=title, list_data=subsidies, document_number="1号")
    village.commit()
    return made


@pytest.mark.parametrize("kept", [True, False])
def test_one_press_makes_the_next_period(sign_in, first, platform, kept):
    client = sign_in("clerk")
    client.get(url_for("publishing_acts.detail", first.id, place=VILLAGE))
    address = url_for("publishing_copies.copy", first.id, place=VILLAGE)
    page = client.get(client.post(address, {"rows": "yes"} if kept else {}).location)
    assert ("与上期对照" in page.text) == kept
    made = platform.scalars(select(Publication).order_by(Publication.id.desc())).first()
    content = get_working_content(platform, made)
    assert content.title == "2026年第二季度补贴发放表"
    assert content.list_data.columns == first.list_data.columns
    assert len(content.list_data.rows) == (2 if kept else 0)
    assert (content.formed_on, content.document_number) == (today(), None)
    assert find_last_period(platform, first.tenant, content, made.id).id == first.id


def test_the_list_is_downloaded_as_long_as_it_is_public(
    client, village, make_public, subsidies, set_clock
):
    rows = (("=cmd|'/c calc'!A1", "12.5", "1500.00"), ("𠮷🌾", "8", "960"))
    publication = make_public(village, list_data=replace(subsidies, rows=rows), publicity_days=7)
    village.commit()
    address = url_for("publishing.list_file", publication.id, "csv", place=VILLAGE)
    text = client.get(address).data.decode("utf-8-sig")
    assert "\n'=cmd" in text.replace("\r", "") or "\"'=cmd" in text
    assert "𠮷🌾" in text
    response = client.get(address.replace(".csv", ".xlsx"))
    sheet = load_workbook(io.BytesIO(response.data)).active
    assert [cell.value for cell in sheet[1]] == ["户主", "面积（亩）", "金额（元）"]
    assert sheet["A2"].data_type == "s"
    assert sheet["C2"].value == 1500
    client.get(address.replace(".csv", ".pdf"), status=404)
    set_clock(today() + timedelta(days=7))
    client.get(address, status=410)


def test_a_draft_or_a_text_without_list_has_no_download(
    client, village, make, make_public, subsidies
):
    draft, plain = make(village, list_data=subsidies), make_public(village)
    village.commit()
    for publication in (draft, plain):
        address = url_for("publishing.list_file", publication.id, "csv", place=VILLAGE)
        client.get(address, status=404)


def test_an_import_gives_a_list():
    given = {
        "caption": "补贴",
        "columns": ["户主", {"name": "金额", "type": "money", "unit": "元", "key": "amount"}],
        "rows": [["王大山", 5], ["李秀英", None]],
        "totals": ["合计", "5"],
    }
    data = parse_given_list(json.loads(json.dumps(given)))
    assert data.rows == (("王大山", "5"), ("李秀英", ""))
    assert [column.key for column in data.columns] == ["c1", "amount"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "columns"),
        ({"columns": [], "rows": []}, "key"),
        ({"columns": ["a"], "rows": [["1", "2"]]}, "1"),
        ({"columns": ["a"], "rows": [[{}]]}, "文字|text"),
        ({"columns": [{"name": "a", "type": "float"}], "rows": []}, "money"),
        ({"columns": ["a"], "rows": [["x" * 1001]]}, "1000"),
        ({"columns": ["a"] * 61, "rows": []}, "60"),
    ],
)
def test_a_wrong_list_of_an_import_is_refused(app, given, said):
    with app.test_request_context(), pytest.raises(ValueError, match=said):
        parse_given_list(given)
