"""What is typed becomes harmless and accessible HTML."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from core.publishing.body.convert import build_summary, to_html, to_text

HOSTILE = [
    "<p><script>alert(1)</script>x</p>",
    "<p onclick='alert(1)'>x</p>",
    "<p><a href='javascript:alert(1)'>x</a></p>",
    "<p><a href='data:text/html,x'>x</a></p>",
    "<p><img src=x onerror=alert(1)>x</p>",
    "<p><svg><style><img src=x onerror=alert(1)></style></svg>x</p>",
    "<p><iframe src='//evil'></iframe><form action='//evil'><input name=q></form>x</p>",
    "<p style='position:fixed' id='content' class='notice'>x</p>",
    "<p><math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1'>x</p>",
]


@pytest.mark.parametrize("source", HOSTILE)
def test_nothing_that_acts_survives(source):
    tree = html.fragment_fromstring(to_html(source), create_parent="div")
    allowed = {"href", "rel", "title", "scope", "colspan", "rowspan", "start", "class"}
    for element in tree.iter():
        assert element.tag not in {"script", "style", "img", "svg", "iframe", "form", "input"}
        assert set(element.attrib) <= allowed
        assert element.get("class") in {None, "table-frame"}
        assert not element.get("href", "").lower().startswith(("javascript", "data"))


@given(st.text(max_size=300))
def test_plain_text_is_never_read_as_markup(text):
    source = "正文 " + text.replace("<", "(").replace("&", "+")
    tree = html.fragment_fromstring(to_html(source) or "<p/>", create_parent="div")
    tags = {element.tag for element in tree.iter()} - {"div"}
    assert tags <= {"p", "table", "caption", "thead", "tbody", "tr", "th", "td"}


def test_lines_become_paragraphs():
    assert to_html("一\n\n二<b>\r\n 三 ") == "<p>一</p><p>二&lt;b&gt;</p><p>三</p>"


def test_rows_from_a_spreadsheet_become_a_table():
    tree = html.fragment_fromstring(to_html("补贴如下\n姓名\t金额\n张*\t100\n合计\t100"), "div")
    assert [cell.text for cell in tree.findall(".//th")] == ["姓名", "金额"]
    assert all(cell.get("scope") == "col" for cell in tree.findall(".//th"))
    assert len(tree.findall(".//tbody/tr")) == 2
    assert tree.find(".//caption").text == "表1"
    assert tree.find(".//table").getparent().get("class") == "table-frame"


def test_columns_with_blanks_between_become_a_table():
    source = "序号 户主 金额(元)\n1 张* 780\n2 李* 460\n以上公示,如有异议请反映。"
    tree = html.fragment_fromstring(to_html(source), "div")
    assert len(tree.findall(".//tr")) == 3
    assert tree.findall("p")[-1].text == "以上公示,如有异议请反映。"


@pytest.mark.parametrize(
    "source",
    [
        "第一条 持有本县户口的居民。\n第二条 标准为每年6240元。",
        "a sentence of plain words\nanother that has many more words in it",
        "一 二 三",
    ],
)
def test_sentences_with_blanks_stay_sentences(source):
    assert "<table" not in to_html(source)


def test_tables_in_html_get_a_caption_and_sane_spans():
    made = to_html("<h1>题</h1><table><tr><td colspan='99999' rowspan='2'>1</td></tr></table>")
    assert "<h2>题</h2>" in made
    assert "<caption>表1</caption>" in made
    assert "99999" not in made
    assert 'rowspan="2"' in made


@pytest.mark.parametrize("span", ["9" * 5000, "-1", "²", "１２"])
def test_a_span_that_is_no_number_here_is_left_out(span):
    made = to_html(f"<table><tr><td colspan='{span}'>甲</td><td>乙</td></tr></table>")
    assert "甲" in made
    assert "colspan" not in made


PAYMENTS = (
    "<table><tr><td>姓名</td><td>金额</td><td>发放</td></tr><tr><td>张三</td><td>800元</td><td>{}"
    "</td></tr><tr><td>李四</td><td>300元</td><td>6月</td></tr></table>"
)
MONTHS = "<table><tr><td>5月</td><td>500元</td></tr><tr><td>6月</td><td>300元</td></tr></table>"


@pytest.mark.parametrize(
    "page",
    [
        "{}",
        "<table><tr><td>{}</td></tr></table>",
        "<table><tr><td>索引号</td><td>1</td></tr><tr><td colspan='2'>{}</td></tr></table>",
        "<table><tr><td>导航</td><td>{}</td></tr></table>",
    ],
)
def test_a_table_inside_a_cell_takes_no_persons_row_apart(page):
    tree = html.fragment_fromstring(to_html(page.format(PAYMENTS.format(MONTHS))), "div")
    outer = next(tree.iter("table"))
    assert [cell.text for cell in outer.find("thead").iter("th")] == ["姓名", "金额", "发放"]
    rows = [[cell.text for cell in row.iterchildren("td")] for row in outer.find("tbody")]
    assert rows == [["张三", "800元", None], ["李四", "300元", "6月"]]
    assert [cell.text for cell in outer.findall(".//table//td")] == ["5月", "500元", "6月", "300元"]


@pytest.mark.parametrize("piece", ["<div>", "<span>", "<blockquote>", "<p><b>", "<table><tr><td>"])
def test_hostile_depth_costs_no_time(piece):
    started = time.process_time()
    to_text(to_html(piece * 60_000))
    assert time.process_time() - started < 5


def test_text_and_summary_are_read_back():
    made = to_html("一。\n姓名\t金额\n张*\t100")
    assert to_text(made) == "一。\n表1\n姓名 金额\n张* 100"
    assert build_summary(to_html("长" * 500)) == "长" * 119 + "…"
    assert (to_html(""), to_text(""), build_summary("")) == ("", "", "")
