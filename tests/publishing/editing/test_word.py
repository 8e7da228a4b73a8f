"""Word documents come into the form: what comes along, what is left out, what is refused."""

from io import BytesIO

import docx
import pytest
from docx.oxml import OxmlElement
from PIL import Image
from sqlalchemy import select

from core.errors import Invalid
from core.publishing.editing.word.reading import describe_left_out, read_word
from core.publishing.models import Attachment, Publication
from core.testing.factories.trees import VILLAGE
from core.testing.pages import url_for

MOST = 50 * 2**20


def picture(colour="green"):
    stream = BytesIO()
    Image.new("RGB", (60, 40), colour).save(stream, "PNG")
    stream.seek(0)
    return stream


def write_document():
    """A document as an office writes it: headings, lists, a table, pictures, hidden text."""
    document = docx.Document()
    document.add_heading("一、补贴对象", 1)
    document.add_heading("(一)种粮农民", 2)
    paragraph = document.add_paragraph("按实际种植面积补贴。")
    hidden = paragraph.add_run("内部测算数据")
    hidden.font.hidden = True
    deleted = OxmlElement("w:del")
    deleted.append(OxmlElement("w:r"))
    paragraph._p.append(deleted)
    document.add_paragraph("申报", style="List Number")
    document.add_paragraph("公示", style="List Number")
    document.add_paragraph("身份证", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for number, text in enumerate(("姓名", "金额", "马某", "100")):
        table.cell(number // 2, number % 2).text = text
    document.add_picture(picture())
    document.add_picture(picture("red"))
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.fixture(scope="module")
def data():
    return write_document()


def test_headings_lists_tables_and_pictures_come_along(data):
    text = read_word("补贴.docx", data, most_bytes=MOST)
    assert "<h2>一、补贴对象</h2><h3>(一)种粮农民</h3>" in text.html
    assert "<ol><li>申报</li><li>公示</li></ol><ul><li>身份证</li></ul>" in text.html
    assert "<td><p>马某</p></td>" in text.html
    assert [each.name for each in text.pictures] == ["Picture 1.png", "Picture 2.png"]


def test_what_nobody_sees_on_paper_is_left_out_and_said(data):
    text = read_word("补贴.docx", data, most_bytes=MOST)
    assert "内部测算" not in text.html
    assert text.left_out["hidden"] == 1
    assert text.left_out["deleted"] == 1
    assert len(describe_left_out(text.left_out)) == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [("补贴.docx", b"PK\x03\x04broken"), ("补贴.docx", b""), ("补贴.docx", b"%PDF-1.4"),
     ("补贴.txt", b"x"), ("照片.png", picture().getvalue())],
)  # fmt: skip
def test_what_is_no_word_document_is_refused_at_the_field(app, name, content):
    with app.test_request_context(), pytest.raises(Invalid) as refused:
        read_word(name, content, most_bytes=MOST)
    assert list(refused.value.fields) == ["word"]


FIELDS = {"title": "补贴方案", "no_item_reason": "自愿公开", "formed_on": "2026-03-22"}


def take(client, data, status=200, **more):
    files = {"word": [(BytesIO(data), "补贴.docx")]}
    address = url_for("publishing_console.create", place=VILLAGE)
    return client.post(address, FIELDS | {"act": "import"} | more | files, status=status)


def test_the_document_stands_in_the_form_with_its_pictures(sign_in, data, platform):
    page = take(sign_in("clerk"), data)
    body = page.select("//textarea[@name='body']")[0].text
    attachments = platform.scalars(select(Attachment).order_by(Attachment.id)).all()
    assert len(attachments) == 2
    assert all(f"/files/{each.id}/" in body for each in attachments)
    assert len(page.select("//*[@id='text-preview']//img")) == 2
    assert "隐藏文字" in page.text
    [form] = page.select("//form[@data-text-preview]/@action")
    assert str(platform.scalars(select(Publication.id)).one()) in form


def test_nothing_is_overwritten_without_being_asked(sign_in, data):
    client = sign_in("clerk")
    page = take(client, data, 422, body="已经写好的一段。")
    assert page.select("//textarea[@name='body']")[0].text.strip() == "已经写好的一段。"
    assert page.select("//*[@id='word_place-error']")


def test_it_is_put_after_the_text_or_in_its_place(sign_in, data):
    client = sign_in("clerk")
    page = take(client, data, body="已经写好的一段。", word_place="end")
    assert (
        page.select("//textarea[@name='body']")[0]
        .text.strip()
        .startswith("<p>已经写好的一段。</p><h2>")
    )
    page = take(client, data, body="要换掉的。", word_place="replace", title="另一条")
    assert "要换掉的" not in page.select("//textarea[@name='body']")[0].text


def test_a_broken_document_loses_nothing_that_was_typed(sign_in):
    page = take(sign_in("clerk"), b"PK\x03\x04broken", 422)
    assert page.select("//input[@name='title']/@value") == ["补贴方案"]
    assert page.select("//*[@id='word-error']")
