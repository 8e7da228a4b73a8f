"""Questions, answers and counting, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from core.questionnaires.domain.answers import AnswerFault, read_answers
from core.questionnaires.domain.questions import (
    GRADES,
    AnswerKind,
    QuestionFault,
    SurveyQuestion,
    find_faults,
    from_data,
    move_question,
    next_key,
    to_data,
)
from core.questionnaires.domain.statistics import collect_texts, count_votes, tally
from core.questionnaires.domain.window import SurveyStage, find_stage, is_settled, shows_results

GRADE = SurveyQuestion("q1", AnswerKind.GRADE, "总体评价", required=True)
ONE = SurveyQuestion("q2", AnswerKind.ONE, "从哪里得知", ("村公示栏", "微信"))
SEVERAL = SurveyQuestion("q3", AnswerKind.SEVERAL, "想了解", ("财政", "教育", "医疗"))
TEXT = SurveyQuestion("q4", AnswerKind.TEXT, "意见建议")
SCALE = SurveyQuestion("q5", AnswerKind.SCALE, "办事效率", ("很慢", "", "一般", "", "很快"))
YES_NO = SurveyQuestion("q6", AnswerKind.YES_NO, "是否看过公示栏")
NUMBER = SurveyQuestion("q7", AnswerKind.NUMBER, "来过几次", lowest=0, highest=50)
ALL = (GRADE, ONE, SEVERAL, TEXT, SCALE, YES_NO, NUMBER)


def test_answers_are_read_by_key():
    form = MultiDict(
        [("q1", "mostly"), ("q3", "财政"), ("q3", "医疗"), ("q4", " 很好 "), ("q5", "4"),
         ("q6", "no"), ("q7", "１２"), ("csrf_token", "x")]
    )  # fmt: skip
    assert read_answers(ALL, form) == (
        {"q1": "mostly", "q3": ["财政", "医疗"], "q4": "很好", "q5": "4", "q6": "no", "q7": 12},
        {},
    )


def test_faults_are_told_by_key():
    form = MultiDict(
        [("q2", "别的"), ("q3", "财政"), ("q3", "假的"), ("q4", "长" * 1001), ("q5", "6"),
         ("q6", "maybe"), ("q7", "51")]
    )  # fmt: skip
    assert read_answers(ALL, form)[1] == {
        "q1": AnswerFault.MISSING,
        "q2": AnswerFault.NO_OPTION,
        "q3": AnswerFault.NO_OPTION,
        "q4": AnswerFault.TOO_LONG,
        "q5": AnswerFault.NO_OPTION,
        "q6": AnswerFault.NO_OPTION,
        "q7": AnswerFault.OUT_OF_RANGE,
    }
    assert read_answers([NUMBER], MultiDict({"q7": "许多"}))[1] == {"q7": AnswerFault.NO_NUMBER}


def test_zero_is_an_answer():
    needed = SurveyQuestion("q7", AnswerKind.NUMBER, "来过几次", required=True)
    assert read_answers([needed], MultiDict({"q7": "0"})) == ({"q7": 0}, {})


def test_questions_survive_json_and_old_json_is_read():
    assert from_data(to_data(ALL)) == ALL
    old = {"key": "q1", "kind": "grade", "label": "总体评价", "options": [], "required": True}
    assert from_data([old]) == (GRADE,)


@pytest.mark.parametrize(
    ("question", "fault"),
    [
        (SurveyQuestion("Q 1", AnswerKind.TEXT, "问"), QuestionFault.KEY),
        (SurveyQuestion("q1", AnswerKind.TEXT, " "), QuestionFault.LABEL),
        (SurveyQuestion("q1", AnswerKind.ONE, "问", ("甲",)), QuestionFault.OPTIONS),
        (SurveyQuestion("q1", AnswerKind.ONE, "问", ("甲", "甲")), QuestionFault.OPTIONS),
        (SurveyQuestion("q1", AnswerKind.SCALE, "问", ("低", "")), QuestionFault.OPTIONS),
        (SurveyQuestion("q1", AnswerKind.TEXT, "问", ("甲", "乙")), QuestionFault.OPTIONS),
        (SurveyQuestion("q1", AnswerKind.NUMBER, "问", lowest=2, highest=1), QuestionFault.RANGE),
        (SurveyQuestion("q1", AnswerKind.TEXT, "问", minimum=0), QuestionFault.MINIMUM),
    ],
)
def test_incomplete_questions_are_refused(question, fault):
    assert find_faults([question]) == [(question.key, fault)]


def test_keys_are_given_once():
    assert find_faults([ONE, ONE])[0] == ("q2", QuestionFault.KEY)
    assert next_key(ALL) == "q8"
    assert next_key([]) == "q1"


@given(st.sampled_from(ALL), st.integers(-9, 9))
def test_a_question_moves_and_none_is_lost(question, places):
    moved = move_question(ALL, question.key, places)
    assert sorted(one.key for one in moved) == sorted(one.key for one in ALL)
    wanted = min(max(ALL.index(question) + places, 0), len(ALL) - 1)
    assert moved.index(question) == wanted
    assert [one for one in moved if one is not question] == [
        one for one in ALL if one is not question
    ]
    assert move_question(ALL, "q99", places) == list(ALL)


given_answers = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "q1": st.sampled_from(GRADES),
            "q2": st.sampled_from(ONE.options),
            "q3": st.lists(st.sampled_from(SEVERAL.options), unique=True),
            "q4": st.sampled_from(["很好", "多办几场", ""]),
            "q5": st.sampled_from(SCALE.values),
            "q6": st.sampled_from(YES_NO.values),
            "q7": st.integers(0, 50),
        },
    ),
    max_size=20,
)


@given(given_answers, st.integers(0, 10))
def test_nothing_is_told_of_too_few_answers(answers, minimum):
    told = tally(ALL, answers, minimum)
    if len(answers) < max(minimum, 1):
        assert told is None
    else:
        assert all(one.answered >= minimum for one in told)


@given(given_answers, st.integers(1, 10))
def test_a_question_has_its_own_minimum(answers, minimum):
    shy = SurveyQuestion("q6", AnswerKind.YES_NO, "问", minimum=minimum)
    told = tally([shy], answers, 1)
    answered = sum("q6" in answer for answer in answers)
    assert bool(told) == (bool(answers) and answered >= max(minimum, 1))


@given(given_answers)
def test_counts_add_up(answers):
    for one in tally(ALL, answers, 0) or []:
        key, kind = one.question.key, one.question.kind
        assert one.answered == sum(answer.get(key) not in (None, []) for answer in answers)
        total = sum(count for _value, count in one.counts)
        if kind is AnswerKind.SEVERAL:
            assert total == sum(len(answer.get(key, ())) for answer in answers)
        elif kind is not AnswerKind.NUMBER:
            assert total == one.answered
        assert (one.mean is not None) == (
            kind in {AnswerKind.SCALE, AnswerKind.NUMBER} and one.answered > 0
        )


@given(given_answers)
def test_shares_and_means_stay_within_their_bounds(answers):
    for one in tally(ALL, answers, 1) or []:
        assert all(0 <= one.percent(count) <= 100 for _value, count in one.counts)
        if one.question.kind is AnswerKind.SCALE:
            assert 1 <= one.mean <= 5
            high = sum(answer.get("q5") in {"4", "5"} for answer in answers)
            assert one.top_two_percent == one.percent(high)
        if one.question.kind is AnswerKind.GRADE:
            content = sum(answer.get("q1") in {"satisfied", "mostly"} for answer in answers)
            assert one.top_two_percent == one.percent(content)


@given(given_answers, st.randoms())
def test_the_order_of_answers_tells_nothing(answers, random):
    shuffled = list(answers)
    random.shuffle(shuffled)
    assert collect_texts(TEXT, shuffled) == collect_texts(TEXT, answers)
    assert tally(ALL, shuffled, 1) == tally(ALL, answers, 1)


@given(given_answers)
def test_the_leaders_of_a_vote_have_most_voices(answers):
    for counted in tally([ONE], answers, 1) or []:
        result = count_votes(counted)
        counts = dict(result.counts)
        assert all(counts[leader] == max(counts.values()) for leader in result.leaders)
        assert result.is_tied == (counts["微信"] == counts["村公示栏"])


NOW = datetime(2026, 9, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("is_open", "opens_at", "closes_at", "stage"),
    [
        (True, None, None, SurveyStage.OPEN),
        (True, NOW, NOW + HOUR, SurveyStage.OPEN),
        (True, NOW + HOUR, None, SurveyStage.BEFORE),
        (True, None, NOW, SurveyStage.CLOSED),
        (False, None, None, SurveyStage.CLOSED),
        (False, NOW - HOUR, NOW + HOUR, SurveyStage.CLOSED),
    ],
)
def test_the_window_decides_the_stage(is_open, opens_at, closes_at, stage):
    assert find_stage(NOW, is_open=is_open, opens_at=opens_at, closes_at=closes_at) is stage


def test_blind_results_come_after_closing_and_end_it():
    assert shows_results(SurveyStage.OPEN, is_blind=False)
    assert not shows_results(SurveyStage.OPEN, is_blind=True)
    assert not is_settled(SurveyStage.CLOSED, is_blind=True, answers=0)
    assert is_settled(SurveyStage.CLOSED, is_blind=True, answers=1)
