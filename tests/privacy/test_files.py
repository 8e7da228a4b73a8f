"""Files are read as they lie on the disk: what no page shows is found, and named by its place."""

import io
import zipfile

import docx
import openpyxl
import pikepdf
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from PIL import Image

from core.privacy.domain.findings import FindingKind
from core.privacy.files import ScanError, ScanFault, mask_file, scan_file

ID, PHONE, CARD = "11010519491231002X", "13800138000", "6222026155052426802"


def wheres(name, data):
    return {(finding.where, finding.kind.value) for finding in scan_file(name, data)}


def save(document):
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def workbook():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "名单"
    sheet.append(["柳湾村补贴名单"])
    sheet.append(["姓名", "身份证号", "电话", "合同编号"])
    for number in range(3):
        sheet.append([f"村民{number}", ID, int(PHONE), "640425199903150018"])
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet["A3"].comment = Comment(f"他的电话{PHONE}", "经办人")
    sheet["F1"] = f'="卡号"&"{CARD}"'
    sheet.oddFooter.center.text = f"联系 {PHONE}"
    hidden = book.create_sheet("底稿")
    hidden["C5"] = CARD
    hidden.sheet_state = "hidden"
    very = book.create_sheet("更深")
    very["A1"] = ID
    very.sheet_state = "veryHidden"
    book.defined_names["户主"] = DefinedName("户主", attr_text=f'"{ID}"')
    book.properties.creator = f"张三{PHONE}"
    return save(book)


def with_part(data, name, content):
    target = io.BytesIO(data)
    with zipfile.ZipFile(target, "a") as package:
        package.writestr(name, content)
    return target.getvalue()


PIVOT = (
    '<pivotCacheDefinition xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    f'<cacheFields><cacheField name="身份证"><sharedItems><s v="{ID}"/></sharedItems></cacheField>'
    "</cacheFields></pivotCacheDefinition>"
)


def test_a_workbook_is_searched_where_nobody_looks():
    data = with_part(workbook(), "xl/pivotCache/pivotCacheDefinition1.xml", PIVOT)
    assert wheres("名单.xlsx", data) == {
        ("名单!B3", "id_number"),
        ("名单!B4 (hidden row)", "id_number"),
        ("名单!B5", "id_number"),
        ("名单!C3 (hidden column)", "phone"),
        ("名单!C4 (hidden row, hidden column)", "phone"),
        ("名单!C5 (hidden column)", "phone"),
        ("名单!F1 (formula)", "bank_card"),
        ("名单 (headerFooter)", "phone"),
        ("comment A3", "phone"),
        ("底稿 (hidden)!C5", "bank_card"),
        ("更深 (hidden)!A1", "id_number"),
        ("defined name 户主", "id_number"),
        ("properties creator", "phone"),
        ("pivot cache", "id_number"),
    }


def test_a_masked_workbook_has_nothing_left_and_all_the_rest():
    data = with_part(workbook(), "xl/pivotCache/pivotCacheDefinition1.xml", PIVOT)
    masked = mask_file("名单.xlsx", data)
    with zipfile.ZipFile(io.BytesIO(masked.data)) as package:
        everything = b"".join(package.read(name) for name in package.namelist())
    assert not any(number.encode() in everything for number in (ID, PHONE, CARD))
    sheet = openpyxl.load_workbook(io.BytesIO(masked.data))["名单"]
    assert [cell.value for cell in sheet[3]][:4] == [
        "村民0", "11*************02X", "138****8000", "640425199903150018",
    ]  # fmt: skip
    assert scan_file("名单.xlsx", masked.data) == []


def run_element(paragraph, text, *, kind="t", vanish=False):
    run = OxmlElement("w:r")
    if vanish:
        looks = OxmlElement("w:rPr")
        looks.append(OxmlElement("w:vanish"))
        run.append(looks)
    words = OxmlElement(f"w:{kind}")
    words.text = text
    run.append(words)
    paragraph.append(run)


def document():
    doc = docx.Document()
    paragraph = doc.add_paragraph("张三,")
    for part in (ID[:6], ID[6:14], ID[14:]):
        paragraph.add_run(part).bold = part == ID[6:14]
    deleted = OxmlElement("w:del")
    deleted.set(qn("w:author"), "李四")
    run_element(deleted, PHONE, kind="delText")
    doc.add_paragraph("原电话")._p.append(deleted)
    run_element(doc.add_paragraph("没有别的")._p, CARD, vanish=True)
    table = doc.add_table(2, 3)
    for cell, text in zip(
        table._cells, ["姓名", "一卡通账号", "金额", "张三", CARD, "9"], strict=True
    ):
        cell.text = text
    doc.sections[0].header.paragraphs[0].text = f"值班{PHONE}"
    doc.add_comment(doc.paragraphs[0].runs, text=f"核对{ID}", author="王五", initials="W")
    doc.core_properties.comments = f"手机{PHONE}"
    return save(doc)


def test_a_document_is_searched_where_nobody_looks():
    assert wheres("通知.docx", document()) == {
        ("paragraph 1", "id_number"),
        ("deleted text, paragraph 2", "phone"),
        ("hidden text, paragraph 3", "bank_card"),
        ("table 1!B2", "bank_card"),
        ("header 1", "phone"),
        ("comment 1", "id_number"),
        ("properties description", "phone"),
    }


def test_a_masked_document_has_nothing_left_and_keeps_its_text():
    masked = mask_file("通知.docx", document())
    with zipfile.ZipFile(io.BytesIO(masked.data)) as package:
        everything = b"".join(package.read(name) for name in package.namelist())
    assert not any(number.encode() in everything for number in (ID, PHONE, CARD, ID[6:14]))
    paragraphs = docx.Document(io.BytesIO(masked.data)).paragraphs
    assert paragraphs[0].text == "张三,11*************02X"
    assert scan_file("通知.docx", masked.data) == []


def pdf():
    content = (
        f"BT /F1 12 Tf 72 700 Td ({ID}) Tj ET 0 0 0 rg 60 690 300 30 re f "
        f"BT /F1 12 Tf 72 600 Td (open text) Tj ET"
    )
    document = pikepdf.new()
    page = document.add_blank_page()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Contents = document.make_stream(content.encode())
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], Contents=PHONE
    )
    page.Annots = pikepdf.Array([document.make_indirect(note)])
    document.docinfo["/Author"] = f"tel {PHONE}"
    return save(document)


def test_a_pdf_is_searched_under_black_boxes_and_in_notes():
    assert wheres("扫描.pdf", pdf()) == {
        ("page 1", "id_number"),
        ("annotation on page 1", "phone"),
        ("properties", "phone"),
    }


def test_of_a_pdf_the_masked_text_is_left():
    masked = mask_file("扫描.pdf", pdf())
    assert masked.is_text_only
    text = masked.data.decode()
    assert "open text" in text
    assert "11*************02X" in text
    assert ID not in text


def photograph():
    picture = Image.new("RGB", (8, 8))
    exif = Image.Exif()
    exif[0x010E] = f"call {PHONE}"
    exif.get_ifd(0x8825).update({1: "N", 2: (38.0, 28.0, 12.0), 3: "E", 4: (106.0, 16.0, 48.0)})
    target = io.BytesIO()
    picture.save(target, "JPEG", exif=exif)
    return target.getvalue()


def test_a_photograph_knows_where_it_was_taken():
    findings = scan_file("image/jpeg", photograph())
    assert [(each.kind, each.text, each.where) for each in findings] == [
        (FindingKind.POSITION, "38.47000, 106.28000", "EXIF"),
        (FindingKind.PHONE, PHONE, "EXIF"),
    ]
    masked = mask_file("照片.jpg", photograph())
    assert scan_file("照片.jpg", masked.data) == []
    assert Image.open(io.BytesIO(masked.data)).size == (8, 8)


CSV = (
    '序号,"姓名,曾用名",合同编号,身份证号,电话\r\n'
    f'1,"张三,""三""",640425199903150018,"{ID}",{PHONE}\r\n'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_positions_are_those_of_the_file(encoding):
    findings = scan_file("名单.csv", CSV.encode(encoding))
    assert [(each.where, each.kind.value) for each in findings] == [
        ("D2", "id_number"),
        ("E2", "phone"),
    ]
    assert all(CSV[each.start : each.end] == each.text for each in findings)


def test_a_masked_csv_file_differs_in_nothing_else():
    masked = mask_file("名单.csv", CSV.encode())
    assert masked.data.decode() == CSV.replace(ID, "11*************02X").replace(
        PHONE, "138****8000"
    )


def test_text_and_html_say_the_line():
    assert wheres("通知.txt", f"甲\n乙\n电话{PHONE}".encode()) == {("line 3", "phone")}
    html = f'<p>甲</p>\n<p>138<b>0013</b>8000</p><img alt="{ID}">'.encode()
    assert wheres("page.html", html) == {("line 2", "phone"), ("line 2 (alt)", "id_number")}
    assert b"138****8000" in mask_file("page.html", html).data


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        ("程序.exe", b"MZ", ScanFault.UNKNOWN_KIND),
        ("图.svg", b"<svg/>", ScanFault.UNKNOWN_KIND),
        ("坏.xlsx", b"PK\x03\x04nothing", ScanFault.UNREADABLE),
        ("坏.pdf", b"%PDF-1.7", ScanFault.UNREADABLE),
        ("坏.jpg", b"\xff\xd8", ScanFault.UNREADABLE),
        ("", b"", ScanFault.UNKNOWN_KIND),
    ],
)
def test_what_cannot_be_read_is_said(name, data, fault):
    with pytest.raises(ScanError) as error:
        scan_file(name, data)
    assert error.value.fault is fault


def test_old_workbooks_are_scanned_and_not_rewritten(shared_data):
    data = (shared_data / "field" / "office-formats" / "mulu.xls").read_bytes()
    assert scan_file("mulu.xls", data) == []
    with pytest.raises(ScanError) as error:
        mask_file("mulu.xls", data)
    assert error.value.fault is ScanFault.NOT_MASKABLE
