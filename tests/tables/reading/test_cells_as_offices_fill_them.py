"""Single cells and titles: fillers, control characters, brackets that are missing."""

import pytest

from core.tables.fields.fillers import is_filler
from core.tables.fields.lists import read_legal_basis
from core.tables.layout.titles import clean_title, find_domain_name
from core.tables.read import read_catalogs

HEAD = "序号|一级事项|二级事项|公开内容|公开依据|公开时限|公开主体|公开渠道和载体|公开对象|备注"
CELLS = [
    "1",
    "综合业务",
    "监督检查",
    "1.电话",
    "《预算法》",
    "及时公开",
    "民政局",
    "■政府网站",
    "全社会",
    "",
]
FIELDS = ("content_elements", "legal_basis", "time_limit", "responsible_organ", "channels",
          "audience")  # fmt: skip
FILLERS = [
    "-",
    "--",
    "——",
    "–",
    "－",
    "/",
    "／",
    "//",
    "\\",
    "无",
    "(无)",
    "（无）",
    "暂无",
    "无。",
    "N/A",
    "n/a",
    "…",
    "*",
]


def read(*rows):
    return read_catalogs("\n".join([HEAD, *("|".join(row) for row in rows)]).encode(), "a.txt")


def changed(**cells):
    names = ["seq", "level1", "level2", *FIELDS, "extra"]
    return [cells.get(name, cell) for name, cell in zip(names, CELLS, strict=True)]


@pytest.mark.parametrize("text", FILLERS)
def test_a_filler_means_none(text):
    assert is_filler(text)
    for field in (*FIELDS, "level2", "seq"):
        result = read(changed(**{field: text}))
        (row,) = result.catalogs[0].rows
        assert getattr(row, field) is None
        assert field == "level2" or field in {finding.field for finding in result.findings}
    assert read(changed(extra=text)).catalogs[0].rows[0].extra == {}


@pytest.mark.parametrize(
    "text", ["", " ", "1", "一", "无障碍设施", "无线电管理局", "A-B", "〇", "●"]
)
def test_what_says_something_is_no_filler(text):
    assert not is_filler(text)


def test_a_filler_among_names_is_not_filled_from_above():
    result = read(changed(), changed(seq="2", level1="/", level2="办事指南"))
    assert result.catalogs[0].rows[1].level1 is None
    assert ("name-missing", 1) in {(finding.code, finding.row) for finding in result.findings}


@pytest.mark.parametrize(
    "odd", ["_x000b_", "_x000B_", "\x0b", "\u200b", "\ufeff", "\u2060", "\u2028"]
)
def test_control_characters_leave_every_text(odd):
    cells = [
        f"{cell[:1]}{odd}{cell[1:]}" if len(cell) > 1 else cell for cell in changed(extra="备注")
    ]
    title = f"社会{odd}救助领域基层政务公开标准目录"
    page = "".join(f"<td>{cell}</td>" for cell in cells)
    head = "".join(f"<th>{odd}{label}</th>" for label in HEAD.split("|"))
    html = f"<p>{title}</p><table><tr>{head}</tr><tr>{page}</tr></table>"
    for text, name in ((html, "a.html"), ("\n".join([title, HEAD, "|".join(cells)]), "a.txt")):
        if odd == "\u2028" and name == "a.txt":
            continue  # a line end of text
        (catalog,) = read_catalogs(text.encode(), name).catalogs
        plain = read(changed(extra="备注")).catalogs[0].rows[0]
        assert catalog.domain == "社会救助"
        assert catalog.rows == (plain,)
        assert odd not in str(catalog.rows[0].source)


@pytest.mark.parametrize(
    ("cell", "citations"),
    [
        ("《社会救助暂行办法《政府信息公开条例》", ["《社会救助暂行办法", "《政府信息公开条例》"]),
        ("《A法》《B条例", ["《A法》", "《B条例"]),
        ("《甲规定》、《乙、《丙法》第三条", ["《甲规定》、", "《乙、", "《丙法》第三条"]),
        ("社会救助暂行办法》《政府信息公开条例》", ["社会救助暂行办法》", "《政府信息公开条例》"]),
        ("《暂行办法(国令第649号)《预算法》", ["《暂行办法(国令第649号)", "《预算法》"]),
    ],
)  # fmt: skip
def test_a_missing_bracket_glues_no_citations(cell, citations):
    parsed = read_legal_basis(cell)
    assert parsed.value == tuple(citations)
    assert [note.code for note in parsed.notes] == ["citation-unclosed"]


@pytest.mark.parametrize(
    ("title", "domain"),
    [
        ("【新增领域】社会救助领域基层政务公开标准目录", "社会救助"),
        ("[修订]望川县社会救助领域基层政务公开标准目录", "社会救助"),
        ("(新增)养老服务领域政务公开标准目录", "养老服务"),
        ("【社会救助领域】基层政务公开标准目录", "社会救助"),
        ("《户籍管理领域基层政务公开标准目录》", "户籍管理"),
        ("表1-2 户籍管理领域基层政务公开标准目录", "户籍管理"),
        ("新增领域:医保领域政务公开标准目录", "医保"),
        ("26个试点领域基层政务公开标准目录", None),
        ("新增领域基层政务公开标准目录", None),
        ("基层政务公开标准目录", None),
    ],
)
def test_remarks_of_a_title_are_no_domain(title, domain):
    assert find_domain_name(clean_title(title)) == domain
