"""How a question is said to Meilisearch: in at most three queries, which leave nothing out."""

import pytest

from core.search.document import SearchDocument
from core.search.engines.indexed_text import to_indexed_text
from core.search.engines.meilisearch.backend import MeiliBackend
from core.search.engines.meilisearch.query import MAX_QUERIES, build_queries
from core.search.engines.meilisearch.synonyms import list_alternatives, synonyms, table
from core.search.query.lexicon import merge_word_lists, national_list
from core.search.query.planner import Term, TermGroup, plan_query
from core.testing.meili.server import running
from tests.search.contract.engines import Asker, document
from tests.search.judged.judged import judged_queries


def texts(typed, variant=0, words=None):
    """What is asked of everywhere; the same may be asked once more of what is near."""
    asked = build_queries(plan_query(typed, words).variants[variant])
    return [one.text for one in asked if not one.near]


def phrases(word):
    return table()[word].phrases


def test_no_question_takes_more_than_three_queries():
    for query in judged_queries():
        for ask in plan_query(query.text).variants:
            assert 0 < len(build_queries(ask)) <= MAX_QUERIES, query.text


def test_a_word_and_all_that_is_said_for_it_are_one_query():
    assert texts("低保") == [table()["低保"].number]
    assert '"最低 生活 保障"' in phrases("低保")
    assert '"低保"' in phrases("低保")


def test_synonyms_of_a_county_are_added_and_forbidden_ones_left_out():
    more = merge_word_lists([national_list(), {"equal": [["低保", "阳光粮"]]}])
    with_it = list_alternatives(plan_query("低保", more).variants[0].groups[0])
    assert with_it == [table()["低保"].number, '"阳光 粮"']
    fewer = merge_word_lists([national_list(), {"never": [["低保", "最低生活保障"]]}])
    without = list_alternatives(plan_query("低保", fewer).variants[0].groups[0])
    assert '"最低 生活 保障"' not in without
    assert table()["低保"].number not in without


def test_a_phrase_that_has_another_one_in_it_is_found_by_that_one():
    group = TermGroup((Term("柳湾村"), Term("柳湾")))
    assert list_alternatives(group) == ['"柳湾"']


def test_a_prefix_stands_last_in_a_query():
    assert texts("外嫁女能不能分到征地款")[0].endswith('"征地" 款')


def test_the_own_words_are_asked_where_no_other_query_has_them():
    assert '"占 了 地"' in texts("占了地")
    assert texts("财务 公开") == ['"财务" "公开"', '"财务"']


def test_the_parts_of_a_question_are_asked_one_by_one_where_one_is_enough():
    last = len(plan_query("砖厂冒烟").variants) - 1
    assert texts("砖厂冒烟", last) == ['"砖厂"', '"冒烟"', '"砖厂" "冒烟"']


def test_the_own_words_take_no_place_where_one_word_of_them_is_enough():
    last = len(plan_query("济南农村公路").variants) - 1
    assert texts("济南农村公路", last) == ['"济南"', '"农村"', '"公路"']


@pytest.mark.parametrize("number", list(synonyms())[:20])
def test_no_document_has_the_number_of_a_word(number):
    document = SearchDocument(kind="publication", pk="1", scope=(1,), title=number, path="",
                              body=f"见{number}号", numbers=(number,))  # fmt: skip
    made = to_indexed_text(document)
    assert all(number not in tokens.within for tokens in made.fields.values())


def test_each_row_of_phrases_has_a_number_of_its_own():
    entries = {entry.phrases: entry.number for entry in table().values()}
    assert len(set(entries.values())) == len(entries) == len(synonyms())


def test_a_longer_word_list_needs_no_new_index(monkeypatch):
    with running() as server:
        ask = Asker(MeiliBackend(server.url, server.key, "gk_public"))
        ask.engine.ensure()
        ask.add(document(1, title="阳光粮"))
        assert ask("低保") == []
        number = table()["低保"].number
        more = {**synonyms(), number: [*synonyms()[number], "阳光 粮"]}
        monkeypatch.setattr("core.search.engines.meilisearch.schema.synonyms", lambda: more)
        assert ask.engine.ensure() is False
        assert ask("低保") == ["1"]
