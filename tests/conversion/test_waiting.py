"""Old documents are converted in the background; who sent one sees how that goes and goes on."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from core.catalog.models import CatalogUpload
from core.conversion.models import OfficeConversion
from core.conversion.service import JOB, convert_waiting
from core.db.base import utc_now
from core.tables.formats.legacy.conversion import set_office_program
from core.testing.factories.office import OLD_DOCUMENT, put_office_program, write_docx
from core.testing.factories.people import create_person
from core.testing.pages import url_for

HEAD = ["序号", "一级事项", "二级事项", "公开内容", "公开依据", "公开时限", "公开主体",
        "公开渠道和载体", "公开对象", "公开方式", "公开层级"]  # fmt: skip
ROW = ["1", "综合业务", "政策法规文件", "文件全文", "《社会救助暂行办法》", "及时公开", "县民政局",
       "■政府网站", "全社会", "主动", "县级"]  # fmt: skip


@pytest.fixture
def office(tmp_path):
    """Let a script stand in the program's place; it counts its runs."""

    def put(made=None):
        (tmp_path / "made.docx").write_bytes(made or b"")
        runs = tmp_path / "runs"
        copy = f'cp {tmp_path}/made.docx "$out/document.docx"' if made else "exit 1"
        put_office_program(tmp_path, f"echo run >> {runs}\n{copy}")
        return lambda: runs.read_text().count("run") if runs.exists() else 0

    yield put
    set_office_program("soffice")


@pytest.fixture
def officer(client, tree):
    create_person("zhou", "officer", tree.county)
    client.sign_in("zhou")
    return client


def send(client, data=OLD_DOCUMENT, name="目录.doc", status=302):
    address = url_for("catalog_uploads.upload")
    return client.post(address, {"file": (BytesIO(data), name)}, status=status)


def read_all(platform, model):
    platform.expire_all()
    return platform.scalars(select(model).order_by(model.id)).all()


def catalog():
    return write_docx("社会救助领域基层政务公开标准目录", [HEAD, ROW])


@pytest.mark.both_databases
def test_an_old_document_waits_is_converted_and_leads_to_its_table(
    app, officer, office, platform, tmp_path
):
    runs = office(catalog())
    waiting = send(officer).location
    assert runs() == 0, "nothing is converted while the person waits for an answer"
    assert any(task.name == JOB for task in app.extensions["jobs"].huey.pending())
    page = officer.get(waiting)
    assert "目录.doc" in page.text
    assert page.select("//meta[@http-equiv='refresh']/@content") == ["3"]
    assert read_all(platform, CatalogUpload) == []

    convert_waiting()
    assert runs() == 1
    back = officer.get(waiting, status=302).location
    mend = officer.get(back, status=302).location
    assert "识别出 1 张表、1 行" in officer.get(mend).text
    [upload] = read_all(platform, CatalogUpload)
    assert officer.get(url_for("catalog_uploads.file", upload.id)).data == OLD_DOCUMENT
    [kept] = read_all(platform, OfficeConversion)
    assert (kept.source, kept.result) == (None, None)
    assert officer.get(back, status=302).location == mend
    assert len(read_all(platform, CatalogUpload)) == 1


@pytest.mark.parametrize(
    ("made", "words"),
    [(None, "另存为"), (b"no package", "目录.doc"), ("text", "另存为")],
)
def test_what_cannot_be_converted_is_said_at_the_field(officer, office, platform, made, words):
    office(write_without_table() if made == "text" else made)
    waiting = send(officer).location
    convert_waiting()
    back = officer.get(waiting, status=302).location
    page = officer.get(back, status=422)
    [error] = page.select("//*[@id='file-error']")
    assert words in error.text_content()
    assert read_all(platform, CatalogUpload) == []


def write_without_table():
    from docx import Document

    buffer = BytesIO()
    document = Document()
    document.add_paragraph("没有表格")
    document.save(buffer)
    return buffer.getvalue()


def test_where_the_program_is_missing_that_is_said_at_once(officer, platform):
    set_office_program("")
    try:
        page = send(officer, status=422)
    finally:
        set_office_program("soffice")
    assert "另存" in page.select("//*[@id='file-error']")[0].text_content()
    assert read_all(platform, OfficeConversion) == []


def test_other_files_do_not_wait(officer, office, platform):
    office(catalog())
    assert "/uploads/" in send(officer, catalog(), "目录.docx").location
    assert read_all(platform, OfficeConversion) == []


def test_nobody_else_sees_or_takes_it(client, officer, office, tree, platform):
    office(catalog())
    waiting = send(officer).location
    convert_waiting()
    back = officer.get(waiting, status=302).location
    officer.sign_out()
    create_person("other", "officer", tree.county)
    client.sign_in("other")
    client.get(waiting, status=404)
    client.get(back, status=404)
    assert read_all(platform, CatalogUpload) == []


def test_it_is_forgotten_after_a_day(officer, office, platform):
    office(catalog())
    waiting = send(officer).location
    [kept] = read_all(platform, OfficeConversion)
    kept.asked_at = utc_now() - timedelta(days=1, minutes=1)
    platform.commit()
    convert_waiting()
    assert read_all(platform, OfficeConversion) == []
    officer.get(waiting, status=404)


def test_that_no_worker_runs_is_said(officer, office):
    office(catalog())
    assert "后台" in officer.get(send(officer).location).text
