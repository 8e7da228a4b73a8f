"""Questionnaires: answers, tallies, thresholds."""

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from plugins.open_day.domain.survey import (
    GRADES,
    Kind,
    Question,
    Wrong,
    from_data,
    read_answers,
    tally,
    texts,
    to_data,
)

GRADE = Question("q1", Kind.GRADE, "总体评价", required=True)
ONE = Question("q2", Kind.ONE, "从哪里得知", ("村公示栏", "微信"))
SEVERAL = Question("q3", Kind.SEVERAL, "想了解", ("财政", "教育", "医疗"))
TEXT = Question("q4", Kind.TEXT, "意见建议")
ALL = (GRADE, ONE, SEVERAL, TEXT)


def test_answers_are_read_by_key():
    form = MultiDict([("q1", "mostly"), ("q3", "财政"), ("q3", "医疗"), ("q4", " 很好 ")])
    assert read_answers(ALL, form) == (
        {"q1": "mostly", "q3": ["财政", "医疗"], "q4": "很好"},
        {},
    )


def test_what_is_wrong_is_told_by_key():
    form = MultiDict([("q2", "别的"), ("q3", "财政"), ("q3", "假的"), ("q4", "长" * 1001)])
    assert read_answers(ALL, form)[1] == {
        "q1": Wrong.MISSING,
        "q2": Wrong.NO_OPTION,
        "q3": Wrong.NO_OPTION,
        "q4": Wrong.TOO_LONG,
    }


def test_questions_survive_json():
    assert from_data(to_data(ALL)) == ALL


answers = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "q1": st.sampled_from(GRADES),
            "q2": st.sampled_from(ONE.options),
            "q3": st.lists(st.sampled_from(SEVERAL.options), unique=True),
            "q4": st.text(max_size=20),
        },
    ),
    max_size=20,
)


@given(answers, st.integers(0, 10))
def test_nothing_is_told_of_too_few_answers(given_answers, least):
    told = tally(ALL, given_answers, least)
    if len(given_answers) < max(least, 1):
        assert told is None
    else:
        assert all(one.answered >= least for one in told)


@given(answers)
def test_counts_add_up(given_answers):
    for one in tally(ALL, given_answers, 0) or []:
        total = sum(count for _option, count in one.counts)
        if one.question.kind is Kind.SEVERAL:
            assert total >= one.answered
        else:
            assert total == one.answered
        if one.question.kind is Kind.GRADE and one.answered:
            assert 0 <= one.content_percent <= 100


@given(answers, st.randoms())
def test_texts_do_not_tell_the_order_of_answers(given_answers, random):
    shuffled = list(given_answers)
    random.shuffle(shuffled)
    assert texts(TEXT, shuffled) == texts(TEXT, given_answers)
