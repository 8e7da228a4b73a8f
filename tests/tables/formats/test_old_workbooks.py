"""Old workbooks and those of OpenDocument are read as the same sheet in a new one."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
import xlwt
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from core.tables.detect import read_blocks
from core.tables.formats.legacy import xls
from core.tables.formats.legacy.xls_cells import LIMITS
from core.tables.limits import Deadline, UnreadableFile
from core.tables.lists.source import read_list_file
from core.tables.read import read_catalogs
from tests.publishing.files.attack_samples import biff, ole, open_document, workbook_stream

HEADS = ["序号", "公开事项", "公开内容", "公开依据", "公开主体"]
ROWS = [
    ["1", "低保标准", "标准", "《条例》", "民政局"],
    ["2", "内部事项", "底册", "《条例》", "民政局"],
    ["3", "救助对象", "名单", "《办法》", "民政局"],
]
DAY = date(2026, 1, 31)
SHOWN = 'm"月"d"日"'


def read(data, name="目录.xls"):
    return read_blocks(data, name, Deadline(name), max_bytes=10**7)


def texts(table):
    return [[cell.text if cell else None for cell in row.slots] for row in table.rows]


def old_workbook(fill):
    book = xlwt.Workbook(encoding="utf-8")
    fill(book)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def old(book):
    sheet = book.add_sheet("目录")
    for number, row in enumerate([HEADS, *ROWS]):
        for column, text in enumerate(row):
            sheet.write(number, column, text)
    sheet.row(2).hidden = True
    sheet.write(4, 0, DAY, xlwt.easyxf(num_format_str=SHOWN))
    struck = xlwt.easyxf("font: struck_out on")
    sheet.write(4, 1, "划去", struck)
    sheet.write_rich_text(4, 2, ["留下", ("划去", struck.font)])
    sheet.write(4, 3, 7, xlwt.easyxf(num_format_str="000"))
    sheet.write(4, 5, "不公开")
    sheet.col(5).hidden = True
    sheet.write_merge(5, 5, 0, 2, "合并")
    hidden = book.add_sheet("底册")
    hidden.write(0, 0, "身份证")
    hidden.visibility = 1


def new_workbook():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "目录"
    for row in [HEADS, *ROWS]:
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.append([DAY, "划去", None, 7, None, "不公开"])
    sheet["A5"].number_format = SHOWN
    sheet["B5"].font = Font(strike=True)
    sheet["C5"] = CellRichText("留下", TextBlock(InlineFont(strike=True), "划去"))
    sheet["D5"].number_format = "000"
    sheet.column_dimensions["F"].hidden = True
    sheet["A6"] = "合并"
    sheet.merge_cells("A6:C6")
    hidden = book.create_sheet("底册")
    hidden.append(["身份证"])
    hidden.sheet_state = "hidden"
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


STYLES = """<office:automatic-styles>
<style:style style:name="gone" style:family="table"><style:table-properties
 table:display="false"/></style:style>
<style:style style:name="struck" style:family="table-cell"><style:text-properties
 style:text-line-through-style="solid"/></style:style>
<style:style style:name="part" style:family="text"><style:text-properties
 style:text-line-through-type="single"/></style:style>
<style:style style:name="secret" style:family="text"><style:text-properties
 text:display="none"/></style:style></office:automatic-styles>"""


def cell(text, attributes=""):
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def ods_rows(rows, attributes=""):
    return "".join(
        f"<table:table-row {attributes}>{''.join(map(cell, row))}</table:table-row>" for row in rows
    )


COLLAPSED = 'table:visibility="collapse"'


def open_workbook():
    last = (
        "<table:table-row>"
        + cell("1月31日", 'office:value-type="date" office:date-value="2026-01-31"')
        + cell("划去", 'table:style-name="struck"')
        + cell('留下<text:span text:style-name="part">划去</text:span>')
        + cell("007")
        + "<table:table-cell/>"
        + cell("不公开")
        + "</table:table-row><table:table-row>"
        + cell("合并", 'table:number-columns-spanned="3"')
        + '<table:covered-table-cell table:number-columns-repeated="2"/></table:table-row>'
        + '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/>'
        + "</table:table-row>"
    )
    columns = (
        '<table:table-column table:number-columns-repeated="5"/>'
        '<table:table-column table:visibility="collapse"/>'
        '<table:table-column table:number-columns-repeated="16000"/>'
    )
    sheet = (
        f'<table:table table:name="目录">{columns}{ods_rows([HEADS, ROWS[0]])}'
        f"{ods_rows(ROWS[1:2], COLLAPSED)}"
        f"{ods_rows(ROWS[2:])}{last}</table:table>"
        f'<table:table table:name="底册" table:style-name="gone">{ods_rows([["身份证"]])}'
        "</table:table>"
    )
    body = f"{STYLES}<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    return open_document("spreadsheet", body)


@pytest.mark.parametrize("data", [old_workbook(old), open_workbook()], ids=["xls", "ods"])
def test_the_same_sheet_in_any_format_is_read_alike(data):
    expected = read(new_workbook(), "目录.xlsx")
    found = read(data)
    assert [texts(table) for table in found] == [texts(table) for table in expected]
    assert [table.remarks for table in found] == [table.remarks for table in expected]
    assert [(table.hidden, table.hidden_rows) for table in found] == [(False, 1), (True, 0)]
    assert texts(found[0])[3][:4] == ["1月31日", "", "留下", "007"]
    left_out = [[part for _, part in row.left_out] for row in found[0].rows]
    assert left_out == [[part for _, part in row.left_out] for row in expected[0].rows]
    assert len(left_out[3]) == 2


@pytest.mark.parametrize("data", [old_workbook(old), open_workbook()], ids=["xls", "ods"])
def test_a_hidden_row_is_no_item_and_is_told(data):
    read_back = read_catalogs(data, "目录.et")
    assert [row.to_json()["seq"] for row in read_back.catalogs[0].rows][:2] == ["1", "3"]
    assert "hidden-rows" in {finding.code for finding in read_back.findings}


def test_lists_are_read_from_old_workbooks_too():
    source = read_list_file(old_workbook(old), "名单.et")
    assert source.hidden_rows == 1
    assert source.tables[0][1].cells[:2] == ("1", "低保标准")


def test_hidden_text_of_a_cell_is_left_out():
    body = f"""{STYLES}<office:body><office:spreadsheet><table:table><table:table-row>
    {cell('看得见<text:span text:style-name="secret">看不见</text:span><text:s text:c="2"/>。')}
    </table:table-row></table:table></office:spreadsheet></office:body>"""
    (table,) = read(open_document("spreadsheet", body), "表.ods")
    assert texts(table) == [["看得见  。"]]
    assert [tuple(part) for _, part in table.rows[0].left_out] == [("text-hidden", "看不见")]


def test_a_text_document_of_opendocument_is_read_in_order_without_what_is_hidden():
    rows = "".join(
        f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in [HEADS, *ROWS]
    )
    body = f"""{STYLES}<office:body><office:text><text:tracked-changes><text:changed-region>
    <text:deletion><text:p>删去的</text:p></text:deletion></text:changed-region>
    </text:tracked-changes><text:p>社会救助领域目录<office:annotation><text:p>批注</text:p>
    </office:annotation></text:p><text:section text:display="none"><text:p>藏起的</text:p>
    </text:section><table:table>{rows}</table:table></office:text></office:body>"""
    title, hidden, table = read(open_document("text", body), "目录.odt")
    assert (title.text.strip(), hidden.text) == ("社会救助领域目录", "")
    assert texts(table) == [HEADS, *ROWS]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (ole({"Workbook": b"no workbook"}), "old-workbook-damaged"),
        (ole({"Workbook": workbook_stream(biff(0x2F, b"\0" * 54))}), "package-encrypted"),
        (old_workbook(old)[:3000], "is-old-office"),
    ],
)
def test_what_cannot_be_read_says_why(data, code):
    with pytest.raises(UnreadableFile) as caught:
        read(data)
    assert caught.value.code == code


def test_a_workbook_that_costs_too_much_ends_its_reader_only(monkeypatch):
    tight = LIMITS.__class__(LIMITS.seconds, 0.01, LIMITS.memory, LIMITS.output)
    monkeypatch.setattr(xls, "LIMITS", tight)
    with pytest.raises(UnreadableFile) as caught:
        read(old_workbook(old))
    assert caught.value.code == "table-too-large"


@pytest.mark.parametrize("name", ["mulu.xls", "mulu.et", "mulu.ods", "doc.odt", "doc.rtf"])
def test_the_same_table_in_each_format_gives_the_same_rows(shared_data, name):
    folder = shared_data / "field" / "office-formats"

    def rows(file):
        found = read_catalogs((folder / file).read_bytes(), file)
        return [row.to_json() for catalog in found.catalogs for row in catalog.rows]

    assert len(rows("mulu.xlsx")) == 3
    assert rows(name) == rows("mulu.xlsx")
