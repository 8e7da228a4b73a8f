"""Files are judged by their content: what can do harm, or is not what it says, is refused."""

import struct
import zipfile
import zlib
from io import BytesIO

import docx
import openpyxl
import pytest
from flask_babel import force_locale
from PIL import Image

from core.errors import Invalid
from core.publishing.files.validation import MEDIA_TYPES, check_file, clean_name
from tests.publishing.files.attack_samples import (
    EMPTY_WORD,
    change,
    ole,
    open_document,
    override,
    workbook_stream,
)
from tests.publishing.files.file_samples import pdf

MEGABYTE = 2**20
GPS_IFD = 0x8825


@pytest.fixture(autouse=True)
def context(app):
    """Messages in the language of the sources."""
    with app.test_request_context(), force_locale("en"):
        yield


def check(name, data, most_bytes=50 * MEGABYTE):
    return check_file(name, data, most_bytes=most_bytes)


def refused(name, data, **options) -> str:
    with pytest.raises(Invalid) as caught:
        check(name, data, **options)
    return caught.value.fields["file"]


def picture(kind="JPEG", size=(60, 40), **options) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, "red").save(buffer, kind, **options)
    return buffer.getvalue()


def word() -> bytes:
    buffer = BytesIO()
    document = docx.Document()
    document.add_paragraph("村级财务公开")
    document.save(buffer)
    return buffer.getvalue()


def excel() -> bytes:
    buffer = BytesIO()
    openpyxl.Workbook().save(buffer)
    return buffer.getvalue()


def archive(**parts: bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name.replace("__", "/"), data)
    return buffer.getvalue()


def rewritten(data: bytes, **more: bytes) -> bytes:
    """An office document with other or more parts."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", 8) as new:
        for entry in old.namelist():
            if entry not in more:
                new.writestr(entry, old.read(entry))
        for name, part in more.items():
            new.writestr(name, part)
    return buffer.getvalue()


PDF = pdf("村务公开")
OLD_SHEET = ole({"Workbook": workbook_stream()})
OLD_WORD = ole({"WordDocument": EMPTY_WORD})
MACRO_BOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("报告.pdf", PDF, "application/pdf"),
        ("旧表.xls", OLD_SHEET, "application/vnd.ms-excel"),
        ("旧文.doc", OLD_WORD, "application/msword"),
        ("说明.txt", "村务公开".encode("gb18030"), "text/plain"),
        ("表.csv", b"a,b\n1,2\n", "text/csv"),
        ("版式.ofd", archive(**{"OFD.xml": b"<x/>"}), "application/ofd"),
    ],
)
def test_accepted_kinds(name, data, media_type):
    assert check(name, data).media_type == media_type


def test_word_and_excel_are_opened():
    assert check("决议.docx", word()).media_type.endswith("wordprocessingml.document")
    assert check("收支.xlsx", excel()).media_type.endswith("spreadsheetml.sheet")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("现场.jpg", b"<html><script>alert(1)</script></html>"),
        ("页.html", b"<!doctype html><script>alert(1)</script>"),
        ("页.txt", b"hello <script>alert(1)</script>"),
        ("程序.exe", b"MZ\x90\x00" + b"\0" * 100),
        ("程序.pdf", b"MZ\x90\x00" + b"\0" * 100),
        ("包.zip", archive(a=b"x")),
        ("动.gif", picture("GIF")),
        ("无名", b"\x00\x01\x02"),
        ("文.pdf", b"junk before %PDF-1.7"),
        ("表.docx", excel()),
        ("文.xlsx", word()),
        ("报告.docx", PDF),
        ("照片.pdf", picture()),
        ("空.pdf", b""),
        ("装.msi", ole({"Whatever": b"x"})),
        ("表.doc", OLD_SHEET),
        ("表.wps", excel()),
    ],
)
def test_what_is_not_accepted_or_is_not_what_it_says(name, data):
    assert "“" in refused(name, data)


@pytest.mark.parametrize(
    ("name", "data", "stored", "kind"),
    [
        ("决议.wps", OLD_WORD, "决议.wps", "doc"),
        ("决议.wps", word(), "决议.wps", "docx"),
        ("收支.et", OLD_SHEET, "收支.et", "xls"),
        ("收支.et", excel(), "收支.et", "xlsx"),
        ("收支.xls", excel(), "收支.xlsx", "xlsx"),
        ("决议.doc", b"{\\rtf1 a}", "决议.rtf", "rtf"),
        ("决议.odt", open_document("text", ""), "决议.odt", "odt"),
        (
            "收支.xlsm",
            change(excel(), {}, types=override("xl/workbook.xml", MACRO_BOOK)),
            "收支.xlsm",
            "xlsm",
        ),
        ("现场.jfif", picture(), "现场.jpg", "jpg"),
    ],
)
def test_files_as_offices_save_them_are_taken_by_their_content(name, data, stored, kind):
    checked = check(name, data)
    assert (checked.filename, checked.media_type) == (stored, MEDIA_TYPES[kind])


@pytest.mark.parametrize("name", ["收支.xls", "收支.et", "决议.doc"])
@pytest.mark.parametrize("data", [b"<table><tr><td>1</td></tr></table>", b"a,b\n1,2\n"])
def test_a_web_page_or_text_under_such_a_name_is_told_how_to_be_saved(name, data):
    assert "save it as .docx or .xlsx" in refused(name, data)


def test_a_file_that_acts_is_refused_with_the_reason_and_the_place():
    assert "a script" in refused(
        "报告.pdf", PDF.replace(b"/Pages 2 0 R", b"/Pages 2 0 R/AA<</O<</S/Launch>>>>")
    )
    assert "word/o.bin" in refused("决议.docx", change(word(), {"word/o.bin": ole({"x": b"x"})}))
    assert "DDE" in refused("表.csv", b"a,b\n1,=cmd|' /C calc'!A0\n")


def test_a_cell_that_only_begins_like_a_formula_is_no_attack():
    assert (
        check("表.csv", "项目,金额\n支出|路灯,-5\n=A1+B1,@乡镇\n".encode()).media_type == "text/csv"
    )


def test_macros():
    with_macro = rewritten(word(), **{"word/vbaProject.bin": b"x"})
    assert "macros" in refused("决议.docx", with_macro)
    types = (
        b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled"/></Types>'
    )
    refused("决议.docx", rewritten(word(), **{"[Content_Types].xml": types}))
    old = ole({"WordDocument": EMPTY_WORD, "Macros/VBA/_VBA_PROJECT": b"x"})
    assert "macros" in refused("旧文.wps", old)


def test_a_template_from_elsewhere():
    relation = b'<R Type="x/attachedTemplate" Target="http://bad" TargetMode="External"/>'
    refused("决议.docx", rewritten(word(), **{"word/_rels/settings.xml.rels": relation}))


def test_a_bomb_in_a_document():
    bomb = rewritten(word(), **{"word/media/big.bin": b"\0" * (30 * MEGABYTE)})
    assert len(bomb) < MEGABYTE
    assert "unpacks" in refused("决议.docx", bomb)


def test_a_bomb_that_lies_about_its_size():
    size = 30 * MEGABYTE
    honest = rewritten(word(), **{"word/media/big.bin": b"\0" * size})
    lying = honest.replace(struct.pack("<L", size), struct.pack("<L", 10))
    assert lying != honest
    refused("决议.docx", lying)


def test_an_encrypted_or_broken_document():
    refused("决议.docx", word()[:200])
    refused("决议.docx", archive(**{"..__..__etc": b"x", "[Content_Types].xml": b"x"}))


def test_photographs_lose_place_and_everything_that_is_no_pixel():
    original = Image.new("RGB", (60, 40), "red")
    exif = original.getexif()
    exif[0x010F] = "Phone"
    exif[0x0112] = 6  # turned by a quarter
    exif.get_ifd(GPS_IFD)[1] = "N"
    buffer = BytesIO()
    original.save(buffer, "JPEG", exif=exif, comment=b"secret")
    checked = check("现场.JPEG", buffer.getvalue() + b"<script>alert(1)</script>")
    assert (checked.filename, checked.media_type) == ("现场.jpg", "image/jpeg")
    assert (checked.width, checked.height) == (40, 60)
    for trace in (b"Phone", b"secret", b"<script>", b"Exif"):
        assert trace not in checked.data
    assert not Image.open(BytesIO(checked.data)).getexif()


@pytest.mark.parametrize(
    ("kind", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp")]
)
def test_large_pictures_are_made_as_large_as_a_page_needs(kind, name):
    checked = check(name, picture(kind, (4000, 1000)))
    assert (checked.width, checked.height) == (2560, 640)


def test_a_picture_takes_the_ending_of_its_content():
    assert check("照片.png", picture("JPEG")).filename == "照片.jpg"


def test_a_picture_with_a_see_through_ground_stays_so():
    buffer = BytesIO()
    Image.new("LA", (10, 10)).save(buffer, "PNG")
    assert Image.open(BytesIO(check("a.png", buffer.getvalue()).data)).mode == "RGBA"


def huge_png(width: int, height: int) -> bytes:
    """A few bytes that claim to be an enormous picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">L", len(data)) + body + struct.pack(">L", zlib.crc32(body))

    head = struct.pack(">2L5B", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(9000, 9000), (10_000, 10_000), (60_000, 60_000)])
def test_pictures_of_enormous_size_are_not_decoded(size):
    assert "pixels" in refused("a.png", huge_png(*size))


def test_a_picture_that_ends_too_early():
    refused("a.jpg", picture(size=(2000, 2000))[:500])


def test_files_over_the_limit():
    assert "1 MB" in refused("a.pdf", PDF + b" " * MEGABYTE, most_bytes=MEGABYTE)


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\我\\报告.PDF", "报告.pdf"),
        ("报告\u202efdp.exe", "报告fdp.exe"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ('a"<b>|?.pdf', "a_b_.pdf"),
        (".pdf", "附件.pdf"),
        ("", "附件"),
        ("很" * 200 + ".docx", "很" * 100 + ".docx"),
    ],
)
def test_names_are_cleaned(typed, clean):
    assert clean_name(typed) == clean
