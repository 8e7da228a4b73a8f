"""What is written in a publication's files is found, as long as the publication is public."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import docx
import pytest
from sqlalchemy import select

from core.clock import today
from core.db.scope import Scope, open_session
from core.errors import Invalid
from core.publishing.content import FileRef
from core.publishing.files.attachments import add_attachment
from core.publishing.files.validation import CheckedFile, check_file
from core.publishing.guard.decisions import keep_finding
from core.publishing.guard.service import list_findings
from core.publishing.jobs import read_new_files, read_texts
from core.publishing.models import AttachmentText
from core.publishing.search.documents import search_kind
from core.publishing.workflow.drafts import get_working_content, save_content, submit
from core.publishing.workflow.publish import READ_FILES
from core.publishing.workflow.review import pass_review
from core.search.indexing.indexer import drain
from core.search.registry import search_engine
from core.testing.factories.publishing import withdraw
from core.testing.factories.trees import VILLAGE
from core.testing.pages import url_for
from tests.publishing.files.file_samples import pdf, word, workbook


@pytest.fixture
def store(app):
    return app.extensions["files"]


@pytest.fixture
def publish_with(village, make, people, checked, store):
    """Publish a text with files, and read them as the job does."""

    def run(**files):
        options = files.pop("options", {})
        publication = make(village, **options)
        refs = []
        for name, data in files.items():
            checked_file = data
            if isinstance(data, bytes):
                checked_file = check_file(name.replace("__", "."), data, most_bytes=2**20)
            refs.append(FileRef(add_attachment(village, store, publication, checked_file).id, ""))
        content = get_working_content(village, publication)
        save_content(village, people.clerk, publication, replace(content, files=tuple(refs)))
        try:
            submit(village, people.clerk, publication)
        except Invalid:  # personal data, or nobody can say whether there is any
            for finding in list_findings(village, publication):
                keep_finding(village, people.clerk, publication, finding, "依法必须公开")
            submit(village, people.clerk, publication)
        reasons = {found.id: "依法必须公开" for found in list_findings(village, publication)}
        pass_review(village, people.officer, publication, checked, reasons=reasons)
        village.commit()
        read_new_files(store)
        return publication

    return run


@pytest.fixture
def found(client):
    """Links of the results page, after everything has been indexed."""
    search_engine().backend.ensure()

    def ask(words):
        drain(search_engine())
        page = client.get(url_for("search.page", place=VILLAGE, q=words))
        return page.select("//main//ol[contains(@class,'rows')]//a/@href"), page

    return ask


@pytest.mark.both_databases
def test_the_hit_names_the_file_it_was_found_in_and_links_to_it(publish_with, found, client):
    publication = publish_with(
        收支明细__xlsx=workbook(明细=[["项目", "金额"], ["太阳能路灯", 9800]]),
        说明__pdf=pdf("水毁道路修复工程验收单"),
    )
    links, page = found("水毁道路")
    assert links[0] == f"/990111100201/publications/{publication.id}/"
    assert "说明.pdf" in page.text
    assert {mark.text for mark in page.select("//main//ol//mark")} == {"水毁道路"}
    assert client.get(links[1]).headers["Content-Type"] == "application/pdf"


def test_a_file_is_named_only_where_the_page_itself_does_not_say_it(publish_with, found):
    publish_with(账目__docx=word("本季收入合计126450元。"))
    links, page = found("本季收入")
    assert len(links) == 1
    assert "账目.docx" not in page.text


def test_hidden_sheets_and_numbers_of_persons_are_not_found(publish_with, found, platform):
    publish_with(
        名册__xlsx=workbook(
            名册=[["张某某", "34122219900101123X", "13800138000"]], 底册_hidden=[["隐藏底册内容"]]
        )
    )
    text = platform.scalars(select(AttachmentText.text)).one()
    assert text == "名册\n张某某 34*************23X 138****8000"
    assert found("隐藏底册内容")[0] == []
    assert found("13800138000")[0] == []


def test_a_list_that_is_shown_for_a_while_is_found_by_its_name_only(publish_with, found):
    publish_with(公示名单__docx=word("拟纳入对象王小二"), options={"publicity_days": 7})
    assert found("王小二")[0] == []
    assert len(found("公示名单")[0]) == 2


def test_files_vanish_with_what_is_withdrawn(publish_with, found, village, people):
    publication = publish_with(说明__docx=word("水毁道路修复"))
    assert found("水毁道路")[0]
    withdraw(village, people.clerk, publication, "误发")
    village.commit()
    assert found("水毁道路")[0] == []


def test_files_vanish_with_the_period_that_is_over(publish_with, set_clock):
    publication = publish_with(说明__docx=word("水毁道路"), options={"publicity_days": 3})
    later = publication.publicity_until + timedelta(days=1)
    assert later > today()
    set_clock(later)
    with open_session(Scope.platform("test")) as session:
        [document] = search_kind().load(session, [str(publication.id)])
    assert document.attachments == ()


def test_files_of_drafts_are_not_read(village, make, store):
    publication = make(village)
    checked_file = check_file("草稿.docx", word("内部草稿"), most_bytes=2**20)
    add_attachment(village, store, publication, checked_file)
    village.commit()
    assert read_texts(store) == 0


def test_what_cannot_be_read_is_tried_once(publish_with, platform, store):
    publish_with(坏的__pdf=CheckedFile(b"%PDF-1.7 broken", "坏的.pdf", "application/pdf"))
    assert platform.scalars(select(AttachmentText.outcome)).all() == ["unreadable"]
    assert read_texts(store) == 0


def test_publishing_wakes_the_reader(make_public, village, app):
    make_public(village)
    village.commit()
    waiting = {task.name for task in app.extensions["jobs"].huey.pending()}
    assert READ_FILES in waiting


def test_texts_of_older_readers_are_read_again(publish_with, found, village, store):
    publish_with(说明__pdf=pdf("水毁道路修复工程验收单"))
    kept = village.scalars(select(AttachmentText)).one()
    kept.reader, kept.text = 0, "底册里的张三"
    village.commit()
    read_new_files(store)
    village.expire_all()
    again = village.scalars(select(AttachmentText)).one()
    assert again.text == "水毁道路修复工程验收单"
    assert found("水毁道路")[0]


def test_hidden_text_of_a_file_is_neither_found_nor_shown(publish_with, found):
    document = docx.Document()
    paragraph = document.add_paragraph("水毁道路修复工程验收单")
    paragraph.add_run("内部底册张三李四").font.hidden = True
    buffer = BytesIO()
    document.save(buffer)
    publish_with(说明__docx=buffer.getvalue())
    links, page = found("水毁道路")
    assert links
    assert "张三" not in page.text
    assert found("内部底册")[0] == []
