"""Tables inside cells of other tables: read, or told, in every format that has them."""

from io import BytesIO

import docx
import pytest

from core.tables.lists.columns import ListColumn
from core.tables.lists.reading import read_list
from core.tables.lists.source import read_list_file
from core.tables.read import read_catalogs
from tests.publishing.files.attack_samples import open_document

TITLE = "社会救助领域基层政务公开标准目录"
HEADS = ["序号", "一级事项", "二级事项", "公开内容", "公开依据", "公开时限", "公开主体",
         "公开渠道和载体", "公开对象", "公开方式", "公开层级"]  # fmt: skip
CHANNELS = [["■政府网站"], ["□政府公报"]]


def item(number, channels="■政府网站"):
    return [str(number), "社会救助", f"低保{number}", "标准；条件", "《社会救助暂行办法》",
            "20个工作日", "县民政局", channels, "全社会", "主动", "县级"]  # fmt: skip


CATALOG = [HEADS, item(1), item(2)]
FILLED = [HEADS, item(1), item(2, CHANNELS)]
FIELDS = [["索引号", "000014349/2026"], ["发布机构", "县民政局"], ["文号", "无"]]


class Cell(list):
    """What stands in a cell one below the other: texts, and tables as lists of rows."""


def parts(cell):
    return cell if isinstance(cell, Cell) else [cell]


def write_html(*blocks):
    return "".join(map(html_block, blocks)).encode()


def html_block(block):
    if isinstance(block, str):
        return f"<p>{block}</p>"
    rows = ("".join(f"<td>{''.join(map(html_block, parts(c)))}</td>" for c in row) for row in block)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def write_docx(*blocks):
    document, buffer = docx.Document(), BytesIO()
    for block in blocks:
        add_to_document(document, block)
    document.save(buffer)
    return buffer.getvalue()


def add_to_document(holder, block):
    if isinstance(block, str):
        holder.add_paragraph(block)
        return
    width = max(map(len, block))
    table = holder.add_table(len(block), width)
    for row, cells in zip(table.rows, block, strict=True):
        if len(cells) == 1 < width:
            row.cells[0].merge(row.cells[-1])
        for cell, value in zip(row.cells, cells, strict=False):
            for part in parts(value):
                add_to_document(cell, part)


def write_odt(*blocks):
    inside = "".join(map(odt_block, blocks))
    body = f"<office:body><office:text>{inside}</office:text></office:body>"
    return open_document("text", body)


def odt_block(block):
    if isinstance(block, str):
        return f"<text:p>{block}</text:p>"
    rows = (
        "".join(
            f"<table:table-cell>{''.join(map(odt_block, parts(cell)))}</table:table-cell>"
            for cell in row
        )
        for row in block
    )
    inside = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    return f"<table:table>{inside}</table:table>"


def write_rtf(*blocks):
    return b"{\\rtf1\\ansi" + b"".join(rtf_block(block, 1) for block in blocks) + b"}"


def rtf_block(block, level):
    if isinstance(block, str):
        mark = b"\\pard\\intbl\\itap%d " % (level - 1) if level > 1 else b"\\pard "
        data = block.encode("utf-16-le")
        units = (data[n : n + 2] for n in range(0, len(data), 2))
        codes = b"".join(b"\\u%d?" % int.from_bytes(unit, "little", signed=True) for unit in units)
        return mark + codes + b"\\par "
    shape = b"\\trowd\\trleft0" + b"".join(
        b"\\cellx%d" % (1000 * (n + 1)) for n in range(max(map(len, block)))
    )
    return b"".join(rtf_row(row, shape, level) for row in block)


def rtf_row(row, shape, level):
    ends = b"\\cell " if level == 1 else b"\\nestcell{\\nonesttables\\par}"
    cells = b"".join(
        b"".join(rtf_block(part, level + 1) for part in parts(cell)).removesuffix(b"\\par ")
        + b"\\pard\\intbl\\itap%d" % level
        + ends
        for cell in row
    )
    if level == 1:
        return shape + cells + b"\\row "
    return cells + b"{\\*\\nesttableprops" + shape + b"\\nestrow}{\\nonesttables\\par}"


WRITERS = {"html": write_html, "docx": write_docx, "odt": write_odt, "rtf": write_rtf}


@pytest.fixture(params=WRITERS)
def write(request):
    return WRITERS[request.param]


def read(data):
    (catalog,) = (result := read_catalogs(data, "目录")).catalogs
    assert catalog.domain == "社会救助"
    return [row.to_json() for row in catalog.rows], result.findings


def names(rows):
    return [row["level2"] for row in rows]


def test_a_table_of_layout_is_looked_into(write):
    beside = Cell([TITLE, CATALOG])
    for page in (
        [[[beside]]],
        [TITLE, [[CATALOG]]],
        [[["导航", beside]]],
        [[*FIELDS, ["附件", beside]]],
    ):
        rows, _ = read(write(*page))
        assert names(rows) == ["低保1", "低保2"]
        assert rows[1]["responsible_organ"] == ["县民政局"]


def test_a_table_below_the_fields_of_a_page_is_read(write):
    rows, findings = read(write([*FIELDS, [Cell([TITLE, CATALOG])]]))
    assert names(rows) == ["低保1", "低保2"]
    assert {finding.code for finding in findings} & {"table-skipped", "lines-unread"}


def test_a_large_table_in_a_row_of_another_is_read_by_itself(write):
    many = [[f"字段{n}", f"内容{n}"] for n in range(60)]
    rows, findings = read(write([*many, [Cell([TITLE, CATALOG])]]))
    assert names(rows) == ["低保1", "低保2"]
    assert {finding.code for finding in findings} & {"table-skipped", "lines-unread"}


def test_a_table_inside_the_cell_of_an_item_is_its_text_with_a_finding(write):
    rows, findings = read(write(TITLE, FILLED))
    assert names(rows) == ["低保1", "低保2"]
    assert rows[1]["channels"] == ["政府网站"]
    told = [(finding.row, finding.field) for finding in findings if finding.code == "table-inside"]
    assert told == [(1, "channels")]


def test_both_at_once(write):
    rows, findings = read(write([[Cell([TITLE, FILLED])]]))
    assert names(rows) == ["低保1", "低保2"]
    assert rows[1]["channels"] == ["政府网站"]
    assert "table-inside" in {finding.code for finding in findings}


@pytest.mark.parametrize("kind", ["html", "docx", "odt"])
def test_tables_inside_tables_without_end_are_read_or_refused(kind):
    block = FILLED
    for _ in range(60):
        block = [["发文", "字号"], ["甲", "乙"], [Cell(["说明", block])]]
    result = read_catalogs(WRITERS[kind](TITLE, FILLED, block), "目录")
    assert names(row.to_json() for row in result.catalogs[0].rows)[:2] == ["低保1", "低保2"]


def test_a_table_inside_a_list_of_people_is_told(write):
    rows = [["姓名", "电话"], ["张三", "13812345678"], ["李四", [["13912345678"], ["公"]]]]
    columns = [ListColumn("name", "姓名"), ListColumn("phone", "电话")]
    found = read_list(read_list_file(write(rows), "名单"), columns)
    assert [row.texts["name"] for row in found.rows] == ["张三", "李四"]
    assert "table-inside" in {note.code for note in found.notes}


def test_a_person_struck_off_a_list_is_told():
    page = (
        "<table><tr><td>姓名</td></tr><tr><td><s>张三</s></td></tr><tr><td>李四</td></tr></table>"
    )
    found = read_list(read_list_file(page.encode(), "名单"), [ListColumn("name", "姓名")])
    assert [row.texts["name"] for row in found.rows] == ["李四"]
    assert [(note.code, note.message()) for note in found.notes] == [
        ("text-struck", "已划去的文字未读取：张三")
    ]
