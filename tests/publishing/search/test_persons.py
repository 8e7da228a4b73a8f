"""Nobody is found by a name in a publicity list, unless its catalog item says so."""

import pytest

from core.publishing.models import Publication
from core.publishing.search.names import findable_text, lets_names_be_found, may_name_persons
from core.search.text.personal_names import without_names

LIST = (
    "<p>拟救助下列家庭。监督电话:0100-5552002。</p><table><caption>救助对象</caption><thead><tr>"
    "<th>序号</th><th>户主</th><th>所在村</th><th>保障人数</th></tr></thead><tbody>"
    "<tr><td>1</td><td>张建国</td><td>柳湾村</td><td>2</td></tr></tbody></table>"
)


def searched(markup, *, names=False, **fields):
    return findable_text(Publication(body_html=markup, **{"summary": "", **fields}), names=names)[1]


def test_the_column_of_names_is_left_out_and_the_rest_is_found():
    text = searched(LIST)
    assert "张建国" not in text
    for word in ("柳湾村", "户主", "保障人数", "救助对象", "0100-5552002"):
        assert word in text


def test_where_the_item_lets_names_be_found_all_is_there():
    assert "张建国" in searched(LIST, names=True)


@pytest.mark.parametrize(
    ("title", "lists"),
    [
        ("柳湾村2026年耕地地力保护补贴发放明细", True),
        ("石桥镇临时救助发放台账", True),
        ("2026年公租房配租摇号结果", True),
        ("奖励和表彰办法", False),
        ("关于提高低保标准的通知", False),
    ],
)
def test_a_list_of_persons_is_known_by_its_title_whatever_its_genre(title, lists):
    assert may_name_persons(Publication(title=title, genre="村务公开")) is lists


def test_a_list_about_persons_whose_columns_say_nothing_keeps_its_headings_only():
    markup = "<table><tr><td>甲</td><td>金额</td></tr><tr><td>张建国</td><td>9</td></tr></table>"
    assert searched(markup, publicity_days=7).split() == ["甲", "金额"]


def test_joined_cells_hide_no_name_in_another_column():
    markup = LIST.replace("<td>1</td>", '<td rowspan="2">1</td>')
    assert "张建国" not in searched(markup)
    assert "户主" in searched(markup)


def test_a_table_inside_a_cell_hides_and_shows_no_name():
    inside = (
        "<table><tr><td>李秀英</td><td>配偶</td></tr><tr><td>王强</td><td>长子</td></tr></table>"
    )
    text = searched(LIST.replace("<td>2</td>", f"<td>{inside}</td>"), publicity_days=7)
    assert not {"张建国", "李秀英", "王强"} & set(text.split())
    assert "户主" in text


def test_a_summary_made_from_the_text_names_nobody():
    made = Publication(
        body_html="<p>对象:张建国、李秀英、王强等3人</p>", summary="对象:张建国、李秀英、王强等3人"
    )
    summary, text = findable_text(made, names=False)
    assert "张建国" not in summary + text
    written = Publication(body_html=LIST, summary="低保对象 张建国、李秀英")
    assert findable_text(written, names=False)[0] == "低保对象 "


@pytest.mark.parametrize(
    "text", ["张建国,男,45岁", "申请人:张建国", "张建国、李秀英", "户主 张建国"]
)
def test_names_in_running_text_are_left_out(text):
    assert "张建国" not in without_names(text)


@pytest.mark.parametrize(
    "text",
    [
        "青石镇、红岭乡、麻沟乡",
        "低保、特困、临时救助",
        "申请人须提供身份证",
        "全县在册低保对象5,116户",
    ],
)
def test_other_words_stay(text):
    assert without_names(text) == text


@pytest.mark.parametrize(
    ("said", "findable"), [("是", True), ("否", False), ("", False), (None, False)]
)
def test_the_item_says_so_in_a_column_of_its_own(said, findable):
    assert lets_names_be_found({"extra": {"姓名可检索": said}}) is findable
    assert not lets_names_be_found(None)
    assert not lets_names_be_found({})
