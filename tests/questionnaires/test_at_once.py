"""Answers that come at the same moment, in sessions of their own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from core.db.scope import Scope, open_session
from core.errors import GongkaiError
from core.questionnaires.answering import submit_answers
from core.questionnaires.domain.questions import AnswerKind, SurveyQuestion
from core.questionnaires.models import Questionnaire, QuestionnaireAnswer, QuestionnaireUse
from core.questionnaires.service import count_answers, create_questionnaire, set_questions

KIND = "sample.rush"
FIRST = SurveyQuestion("q1", AnswerKind.ONE, "修路还是修渠", ("修路", "修渠"), required=True)
SECOND = SurveyQuestion("q1", AnswerKind.ONE, "修桥还是修坝", ("修桥", "修坝"), required=True)
AT_ONCE = 6

pytestmark = pytest.mark.both_databases


@pytest.fixture
def scope(app, tree):
    scope = Scope.own(tree.county)
    with open_session(scope) as session:
        create_questionnaire(session, tree.county, KIND, 1, [FIRST], is_open=True)
    return scope


@pytest.fixture
def at_once(app, scope):
    """Run acts in threads, each in a session of its own that has read before it writes."""
    barrier = Barrier(AT_ONCE)

    def run(act):
        with app.app_context(), open_session(scope) as session:
            found = session.scalars(select(Questionnaire)).one()
            barrier.wait(30)
            try:
                act(session, found)
            except GongkaiError:
                session.rollback()
                return "refused"
            session.commit()
            return "done"

    def start(*acts):
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return sorted(pool.map(run, acts))

    return start


def voter(token, choice="修路"):
    return lambda session, found: submit_answers(session, found, token, {"q1": choice})


def test_of_one_token_at_the_same_moment_one_answer_is_kept(at_once, scope):
    outcomes = at_once(*(voter("ticket-1") for _ in range(AT_ONCE)))
    assert outcomes == ["done"] + ["refused"] * (AT_ONCE - 1)
    with open_session(scope) as session:
        assert len(session.scalars(select(QuestionnaireAnswer)).all()) == 1
        assert len(session.scalars(select(QuestionnaireUse)).all()) == 1


def test_many_tokens_at_the_same_moment_are_all_kept(at_once, scope):
    assert at_once(*(voter(f"ticket-{n}") for n in range(AT_ONCE))) == ["done"] * AT_ONCE
    with open_session(scope) as session:
        assert count_answers(session, session.scalars(select(Questionnaire)).one()) == AT_ONCE


def test_questions_do_not_change_under_an_answer(at_once, scope):
    def change(session, found):
        set_questions(session, found, [SECOND])

    at_once(*(voter(f"ticket-{n}") for n in range(AT_ONCE - 1)), change)
    with open_session(scope) as session:
        (found,) = session.scalars(select(Questionnaire))
        offered = set(found.questions[0]["options"])
        kept = session.scalars(select(QuestionnaireAnswer.answers)).all()
        assert {answer["q1"] for answer in kept} <= offered
