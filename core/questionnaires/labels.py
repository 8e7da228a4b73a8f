"""Questionnaires in words: kinds of answers, grades, and what is wrong with an answer."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.questionnaires.domain.answers import AnswerFault
from core.questionnaires.domain.questions import (
    MAX_NUMBER,
    MAX_QUESTIONS,
    MAX_TEXT,
    AnswerKind,
    QuestionFault,
    SurveyQuestion,
)

ANSWER_KINDS = {
    AnswerKind.GRADE: _l("Satisfied, mostly satisfied or dissatisfied"),
    AnswerKind.ONE: _l("One of several answers"),
    AnswerKind.SEVERAL: _l("Several of several answers"),
    AnswerKind.SCALE: _l("Steps of a scale"),
    AnswerKind.YES_NO: _l("Yes or no"),
    AnswerKind.NUMBER: _l("Whole number"),
    AnswerKind.TEXT: _l("Free text"),
}
# Values that the program itself offers; all others are the words of whoever asks.
_VALUES = {
    (AnswerKind.GRADE, "satisfied"): _l("Satisfied"),
    (AnswerKind.GRADE, "mostly"): _l("Mostly satisfied"),
    (AnswerKind.GRADE, "dissatisfied"): _l("Dissatisfied"),
    (AnswerKind.YES_NO, "yes"): _l("Yes"),
    (AnswerKind.YES_NO, "no"): _l("No"),
}
QUESTION_FAULTS = {
    QuestionFault.KEY: _l("Two questions have the same key."),
    QuestionFault.LABEL: _l("Enter the question."),
    QuestionFault.OPTIONS: _l("Enter the answers to choose from, each on its own line, once."),
    QuestionFault.RANGE: _l("The smallest number must not be above the largest."),
    QuestionFault.MINIMUM: _l("At least one answer."),
    QuestionFault.TOO_MANY: _l("At most %(n)s questions."),
}
# The field of the staff's form beside which a fault stands.
FAULT_FIELDS = {
    QuestionFault.KEY: "label",
    QuestionFault.LABEL: "label",
    QuestionFault.OPTIONS: "options",
    QuestionFault.RANGE: "highest",
    QuestionFault.MINIMUM: "minimum",
    QuestionFault.TOO_MANY: "label",
}
_ANSWER_FAULTS = {
    AnswerFault.MISSING: _l("Please answer this question."),
    AnswerFault.NO_OPTION: _l("Choose one of the list."),
    AnswerFault.TOO_LONG: _l("At most %(n)s characters."),
    AnswerFault.NO_NUMBER: _l("Enter a whole number."),
}


def say_value(question: SurveyQuestion, value: str) -> str:
    """Return the words of a value that can be chosen; a step of a scale with its number."""
    if question.kind is AnswerKind.SCALE and value in question.values:
        return f"{value} {question.options[int(value) - 1]}".strip()
    return str(_VALUES.get((question.kind, value), value))


def say_question_fault(fault: QuestionFault) -> dict[str, str]:
    """Return what is wrong with a question, by the field of the staff's form."""
    return {FAULT_FIELDS[fault]: str(QUESTION_FAULTS[fault] % {"n": MAX_QUESTIONS})}


def say_fault(fault: AnswerFault, question: SurveyQuestion) -> str:
    """Return what is wrong with an answer, for beside its field."""
    if fault is AnswerFault.OUT_OF_RANGE:
        lowest = -MAX_NUMBER if question.lowest is None else question.lowest
        highest = MAX_NUMBER if question.highest is None else question.highest
        return str(
            _("Enter a whole number from %(least)s to %(most)s.", least=lowest, most=highest)
        )
    return str(_ANSWER_FAULTS[fault] % {"n": MAX_TEXT})
