"""Names in titles and file names of lists of persons: not found, suggested, shown or learned."""

import json
from dataclasses import replace
from io import BytesIO

import docx
import pytest

from core.db.scope import Scope, open_session
from core.publishing.content import FileRef
from core.publishing.files.attachments import add_attachment
from core.publishing.files.validation import check_file
from core.publishing.jobs import read_new_files
from core.publishing.search.documents import search_kind
from core.publishing.workflow.drafts import get_working_content, save_content, submit
from core.publishing.workflow.review import pass_review
from core.search.engines.meilisearch.backend import MeiliBackend
from core.search.indexing.indexer import drain
from core.search.registry import SearchEngine, search_engine
from core.testing.factories.trees import VILLAGE
from core.testing.pages import url_for
from tests.publishing.files.file_samples import pdf, workbook

NAMES = ("韦有才", "季满仓", "方梓萱")
TITLE = "韦有才、季满仓、方梓萱低保公示"


def word(text: str) -> bytes:
    document, buffer = docx.Document(), BytesIO()
    document.add_paragraph(text)
    document.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def listed(app, village, make, people, checked):
    """A list of persons that names them in every place, indexed."""
    store = app.extensions["files"]
    publication = make(
        village, title=TITLE, genre="公示", body_source="户主 韦有才、季满仓", publicity_days=7
    )
    files = {
        "韦有才申请表.docx": word("申请人:韦有才"),
        "低保名单_季满仓.xlsx": workbook(名单=[["户主"], ["季满仓"]]),
        "方梓萱.pdf": pdf("户主方梓萱"),
    }
    references = [
        FileRef(add_attachment(village, store, publication, checked_file).id, "方梓萱的材料")
        for name, data in files.items()
        for checked_file in [check_file(name, data, most_bytes=2**20)]
    ]
    content = get_working_content(village, publication)
    save_content(village, people.clerk, publication, replace(content, files=tuple(references)))
    submit(village, people.clerk, publication)
    pass_review(village, people.officer, publication, checked)
    village.commit()
    read_new_files(store)
    search_engine().backend.ensure()
    drain(search_engine())
    return publication


def links(client, words):
    page = client.get(url_for("search.page", place=VILLAGE, q=words))
    found = page.select("//main//ol[contains(@class,'rows')]//a/@href")
    return [link for link in found if "/publications/" in link or "/files/" in link], page


def test_nobody_is_found_or_shown_by_any_name(client, listed):
    found, page = links(client, "低保公示")
    assert f"/{VILLAGE}/publications/{listed.id}/" in found
    shown = page.text
    found, page = links(client, "申请表")
    assert found
    for name in NAMES:
        assert name not in shown
        assert name not in page.text
        assert links(client, name)[0] == []
        suggested = client.get(url_for("search.suggestions", place=VILLAGE, q=name[:2]))
        assert json.loads(suggested.data) == {"suggestions": []}


def test_nobody_is_found_where_no_engine_answers(app, client, listed):
    made = SearchEngine(MeiliBackend("http://127.0.0.1:9", "", "gk_public"))
    made.kinds = search_engine().kinds
    app.extensions["search"] = made
    assert links(client, "低保公示")[0] == [f"/{VILLAGE}/publications/{listed.id}/"]
    for name in NAMES:
        assert links(client, name)[0] == []


def test_the_file_is_reached_by_the_page_where_its_name_is_hidden(app, listed):
    with open_session(Scope.platform("test")) as session:
        (document,) = search_kind().load(session, [str(listed.id)])
    assert document.title == "…低保公示"
    assert [file.name for file in document.attachments] == [
        "…申请表.docx",
        "低保名单_….xlsx",
        "….pdf",
    ]
    assert {file.path for file in document.attachments} == {f"publications/{listed.id}/"}
    assert not any(file.text for file in document.attachments)


def test_a_title_of_a_name_only_gives_its_genre_and_other_texts_keep_theirs(
    app, village, make_public
):
    named = make_public(village, title="张三", genre="公示", publicity_days=7)
    other = make_public(village, title="关于张三同志任职的通知")
    village.commit()
    with open_session(Scope.platform("test")) as session:
        documents = search_kind().load(session, [str(named.id), str(other.id)])
        titles = {document.pk: document.title for document in documents}
    assert titles == {str(named.id): "公示", str(other.id): "关于张三同志任职的通知"}
