"""What is public is found, and nothing else."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.clock import today
from core.db.scope import Scope, open_session
from core.publishing.models import Publication
from core.publishing.search.documents import search_kind
from core.publishing.workflow.drafts import submit
from core.publishing.workflow.publish import KIND
from core.search.indexing.indexer import drain
from core.search.models import SearchOutbox
from core.search.registry import search_engine
from core.testing.factories.publishing import withdraw
from core.testing.factories.trees import SISTER_TOWN, VILLAGE
from core.testing.pages import url_for


@pytest.fixture
def documents(app):
    """The documents that search would have of everything."""

    def load():
        kind = search_kind()
        with open_session(Scope.platform("test")) as session:
            return list(kind.load(session, list(kind.keys(session, None))))

    return load


@pytest.mark.both_databases
def test_a_publication_is_found_by_text_and_number(client, village, make_public, app):
    publication = make_public(
        village, title="安装太阳能路灯的决议", document_number="柳村发〔2026〕3号"
    )
    village.commit()
    search_engine().backend.ensure()
    assert drain(search_engine()) > 0
    for words in ("太阳能路灯", "柳村发20263号"):
        page = client.get(url_for("search.page", place=VILLAGE, q=words))
        links = page.select("//main//a/@href")
        assert f"/990111100201/publications/{publication.id}/" in links


@pytest.mark.both_databases
def test_without_an_engine_titles_and_numbers_are_looked_up_and_no_draft_is(
    client, village, make, make_public
):
    number = "柳村发〔2026〕3号"
    publication = make_public(village, title="安装太阳能路灯的决议", document_number=number)
    make(village, title="安装太阳能路灯的草稿")
    village.commit()
    for words in ("太阳能路灯", "柳村发20263号", number):
        page = client.get(url_for("search.page", place=VILLAGE, q=words))
        links = [link for link in page.select("//main//a/@href") if "/publications/" in link]
        assert set(links) == {f"/990111100201/publications/{publication.id}/"}, words
        assert "目前只能按标题查找" in page.text
    assert "草稿" not in client.get(url_for("search.page", place=VILLAGE, q="路灯")).text
    assert "太阳能" not in client.get(url_for("search.page", place=SISTER_TOWN, q="路灯")).text


def test_what_is_not_public_has_no_document(village, make, make_public, people, documents):
    make(village)
    submit(village, people.clerk, make(village))
    withdraw(village, people.clerk, make_public(village), "误发")
    village.commit()
    assert documents() == []


def test_after_the_publicity_period_no_text_is_found(village, make_public, documents, set_clock):
    publication = make_public(village, publicity_days=3)
    village.commit()
    assert "126450" in documents()[0].body
    assert documents()[0].expires_at is not None
    set_clock(publication.publicity_until + timedelta(days=1))
    assert [document.body for document in documents()] == [""]
    assert [document.summary for document in documents()] == [""]


def test_the_end_of_a_period_is_put_down_with_the_publication(village, make_public, platform):
    publication = make_public(village, publicity_days=3)
    village.commit()
    query = select(SearchOutbox).where(SearchOutbox.kind == KIND)
    rows = platform.scalars(query.order_by(SearchOutbox.due_at)).all()
    assert {row.pk for row in rows} == {str(publication.id)}
    assert rows[-1].due_at.date() >= today() + timedelta(days=2)


def test_repealed_documents_are_marked(village, make_public, documents, platform):
    make_public(village, validity="repealed")
    village.commit()
    assert [document.repealed for document in documents()] == [True]
    assert platform.scalars(select(Publication.validity)).one() == "repealed"
