"""Text in the color of its background, tiny text, flat rows and columns: left out and told."""

import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt, RGBColor
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Color, Font, PatternFill

from core.tables.formats.colors import is_unseen, read_color
from tests.tables.reading.test_text_nobody_sees import codes, document, page, workbook

DARK = PatternFill("solid", fgColor="1F4E79")
WHITE = Color(theme=0)


def organ(result, row=0):
    return result.catalogs[0].rows[row].responsible_organ


@pytest.mark.parametrize(
    "font",
    [Font(color="FFFFFFFF"), Font(color="FFFDFDFD"), Font(color=WHITE),
     Font(color=Color(indexed=9)), Font(size=1)],
)  # fmt: skip
def test_a_cell_of_a_workbook_that_nobody_can_read(font):
    def change(sheet):
        sheet["G2"].font = font

    result = workbook(change)
    assert organ(result) is None
    assert "text-hidden" in codes(result)


def test_white_text_on_a_color_is_read():
    def change(sheet):
        for cell in sheet[1]:
            cell.font, cell.fill = Font(color=WHITE), DARK
        sheet["G2"].font, sheet["G2"].fill = Font(color="FFFFFFFF"), DARK
        sheet["G3"].font = Font(color="FFFF0000", size=8)

    result = workbook(change)
    assert (organ(result), organ(result, 1)) == (("民政局",), ("财政局",))


def test_text_in_the_color_of_its_own_fill_and_runs_in_white():
    def change(sheet):
        sheet["G2"].font, sheet["G2"].fill = Font(color="FF1F4E79"), DARK
        sheet["G3"].value = CellRichText(
            "财政局", TextBlock(InlineFont(color="FFFFFFFF"), "人社局")
        )

    result = workbook(change)
    assert (organ(result), organ(result, 1)) == (None, ("财政局",))
    assert "text-hidden" in codes(result) & codes(result, 1)


def test_flat_rows_and_columns_of_a_workbook():
    def change(sheet):
        sheet.row_dimensions[2].height = 0.75
        sheet.column_dimensions["E"].width = 0.1

    result = workbook(change)
    (row,) = result.catalogs[0].rows
    assert (row.seq, row.legal_basis) == ("2", None)
    assert {"hidden-rows", "hidden-columns"} <= {finding.code for finding in result.findings}


@pytest.mark.parametrize("look", ["white", "tiny"])
def test_a_run_of_a_document_that_nobody_can_read(look):
    def change(table):
        run = table.cell(1, 6).paragraphs[0].add_run("扶贫办")
        if look == "white":
            run.font.color.rgb = RGBColor(255, 255, 255)
        else:
            run.font.size = Pt(1)

    result = document(change)
    assert organ(result) == ("民政局",)
    assert "text-hidden" in codes(result)


def test_white_text_of_a_document_on_a_shaded_cell_is_read():
    def change(table):
        for cell in table.rows[0].cells:
            shade = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="1F4E79"/>'
            cell._tc.get_or_add_tcPr().append(parse_xml(shade))
            cell.paragraphs[0].runs[0].font.color.rgb = RGBColor(255, 255, 255)

    result = document(change)
    assert (organ(result), organ(result, 1)) == (("民政局",), ("财政局",))


def test_a_row_of_a_document_without_height():
    def set_exact(table):
        shape = table.rows[1]._tr.get_or_add_trPr()
        shape.append(parse_xml(f'<w:trHeight {nsdecls("w")} w:val="10" w:hRule="exact"/>'))

    result = document(set_exact)
    assert [row.seq for row in result.catalogs[0].rows] == ["2"]
    assert "row-left-out" in {finding.code for finding in result.findings}


@pytest.mark.parametrize(
    "style",
    ["color:#fff", "color: White", "color:rgb(255, 255, 255)", "font-size:1px", "font-size:0.5pt",
     "opacity:0.0", "color:transparent"],
)  # fmt: skip
def test_a_part_of_a_page_that_nobody_can_read(style):
    result = page(f'民政局<span style="{style}">扶贫办</span>')
    assert organ(result) == ("民政局",)
    assert "text-hidden" in codes(result)


@pytest.mark.parametrize(
    ("span", "sheet"),
    [
        ('<span style="color:#fff;background:#036">民政局</span>', ""),
        ('<b style="background:#036"><font color="white">民政局</font></b>', ""),
        ('<b class="a">民政局</b>', ".a{color:#fff} table.x td{background-color:#036}"),
        ('<span style="font-size:0.8em;color:#fefe00">民政局</span>', ""),
        ('<span style="background-color:#fff;color:#000">民政局</span>', ""),
    ],
)
def test_what_can_be_read_on_a_page_is_read(span, sheet):
    assert organ(page(span, style=sheet)) == ("民政局",)


@pytest.mark.parametrize(
    ("text", "color"),
    [("FFFFFFFF", (255, 255, 255)), ("#fff", (255, 255, 255)), ("rgb(1,2,3)", (1, 2, 3)),
     ("auto", None), (None, None), ("red", None)],
)  # fmt: skip
def test_colors(text, color):
    assert read_color(text) == color
    assert not is_unseen(None)
