"""What is written in files of every kind is read, within limits that a trap cannot break."""

import resource
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pytest
import xlwt
from lxml import etree

from core.publishing.files import text as file_text
from core.publishing.files.extraction import (
    ExtractionOutcome,
    extract,
    list_readable_types,
    load_kinds,
)
from core.publishing.files.text import MOST_CHARACTERS, READERS, extract_text
from core.publishing.files.validation import MEDIA_TYPES
from core.tables.formats.hidden_cells import Hidden
from core.tables.formats.legacy.conversion import set_office_program
from tests.publishing.files.attack_samples import open_document
from tests.publishing.files.file_samples import OFD, archive, ofd, pdf, word, workbook

ENTITY = "<!DOCTYPE a [<!ENTITY b 'b'>]>"


@pytest.mark.parametrize(
    ("kind", "data", "text"),
    [
        ("docx", word("补助标准", cells=("姓名", "金额")), "补助标准\n姓名 金额"),
        ("xlsx", workbook(明细=[["项目", "金额"], ["路灯", 126]]), "明细\n项目 金额\n路灯 126"),
        ("ofd", ofd(["村级财务", "收支明细"], ["第二页的"]), "村级财务\n收支明细\n第二页的"),
        ("pdf", pdf("耕地地力保护补贴", "附件二"), "耕地地力保护补贴\n附件二"),
        ("txt", "低保\r\n标准".encode("gb18030"), "低保\n标准"),
        ("csv", "\ufeff项目,金额\n路灯,3".encode(), "项目,金额\n路灯,3"),
    ],
    ids=["docx", "xlsx", "ofd", "pdf", "txt", "csv"],
)
def test_each_kind_is_read_in_a_process_of_its_own(kind, data, text):
    found = extract(MEDIA_TYPES[kind], data)
    assert (found.outcome, found.text) == (ExtractionOutcome.TEXT, text)


OPEN_STYLES = """<office:automatic-styles><style:style style:name="s" style:family="text">
<style:text-properties text:display="none"/></style:style></office:automatic-styles>"""
OPEN_TEXT = f"""{OPEN_STYLES}<office:body><office:text><text:p>看得见<text:span
text:style-name="s">张三</text:span></text:p></office:text></office:body>"""


def hidden_runs():
    document = docx.Document()
    paragraph = document.add_paragraph("看得见")
    paragraph.add_run("张三").font.hidden = True
    paragraph.add_run("李四").font.strike = True
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def hidden_old_row():
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("表")
    sheet.write(0, 0, "看得见")
    sheet.write(1, 0, "张三")
    sheet.row(1).hidden = True
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def unseen_ofd():
    page = zipfile.ZipFile(BytesIO(ofd(["看得见的", "张三李四"])))
    parts = {name: page.read(name).decode() for name in page.namelist()}
    first, second = parts["Doc_0/Pages/P0.xml"].split('<ofd:TextObject Boundary="10 18')
    hidden = second.replace("<ofd:TextObject", '<ofd:TextObject Visible="false"')
    parts["Doc_0/Pages/P0.xml"] = f'{first}<ofd:TextObject Visible="false" Boundary="10 18{hidden}'
    return archive(parts)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("docx", hidden_runs()),
        ("docm", hidden_runs()),
        ("odt", open_document("text", OPEN_TEXT)),
        ("rtf", rb"{\rtf1\ansi\ansicpg936 \'bf\'b4\'b5\'c3\'bc\'fb{\v \'d5\'c5\'c8\'fd}\par}"),
        ("xls", hidden_old_row()),
        ("ofd", unseen_ofd()),
    ],
    ids=["docx", "docm", "odt", "rtf", "xls", "ofd"],
)
def test_what_nobody_sees_is_not_found(kind, data):
    found = extract(MEDIA_TYPES[kind], data)
    assert found.outcome is ExtractionOutcome.TEXT
    assert "看得见" in found.text
    assert "张" not in found.text
    assert "李四" not in found.text


def test_old_documents_are_read_where_the_program_is(tmp_path):
    (tmp_path / "made.docx").write_bytes(word("补助标准"))
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\ncp {tmp_path}/made.docx out/document.docx\n")
    program.chmod(0o700)
    set_office_program(str(program))
    assert MEDIA_TYPES["doc"] in list_readable_types()
    assert extract(MEDIA_TYPES["doc"], b"x").text == "补助标准"
    set_office_program("")
    assert MEDIA_TYPES["doc"] not in list_readable_types()
    assert extract(MEDIA_TYPES["doc"], b"x").outcome is ExtractionOutcome.UNREADABLE
    set_office_program("soffice")


def test_every_kind_that_is_read_is_one_that_may_be_uploaded():
    assert set(READERS) <= set(MEDIA_TYPES)
    assert set(load_kinds().values()) == set(READERS)


def test_hidden_sheets_are_not_read():
    data = workbook(公示=[["低保"]], 底册_hidden=[["张三", "身份证"]])
    assert extract_text("xlsx", data) == "公示\n低保"


def hiding(change):
    """A list of three columns and three rows, with something of it hidden."""
    rows = [list("甲乙丙"), list("丁戊己"), list("庚辛壬")]
    book = openpyxl.load_workbook(BytesIO(workbook(公示=rows)))
    change(book.active)
    buffer = BytesIO()
    book.save(buffer)
    return extract_text("xlsx", buffer.getvalue())


def test_hidden_rows_and_columns_are_not_read():
    def change(sheet):
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["B"].hidden = True

    assert hiding(change) == "公示\n甲 丙\n庚 壬"


def test_columns_that_are_hidden_together_and_what_a_filter_leaves_out_are_not_read():
    def change(sheet):
        sheet.column_dimensions.group("B", "C", hidden=True)
        sheet.auto_filter.ref = "A1:C3"
        sheet.row_dimensions[3].hidden = True

    assert hiding(change) == "公示\n甲\n丁"


def test_rows_and_columns_without_a_size_are_hidden():
    hidden, cells = Hidden(), {0: {0: "甲", 1: "乙"}, 1: {0: "丙", 1: "丁"}}
    hidden.note_columns(etree.fromstring('<col min="1" max="1" width="0" customWidth="1"/>'))
    hidden.note_row(etree.fromstring('<row r="1" ht="0" customHeight="1"/>'), 0)
    hidden.note_row(etree.fromstring('<row r="2" ht="15"/>'), 1)
    hidden.take_out(cells, {}, [])
    assert cells == {1: {0: "丁"}}


def test_a_merged_cell_is_read_where_a_part_of_it_is_seen():
    def change(sheet):
        sheet.merge_cells("A1:B1")
        sheet.merge_cells("A2:A3")
        sheet.column_dimensions["A"].hidden = True

    assert hiding(change) == "公示\n甲 丙\n戊 己\n辛 壬"


def test_a_long_text_is_cut():
    assert len(extract_text("txt", "低保\n".encode() * MOST_CHARACTERS)) == MOST_CHARACTERS


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("pdf", b"%PDF-1.7\nrubbish"),
        ("docx", b"PK\x03\x04 rubbish"),
        ("xlsx", archive({"xl/workbook.xml": "<no"})),
        ("ofd", archive({"OFD.xml": "<ofd/>"})[:-30]),
        ("ofd", archive({"other.xml": "<a/>"})),
        (
            "ofd",
            archive({"OFD.xml": f'<!DOCTYPE a [<!ENTITY b "b">]><ofd:OFD {OFD}>&b;</ofd:OFD>'}),
        ),
        ("docx", archive({"word/document.xml": b"<w>" + b" " * 100_000_000})),
    ],
    # Archives hold the time of their making, which is no name for a test.
    ids=["pdf", "docx", "xlsx", "ofd-cut", "ofd-other", "ofd-entity", "docx-bomb"],
)
def test_what_cannot_be_read_is_said_so(kind, data):
    assert extract(MEDIA_TYPES[kind], data).outcome is ExtractionOutcome.UNREADABLE


def test_a_page_without_words_is_empty():
    assert extract(MEDIA_TYPES["pdf"], pdf("")).outcome is ExtractionOutcome.EMPTY


@pytest.fixture
def reader(monkeypatch, tmp_path):
    """Let another program stand in the reader's place."""

    def put(program):
        folder = tmp_path / "core" / "publishing" / "files"
        folder.mkdir(parents=True)
        for package in (folder.parents[1], folder.parent, folder):
            (package / "__init__.py").touch()
        (folder / "text.py").write_text(program)
        monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    return put


def test_a_file_that_eats_memory_ends_its_reader_only(reader):
    own = Path(file_text.__file__).read_text().rpartition("if __name__")[0]
    reader(f"{own}\nconfine(LIMITS)\nbytearray(LIMITS.memory + 1)")
    assert extract(MEDIA_TYPES["txt"], b"x").outcome is ExtractionOutcome.TOO_COSTLY


def test_a_reader_that_hangs_is_ended(reader):
    reader("import threading\nthreading.Event().wait()")
    assert extract(MEDIA_TYPES["txt"], b"x", patience=1).outcome is ExtractionOutcome.TOO_COSTLY


def test_the_reader_knows_no_secret_of_ours(reader, monkeypatch):
    monkeypatch.setenv("GONGKAI_SECRET_KEY", "key-of-the-tests")
    reader("import os\nprint(sorted(os.environ))")
    read = extract(MEDIA_TYPES["txt"], b"x").text
    assert "PYTHONPATH" in read
    assert "GONGKAI" not in read


def test_limits_are_not_those_of_this_process():
    before = resource.getrlimit(resource.RLIMIT_AS)
    extract(MEDIA_TYPES["txt"], b"x")
    assert resource.getrlimit(resource.RLIMIT_AS) == before
