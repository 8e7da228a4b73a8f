"""The national word list does no harm."""

import pytest

from core.search.query.lexicon import merge_word_lists, national_lexicon, national_list
from core.search.query.planner import plan_query
from core.search.text.tokenizer import fold, runs

ENOUGH = 9


@pytest.fixture(scope="module")
def written():
    return national_list()


@pytest.fixture(scope="module")
def words():
    return national_lexicon()


def test_every_word_is_one_word_in_normal_form(words):
    for word in words.terms:
        assert fold(word) == word
        assert runs(word) == [word] or len(plan_query(word).variants[0].groups) == 1  # pm2.5


def test_no_word_stands_for_itself(words):
    assert all(word not in others for word, others in words.synonyms.items())


def test_a_lone_character_stands_for_nothing(words):
    assert all(len(word) > 1 for word in words.synonyms)
    assert all(len(other) > 1 for others in words.synonyms.values() for other in others)


def test_a_forbidden_synonym_is_not_reached(words, written):
    for one, other in written["never"]:
        for word, counterpart in ((one, other), (other, one)):
            assert counterpart not in words.synonyms.get(word, ())
            asked = {t.text for a in plan_query(word).variants for g in a.groups for t in g.terms}
            assert counterpart not in asked


def test_a_word_has_so_many_others_at_most_that_its_meaning_holds(words):
    many = {word: others for word, others in words.synonyms.items() if len(others) > ENOUGH}
    assert many == {}


def test_synonyms_of_synonyms_are_not_asked_for(words):
    """What stands for a word does not bring its own others along, so no chain widens a question."""
    for word, others in words.synonyms.items():
        [group] = [g for g in plan_query(word).variants[0].groups if g.terms[0].text == word][:1]
        assert [term.text for term in group.terms] == [word, *others]


def test_no_citizens_word_is_written_twice_and_no_group_repeats_a_word(written):
    assert all(len(group) == len(set(group)) > 1 for group in written["equal"])
    assert all(len(others) == len(set(others)) > 0 for others in written["citizen"].values())


def test_questions_take_nothing_from_the_known_words(words):
    """A word that is asked for is never stripped as if it were part of the question around it."""
    swallowed = [word for word in words.synonyms if not plan_query(word).variants[0].required]
    assert swallowed == []


def test_lists_may_be_empty():
    words = merge_word_lists([{}])
    assert words.synonyms == {}
    assert plan_query("低保申请", words).variants
