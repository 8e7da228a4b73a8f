"""Files as clerks upload them: workbooks, documents, packed folders."""

import io
import zipfile

from docx import Document
from openpyxl import Workbook

HEADINGS = ("标题", "正文", "目录事项", "成文日期", "体裁", "公示天数", "发布机构")


def build_workbook(*rows, headings=HEADINGS, hidden=()):
    """A workbook with a title above its headings, and perhaps hidden rows (from 1)."""
    workbook = Workbook()
    sheet = workbook.active
    for row in (["公开信息一览表"], list(headings), *rows):
        sheet.append(list(row))
    for number in hidden:
        sheet.row_dimensions[number].hidden = True
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def build_document(*paragraphs):
    """A Word document of some paragraphs."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def pack(files, encoding=None):
    """A packed folder; with an encoding as Windows packs it, whose names say nothing of it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            known = name.encode(encoding).decode("cp437") if encoding else name
            archive.writestr(known, data)
    return stream.getvalue()
