"""The facts of every shared catalog in other layouts than the files that came with them."""

from dataclasses import replace

import pytest

from core.tables.read import read_catalogs
from tests.tables.reading import layouts
from tests.tables.reading.layouts import Style, lay

CATALOGS = (
    "baozhangfang",
    "caizheng",
    "cunwu_jidu",
    "shehui_jiuzhu",
    "shengtai",
    "shenong_butie",
    "xiangzhen",
    "yanglao",
)
SHANGHAI = (
    "seq",
    "names",
    "content_elements",
    "legal_basis",
    "time_limit",
    "responsible_organ",
    "audience",
    "mode",
    "channels",
    "levels",
)
REVERSED = (
    "seq",
    "names",
    "responsible_organ",
    "content_elements",
    "levels",
    "mode",
    "audience",
    "channels",
    "time_limit",
    "legal_basis",
)
STYLES = {
    "official": Style(channels="boxes"),
    "shanghai order": Style(order=SHANGHAI, elements="numbers"),
    "another order": Style(order=REVERSED, elements="inline", channels="names"),
    "ocr and letter spacing": Style(channels="ocr", spaced=True),
    "ditto": Style(ditto=("公开依据", "公开时限", "公开主体", "公开渠道和载体", "公开内容(要素)")),
    "misnamed levels": Style(labels={"levels": "公开方式"}),
    "other words": Style(
        labels={
            "group": "特定群众",
            "on_request": "依申请",
            "content_elements": "公开内容和要素",
            "channels": "公开渠道",
            "time_limit": "公开期限",
        },
        levels={
            "city": "市级",
            "county": "县(市、区)级",
            "township": "乡镇(街道)级",
            "village": "村(社区)级",
        },
        elements="semicolons",
    ),
}


def styled(facts, name, style):
    depth = 3 if any(row["level3"] for row in facts[name].rows) else 2
    return lay(facts[name].rows, replace(style, depth=depth))


def printed(row, style):
    """The row as the style prints it: with all boxes, channels stand in the official order."""
    if style.channels not in {"boxes", "ocr"}:
        return row
    ordered = [name for name in layouts.OFFICIAL if name in row["channels"]]
    return row | {"channels": ordered + [n for n in row["channels"] if n not in ordered]}


def read(data, name="表"):
    data = data.encode() if isinstance(data, str) else data
    return read_catalogs(data, name).to_json()


RENDERED = {
    "html": layouts.as_html,
    "html, header on every row": lambda laid, title: layouts.as_html(laid, title, repeat=True),
    "pipes": layouts.as_pipes,
    "pipes, header on every row": lambda laid, title: layouts.as_pipes(laid, title, repeat=True),
    "csv": lambda laid, title: layouts.as_delimited(laid, ",", title),
    "tabs": lambda laid, title: layouts.as_delimited(laid, "\t", title),
    "xlsx": lambda laid, title: layouts.as_xlsx([("目录", title, laid, "注:1.■为必选。")]),
    "docx": lambda laid, title: layouts.as_docx([(title, laid)]),
}


@pytest.mark.parametrize("form", RENDERED)
@pytest.mark.parametrize("style", STYLES)
def test_defects_in_any_combination(facts, differences, form, style):
    for name in CATALOGS:
        catalog = facts[name]
        got = read(RENDERED[form](styled(facts, name, STYLES[style]), catalog.title))
        assert len(got["catalogs"]) == 1, name
        assert got["catalogs"][0]["title"] == catalog.title
        expected = [printed(row, STYLES[style]) for row in catalog.rows]
        assert differences(expected, got["catalogs"][0]["rows"]) == [], name


@pytest.mark.parametrize("name", CATALOGS)
def test_one_cell_per_line_with_all_ticks(facts, differences, name):
    catalog = facts[name]
    laid = styled(facts, name, Style(elements="semicolons", merged=False))
    if name == "cunwu_jidu":
        pytest.skip("its rows have no second level and no contents: nothing tells lines apart")
    got = read(layouts.as_cell_lines(laid, catalog.title))
    expected = [row | {"audience": row["audience"] | {"text": None}} for row in catalog.rows]
    rows = got["catalogs"][0]["rows"]
    for row in rows:
        if row["audience"]:
            row["audience"]["text"] = None
    assert differences(expected, rows) == []


@pytest.mark.parametrize("name", CATALOGS)
def test_one_cell_per_line_without_ticks(facts, differences, name):
    catalog = facts[name]
    laid = styled(facts, name, Style(elements="semicolons", merged=False, order=layouts.ORDER))
    if name == "cunwu_jidu":
        pytest.skip("its rows have no second level and no contents: nothing tells lines apart")
    got = read(layouts.as_cell_lines(laid, catalog.title, ticks=False))
    lost = {"audience": None, "mode": None, "levels": None}
    assert differences([row | lost for row in catalog.rows], got["catalogs"][0]["rows"]) == []
    said = {(finding["row"], finding["field"]) for finding in got["findings"]}
    assert {(0, "audience"), (0, "mode"), (0, "levels")} <= said


@pytest.mark.parametrize("name", ["caizheng", "shehui_jiuzhu", "shenong_butie", "yanglao"])
def test_contents_go_on_in_rows_below(facts, differences, name):
    catalog = facts[name]
    laid = styled(facts, name, Style(elements="lines"))
    position = next(i for i, column in enumerate(laid.columns) if column[1].startswith("公开内容"))
    text = layouts.as_pipes(laid, catalog.title, continued=position)
    assert differences(catalog.rows, read(text)["catalogs"][0]["rows"]) == []


def test_a_combined_column_gives_both_levels_and_a_finding(facts, differences):
    catalog = facts["shehui_jiuzhu"]
    style = Style(levels={"county": "县级", ("township", "village"): "乡、村级"})
    got = read(layouts.as_html(lay(catalog.rows, style), catalog.title))
    both = {"township", "village"}
    expected = [
        row
        | {
            "levels": [
                level
                for level in ("county", "township", "village")
                if level in row["levels"] or (level in both and both & set(row["levels"]))
            ]
        }
        for row in catalog.rows
    ]
    assert differences(expected, got["catalogs"][0]["rows"]) == []
    assert [(f["row"], f["field"]) for f in got["findings"] if f["code"] == "level-combined"] == [
        (None, "levels")
    ]


def test_one_workbook_of_many_sheets(facts, differences):
    sheets = [
        (catalog.domain + str(number), catalog.title, styled(facts, name, Style()), "")
        for number, (name, catalog) in enumerate(facts.items())
        if name in CATALOGS
    ]
    got = read(layouts.as_xlsx(sheets))
    names = [name for name in facts if name in CATALOGS]
    assert [catalog["title"] for catalog in got["catalogs"]] == [facts[n].title for n in names]
    for name, catalog in zip(names, got["catalogs"], strict=True):
        assert differences(facts[name].rows, catalog["rows"]) == []


def test_a_document_of_many_tables_with_contents_and_an_explanation(facts, differences):
    names = ["shehui_jiuzhu", "caizheng", "yanglao"]
    parts = [
        (f"({number}){facts[name].title}", styled(facts, name, Style(channels="boxes")))
        for number, name in zip("一二三", names, strict=True)
    ]
    data = layouts.as_docx(
        parts,
        before=["政务公开标准目录汇编", "目 录"]
        + [f"{heading}\t{page}" for page, (heading, _) in enumerate(parts, 3)]
        + ["(四)未涉及领域事项说明\t9"],
        after=["(四)未涉及领域事项说明", "我镇不涉及税收管理、户籍管理领域,故不编制目录。"],
    )
    got = read(data)
    assert [catalog["title"] for catalog in got["catalogs"]] == [facts[n].title for n in names]
    for name, catalog in zip(names, got["catalogs"], strict=True):
        assert differences(facts[name].rows, catalog["rows"]) == []
    assert [entry["domain"] for entry in got["not_applicable"]] == ["税收管理", "户籍管理"]
