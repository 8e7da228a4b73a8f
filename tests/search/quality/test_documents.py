"""Composed documents of one county, citizens' questions, and what should stand first."""

import json
from collections.abc import Iterator

import pytest

from core.db.scope import open_session
from core.search.answering.service import SearchQuery, search
from core.search.document import SearchDocument
from core.search.indexing.indexer import chunks
from core.search.registry import SearchKind
from core.tenancy.divisions import read_divisions
from core.tenancy.importing import import_divisions
from core.tenancy.service import get_tenant
from tests.search.quality.corpora import to_publication

COUNTY = "999901"
# Every question has an expected document among the first three; the word list and the questions
# were seen by the same eyes, so this guards against loss and promises nothing for other questions.
GATE = 1.0


@pytest.fixture
def county(app, engine, shared_data):
    """The county's tree and documents, indexed."""
    del app
    table = shared_data / "divisions" / "wangchuan_999901.csv"
    with open_session(None) as session:
        import_divisions(
            session, read_divisions(table.read_bytes(), table.name), COUNTY, table.name
        )
    documents = {document.pk: document for document in read_documents(shared_data)}
    engine.register(
        SearchKind(
            "publication", "公开信息",
            lambda _session, keys: [documents[key] for key in keys],
            lambda _session, _tenant: list(documents),
        )
    )  # fmt: skip
    for chunk in chunks(documents.values(), 100):
        engine.backend.upsert(chunk)
    with open_session(None) as session:
        return get_tenant(session, COUNTY)


def read_documents(shared_data) -> Iterator[SearchDocument]:
    with open_session(None) as session, (shared_data / "docs" / "docs.jsonl").open() as lines:
        for line in map(json.loads, lines):
            chain = get_tenant(session, line["tenant"]).chain
            yield to_publication(line, chain, kind="publication")


@pytest.fixture
def questions(shared_data):
    return json.loads((shared_data / "docs" / "queries.json").read_text("utf-8"))["queries"]


def test_citizens_find_what_they_ask_for_among_the_first_three(engine, county, questions):
    missed = []
    for question in questions:
        with open_session(None) as directory:
            answer = search(engine, directory, county, SearchQuery(typed=question["q"], limit=3))
        if not {result.source_id for result in answer.results} & set(question["primary"]):
            missed.append(question["q"])
    assert 1 - len(missed) / len(questions) >= GATE, missed


@pytest.mark.parametrize("typed", ["低保", "路灯", "公示", "补贴", "征地", "水黄", "公开"])
def test_two_characters_find_every_document_that_says_them(engine, county, shared_data, typed):
    saying = {
        document.pk
        for document in read_documents(shared_data)
        if typed in document.title + document.body
    }
    with open_session(None) as directory:
        answer = search(engine, directory, county, SearchQuery(typed=typed, limit=50))
    assert saying <= {result.source_id for result in answer.results}
    assert all("<mark>" in result.snippet for result in answer.results)


def test_every_village_sees_its_own_county_and_no_sister(engine, county, questions):
    with open_session(None) as directory:
        village = get_tenant(directory, "999901100200")
        above = {"999901100200", "999901100", "999901"}
        for question in questions:
            answer = search(engine, directory, village, SearchQuery(typed=question["q"], limit=50))
            assert {result.tenant.division_code for result in answer.results} <= above
