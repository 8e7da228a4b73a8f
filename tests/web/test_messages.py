"""Messages in templates: translated, their values escaped, whatever these are called."""

import pytest
from flask import render_template, render_template_string
from flask_babel import force_locale
from jinja2 import DictLoader


def shown(template, locale="zh_Hans_CN"):
    with force_locale(locale):
        return render_template_string(template)


def test_values_are_escaped_and_may_have_any_name(app):
    with app.test_request_context():
        message = '{{ _("Reason: %(text)s", text="<b>") }}'
        assert shown(message, "en") == "Reason: &lt;b&gt;"
        assert "&lt;b&gt;" in shown(message)
        assert shown('{{ _("%(context)s", context="1 & 2") }}') == "1 &amp; 2"


def test_percent_signs_are_doubled_in_every_message(app):
    with app.test_request_context():
        assert shown('{{ _("100%%") }}') == "100%"
        assert shown('{{ _("%(share)s%%", share=5) }}') == "5%"


def test_the_language_may_change_on_the_way(app):
    with app.test_request_context():
        assert [shown('{{ _("Search") }}', one) for one in ("en", "zh_Hans_CN", "en")] == [
            "Search", "搜索", "Search",
        ]  # fmt: skip


TEMPLATES = {
    "page.html": '{% from "parts.html" import part %}{{ _("Search") }} {{ part("<i>") }}',
    "parts.html": '{% macro part(text) %}{{ _("Reason: %(text)s", text=text) }}{{ _("100%%") }}'
    "{% endmacro %}",
    "plain.txt": '{{ _("Search") }} & {{ _("Reason: %(text)s", text="<i>") }}',
    "word.html": "{{ _(word) }} {{ _(*words) }}",
}


@pytest.fixture
def templates(app):
    app.jinja_env.loader = DictLoader(TEMPLATES)
    with app.test_request_context():
        yield app.jinja_env


def render(locale, name, **values):
    with force_locale(locale):
        return render_template(name, **values)


@pytest.mark.usefixtures("templates")
def test_templates_are_compiled_for_each_language():
    assert [render(each, "page.html") for each in ("en", "zh_Hans_CN", "en")] == [
        "Search Reason: &lt;i&gt;100%", "搜索 理由：&lt;i&gt;100%", "Search Reason: &lt;i&gt;100%",
    ]  # fmt: skip
    assert render("zh_Hans_CN", "plain.txt") == "搜索 & 理由：<i>"
    assert render("zh_Hans_CN", "word.html", word="Search", words=["Search"]) == "搜索 搜索"


def test_constant_messages_cost_nothing_while_a_page_is_made(templates, monkeypatch):
    render("zh_Hans_CN", "page.html")
    monkeypatch.setitem(templates.globals, "_", None)
    assert render("zh_Hans_CN", "page.html").startswith("搜索")
