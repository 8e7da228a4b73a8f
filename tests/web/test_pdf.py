"""Sheets as PDF: what is written can be read again, goes on overleaf, and is always the same."""

import pypdfium2
import pytest

from core.web.files.pdf import PAPER_SIZES, PdfSheet, measure_text, wrap_text


def read_pages(data):
    """The text of each page, and its size."""
    document = pypdfium2.PdfDocument(data)
    return [
        (page.get_textpage().get_text_range(), round(page.get_width()), round(page.get_height()))
        for page in document
    ]


@pytest.mark.parametrize("size", PAPER_SIZES)
def test_text_is_read_as_it_was_written(size):
    sheet = PdfSheet(size)
    sheet.paragraph(24, "社会评议票", centred=True)
    sheet.outline([(40, 40), (90, 40)])
    sheet.outline([(40, 40), (90, 40), (90, 90), (40, 90)])
    sheet.qr_code(100, 200, 96, "https://qd.example/990101/evaluation/")
    sheet.new_page()
    sheet.paragraph(12, "第二页：" + "满意、基本满意、不满意、不了解。" * 9)
    pages = read_pages(sheet.to_pdf())
    assert [page[1:] for page in pages] == [PAPER_SIZES[size]] * 2
    assert "社会评议票" in pages[0][0]
    assert "".join(pages[1][0].split()).count("不了解") == 9
    assert sheet.to_pdf() == sheet.to_pdf()


def test_lines_are_cut_where_the_column_ends():
    assert list(wrap_text("一二三四五abcd", 10, 30)) == ["一二三", "四五ab", "cd"]
    assert list(wrap_text("一\n\n二", 10, 30)) == ["一", "二"]
    assert list(wrap_text("", 10, 30)) == []
    assert measure_text("满意ab", 10) == 30
