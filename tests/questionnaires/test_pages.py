"""The macros of questionnaires, on a page of their own."""

import pytest
from flask import render_template_string, request
from werkzeug.datastructures import MultiDict

from core.questionnaires.domain.questions import AnswerKind, SurveyQuestion
from core.questionnaires.domain.statistics import tally
from core.questionnaires.pages import (
    answer_kind_options,
    read_answer_form,
    read_question,
    to_question_fields,
    to_result_sheet,
    to_result_tables,
)
from core.web.access import open_page
from core.web.forms.form import FormData

QUESTIONS = (
    SurveyQuestion("q1", AnswerKind.GRADE, "总体评价", required=True),
    SurveyQuestion("q2", AnswerKind.SEVERAL, "想了解<b>", ("财政", "教育")),
    SurveyQuestion("q3", AnswerKind.TEXT, "意见建议", hint="不要写姓名"),
    SurveyQuestion("q4", AnswerKind.SCALE, "办事效率", ("很慢", "", "很快")),
    SurveyQuestion("q5", AnswerKind.NUMBER, "来过几次", lowest=0, highest=50),
)
PAGE = """
{% extends "layouts/plain.html" %}
{% from "components/feedback.html" import error_summary %}
{% from "components/forms.html" import button, csrf %}
{% from "questionnaires/form.html" import question_editor, question_fields %}
{% from "questionnaires/results.html" import result_tables %}
{% block title %}问卷{% endblock %}
{% block content %}{{ error_summary(errors) }}<h1>问卷</h1>
<form action="" method="post">{{ csrf() }}{{ question_fields(fields) }}{{ button("提交") }}</form>
{{ question_editor("/add/", kinds, {}, {}) }}{{ result_tables(results) }}{% endblock %}
"""


@pytest.fixture
def survey_page(app):
    given = [{"q1": "satisfied", "q4": "3", "q5": 2}, {"q1": "mostly"}, {"q1": "dissatisfied"}]

    @app.route("/survey/", methods=["GET", "POST"])
    @open_page
    def survey():
        form = read_answer_form(QUESTIONS) if request.method == "POST" else FormData({}, {}, {})
        errors = form.errors
        page = render_template_string(
            PAGE,
            errors=errors,
            fields=to_question_fields(QUESTIONS, form.typed, errors),
            kinds=answer_kind_options(),
            results=to_result_tables(tally(QUESTIONS, given, 1)),
        )
        return page, 422 if errors else 200


@pytest.mark.usefixtures("survey_page")
def test_every_kind_of_question_has_its_control(client):
    page = client.get("/survey/")
    assert len(page.select("//input[@type='radio'][@name='q1']")) == 3
    assert len(page.select("//input[@type='checkbox'][@name='q2']")) == 2
    assert page.select("//textarea[@name='q3'][@maxlength='1000']")
    assert "1 很慢" in page.text
    assert page.select("//input[@name='q5'][@inputmode='numeric']")
    assert "想了解<b>" in page.text
    cells = page.select("//tr[th[normalize-space()='基本满意']]/td")
    assert [cell.text_content().strip() for cell in cells] == ["1", "33 %"]


@pytest.mark.usefixtures("survey_page")
def test_errors_stand_beside_their_fields_and_nothing_typed_is_lost(client):
    page = client.post(
        "/survey/", {"q2": "教育", "q3": "多办<几>场", "q4": "2", "q5": "九十九"}, status=422
    )
    assert [link.get("href") for link in page.select("//*[@role='alert']//a")] == ["#q1", "#q5"]
    assert page.select("//fieldset[.//input[@name='q1']]//p[@class='field__error']")
    assert page.select("//input[@name='q2'][@value='教育'][@checked]")
    assert page.select("//input[@name='q4'][@value='2'][@checked]")
    assert page.select("//textarea[@name='q3']")[0].text.strip() == "多办<几>场"
    assert page.select("//input[@name='q5']")[0].get("value") == "九十九"


def test_results_can_be_handed_out_as_a_list(app):
    given = [{"q1": "satisfied", "q4": "3"}, {"q1": "mostly", "q4": "2"}]
    with app.test_request_context("/"):
        sheet = to_result_sheet(tally(QUESTIONS, given, 1))
    assert list(sheet.columns) == ["问题", "选项", "数量", "答卷数"]
    assert sheet.rows[0] == ["总体评价", "满意", 1, 2]
    assert sheet.rows[-1] == ["办事效率", "平均", 2.5, 2]


def test_the_staff_add_a_question(app):
    with app.test_request_context("/"):
        form = MultiDict(
            {"label": " 从哪里 得知 ", "kind": "one", "options": "公示栏\n\n微信", "required": "1"}
        )
        question, read = read_question(QUESTIONS, form)
        assert read.errors == {}
        assert question == SurveyQuestion(
            "q6", AnswerKind.ONE, "从哪里 得知", ("公示栏", "微信"), required=True
        )
        assert set(read_question((), {"kind": "one", "label": "问"})[1].errors) == {"options"}
        assert set(read_question((), {"kind": "text"})[1].errors) == {"label"}
        assert set(read_question((), {"kind": "essay"})[1].errors) == {"kind"}


def test_the_staff_set_bounds_and_a_minimum_of_a_question(app):
    with app.test_request_context("/"):
        form = MultiDict({"label": "来过几次", "kind": "number", "minimum": "10", "highest": "５0"})
        question, read = read_question((), form)
        assert read.errors == {}
        assert (question.minimum, question.lowest, question.highest) == (10, None, 50)
        for wrong, field in (
            ({"minimum": "许多"}, "minimum"), ({"lowest": "9", "highest": "1"}, "highest"),
            ({"minimum": "0"}, "minimum"),
        ):  # fmt: skip
            assert set(read_question((), dict(form) | wrong)[1].errors) == {field}
