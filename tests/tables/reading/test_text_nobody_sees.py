"""Text that is hidden, struck through or deleted is no value, in every format; it is told."""

import io

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.utils.datetime import MAC_EPOCH

from core.tables.read import read_catalogs

NAMES = ["序号", "一级事项", "二级事项", "公开内容", "公开依据", "公开时限", "公开主体"]
LINE = ["1", "综合业务", "监督检查", "电话", "《预算法》", "及时公开", "民政局"]
OTHER = ["2", "综合业务", "办事指南", "条件", "《预算法》", "及时公开", "财政局"]


def read(data, name):
    return read_catalogs(data, name)


def codes(result, row=0, field="responsible_organ"):
    return {f.code for f in result.findings if (f.row, f.field) == (row, field)}


def workbook(change, rows=(NAMES, LINE, OTHER)):
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    change(book.active)
    stream = io.BytesIO()
    book.save(stream)
    return read(stream.getvalue(), "a.xlsx")


def page(organ, style="", row=""):
    cells = [*LINE[:-1], organ]
    rows = [NAMES, OTHER]
    head, other = ("".join(f"<td>{cell}</td>" for cell in line) for line in rows)
    body = "".join(f"<td>{cell}</td>" for cell in cells)
    text = (
        f"<style>{style}</style><table><tr>{head}</tr><tr {row}>{body}</tr><tr>{other}</tr></table>"
    )
    return read(text.encode(), "a.html")


def document(change):
    written = Document()
    table = written.add_table(3, len(NAMES))
    for number, line in enumerate((NAMES, LINE, OTHER)):
        for column, text in enumerate(line):
            table.cell(number, column).text = text
    change(table)
    stream = io.BytesIO()
    written.save(stream)
    return read(stream.getvalue(), "a.docx")


@pytest.mark.parametrize(
    ("organ", "style"),
    [
        ("<s>旧局</s>民政局", ""),
        ("<del>旧局</del>民政局", ""),
        ("<strike>旧局</strike>民政局", ""),
        ("<span style='text-decoration: underline line-through'>旧局</span>民政局", ""),
        ("<span class=xl7>旧局</span>民政局", ".xl7 {color:red;\n text-decoration:line-through}"),
        ("<span style='display : NONE'>旧局</span>民政局", ""),
        ("<b hidden>旧局</b>民政局", ""),
        ("<i style='visibility:hidden'>旧局</i>民政局", ""),
        ("<p class='a gone'>旧局</p>民政局", "p.gone, h9 { display:none }"),
        ("<span style='mso-hide:all'>旧局</span>民政局", ""),
    ],
)
def test_parts_of_a_page(organ, style):
    result = page(organ, style)
    assert result.catalogs[0].rows[0].responsible_organ == ("民政局",)
    assert codes(result) & {"text-struck", "text-hidden"}


@pytest.mark.parametrize("row", ["style='display:none'", "hidden", "class=gone"])
def test_a_hidden_row_of_a_page(row):
    result = page("民政局", ".gone{display:none}", row)
    assert [found.seq for found in result.catalogs[0].rows] == ["2"]
    (finding,) = [finding for finding in result.findings if finding.code == "hidden-rows"]
    assert finding.params["rows"] == "2"


def test_a_hidden_table_of_a_page_and_text_beside_it():
    table = "<tr>" + "".join(f"<td>{cell}</td>" for cell in NAMES) + "</tr>"
    body = "<tr>" + "".join(f"<td>{cell}</td>" for cell in LINE) + "</tr>"
    text = (
        f"<div style='display:none'><table>{table}{body}{body}</table></div>"
        f"<p><s>旧标题目录</s></p><table>{table}{body}</table>"
    )
    result = read(text.encode(), "a.html")
    assert len(result.catalogs[0].rows) == 1
    assert {"sheet-hidden", "lines-left-out"} <= {finding.code for finding in result.findings}


def test_struck_fonts_runs_and_rows_of_a_workbook():
    def change(sheet):
        sheet["G2"].value = CellRichText(TextBlock(InlineFont(strike=True), "旧局"), "民政局")
        for cell in sheet[3]:
            cell.font = Font(strike=True)

    result = workbook(change)
    (row,) = result.catalogs[0].rows
    assert row.responsible_organ == ("民政局",)
    assert codes(result) == {"text-struck"}
    assert "row-left-out" in {finding.code for finding in result.findings}


def test_hidden_rows_columns_and_formats_of_a_workbook():
    def change(sheet):
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["G"].hidden = True
        sheet["F2"].number_format = ";;;"

    result = workbook(change)
    (row,) = result.catalogs[0].rows
    assert (row.responsible_organ, row.time_limit) == (None, None)
    found = {finding.code: finding.params for finding in result.findings}
    assert found["hidden-rows"]["rows"] == "3"
    assert found["hidden-columns"]["columns"] == "G(公开主体)"
    assert "text-hidden" in codes(result, field="time_limit")


def test_a_name_merged_over_a_hidden_row_stays_with_the_rows_that_are_shown():
    def change(sheet):
        sheet["B3"].value = None
        sheet.merge_cells("B2:B3")
        sheet.row_dimensions[2].hidden = True

    (row,) = workbook(change).catalogs[0].rows
    assert (row.seq, row.level1) == ("2", "综合业务")


@pytest.mark.parametrize("mark", ["strike", "dstrike", "vanish"])
def test_runs_of_a_document(mark):
    def change(table):
        run = table.cell(1, 6).paragraphs[0].runs[0]._r
        old = f"<w:r {nsdecls('w')}><w:rPr><w:{mark}/></w:rPr><w:t>旧局</w:t></w:r>"
        run.addprevious(parse_xml(old))

    result = document(change)
    assert result.catalogs[0].rows[0].responsible_organ == ("民政局",)
    assert codes(result) & {"text-struck", "text-hidden"}


def test_a_mark_that_is_switched_off_and_a_style_that_strikes():
    def change(table):
        shown, styled = (table.cell(row, 6).paragraphs[0] for row in (1, 2))
        shown.runs[0]._r.get_or_add_rPr().append(parse_xml(f"<w:strike {nsdecls('w')} w:val='0'/>"))
        style = styled.part.document.styles.add_style("旧", 2)
        style.font.strike = True
        styled.add_run("旧局", style=style)

    result = document(change)
    assert [row.responsible_organ for row in result.catalogs[0].rows] == [("民政局",), ("财政局",)]
    assert codes(result) == set()
    assert codes(result, row=1) == {"text-struck"}


def test_deleted_text_and_rows_of_a_document():
    def change(table):
        run = table.cell(1, 6).paragraphs[0].runs[0]._r
        gone = (
            f"<w:del {nsdecls('w')} w:id='1' w:author='x'><w:r><w:delText>旧局</w:delText></w:r>"
            "</w:del>"
        )
        run.addprevious(parse_xml(gone))
        row = table.rows[2]._tr.get_or_add_trPr()
        row.append(parse_xml(f"<w:del {nsdecls('w')} w:id='2' w:author='x'/>"))

    result = document(change)
    (found,) = result.catalogs[0].rows
    assert found.responsible_organ == ("民政局",)
    assert codes(result) == {"text-deleted"}
    assert "row-left-out" in {finding.code for finding in result.findings}


def test_errors_and_formulas_without_a_result_are_told():
    def change(sheet):
        sheet["F2"].value = "=1+1"
        sheet["G2"].value = "#REF!"

    result = workbook(change)
    (row, _) = result.catalogs[0].rows
    assert (row.time_limit, row.responsible_organ) == (None, None)
    assert codes(result) == {"cell-error"}
    assert codes(result, field="time_limit") == {"formula-unread"}


def test_a_workbook_that_counts_from_1904():
    book = Workbook()
    book.epoch = MAC_EPOCH
    book.active.append(NAMES)
    book.active.append([*LINE[:5], 44591, LINE[6]])
    book.active["F2"].number_format = 'm"月"d"日"'
    stream = io.BytesIO()
    book.save(stream)
    assert read(stream.getvalue(), "a.xlsx").catalogs[0].rows[0].time_limit == "1月31日"
