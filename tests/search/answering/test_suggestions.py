import pytest

from core.search.answering.relaxation import SearchOutcome
from core.search.answering.suggestions import FEW_HITS, related_terms, suggest_spelling
from core.search.engines.base import SearchPage
from core.search.query.lexicon import merge_word_lists, national_lexicon
from core.search.query.planner import plan_query


def found(typed, total):
    return SearchOutcome(plan_query(typed).variants[0], SearchPage((), total))


def test_a_spelling_is_suggested_where_few_hits_were_found():
    words = national_lexicon()
    assert suggest_spelling("底保申请", found("底保申请", 2), words) == "低保申请"
    assert suggest_spelling("底保申请", found("底保申请", FEW_HITS), words) is None
    assert suggest_spelling("底保申请", found("底保申请", 0), words) is None


@pytest.mark.parametrize("typed", ["残疾补贴", "政务公开", "医保缴费", "村里花多少钱"])
def test_a_word_that_stands_to_reason_is_not_doubted_for_another_one(typed):
    assert suggest_spelling(typed, found(typed, 2), national_lexicon()) is None


def test_other_words_are_offered_for_letters_too_and_none_for_numbers_and_places():
    assert "最低生活保障" in related_terms("dibao", plan_query("dibao").variants[0])
    assert related_terms("低保", plan_query("低保").variants[0]) == ("最低生活保障",)
    assert related_terms("14号文", plan_query("14号文").variants[0]) == ()
    village = plan_query("米沟村", merge_word_lists([{"places": ["米沟村"]}])).variants[0]
    assert related_terms("米沟村", village) == ()
