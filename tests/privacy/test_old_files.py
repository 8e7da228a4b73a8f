"""What no page shows of old workbooks and OpenDocument files is found, and said to be hidden."""

import zipfile
from io import BytesIO

import pytest
import xlwt

from core.privacy.files import scan_file

ID, PHONE, OTHER = "11010519491231002X", "13800138000", "13912345678"
NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style")
)


def places(name, data):
    return sorted((each.kind.value, each.where) for each in scan_file(name, data))


def package(content, kind):
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as target:
        target.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        target.writestr("content.xml", content)
        target.writestr("meta.xml", f"<office:meta {NAMESPACES}>{PHONE}</office:meta>")
    return data.getvalue()


def old_workbook():
    book = xlwt.Workbook()
    sheet = book.add_sheet("发放")
    for column, head in enumerate(("姓名", "身份证号", "电话")):
        sheet.write(0, column, head)
    for row in (1, 2):
        for column, value in enumerate(("张三", ID, int(PHONE))):
            sheet.write(row, column, value)
    sheet.row(2).hidden = True
    sheet.col(2).hidden = True
    hidden = book.add_sheet("底表")
    hidden.write(0, 0, ID)
    hidden.visibility = 1
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def cell(text, aside=""):
    return f"<table:table-cell>{aside}<text:p>{text}</text:p></table:table-cell>"


def open_workbook():
    note = f"<office:annotation><text:p>{OTHER}</text:p></office:annotation>"
    row = cell("张三") + cell(ID) + cell(PHONE)
    return package(
        f"""<office:document-content {NAMESPACES}>
        <office:automatic-styles><style:style style:name="ta2">
        <style:table-properties table:display="false"/></style:style></office:automatic-styles>
        <office:body><office:spreadsheet><table:table table:name="发放">
        <table:table-column table:number-columns-repeated="2"/>
        <table:table-column table:visibility="collapse"/>
        <table:table-row>{cell("姓名", note)}{cell("身份证号")}{cell("电话")}</table:table-row>
        <table:table-row>{row}</table:table-row>
        <table:table-row table:visibility="collapse">{row}</table:table-row></table:table>
        <table:table table:name="底表" table:style-name="ta2"><table:table-row>{cell(ID)}
        </table:table-row></table:table></office:spreadsheet></office:body>
        </office:document-content>""",
        "spreadsheet",
    )


SHEETS = [
    ("id_number", "发放!B2"),
    ("id_number", "发放!B3 (hidden row)"),
    ("id_number", "底表 (hidden)!A1"),
    ("phone", "发放!C2 (hidden column)"),
    ("phone", "发放!C3 (hidden row, hidden column)"),
]


@pytest.mark.parametrize(
    ("name", "build", "more"),
    [
        ("发放.xls", old_workbook, []),
        ("发放.ods", open_workbook, [("phone", "comment"), ("phone", "meta.xml 1")]),
    ],
)
def test_hidden_sheets_rows_and_columns_are_found_and_said(name, build, more):
    assert places(name, build()) == sorted(SHEETS + more)


def test_deleted_text_and_comments_of_a_document_are_found():
    content = f"""<office:document-content {NAMESPACES}><office:body><office:text>
    <text:tracked-changes><text:p>{ID}</text:p></text:tracked-changes>
    <text:p>公示<office:annotation><text:p>{OTHER}</text:p></office:annotation></text:p>
    </office:text></office:body></office:document-content>"""
    assert places("说明.odt", package(content, "text")) == [
        ("id_number", "deleted text"),
        ("phone", "comment"),
        ("phone", "meta.xml 1"),
    ]
