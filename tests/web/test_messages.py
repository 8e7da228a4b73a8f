"""Messages in templates: translated, their values escaped, whatever these are called."""

from flask import render_template_string
from flask_babel import force_locale


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
