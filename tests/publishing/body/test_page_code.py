"""HTML wherever it begins, and what Excel, Word, WPS and site editors leave in it."""

import pytest
from lxml import html

from core.publishing.body.convert import to_html, to_text
from core.publishing.body.references import find_references

WORD = (
    "<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml>"
    "<![endif]--><style>p.MsoNormal{mso-style-parent:'';}</style>"
)
TRS = "<style type='text/css'>.TRS_Editor P{margin:0}</style><div class=TRS_Editor>"


@pytest.mark.parametrize(
    "source",
    [
        "<![if !supportLists]><p class=MsoNormal>正文</p><![endif]>",
        "<style>p{margin:0}</style>正文",
        "<!-- 开始 -->正文<!-- 结束 -->",
        "<meta charset=gb2312><p>正文<o:p>&nbsp;</o:p></p>",
        "<font face=宋体 size=3>正文</font>",
        "<center>正文</center>",
        "<img src='a.jpg'>正文",
        "<a name=top></a>正文",
        "正文<br>",
        WORD + "<p>正文</p>",
        TRS + "<p>正文</p><p>&nbsp;</p></div>",
        "<?xml:namespace prefix = o ns = 'urn:schemas' /><p>正文</p>",
        "<!DOCTYPE html><html><head><title>标题</title></head><body>正文</body></html>",
        "&lt;p style=&quot;x&quot;&gt;正文&lt;/p&gt;",
        "&amp;lt;p&amp;gt;正文&amp;lt;/p&amp;gt;",
        ".TRS_Editor P{margin-top:0;font-size:12pt}\n/* Style Definitions */\n正文",
        "Normal 0 false 7.8 磅 0 2 false false false EN-US ZH-CN X-NONE 正文",
        "&nbsp;&nbsp;正文",
        "<p>&lt;!--[if !supportEmptyParas]--&gt;正文&lt;!--[endif]--&gt;</p>",
        "<pre>正文</pre>",
        "<v:shape id=a><v:imagedata src='x.png'/></v:shape><p>正文</p>",
        "<section>正文</section><script>var a = '<p>x</p>';</script>",
        "<UCAPCONTENT><p>正文</p></UCAPCONTENT>",
    ],
)
def test_only_the_text_is_left(source):
    assert to_text(to_html(source)).strip("\xa0 ") == "正文"


@pytest.mark.parametrize(
    "text", ["若 a<b 且 c>d 则取 a", "填写<姓名>和<电话>", "R&D 投入", "{甲}:乙"]
)
def test_signs_of_a_typed_text_stay(text):
    assert html.fromstring(to_html(text)).text_content() == text


def test_lines_of_a_text_with_a_few_elements_stay_lines():
    assert to_html("第一段<b>甲</b>\n第二段") == "<p>第一段<b>甲</b></p><p>第二段</p>"


def test_rows_with_tabs_are_a_table_though_a_name_is_bold():
    tree = html.fromstring(to_html("姓名\t金额\n<b>张三</b>\t100"))
    assert [cell.text for cell in tree.iter("td")] == ["张三", "100"]


def test_links_that_lead_nowhere_are_text():
    made = to_html("<p><a href='./P1.pdf'>附件</a><a href='https://www.gov.cn/x'>国务院</a></p>")
    assert "附件" in made
    assert made.count("<a ") == 1


def table(source):
    return html.fragment_fromstring(to_html(source), create_parent="div")


def texts(cells):
    return [cell.text_content() for cell in cells]


def test_headings_of_an_imported_table_print_on_every_page():
    tree = table(
        "<table><tr><td colspan=3>低保名单</td></tr><tr><td>序号</td><td>姓名</td><td>金额</td>"
        "</tr>"
        "<tr><td>1</td><td>张三</td><td>9</td></tr><tr><td></td><td>&nbsp;</td><td></td></tr></table>"
    )
    assert tree.find(".//caption").text == "低保名单"
    assert texts(tree.iterfind(".//thead//th")) == ["序号", "姓名", "金额"]
    assert {cell.get("scope") for cell in tree.iterfind(".//th")} == {"col"}
    assert texts(tree.iterfind(".//tbody//td")) == ["1", "张三", "9"]


def test_headings_of_two_rows_stay_together():
    tree = table(
        "<table><tr><td rowspan=2>序号</td><td rowspan=2>姓名</td><td colspan=2>补助</td></tr>"
        "<tr><td>标准</td><td>金额</td></tr><tr><td>1</td><td>张三</td><td>1</td><td>2</td></tr></table>"
    )
    assert len(tree.findall(".//thead/tr")) == 2
    assert len(tree.findall(".//tbody/tr")) == 1


def test_a_person_is_no_heading_of_an_imported_table():
    tree = table(
        "<table><tr><td>张三</td><td>男</td></tr><tr><td>李四</td><td>女</td></tr></table>"
    )
    assert tree.find(".//thead") is None


def test_a_table_for_layout_is_taken_apart():
    tree = table(
        "<table><tr><td><p>说明</p><table><tr><th>姓名</th><th>金额</th></tr>"
        "<tr><td>张三</td><td>1</td></tr></table></td></tr></table>"
    )
    assert len(tree.findall(".//table")) == 1
    assert tree.find(".//p").text == "说明"


def test_rows_without_a_table_are_one():
    tree = table("<tr><td>姓名</td><td>金额</td></tr><tr><td>张三</td><td>1</td></tr>")
    assert texts(tree.iterfind(".//tbody//td")) == ["张三", "1"]


def test_pictures_and_dead_links_are_found():
    found = find_references(
        "<img src='./W02.jpg?x=1' alt='现场'><a href='P02.pdf'>附件</a><a href='https://a.cn'>外</a>"
        "<a href='#top'>顶</a><img src='data:image/png;base64,QUJD'>"
    )
    assert [(one.path, one.words, one.is_picture) for one in found[:2]] == [
        ("./W02.jpg", "现场", True), ("P02.pdf", "附件", False)
    ]  # fmt: skip
    assert found[2].embedded() == ("image.png", b"ABC")
    assert len(found) == 3
