"""What Word and WPS copy, pictures of the publication, and hidden scripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from core.publishing.body.convert import TAGS, to_html
from core.publishing.body.references import find_references, has_silent_picture
from tests.publishing.body.script_samples import SCRIPTS

# As Word 2019 and WPS 12 put it on the clipboard, shortened.
IGNORED = (
    "<![if !supportLists]><span lang=EN-US style='mso-list:Ignore'>{}<span>&nbsp; </span></span>"
    "<![endif]>"
)
WPS = "<p class=MsoNormal style='margin-left:21pt;mso-list:l1 level1 lfo2;'>"
HEAD = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><!--[if gte mso 9]><xml>'
    "<o:OfficeDocumentSettings/></xml><![endif]--><style>p.MsoNormal{color:red}</style></head><body>"
)


def item(level, mark, text):
    style = f"text-indent:-21.0pt;mso-list:l0 level{level} lfo1"
    return f'<p class=MsoListParagraph style="{style}">{IGNORED.format(mark)}{text}<o:p></o:p></p>'


def tree(source, own=()):
    return html.fragment_fromstring(to_html(source, own), create_parent="div")


def test_lists_of_office_programs_become_lists():
    source = HEAD + item(1, "1.", "申报") + item(2, "·", "身份证") + item(2, "·", "户口本")
    source += item(1, "2.", "公示") + "<p class=MsoNormal>完毕<o:p></o:p></p></body></html>"
    shown = tree(source)
    [numbered] = shown.findall("./ol")
    assert [entry.text for entry in numbered.findall("./li")] == ["申报", "公示"]
    assert [entry.text for entry in numbered.findall("./li/ul/li")] == ["身份证", "户口本"]
    assert shown.findall("./p")[-1].text == "完毕"


def test_lists_of_wps_and_headings_by_outline():
    source = (
        f"{HEAD}<p class=MsoTitle>公告</p><p style='mso-outline-level:1'>一、范围</p>"
        f"{WPS}<!--[if !supportLists]--><span style='mso-list:Ignore;'>一、</span><!--[endif]-->甲"
        "</p>"
        f"{WPS}<span style='mso-list:Ignore;'>二、</span>乙</p></body></html>"
    )
    shown = tree(source)
    assert [heading.text for heading in shown.findall(".//h2")] == ["公告", "一、范围"]
    assert [entry.text for entry in shown.findall(".//ol/li")] == ["甲", "乙"]


def test_fonts_colours_and_islands_are_dropped_and_tables_keep_their_heads():
    source = (
        f"{HEAD}<p class=MsoNormal><span style='font-family:仿宋;color:red'>正文<font color=red>红"
        "</font></span><o:p></o:p></p><table class=MsoTableGrid border=1><thead><tr>"
        "<td><p>姓名</p></td><td><p>金额</p></td></tr></thead><tr><td>马某</td><td>100</td></tr></table></body></html>"
    )
    written = to_html(source)
    assert not any(word in written for word in ("style", "Mso", "font", "o:p", "Settings"))
    shown = tree(source)
    assert [cell.text_content() for cell in shown.findall(".//thead/tr/th")] == ["姓名", "金额"]


@given(
    st.lists(st.tuples(st.integers(1, 9), st.sampled_from(["1.", "·", "(2)", "a)"])), min_size=1)
)
def test_no_paragraph_of_a_list_is_lost(levels):
    source = HEAD + "".join(item(level, mark, f"词{n}") for n, (level, mark) in enumerate(levels))
    text = tree(source).text_content()
    assert [text.count(f"词{n}") >= 1 for n in range(len(levels))] == [True] * len(levels)
    assert len(tree(source).findall(".//li")) == len(levels)


OWN = '<p>如图<img src="/990101/files/7/a%20b.png" alt="村口的路灯" width=900 style="x:y"></p>'


def test_a_picture_stays_where_it_is_a_file_of_the_publication():
    picture = tree(OWN, {7}).find(".//img")
    assert dict(picture.attrib) == {"src": "/990101/files/7/a%20b.png", "alt": "村口的路灯"}
    assert find_references(OWN, {7}) == []
    assert tree(OWN, {8}).find(".//img") is None
    assert [one.is_picture for one in find_references(OWN, {8})] == [True]


def test_the_host_and_the_prefix_of_a_picture_are_left_out():
    source = OWN.replace("/990101", "https://www.example.gov.cn/gongkai/990101")
    assert tree(source, {7}).find(".//img").get("src") == "/990101/files/7/a%20b.png"


@pytest.mark.parametrize(
    "address",
    ["https://example.com/a.png", "/990101/files/7", "/990101/files/7/../../x",
     "//h/990101/files/7/a", "data:image/png;base64,AAAA", "/990101/files/７/a.png",
     "javascript:/990101/files/7/a.png"],
)  # fmt: skip
def test_other_addresses_are_no_picture(address):
    found = tree(f'<p>正文<img src="{address}" alt="x"></p>', {7}).find(".//img")
    assert found is None or found.get("src").startswith("/990101/files/7/")
    assert found is None or ".." not in found.get("src")


def test_a_picture_without_words_is_noticed():
    assert not has_silent_picture(to_html(OWN, {7}))
    for silent in ("", 'alt=""', 'alt="  "'):
        source = OWN.replace('alt="村口的路灯"', silent)
        assert has_silent_picture(to_html(source, {7}))


ALLOWED = {
    "tabindex",
    "href",
    "rel",
    "title",
    "scope",
    "colspan",
    "rowspan",
    "start",
    "class",
    "src",
    "alt",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_disguise_of_a_script_comes_through(script):
    for source in (script, f"<p>正文</p>{script}", f"<table><tr><td>{script}</td></tr></table>"):
        for element in tree(source, {1}).iter():
            assert element.tag in TAGS
            assert set(element.attrib) <= ALLOWED
            address = element.get("href") or element.get("src") or "/"
            assert address.startswith(("/", "http"))
