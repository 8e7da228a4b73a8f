"""Imports in the browser: every row is shown before it is stored, and says what became of it."""

import io
import json

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from core.db.scope import Scope, open_session
from core.permissions import Role
from core.publishing.batches.models import BatchRow
from core.publishing.guard.models import PublicationFinding
from core.publishing.importing.importer import PublicationImport
from core.publishing.importing.uploads import running
from core.publishing.jobs import run_batches
from core.publishing.models import Publication
from core.tenancy.service import ensure_organ
from core.testing.factories.people import create_person
from core.testing.factories.trees import VILLAGE
from core.testing.pages import url_for
from core.testing.queries import counted

from .uploaded import build_document, build_workbook, pack

GOOD = ("第一季度财务公开", "收入126450元。\n支出97880元。", "", "2026年4月10日", "村务公开", "")
PHONE = ("征地补偿告知", "联系人张三，电话13912345678。", "", "2026-04-11", "", "7天")
NO_TITLE = ("", "没有标题的正文", "", "2026-04-12", "", "")
NO_ITEM = ("找不到事项", "正文", "目录里没有的事项", "2026-04-12", "", "")


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """The job does not pause for others."""
    monkeypatch.setattr("core.db.turns.PAUSE_SECONDS", 0)


@pytest.fixture
def clerk(tree, people, sign_in):
    with open_session(Scope.own(tree.village)) as session:
        ensure_organ(session, tree.village, tree.village.name, "committee")
    return sign_in("clerk")


def upload(client, *files, status=302, **presets):
    data = {"files": [(io.BytesIO(data), name) for name, data in files], **presets}
    url = url_for("publishing_import.upload", place=VILLAGE)
    return client.post(url, data, status=status, content_type="multipart/form-data")


def read_rows(page):
    return [row.text_content() for row in page.select("//ol/li[@class='row']")]


def run(client, location, **changes):
    """Have all rows stored by the job; the page of the result."""
    client.post(f"{location}rows/", {"act": "run", **changes})
    run_batches()
    return client.get(location)


def load(tree):
    with open_session(Scope.own(tree.village)) as session:
        rows = session.scalars(select(Publication).order_by(Publication.id)).all()
        return [(row.title, row.state) for row in rows]


@pytest.mark.both_databases
def test_a_workbook_with_two_bad_rows_brings_the_others_in_as_drafts(clerk, tree):
    book = build_workbook(GOOD, NO_TITLE, PHONE, NO_ITEM)
    location = upload(clerk, ("清单.xlsx", book)).location
    rows = read_rows(clerk.get(location))
    assert ["不能入库" in row for row in rows] == [False, True, False, True]
    assert "第 4 行" in rows[1]
    assert "标题：缺少" in rows[1]
    assert "目录事项：目录中没有事项 目录里没有的事项" in rows[3]
    [said] = clerk.get(location).select("//div[@role='status']")
    assert "更新 0 条" in said.text_content()
    assert load(tree) == []
    page = run(clerk, location)
    assert load(tree) == [("第一季度财务公开", "draft"), ("征地补偿告知", "draft")]
    assert "入库 2 条" in page.text
    assert "未入库 2 条" in page.text
    with open_session(Scope.own(tree.village)) as session:
        first, second = session.scalars(select(Publication).order_by(Publication.id)).all()
        assert first.body_source == "收入126450元。\n支出97880元。"
        assert (first.formed_on.isoformat(), second.publicity_days) == ("2026-04-10", 7)
        assert "13912345678" not in second.body_source
        assert session.scalars(select(BatchRow).where(BatchRow.line.is_not(None))).all() == []


def test_the_same_file_again_leaves_alone_what_is_the_same(clerk, tree):
    run(clerk, upload(clerk, ("清单.xlsx", build_workbook(GOOD, PHONE))).location)
    other = (GOOD[0], "收入126451元。", *GOOD[2:])
    location = upload(clerk, ("清单.xlsx", build_workbook(other, PHONE))).location
    rows = read_rows(clerk.get(location))
    assert "将更新" in rows[0]
    assert "没有变化" in rows[1]
    page = run(clerk, location)
    assert "更新 1 条" in page.text
    assert len(load(tree)) == 2


def test_personal_data_is_masked_kept_for_a_reason_or_its_row_left_out(clerk, tree):
    rows = [(f"告知{number}", *PHONE[1:]) for number in range(3)]
    location = upload(clerk, ("清单.xlsx", build_workbook(*rows))).location
    assert clerk.get(location).text.count("个人电话") == 3
    choices = {"choice-3": "mask", "choice-4": "keep", "choice-5": "skip"}
    page = clerk.post(f"{location}rows/", {"act": "run", **choices}, status=422)
    assert page.select("//input[@id='reason-4' and @aria-invalid]")
    run(clerk, location, **choices, **{"reason-4": "工作电话"})
    with open_session(Scope.own(tree.village)) as session:
        texts = {row.title: row.body_source for row in session.scalars(select(Publication))}
        assert set(texts) == {"告知0", "告知1"}
        assert ["13912345678" in texts[title] for title in sorted(texts)] == [False, True]
        [finding] = session.scalars(select(PublicationFinding)).all()
        assert (finding.handling, finding.reason) == ("kept", "工作电话")
        assert finding.confirmed_at is None


def test_item_and_organ_are_preset_and_changed_by_row(clerk, tree):
    with open_session(Scope.own(tree.village)) as session:
        ensure_organ(session, tree.village, "崾岘村村务监督委员会", "supervision")
    location = upload(clerk, ("清单.xlsx", build_workbook(GOOD, NO_ITEM)), genre="公示").location
    run(clerk, location, **{"item-4": "", "organ-4": "崾岘村村务监督委员会"})
    with open_session(Scope.own(tree.village)) as session:
        rows = session.scalars(select(Publication).order_by(Publication.id)).all()
        assert [row.organ.name for row in rows] == ["崾岘村委会", "崾岘村村务监督委员会"]
        assert [row.genre for row in rows] == ["村务公开", "公示"]


def test_documents_of_a_packed_folder_become_drafts(clerk, tree):
    files = {
        "通知/01 关于发放救灾物资的公告.docx": build_document(
            "关于发放救灾物资的公告", "文号：东政发〔2026〕3号", "现发放如下。", "2026年5月1日"
        ),
        "通知/村规民约.docx": build_document("第一条 邻里和睦。"),
        "通知/说明.txt": b"x",
        "__MACOSX/通知/._01.docx": b"x",
    }
    location = upload(clerk, ("通知.zip", pack(files, "gbk"))).location
    assert clerk.get(location).select("//meta[@http-equiv='refresh']")
    run_batches()
    rows = read_rows(clerk.get(location))
    assert len(rows) == 3
    assert "不是Word文档" in rows[2].replace(" ", "")
    run(clerk, location)
    with open_session(Scope.own(tree.village)) as session:
        first, second = session.scalars(select(Publication).order_by(Publication.id)).all()
        assert first.title == "关于发放救灾物资的公告"
        assert first.document_number == "东政发〔2026〕3号"
        assert first.formed_on.isoformat() == "2026-05-01"
        assert "现发放如下" in first.body_html
        assert "文号" not in first.body_html
        assert second.title == "村规民约"


def test_documents_that_were_not_all_read_are_read_before_anything_is_stored(
    clerk, tree, monkeypatch
):
    files = {f"公告{number}.docx": build_document(f"正文{number}") for number in range(3)}
    location = upload(clerk, ("公告.zip", pack(files))).location
    calls, keep = iter(range(1)), running._keep_document

    def stop(*arguments):
        if next(calls, None) is None:
            raise RuntimeError("stopped")
        keep(*arguments)

    monkeypatch.setattr(running, "_keep_document", stop)
    run_batches()
    monkeypatch.setattr(running, "_keep_document", keep)
    clerk.post(f"{location}resume/")
    run_batches()
    assert ["新增" in row for row in read_rows(clerk.get(location))] == [True] * 3
    assert load(tree) == []


def bomb():
    return pack({f"{number}.docx": b"\0" * 2**22 for number in range(60)})


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([("空.xlsx", build_workbook())], "没有"),
        ([("图.png", b"\x89PNG\r\n\x1a\n")], "图.png"),
        ([("坏.xlsx", b"PK\x03\x04broken")], "坏.xlsx"),
        ([("弹.zip", bomb())], "弹.zip"),
        ([("长.jsonl", b'{"title":"a","body":"b"}\n' * 1001)], "1000"),
        ([("别的.xlsx", build_workbook(headings=["甲", "乙"]))], "标题"),
        ([("一.jsonl", b"{}"), ("二.docx", b"PK")], "Word"),
        ([("空.jsonl", b"\n\n")], "没有"),
        ([], "文件"),
    ],
    ids=["empty", "picture", "broken", "bomb", "long", "headings", "mixed", "blank", "none"],
)
def test_bad_files_are_told_at_the_field(clerk, tree, files, said):
    page = upload(clerk, *files, status=422)
    [error] = page.select("//p[@id='files-error']")
    assert said in error.text_content()
    assert load(tree) == []


def test_odd_lines_say_why_beside_themselves(clerk, tree):
    lines = ["不是JSON", "[1]", '{"title": 5}', '{"title":"二","body":"文","publish_date":"x"}',
             "[" * 999, '{"title":"好","body":"正文"}', '{"title":"好","body":"别的"}']  # fmt: skip
    location = upload(clerk, ("旧站.jsonl", "\n".join(lines).encode())).location
    rows = read_rows(clerk.get(location))
    assert ["不能入库" in row for row in rows] == [True] * 5 + [False, True]
    assert "第 6 行" in rows[6]
    run(clerk, location)
    assert load(tree) == [("好", "draft")]


def test_hidden_rows_stay_out_and_that_is_said(clerk, tree):
    book = build_workbook(GOOD, PHONE, hidden=(4,))
    location = upload(clerk, ("清单.xlsx", book)).location
    page = clerk.get(location)
    assert len(read_rows(page)) == 1
    assert "隐藏" in page.text


def test_a_file_that_is_too_large_is_told_at_the_field(clerk, monkeypatch, app):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1000)
    answer = upload(clerk, ("大.xlsx", b"x" * 2000))
    page = clerk.get(answer.location)
    assert "MB" in page.select("//p[@id='files-error']")[0].text_content()


@pytest.mark.parametrize("name", ["fillers/input.jsonl"])
def test_lines_of_the_field_are_read_as_by_the_command(clerk, shared_data, name):
    data = (shared_data / "field" / name).read_bytes().replace(b"620524", VILLAGE.encode())
    rows = read_rows(clerk.get(upload(clerk, ("旧站.jsonl", data)).location))
    assert ["新增" in row for row in rows] == [True] * 4


@pytest.mark.parametrize("name", ["hidden-row/input.xlsx", "office-formats/mulu.xls"])
def test_a_catalog_is_not_taken_for_publications(clerk, shared_data, name):
    path = shared_data / "field" / name
    page = upload(clerk, (path.name, path.read_bytes()), status=422)
    assert page.select("//p[@id='files-error']")


def test_whoever_writes_for_one_organ_imports_for_it_alone(tree, sign_in, people):
    with open_session(Scope.own(tree.village)) as session:
        own = ensure_organ(session, tree.village, "崾岘村合作社", "department").id
        ensure_organ(session, tree.village, tree.village.name, "committee")
    create_person("coop", Role.CLERK, tree.village, organ_id=own)
    client = sign_in("coop")
    rows = [(*GOOD, ""), (*PHONE, tree.village.name), ("三", "正文", "", "", "", "", "没有的局")]
    location = upload(client, ("清单.xlsx", build_workbook(*rows))).location
    shown = read_rows(client.get(location))
    assert ["不能入库" in row for row in shown] == [False, True, True]
    run(client, location)
    assert load(tree) == [("第一季度财务公开", "draft")]
    sign_in("clerk").get(location, status=404)


@pytest.mark.both_databases
def test_an_import_that_was_interrupted_goes_on_and_stores_nothing_twice(clerk, tree, monkeypatch):
    monkeypatch.setattr("core.db.turns.FIRST_SIZE", 1)
    monkeypatch.setattr("core.db.turns.WriterTurns._adapt", lambda *_: None)
    rows = [(f"公开{number}", *GOOD[1:]) for number in range(4)]
    location = upload(clerk, ("清单.xlsx", build_workbook(*rows))).location
    clerk.post(f"{location}rows/", {"act": "run"})
    calls, take = iter(range(2)), PublicationImport._take

    def stop(self, batch):
        if next(calls, None) is None:
            raise RuntimeError("stopped")
        take(self, batch)

    monkeypatch.setattr(PublicationImport, "_take", stop)
    run_batches()
    stored = len(load(tree))
    assert 0 < stored < 4
    assert "中途停下" in clerk.get(location).text
    monkeypatch.setattr(PublicationImport, "_take", take)
    clerk.post(f"{location}resume/")
    run_batches()
    assert len(load(tree)) == 4
    assert "入库 4 条" in clerk.get(location).text


def test_the_template_reads_back_as_it_is(clerk, tree):
    data = clerk.get(url_for("publishing_import.template", place=VILLAGE)).data
    [heads, example] = load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)
    assert heads[:2] == ("标题", "正文")
    assert example[0]
    location = upload(clerk, ("模板.xlsx", data)).location
    [row] = read_rows(clerk.get(location))
    assert "新增" in row
    clerk.post(f"{location}drop/")
    clerk.get(location, status=404)


def test_the_page_of_many_rows_costs_as_many_statements_as_one_of_few(clerk):
    def ask(count):
        rows = [(f"公开{count}-{number}", *GOOD[1:]) for number in range(count)]
        location = upload(clerk, ("清单.xlsx", build_workbook(*rows))).location
        clerk.get(location)
        with counted() as sent:
            clerk.get(location)
        return len(sent)

    assert ask(40) == ask(2)


def test_a_line_with_files_beside_it_says_that_they_are_not_here(clerk, tree):
    line = {"title": "有附件", "body": "正文", "attachments": [{"path": "../../etc/passwd"}]}
    location = upload(clerk, ("旧站.jsonl", json.dumps(line).encode())).location
    page = run(clerk, location)
    assert "未入库 1 条" in page.text
    assert load(tree) == []
