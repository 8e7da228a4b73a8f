"""Old workbooks and files of OpenDocument: white and tiny text, flat rows are left out."""

import pytest
import xlwt

from tests.publishing.files.attack_samples import open_document
from tests.tables.formats.test_old_workbooks import cell, old_workbook, read, texts

NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns"


def style(name, family, properties, *attributes):
    given = " ".join(attributes)
    return (
        f'<style:style style:name="{name}" style:family="{family}">'
        f"<style:{properties}-properties {given}/></style:style>"
    )


def words_of_styles():
    color = f'xmlns:own="{NAMESPACE}:xsl-fo-compatible:1.0" own:color="#ffffff"'
    size = f'xmlns:own="{NAMESPACE}:xsl-fo-compatible:1.0" own:font-size="1pt"'
    behind = f'xmlns:own="{NAMESPACE}:xsl-fo-compatible:1.0" own:background-color="#1f4e79"'
    return (
        "<office:automatic-styles>"
        + style("white", "table-cell", "text", color)
        + style("part", "text", "text", color)
        + style("tiny", "table-cell", "text", size)
        + style("flat", "table-row", "table-row", 'style:row-height="0.01cm"')
        + style("thin", "table-column", "table-column", 'style:column-width="0.001cm"')
        + '<style:style style:name="dark" style:family="table-cell">'
        + f"<style:table-cell-properties {behind}/><style:text-properties {color}/></style:style>"
        + "</office:automatic-styles>"
    )


def row(*cells, attributes=""):
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


ROWS = (
    row(
        cell("白字", 'table:style-name="white"'),
        cell("深底", 'table:style-name="dark"'),
        cell("小字", 'table:style-name="tiny"'),
        cell('显示<text:span text:style-name="part">白字</text:span>'),
    ),
    row(cell("扁行"), attributes='table:style-name="flat"'),
)
SHOWN = ["", "深底", "", "显示"]


def write_old(book):
    sheet = book.add_sheet("目录")
    white = xlwt.easyxf("font: color white")
    sheet.write(0, 0, "白字", white)
    dark = "font: color white; pattern: pattern solid, fore_colour dark_blue"
    sheet.write(0, 1, "深底", xlwt.easyxf(dark))
    sheet.write(0, 2, "小字", xlwt.easyxf("font: height 20"))
    sheet.write_rich_text(0, 3, ["显示", ("白字", white.font)])
    sheet.write(1, 0, "扁行")
    sheet.row(1).height_mismatch, sheet.row(1).height = True, 10
    sheet.write(0, 4, "窄列")
    sheet.col(4).width = 20


def left_out(table):
    return [[(part.code, part.text) for _, part in found.left_out] for found in table.rows]


GONE = [("text-hidden", "白字"), ("text-hidden", "小字"), ("text-hidden", "白字")]


def test_an_old_workbook():
    (table,) = read(old_workbook(write_old))
    assert texts(table) == [SHOWN]
    assert left_out(table) == [GONE]
    assert [remark.code for remark in table.remarks] == ["hidden-rows", "hidden-columns"]


@pytest.mark.parametrize("kind", ["spreadsheet", "text"])
def test_a_file_of_opendocument(kind):
    columns = '<table:table-column table:number-columns-repeated="4"/>'
    body = (
        f"{words_of_styles()}<office:body><office:{kind}><table:table>{columns}{''.join(ROWS)}"
        f"</table:table></office:{kind}></office:body>"
    )
    table = read(open_document(kind, body), "表.ods")[-1]
    assert texts(table)[0] == SHOWN
    assert left_out(table)[0] == GONE
    assert [text for line in texts(table)[1:] for text in line if text] == []


def test_a_thin_column_of_opendocument():
    columns = '<table:table-column/><table:table-column table:style-name="thin"/>'
    body = (
        f"{words_of_styles()}<office:body><office:spreadsheet><table:table>{columns}"
        f"{row(cell('甲'), cell('乙'))}</table:table></office:spreadsheet></office:body>"
    )
    (table,) = read(open_document("spreadsheet", body), "表.ods")
    assert texts(table) == [["甲"]]
    assert [remark.code for remark in table.remarks] == ["hidden-columns"]
