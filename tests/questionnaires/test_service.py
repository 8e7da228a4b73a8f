"""Questionnaires in the database: one answer for each token, results, votes, erasure."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.db.base import utc_now
from core.db.scope import Scope, ScopeViolation, open_session
from core.errors import Conflict, Invalid
from core.questionnaires.answering import (
    has_answered,
    load_remarks,
    load_results,
    load_vote_result,
    submit_answers,
)
from core.questionnaires.domain.questions import AnswerKind, SurveyQuestion
from core.questionnaires.domain.window import SurveyStage
from core.questionnaires.models import Questionnaire, QuestionnaireAnswer, QuestionnaireUse
from core.questionnaires.service import (
    change_questionnaire,
    count_answers,
    create_questionnaire,
    create_vote,
    current_stage,
    erase_questionnaires,
    erase_texts,
    find_questionnaire,
    list_questionnaires,
    set_questions,
    to_questions,
)

KIND = "sample.thing"
GRADE = SurveyQuestion("q1", AnswerKind.GRADE, "总体评价", required=True)
TEXT = SurveyQuestion("q2", AnswerKind.TEXT, "意见建议")
DAY = timedelta(days=1)

pytestmark = pytest.mark.both_databases


@pytest.fixture
def own(app, tree):
    with open_session(Scope.own(tree.county)) as session:
        yield session


@pytest.fixture
def asked(own, tree):
    return create_questionnaire(own, tree.county, KIND, 17, [GRADE, TEXT], is_open=True, minimum=3)


def answer_by(session, questionnaire, *tokens, **answers):
    for token in tokens:
        submit_answers(session, questionnaire, token, {"q1": "satisfied"} | answers)


def test_a_subject_has_one_questionnaire(own, tree, asked):
    assert find_questionnaire(own, tree.county, KIND, "17") is asked
    assert list_questionnaires(own, tree.county, KIND) == [asked]
    assert to_questions(asked) == (GRADE, TEXT)
    with pytest.raises(Conflict):
        create_questionnaire(own, tree.county, KIND, 17, [GRADE])


def test_a_token_answers_once(own, asked):
    answer_by(own, asked, "ticket-1")
    with pytest.raises(Conflict):
        answer_by(own, asked, "ticket-1", q1="dissatisfied")
    assert count_answers(own, asked) == 1
    assert has_answered(own, asked, "ticket-1")
    assert not has_answered(own, asked, "ticket-2")
    assert own.scalar(select(QuestionnaireAnswer)).answers == {"q1": "satisfied"}


def test_a_refused_answer_leaves_the_transaction_usable(own, tree, asked):
    answer_by(own, asked, "ticket-1")
    own.commit()
    with pytest.raises(Conflict):
        answer_by(own, asked, "ticket-1")
    answer_by(own, asked, "ticket-2")
    own.commit()
    assert count_answers(own, asked) == 2


def test_the_same_token_may_answer_about_another_subject(own, tree, asked):
    other = create_questionnaire(own, tree.county, KIND, 18, [GRADE], is_open=True)
    answer_by(own, asked, "ticket-1")
    answer_by(own, other, "ticket-1")
    assert (count_answers(own, asked), count_answers(own, other)) == (1, 1)


def test_nothing_kept_leads_from_an_answer_to_its_token(own, asked):
    answer_by(own, asked, "ticket-1")
    use, answer = own.scalar(select(QuestionnaireUse)), own.scalar(select(QuestionnaireAnswer))
    assert "ticket-1" not in use.digest
    shared = set(QuestionnaireUse.__mapper__.columns.keys()) & set(
        QuestionnaireAnswer.__mapper__.columns.keys()
    )
    assert shared == {"tenant_id", "questionnaire_id"}
    assert "ticket-1" not in str(answer.answers)


def test_answers_that_do_not_fit_are_refused(own, asked):
    with pytest.raises(Invalid) as refused:
        submit_answers(own, asked, "ticket-1", {"q1": "wonderful"})
    assert set(refused.value.fields) == {"q1"}
    with pytest.raises(Invalid):
        submit_answers(own, asked, "ticket-1", {})
    assert not has_answered(own, asked, "ticket-1")


def test_answers_to_nothing_that_was_asked_are_not_kept(own, asked):
    submit_answers(own, asked, "ticket-1", {"q1": "mostly", "phone": "13800000000"})
    assert own.scalar(select(QuestionnaireAnswer)).answers == {"q1": "mostly"}


def test_a_closed_questionnaire_takes_no_answer(own, asked):
    change_questionnaire(own, asked, closes_at=utc_now() - DAY)
    assert current_stage(asked) is SurveyStage.CLOSED
    with pytest.raises(Conflict):
        answer_by(own, asked, "ticket-1")


def test_results_come_from_the_minimum_on(own, asked):
    answer_by(own, asked, "a", "b", q2="多办几场")
    assert load_results(own, asked) is None
    assert load_remarks(own, asked) == []
    answer_by(own, asked, "c", q1="dissatisfied")
    (told,) = load_results(own, asked)
    assert told.counts == (("satisfied", 2), ("mostly", 0), ("dissatisfied", 1))
    assert told.top_two_percent == 67
    assert load_remarks(own, asked) == [(TEXT, ["多办几场", "多办几场"])]


def test_questions_are_fixed_once_somebody_answered(own, asked):
    set_questions(own, asked, [GRADE])
    answer_by(own, asked, "ticket-1")
    with pytest.raises(Conflict):
        set_questions(own, asked, [GRADE, TEXT])
    assert to_questions(asked) == (GRADE,)


def test_wrong_questions_and_windows_are_refused(own, tree, asked):
    with pytest.raises(Invalid):
        set_questions(own, asked, [SurveyQuestion("q1", AnswerKind.ONE, "问", ("甲",))])
    with pytest.raises(Invalid):
        change_questionnaire(own, asked, opens_at=utc_now() + DAY, closes_at=utc_now())
    with pytest.raises(Invalid):
        create_questionnaire(own, tree.county, KIND, 18, [GRADE], minimum=0)
    own.commit()
    assert (asked.opens_at, to_questions(asked)) == (None, (GRADE, TEXT))


@pytest.fixture
def vote(own, tree):
    return create_vote(
        own, tree.county, KIND, "vote", label="文化广场建在哪里", options=("村东", "村西"),
        closes_at=utc_now() + DAY,
    )  # fmt: skip


def cast(session, vote, **voices):
    for token, choice in voices.items():
        submit_answers(session, vote, token, {"vote": choice})


def test_a_vote_is_blind_until_it_has_closed(own, vote):
    cast(own, vote, a="村东", b="村西", c="村东")
    assert load_vote_result(own, vote) is None
    result = load_vote_result(own, vote, now=utc_now() + 2 * DAY)
    assert (result.voices, result.leaders, result.is_tied) == (3, ("村东",), False)


def test_a_vote_takes_one_voice_each(own, vote):
    cast(own, vote, a="村东")
    with pytest.raises(Conflict):
        cast(own, vote, a="村西")


def test_a_vote_that_has_closed_stays_closed(own, vote):
    cast(own, vote, a="村东")
    with pytest.raises(Conflict):
        change_questionnaire(own, vote, is_blind=False)
    change_questionnaire(own, vote, is_open=False)
    assert load_vote_result(own, vote).leaders == ("村东",)
    for values in ({"is_open": True}, {"closes_at": utc_now() + 9 * DAY}, {"is_blind": False}):
        with pytest.raises(Conflict):
            change_questionnaire(own, vote, **values)
    change_questionnaire(own, vote, is_public=True)


def test_what_people_wrote_can_be_erased_alone(own, asked):
    answer_by(own, asked, "a", "b", "c", q2="找王某")
    erase_texts(own, asked)
    assert load_remarks(own, asked) == []
    assert load_results(own, asked)[0].answered == 3


def test_erasing_takes_answers_and_tokens_along(own, tree, asked, vote):
    answer_by(own, asked, "a")
    erase_questionnaires(own, tree.county, KIND, 17)
    own.expire_all()
    assert own.scalars(select(Questionnaire)).all() == [vote]
    assert not own.scalars(select(QuestionnaireAnswer)).all()
    assert not own.scalars(select(QuestionnaireUse)).all()
    erase_questionnaires(own, tree.county, KIND)
    assert not own.scalars(select(Questionnaire)).all()


def test_questionnaires_of_another_county_do_not_exist_here(own, tree, asked):
    own.commit()
    with open_session(Scope.own(tree.other_county)) as session:
        assert find_questionnaire(session, tree.county, KIND, 17) is None
        assert not session.scalars(select(Questionnaire)).all()
    with pytest.raises(ScopeViolation), open_session(Scope.own(tree.other_county)) as session:
        create_questionnaire(session, tree.county, KIND, 99, [GRADE])
