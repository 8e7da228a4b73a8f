"""On any text and any grid, reading ends with a result or with the one error; never otherwise."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.tables.fields.audience import read_audience
from core.tables.fields.base import ColumnText
from core.tables.fields.channels import read_channels
from core.tables.fields.levels import read_levels
from core.tables.fields.lists import elements_in_name, read_elements, read_legal_basis, read_organs
from core.tables.fields.mode import read_mode
from core.tables.layout.titles import clean_title, find_domain_name, line_kind
from core.tables.limits import UnreadableFile
from core.tables.messages import MESSAGES
from core.tables.read import read_catalogs
from core.tables.text import split_outside, squeeze, tidy
from tests.tables.reading.layouts import OFFICIAL

WORDS = st.sampled_from(
    [
        "序号", "公开事项", "一级事项", "二级事项", "三级事项", "公开内容(要素)", "公开依据",
        "公开时限", "公开主体", "公开渠道和载体", "公开对象", "全社会", "特定群体", "公开方式",
        "主动", "依申请公开", "公开层级", "县级", "乡、村级", "备注", "√", "■", "□", "口", "●",
        "〇", "同上", "1", "2", "1.", "(1)", "①", "一、", "(一)", "、", ";", ",", "。", "|", "\t",
        " ", "\xa0", "\u3000", "《预算法》", "《", "》", "(", ")", "县级政府民政部门", "及时公开",
        "之日起20个工作日内", "注:", "附件1", "- 3 -", "目录", "社会救助领域基层政务公开标准目录",
        "未涉及领域事项说明", "其他:", "胡集镇", '"', "<td>", "\n", "\n\n",
        *OFFICIAL,
    ]
)  # fmt: skip
TEXT = st.lists(WORDS | st.text(max_size=5), max_size=14).map("".join)
CELLS = st.lists(st.lists(TEXT, min_size=1, max_size=9), min_size=1, max_size=9)
QUICK = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(TEXT)
def test_no_cell_stops_a_parser(text):
    for choice in (None, "全社会", "县级", "政府网站"):
        option = [ColumnText(choice, text)]
        for reader in (read_audience, read_mode, read_levels, read_channels):
            for note in reader(option).notes:
                assert note.code in MESSAGES
    read_organs(text)
    line_kind(text)
    find_domain_name(clean_title(text))
    elements_in_name(text)


@QUICK
@given(TEXT)
def test_tidying_twice_changes_nothing_and_keeps_every_letter(text):
    assert tidy(tidy(text)) == tidy(text)
    assert squeeze(tidy(text)) == squeeze(text)


@QUICK
@given(TEXT)
def test_citations_joined_give_the_cell(text):
    assert "".join(read_legal_basis(text).value or ()) == tidy(text)


@QUICK
@given(st.lists(TEXT, min_size=1, max_size=4))
def test_elements_add_nothing_to_the_cell(pieces):
    printed = squeeze("".join(pieces)).replace("○", "〇").replace("◯", "〇")
    for element in read_elements(pieces).value or ():
        assert element
        assert squeeze(element) in printed or "\n" in "\n".join(pieces)


@QUICK
@given(TEXT)
def test_splitting_keeps_brackets_whole(text):
    parts = split_outside(text, "、;")
    assert sum(map(len, parts)) <= len(text)
    if "、" not in text and ";" not in text:
        assert parts == ([text.strip()] if text.strip() else [])


def read_or_refuse(text, name):
    """Read; a result must be complete and printable, an error must name the file."""
    try:
        result = read_catalogs(text.encode("utf-8", "replace"), name)
    except UnreadableFile as error:
        assert str(error).startswith(name)  # noqa: PT017 - refusing is one of two right answers
        return
    for language in ("zh", "en"):
        document = json.loads(json.dumps(result.to_json(language)))
        for finding in document["findings"]:
            assert finding["message"] != finding["code"]
            where = finding["catalog"], finding["row"]
            assert where[0] is None or where[0] < len(result.catalogs)
            assert where[1] is None or where[1] < len(result.catalogs[where[0]].rows)


@QUICK
@given(TEXT)
def test_any_text(text):
    read_or_refuse(text, "a.txt")


@QUICK
@given(TEXT)
def test_any_text_below_a_header(text):
    read_or_refuse(f"序号|公开事项|公开内容|公开时限|公开主体\n1|甲|乙|及时|丙局\n{text}", "a.txt")
    labels = ("序号", "公开事项", "公开内容", "公开依据", "公开时限", "公开渠道", "全社会", "主动")
    read_or_refuse("\n".join([*labels, "1", "甲", text]), "a.txt")


@QUICK
@given(CELLS)
def test_any_grid(grid):
    read_or_refuse("\n".join("|".join(row) for row in grid), "a.txt")
    lines = ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in grid]
    read_or_refuse("<table>" + "".join(lines) + "</table>", "a.html")


@QUICK
@given(st.lists(st.tuples(TEXT, st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=20))
def test_any_spans(cells):
    head = "<tr><td>序号</td><td colspan=2>公开事项</td><td>公开内容</td><td>公开时限</td></tr>"
    body = "".join(
        f"<tr><td colspan={width} rowspan={height}>{text}</td><td>x</td></tr>"
        for text, width, height in cells
    )
    read_or_refuse(f"<table>{head}{body}</table>", "a.html")


@QUICK
@given(st.binary(max_size=300))
def test_any_bytes(data):
    for start in (b"", b"PK\x03\x04", b"\xff\xfe", b"<html>"):
        try:
            read_catalogs(start + data, "a.xlsx")
        except UnreadableFile as error:
            assert error.message("en").startswith("a.xlsx")  # noqa: PT017 - see above
