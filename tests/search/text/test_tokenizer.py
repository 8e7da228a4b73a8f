import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.search.text.tokenizer import (
    BREAK,
    analyse,
    cut,
    fold,
    fold_with_origins,
    pieces,
    simplify,
)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("危房改造", ["危房", "改造"]),
        ("最低生活保障", ["最低", "生活", "保障"]),
        ("“三公”经费", ["三公", "经费"]),
        ("补贴97.5元", ["补贴", "97", "5", "元"]),
        ("下载App", ["下载", "app"]),
        ("😀", []),
        ("", []),
    ],
)
def test_words_are_cut_as_documents_are(text, tokens):
    assert cut(fold(text)) == tokens


def test_a_sentence_ends_where_no_phrase_may_reach_across():
    assert cut("公开办事。公示期") == ["公开", "办事", BREAK, "公示", "期"]


def test_two_character_words_across_the_borders_of_words_are_known():
    assert analyse("村道路灯维修") == (["村", "道路", "灯", "维修"], ["路灯"])


@given(st.text(alphabet="低保村道路灯维修公示期最生活障。，；\n\r1a𠀀〇々Ａ "))
def test_a_run_is_cut_as_if_it_stood_alone(text):
    together = analyse(fold(text))
    alone = [analyse(piece) for name, piece in pieces(fold(text)) if name != "stop"]
    tokens = [token for token in together[0] if token != BREAK]
    assert tokens == [token for one in alone for token in one[0]]
    assert together[1] == [word for one in alone for word in one[1]]


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("村務公開", "村务公开"), ("２０２４ＡＢ", "2024ab"), ("臺灣", "台湾"), ("㈠", "(一)")],
)
def test_traditional_and_full_width_characters_are_folded(typed, folded):
    assert fold(typed) == folded


@given(st.text())
def test_every_folded_character_knows_where_it_came_from(text):
    folded = fold_with_origins(text)
    assert len(folded.text) == len(folded.origins)
    assert list(folded.origins) == sorted(folded.origins)
    assert all(0 <= origin < len(text) for origin in folded.origins)


@given(st.text() | st.text(alphabet="低保，：；（）！？％－～　ΣΑİ１Ａ㈠̸̀ ̀"))
def test_folding_is_that_of_each_character(text):
    def narrow(character):
        return unicodedata.normalize("NFKC", character).lower()

    plain = "".join(narrow(character) for character in text)
    whole = simplify(plain)
    if len(whole) != len(plain):  # a phrase changed its length
        whole = "".join(simplify(character)[:1] or character for character in plain)
    folded = fold_with_origins(text)
    assert folded.text == whole
    assert list(folded.origins) == [place for place, one in enumerate(text) for _ in narrow(one)]
    assert fold(text) == simplify(unicodedata.normalize("NFKC", text).lower())


@given(st.text(alphabet="低保村道路灯维修公示期农村危房改造，。1aＡ "))
def test_tokens_lose_and_invent_no_character(text):
    folded = fold(text)
    kept = "".join(character for character in folded if character.isalnum())
    assert "".join(token for token in cut(folded) if token != BREAK) == kept
