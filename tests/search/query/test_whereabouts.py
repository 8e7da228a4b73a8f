"""Questions after a place to go to are told from others; what is asked for is what is left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.search.query.lexicon import merge_word_lists, national_list
from core.search.query.planner import ANYTHING
from core.search.query.whereabouts import find_whereabouts
from core.search.text.tokenizer import fold

PLACES = ["望川县", "望川", "石桥镇", "石桥", "柳湾村", "柳湾"]
WORDS = merge_word_lists([national_list(), {"places": PLACES, "equal": [["便民服务点", "服务站"]]}])


def wanted(question: str) -> tuple[str, list[str]]:
    """The place that is named, and the words that the first way requires."""
    found = find_whereabouts(fold(question), WORDS)
    assert found is not None
    return found.place, [group.terms[0].text for group in found.variants[0].required]


@pytest.mark.parametrize(
    ("question", "place", "words"),
    [
        ("最近的便民服务点", "", ["便民服务点"]),
        ("哪里能办社保卡", "", ["社保卡"]),
        ("附近的医保窗口", "", ["医保", "窗口"]),
        ("离我最近的银行", "", ["银行"]),
        ("税务所在哪儿?", "", ["税务所"]),
        ("派出所地址", "", ["派出所"]),
        ("卫生院今天开门吗", "", ["卫生院"]),
        ("社保大厅几点上班", "", ["社保", "大厅"]),
        ("公積金在什麼地方辦", "", ["公积金"]),
        ("我要办残疾证去哪里", "", ["残疾证"]),
        ("石桥镇便民服务中心在哪", "石桥镇", ["石桥镇", "便民服务中心"]),
        ("柳湾附近的卫生院", "柳湾", ["柳湾", "卫生院"]),
    ],
)
def test_a_question_after_a_place_is_read(question, place, words):
    assert wanted(question) == (place, words)


@pytest.mark.parametrize(
    "question", ["低保标准", "哪些人能申请低保", "最近政策", "哪个村有低保", "石桥镇", ""]
)
def test_other_questions_are_left_alone(question):
    assert find_whereabouts(fold(question), WORDS) is None


@pytest.mark.parametrize("question", ["附近有什么", "最近的在哪里", "附近"])
def test_whoever_names_no_matter_wants_whatever_there_is(question):
    found = find_whereabouts(fold(question), WORDS)
    assert found is not None
    assert found.variants == (ANYTHING,)


def test_the_place_may_also_be_where_one_looks_from():
    found = find_whereabouts(fold("石桥镇附近的医保窗口"), WORDS)
    assert found is not None
    last = [group.terms[0].text for group in found.variants[-1].required]
    assert "石桥镇" not in last
    assert "医保" in last


@given(st.text(max_size=40), st.sampled_from(["最近的", "在哪里", "附近的", "石桥镇", ""]))
def test_whatever_is_typed_has_a_way_or_none(typed, part):
    found = find_whereabouts(fold(typed + part), WORDS)
    assert found is None or all(not variant.partial for variant in found.variants)
