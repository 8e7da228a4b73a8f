"""Words broken at line ends, rows in pieces, tables side by side: joined, or told."""

import pytest

from core.tables.fields.lists import read_elements, read_organs
from core.tables.fields.wrapping import is_broken_word, is_cut_organ
from core.tables.read import read_catalogs

HEAD = "序号|一级事项|二级事项|公开内容|公开依据|公开时限|公开主体|公开渠道和载体"
LABELS = ["序号", "公开事项", "公开内容", "公开依据", "公开时限", "公开主体"]
LINE = "{}|综合业务|{}|●文件名|《甲法》|及时公开|县民政局|■政府网站"


def read(*lines, name="a.txt"):
    return read_catalogs("\n".join(lines).encode(), name)


def told(result, row, field):
    return {f.code for f in result.findings if (f.row, f.field) == (row, field)}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("政策法规文", "件"),
        ("申请材", "料清单"),
        ("县人民政", "府"),
        ("乡", "镇人民政府"),
        ("微信公", "众号"),
    ],
)
def test_a_known_word_across_a_line_end_joins(before, after):
    assert is_broken_word(before, after)


@pytest.mark.parametrize(
    ("before", "after"), [("办理条件", "申请材料"), ("县民政局", "救助站"), ("河", "内镇人民政府")]
)
def test_nothing_joins_without_a_known_word(before, after):
    assert not is_broken_word(before, after)


@pytest.mark.parametrize("name", ["件", "内镇人民政府", "道办事处", "民政府", "(街道办事处", "室"])
def test_what_is_left_of_an_organ_is_null_with_a_finding(name):
    assert is_cut_organ(name)
    result = read(HEAD, LINE.format(1, "办事指南").replace("县民政局", name))
    assert result.catalogs[0].rows[0].responsible_organ is None
    assert told(result, 0, "responsible_organ") == {"words-cut"}


@pytest.mark.parametrize(
    "name",
    [
        "县民政局",
        "各镇人民政府",
        "乡镇人民政府(街道办事处)",
        "村委会",
        "民政局",
        "小庄镇人民政府",
        "镇人民政府",
    ],
)
def test_whole_organs_are_kept(name):
    assert read_organs(name).value == (name,)


@pytest.mark.parametrize(
    ("cell", "organs", "code"),
    [
        ("县农业\n农村局", ("县农业农村局",), "organ-joined"),
        ("乡\n镇人民政府", ("乡镇人民政府",), "organ-joined"),
        ("县民政局、河\n内镇人民政府", ("县民政局", "河内镇人民政府"), "organ-joined"),
        ("县民政局\n河\n内镇人民政府", None, "words-cut"),
        ("县民政局\n县财政局", ("县民政局", "县财政局"), "organ-lines"),
        ("县民政局 县财政局", ("县民政局", "县财政局"), "organ-lines"),
        ("县级人民政府 民政部门", ("县级人民政府民政部门",), "organ-joined"),
    ],
)
def test_organs_over_lines(cell, organs, code):
    parsed = read_organs(cell)
    assert parsed.value == organs
    assert [note.code for note in parsed.notes] == [code]


@pytest.mark.parametrize(
    ("cell", "elements", "codes"),
    [
        ("政策法规文\n件", ("政策法规文件",), ["words-joined"]),
        ("办理条件\n申请材料", ("办理条件", "申请材料"), []),
        ("河湖长公示牌设\n置", None, ["words-cut"]),
        ("《甲条例\n《乙条例》\n其他规定", ("《甲条例", "《乙条例》", "其他规定"), None),
    ],
)
def test_elements_over_lines(cell, elements, codes):
    parsed = read_elements([cell])
    assert parsed.value == elements
    assert codes is None or [note.code for note in parsed.notes] == codes


def test_a_number_across_a_line_end_is_one_number():
    page = "<table><tr>" + "".join(f"<td>{label}</td>" for label in HEAD.split("|")) + "</tr><tr>"
    cells = LINE.format(1, "甲").replace("及时公开", "之日起2<br>0个工作日内").split("|")
    result = read(page + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr></table>")
    assert result.catalogs[0].rows[0].time_limit == "之日起20个工作日内"
    assert "words-joined" in told(result, 0, "time_limit")


def test_rows_of_text_whose_words_go_on_in_the_next_row():
    result = read(
        HEAD,
        "1|综合业务|政策法规文|●文件名|《甲法》|及时公开|县民政局、河|■政府网站",
        "||件|称|||内镇人民政府|",
        LINE.format(2, "办事指南"),
    )
    first, second = result.catalogs[0].rows
    assert (first.level2, first.responsible_organ) == (
        "政策法规文件",
        ("县民政局", "河内镇人民政府"),
    )
    assert second.seq == "2"
    assert told(result, 0, "level2") == {"row-rejoined"}


def test_a_half_empty_row_without_a_number_is_told_on_both_rows():
    result = read(HEAD, LINE.format(1, "政策法规文件"), "||解读材料||||内镇人民政府|",
                  LINE.format(2, "办事指南"))  # fmt: skip
    above, doubtful, _ = result.catalogs[0].rows
    assert doubtful.responsible_organ is None
    assert told(result, 0, "level2") == {"row-may-go-on"}
    assert told(result, 1, "level2") == {"row-unnumbered"}
    assert above.level2 == "政策法规文件"


def test_one_cell_a_line_with_broken_words_gives_no_wrong_organ():
    labels = ["序号", "公开事项", "公开内容", "公开依据", "公开时限", "公开主体", "公开渠道和载体"]
    rows = [
        "1",
        "政策法规文",
        "件",
        "●法律",
        "《甲法》",
        "及时公开",
        "河",
        "内镇人民政府",
        "■政府网站",
    ]
    more = ["2", "办事指南", "●办理条件", "《甲法》", "及时公开", "县民政局", "■政府网站"]
    result = read(*labels, *rows, *more)
    first, second = result.catalogs[0].rows
    assert first.level1 == "政策法规文件"
    assert (first.responsible_organ, first.time_limit) == (None, None)
    assert told(result, 0, "responsible_organ") == told(result, 0, "time_limit") == {"words-cut"}
    assert second.responsible_organ == ("县民政局",)


@pytest.mark.parametrize("bar", ["¦", "|", "｜", "│"])
def test_cells_ended_by_a_bar_are_whole_cells(bar):
    labels = [
        "序号",
        "公开事项",
        "公开内容",
        "公开依据",
        "公开时限",
        "公开主体",
        "公开方式",
        "主动",
        "依申请",
    ]
    cells = ["1", "政策文件", "●法律\n●法规", "《甲法》", "", "县民政局", "√", "",
             "2", "办事指南", "条件", "", "及时公开", "县财政局", "", "√"]  # fmt: skip
    text = "\n".join(f"{cell}{bar}" for cell in [*labels, *cells])
    result = read("社会救助领域基层政务公开标准目录", text, "注:由县民政局解释。")
    first, second = result.catalogs[0].rows
    assert first.content_elements == ("法律", "法规")
    assert (first.time_limit, first.responsible_organ, first.mode) == (
        None, ("县民政局",), "proactive"
    )  # fmt: skip
    assert (second.legal_basis, second.time_limit, second.mode) == (None, "及时公开", "on_request")


@pytest.mark.parametrize("letter", ["t", "n", "u", "\uff4e"])
def test_letters_that_were_ticks_of_a_symbol_font(letter):
    head = "序号|公开事项|公开内容|公开时限|公开方式|\n||||主动|依申请"
    result = read(head, f"1|甲|乙|及时|{letter}|", f"2|丙|丁|及时||{letter}")
    assert [row.mode for row in result.catalogs[0].rows] == ["proactive", "on_request"]
    assert "symbol-ticks" in {finding.code for finding in result.findings}


def test_an_n_beside_a_y_says_no():
    head = "序号|公开事项|公开内容|公开时限|公开方式|\n||||主动|依申请"
    result = read(head, "1|甲|乙|及时|y|n")
    assert result.catalogs[0].rows[0].mode == "proactive"


def beside(gap, second="养老服务领域基层政务公开标准目录"):
    width = 8 + gap
    pad = [""] * gap
    title = "社会救助领域基层政务公开标准目录"
    rows = [
        [title, *[""] * (width - 1), second],
        [*HEAD.split("|"), *pad, *HEAD.split("|")],
        [*LINE.format(1, "办事指南").split("|"), *pad, *LINE.format(1, "国家政策").split("|")],
        [*LINE.format(2, "监督检查").split("|"), *pad, *[""] * 8],
    ]
    return "\n".join(",".join(row) for row in rows)


@pytest.mark.parametrize("gap", [0, 1, 3])
def test_tables_side_by_side_are_read_one_by_one(gap):
    result = read(beside(gap), name="a.csv")
    left, right = result.catalogs
    assert [(c.domain, [row.level2 for row in c.rows]) for c in (left, right)] == [
        ("社会救助", ["办事指南", "监督检查"]),
        ("养老服务", ["国家政策"]),
    ]
    assert all(not row.extra for catalog in result.catalogs for row in catalog.rows)


def test_every_row_is_counted_as_what_it_was_read_as():
    result = read("社会救助领域基层政务公开标准目录", HEAD, LINE.format(1, "甲"), "- 3 -",
                  LINE.format(2, "乙"), "注:由民政局解释。", "", "版权所有 县政府")  # fmt: skip
    (counted,) = [finding for finding in result.findings if finding.code == "rows-counted"]
    assert counted.params == {
        "total": "7", "title": "1", "head": "1", "item": "2", "continuation": "0", "note": "2",
        "skipped": "0", "hidden": "0", "loose": "1",
    }  # fmt: skip
    assert "lines-unread" in {finding.code for finding in result.findings}


def test_a_lone_line_between_two_rows_ends_no_table():
    result = read("旅游领域基层政务公开标准目录", HEAD, LINE.format(1, "甲"), "旅游领域地方性法规",
                  LINE.format(2, "乙"))  # fmt: skip
    (catalog,) = result.catalogs
    assert [row.seq for row in catalog.rows] == ["1", "2"]
    assert catalog.rows[0].content_elements == ("文件名", "旅游领域地方性法规")
    assert "line-continues" in told(result, 0, "content_elements")
