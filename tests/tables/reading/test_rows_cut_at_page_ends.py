"""Rows that a page's end cut, totals, heads printed again: nothing wrong without a word."""

import pytest

from core.tables.fields.lists import read_elements
from core.tables.read import read_catalogs
from core.tables.text import tidy

HEAD = ["序号", "一级事项", "二级事项", "公开内容", "公开依据", "公开时限", "公开主体", "全社会"]
FIRST = ["1", "综合业务", "办事指南", "条件", "《甲法》", "及时公开", "县民政局", "√"]
SECOND = ["2", "综合业务", "监督检查", "电话", "《甲法》", "及时公开", "县民政局", "√"]


def read(*rows):
    body = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in (HEAD, *rows)
    )
    return read_catalogs(f"<table>{body}</table>".encode(), "a.html")


def told(result, row, field):
    return {f.code for f in result.findings if (f.row, f.field) == (row, field)}


def test_a_row_without_number_and_ticks_that_ends_broken_words_is_put_to_the_one_above():
    cut = ["1", "综合业", "办事指南", "条件", "《甲法》", "及时公", "县民政", "√"]
    result = read(cut, ["", "务", "", "", "", "开", "局", ""], SECOND)
    first, second = result.catalogs[0].rows
    assert (first.level1, first.time_limit) == ("综合业务", "及时公开")
    assert first.responsible_organ == ("县民政局",)
    assert second.seq == "2"
    assert told(result, 0, "time_limit") == {"row-rejoined"}


def test_a_row_without_number_and_ticks_is_told_on_both_rows():
    cut = ["1", "综合业务", "办事指南", "条件", "《甲法》", "每年", "县民政局", "√"]
    result = read(cut, ["", "综合", "指南", "材料", "《乙法》", "3月前", "镇政府", ""], SECOND)
    assert [row.seq for row in result.catalogs[0].rows] == ["1", None, "2"]
    assert told(result, 0, "time_limit") == {"row-may-go-on"}
    assert told(result, 1, "time_limit") == {"row-unnumbered"}
    assert "row-unnumbered" in told(result, 1, None)


def test_what_goes_on_with_a_doubtful_row_is_told_on_the_one_above_as_well():
    result = read(FIRST, ["", "综合", "指南", "材料", "", "", "", ""],
                  ["", "", "", "", "", "", "镇政府", ""], SECOND)  # fmt: skip
    assert told(result, 0, "responsible_organ") == {"row-may-go-on"}


def test_an_item_below_a_merged_number_is_whole():
    rows = "".join(f"<td>{cell}</td>" for cell in HEAD)
    first = '<td rowspan="2">1</td>' + "".join(f"<td>{cell}</td>" for cell in FIRST[1:])
    second = "".join(f"<td>{cell}</td>" for cell in SECOND[1:-1]) + "<td></td>"
    page = f"<table><tr>{rows}</tr><tr>{first}</tr><tr>{second}</tr></table>"
    result = read_catalogs(page.encode(), "a.html")
    assert [row.level2 for row in result.catalogs[0].rows] == ["办事指南", "监督检查"]
    assert not {f.code for f in result.findings} & {"row-unnumbered", "row-may-go-on"}


@pytest.mark.parametrize("texts", [("合计",), ("合计", "", "", "5项"), ("", "小计"), ("共计5项",)])
def test_a_row_of_totals_is_no_item(texts):
    result = read(FIRST, SECOND, [*texts, *[""] * (len(HEAD) - len(texts))])
    assert [row.seq for row in result.catalogs[0].rows] == ["1", "2"]
    assert "row-skipped" in {finding.code for finding in result.findings}


def test_contents_that_look_like_a_title_stay_where_the_items_go_on_below_the_next_head():
    line = ["", "", "", "养老服务领域基层政务公开标准目录", "", "", "", ""]
    result = read(FIRST, line, HEAD, SECOND)
    (catalog,) = result.catalogs
    assert catalog.rows[0].content_elements == ("条件", "养老服务领域基层政务公开标准目录")
    assert [row.seq for row in catalog.rows] == ["1", "2"]


def test_a_title_below_which_a_head_stands_alone_is_told():
    result = read(FIRST, ["养老服务领域基层政务公开标准目录", *[""] * 7], HEAD)
    assert "title-unused" in {finding.code for finding in result.findings}


def test_a_filler_before_a_row_that_goes_on_is_no_part_of_the_value():
    result = read([*FIRST[:4], "-", *FIRST[5:]], ["", "", "", "", "《乙法》", "", "", ""], SECOND)
    assert result.catalogs[0].rows[0].legal_basis == ("《乙法》",)
    assert "filler" in told(result, 0, "legal_basis")


def test_a_row_of_which_all_is_struck_is_told_below_a_merged_name():
    struck = "".join(f"<td><s>{cell}</s></td>" for cell in SECOND if cell != "综合业务")
    rows = "".join(f"<td>{cell}</td>" for cell in HEAD)
    first = "".join(f"<td>{cell}</td>" for cell in FIRST)
    first = first.replace("<td>综合业务", '<td rowspan="2">综合业务')
    page = f"<table><tr>{rows}</tr><tr>{first}</tr><tr>{struck}</tr></table>"
    result = read_catalogs(page.encode(), "a.html")
    assert [row.seq for row in result.catalogs[0].rows] == ["1"]
    assert "row-left-out" in {finding.code for finding in result.findings}


def test_a_line_that_begins_with_a_joining_word_goes_on_with_the_one_before():
    parsed = read_elements(["初审对象名单\n及相关信息", "养老服务领域基层政务公开标准目录"])
    assert parsed.value == ("初审对象名单及相关信息", "养老服务领域基层政务公开标准目录")
    assert [note.code for note in parsed.notes] == ["words-joined"]


def test_lines_that_a_narrow_column_may_have_broken_are_told_also_where_rows_go_on():
    parsed = read_elements(["初审对象名单\n相关信息", "养老服务领域基层政务公开标准目录"])
    assert [note.code for note in parsed.notes] == ["content-lines"]


@pytest.mark.parametrize(
    ("spaced", "plain"),
    [
        ("每 年 1 月 3 1 日 前", "每年1月31日前"),
        ("1 2 3 4 5", "1 2 3 4 5"),
        ("a b c d e", "a b c d e"),
    ],
)
def test_letters_spaced_out_close_up(spaced, plain):
    assert tidy(spaced) == plain
