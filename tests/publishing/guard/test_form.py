"""N30: personal data is said at its field before anything is handed in; one press deals with it."""

from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import select

from core.publishing.guard.models import PublicationFinding
from core.publishing.models import Attachment, Publication
from core.publishing.rules import CHECKS
from core.publishing.workflow.waiting_files import read_waiting_files
from core.storage.files import current_files
from core.tenancy.service import ensure_organ
from core.testing.factories.trees import VILLAGE
from core.testing.pages import url_for

pytestmark = pytest.mark.both_databases


@pytest.fixture
def stored(platform):
    def one():
        platform.expire_all()
        return platform.scalars(select(Publication)).one()

    return one


@pytest.fixture
def organ(platform, tree):
    made = ensure_organ(platform, tree.village, "崾岘村村民委员会", "committee")
    platform.commit()
    return str(made.id)


def acts(page, verb):
    return page.select(f"//button[@name='finding_act'][starts-with(@value,'{verb} ')]/@value")


def body_of(page):
    return page.select("//textarea[@name='body']/text()")[0].removeprefix("\n")


def test_handing_in_stops_at_the_field_and_nothing_typed_is_lost(write, stored, persons, organ):
    page = write(act="submit", organ_id=organ, status=422)
    assert stored().state == "draft"
    assert body_of(page).count(persons.ids[0]) == 4
    assert page.select("//*[@id='body-error']")
    told = " ".join(page.select("//li[@class='finding']//p/text()"))
    assert "第2列" not in told  # the serial comes first, so it is the third
    assert "第3列“身份证号”" in told
    assert "12处" in told


def test_one_press_masks_a_whole_column_and_the_rest_can_be_handed_in(
    write, stored, persons, organ
):
    page = write(act="save", organ_id=organ)
    number = stored().id
    assert len(acts(page, "mask")) == 2
    for verb in acts(page, "mask"):
        page = write(number, body=body_of(page), finding_act=verb, version=stored().version)
    assert acts(page, "mask") == []
    masked = body_of(page)
    assert not any(value in masked for value in (*persons.ids, *persons.phones))
    assert masked.count("11*************470") == 4
    assert masked.count("\n") == persons.table.count("\n") + 1
    write(number, body=masked, act="submit", version=stored().version)
    assert stored().state == "in_review"


def test_the_first_press_in_a_new_form_stores_nothing_unmasked(
    write, stored, persons, organ, platform
):
    page = write(act="preview", organ_id=organ, status=200)
    [first, _second] = acts(page, "mask")
    write(finding_act=first, organ_id=organ)
    assert persons.ids[0] not in stored().body_source
    rows = platform.scalars(select(PublicationFinding)).all()
    assert {(row.kind, row.handling) for row in rows} == {
        ("id_number", "masked"), ("phone", "open"),
    }  # fmt: skip


def test_a_column_is_deleted_with_its_heading(write, stored, organ):
    page = write(act="save", organ_id=organ)
    [first, _second] = acts(page, "remove")
    page = write(stored().id, finding_act=first, version=stored().version)
    assert "序号\t姓名\t联系电话\t金额" in body_of(page)
    assert "\t1\t" not in body_of(page)


def test_keeping_asks_for_a_reason_at_its_field(write, stored, organ):
    page = write(act="save", organ_id=organ)
    [first, second] = acts(page, "keep")
    key = first.partition(" ")[2]
    page = write(stored().id, finding_act=first, version=stored().version, status=422)
    assert page.select(f"//*[@id='finding_reason-{key}-error']")
    page = write(
        stored().id,
        **{"finding_act": first, f"finding_reason-{key}": "法院公告", "version": stored().version},
    )
    assert acts(page, "keep") == [second]
    assert "法院公告" in page.text


def test_other_errors_do_not_undo_what_was_masked(write, stored, persons, organ):
    page = write(act="save", organ_id=organ)
    page = write(
        stored().id, finding_act=acts(page, "mask")[0], version=stored().version,
        formed_on="2026-99-99", status=422,
    )  # fmt: skip
    assert page.select("//input[@name='formed_on']/@value") == ["2026-99-99"]
    assert persons.ids[0] not in body_of(page)


def test_html_of_the_editor_is_masked_in_its_cells(write, stored, persons, organ):
    cut = f"{persons.ids[0][:6]}<b>{persons.ids[0][6:]}</b>"
    head = "<tr><th>姓名</th><th>身份证号</th></tr>"
    markup = f"<table>{head}<tr><td>张三</td><td>{cut}</td></tr></table>"
    page = write(act="save", organ_id=organ, body=markup)
    page = write(
        stored().id, body=markup, finding_act=acts(page, "mask")[0], version=stored().version
    )
    assert persons.ids[0][6:] not in stored().body_html
    assert "张三" in stored().body_html
    assert acts(page, "mask") == []


def test_a_file_with_personal_data_is_named_and_can_be_deleted(
    write, stored, persons, organ, platform
):
    def file():
        return (BytesIO("\n".join(persons.ids).encode()), "名单.txt")

    page = write(act="submit", organ_id=organ, body="见附件。", files=file(), status=422)
    assert "名单.txt" in " ".join(page.select("//li[@class='finding']//p/text()"))
    attachment = platform.scalars(select(Attachment)).one()
    page = write(
        stored().id, body="见附件。", file=str(attachment.id),
        finding_act=acts(page, "remove")[0], version=stored().version,
    )  # fmt: skip
    assert acts(page, "remove") == []
    write(stored().id, body="见正文。", act="submit", version=stored().version)
    assert stored().state == "in_review"


def test_a_masked_copy_takes_the_place_of_a_file(write, stored, persons, organ, platform):
    """N30: hidden rows are masked too; the old bytes are part of no revision any more."""
    book = openpyxl.Workbook()
    for number in persons.ids:
        book.active.append(["张三", number])
    book.active.row_dimensions[2].hidden = True
    data = BytesIO()
    book.save(data)
    page = write(
        act="save", organ_id=organ, body="见附件。", files=(BytesIO(data.getvalue()), "名单.xlsx")
    )
    before = platform.scalars(select(Attachment)).one()
    sent = {"body": "见附件。", "file": str(before.id), f"alt-{before.id}": ""}
    page = write(stored().id, **sent, finding_act=acts(page, "mask")[0], version=stored().version)
    assert (acts(page, "mask"), acts(page, "keep")) == ([], [])
    assert "名单.xlsx" in page.text
    platform.expire_all()
    (copy,) = [one for one in platform.scalars(select(Attachment)) if one.position]
    sheet = openpyxl.load_workbook(BytesIO(current_files().get(copy.sha256))).active
    assert [row[1].value[:2] + row[1].value[-3:] for row in sheet.rows] == [
        one[:2] + one[-3:] for one in persons.ids
    ]
    assert "*" in sheet["B2"].value
    write(stored().id, body="见附件。", file=str(copy.id), act="submit", version=stored().version)
    assert stored().state == "in_review"


def test_where_no_masked_copy_can_be_made_it_is_said_at_the_files(
    write, stored, persons, organ, platform
):
    data = f"{{\\rtf1 {persons.ids[0]}}}".encode()
    page = write(act="save", organ_id=organ, body="见附件。", files=(BytesIO(data), "名单.rtf"))
    file = platform.scalars(select(Attachment)).one()
    page = write(
        stored().id, body="见附件。", file=str(file.id),
        finding_act=acts(page, "mask")[0], version=stored().version, status=422,
    )  # fmt: skip
    assert "名单.rtf" in " ".join(page.select("//*[contains(@class, 'error')]//text()"))
    assert acts(page, "remove")


def test_the_reviewer_sees_it_first_and_marked_and_gives_a_reason(
    write, stored, persons, organ, sign_in
):
    body = f"处罚决定书：当事人{persons.ids[0]}。"
    page = write(act="save", organ_id=organ, body=body)
    verb = acts(page, "keep")[0]
    key = verb.partition(" ")[2]
    write(
        stored().id,
        **{"body": body, "finding_act": verb, f"finding_reason-{key}": "处罚决定",
           "version": stored().version},
    )  # fmt: skip
    write(stored().id, body=body, act="submit", version=stored().version)
    client = sign_in("reviewer")
    address = url_for("publishing_review.review", stored().id, place=VILLAGE)
    page = client.get(address)
    assert page.select("//mark/text()")[0] == persons.ids[0]
    assert page.select("//main//h2/@id")[0] == "personal"
    [name] = page.select("//textarea[starts-with(@name,'finding-')]/@name")
    [revision] = page.select("//input[@name='revision']/@value")
    passed = {"act": "pass", "revision": revision, "checks": list(CHECKS)}
    page = client.post(address, passed, status=422)
    assert page.select(f"//*[@id='{name}-error']")
    client.post(address, passed | {name: "依法公开处罚决定"})
    assert stored().state == "published"
    detail = client.get(url_for("publishing_acts.detail", stored().id, place=VILLAGE))
    assert "依法公开处罚决定" in detail.text


def test_strange_buttons_and_reasons_are_no_fault(write, stored, organ):
    write(act="save", organ_id=organ)
    for act in ("mask", "mask x", "keep ' OR 1=1", "remove \x00", "x" * 500):
        write(stored().id, finding_act=act, version=stored().version)
    assert stored().state == "draft"


def test_a_file_that_takes_long_is_read_by_the_job_and_handed_in_then(
    write, stored, persons, organ, monkeypatch
):
    with monkeypatch.context() as busy:
        busy.setattr("core.publishing.guard.files.PATIENCE_OF_PAGES", 0)
        busy.setattr("core.publishing.guard.service.PATIENCE_OF_PAGES", 0)
        file = (BytesIO(b"nothing of a person"), "a.txt")
        page = write(act="submit", organ_id=organ, body="见附件。", files=file, status=422)
        assert page.select("//*[@id='files-error']")
        assert stored().scanned_revision is None
    read_waiting_files()
    version = stored().version
    [number] = page.select("//input[@name='file']/@value")
    monkeypatch.setattr("core.publishing.guard.service.PATIENCE_OF_PAGES", 0)  # it is known by now
    write(stored().id, body="见附件。", file=number, act="submit", version=version)
    assert stored().state == "in_review"
