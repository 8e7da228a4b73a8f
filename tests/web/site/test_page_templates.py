"""What templates are compiled to: values and addresses as Jinja and Flask write them."""

import pytest
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, Undefined, nodes
from markupsafe import Markup, escape

from core.testing.pages import url_for
from core.web.site.templates import CALLED_DIRECTLY, PageEnvironment
from core.web.urls import asset, tenant_url, with_parameter

VALUES = st.one_of(st.text(), st.text().map(Markup), st.integers(), st.none(), st.booleans())
ADDRESSES = (
    ("{{ tenant_url('portal.home') }}", lambda: tenant_url("portal.home")),
    ("{{ tenant_url(name, **more) }}", lambda: tenant_url("catalog.domain", domain_key="低保")),
    ("{{ tenant_url(name, levels='all', **dict(more, at=day)) }}",
     lambda: tenant_url("catalog.domain", levels="all", domain_key="低保", at="2026-01-01")),
    ("{{ url_for('accounts.sign_in', next='/?a=1&b=2') }}",
     lambda: "/sign-in/?next=/?a%3D1%26b%3D2"),
    ("{{ asset('main.css') }}", lambda: asset("main.css")),
    ("{{ tenant_url('portal.home', from=7) }}", lambda: tenant_url("portal.home", **{"from": 7})),
)  # fmt: skip


@given(VALUES)
def test_values_are_escaped_as_the_library_escapes_them(value):
    assert PageEnvironment.write(value) == escape(value)


def test_what_is_missing_is_nothing():
    assert PageEnvironment.write(Undefined(name="title")) == ""


@pytest.mark.parametrize(("source", "expected"), ADDRESSES)
def test_addresses_are_those_of_python(app, tree, source, expected):
    values = {"name": "catalog.domain", "more": {"domain_key": "低保"}, "day": "2026-01-01"}
    with app.test_client() as opened:
        opened.get(url_for("portal.home"))
        template = app.jinja_env.from_string(
            "{% autoescape true %}" + source + "{% endautoescape %}"
        )
        assert template.render(values) == escape(expected())


def test_attributes_are_those_that_jinja_finds(app):
    plain = Environment(autoescape=True)
    for value in ({"items": 1, "name": "低保"}, {}, "text", 5, Markup("<b>"), ["a"], None):
        for name in ("items", "name", "upper", "real", "none"):
            ours, theirs = (each.getattr(value, name) for each in (app.jinja_env, plain))
            assert ours == theirs or type(ours) is type(theirs)


LAYOUT = {
    "layout.html": "<{% block head %}{% for one in range(3) %}{{ one }};{% endfor %}{% endblock %}"
    "{% block body %}{% endblock %}>",
    "part.html": "{% for one in values %}{{ one }},{% endfor %}",
    "macros.html": "{% macro row(name, more='&') %}[{{ name }}{{ more }}{{ caller and caller() }}]"
    "{% endmacro %}",
    "page.html": "{% extends 'layout.html' %}{% from 'macros.html' import row as line, row %}"
    "{% macro own(name) %}{{ line(name) }}{% endmacro %}"
    "{% block head %}{{ super() }}{{ own('<') }}{% endblock %}"
    "{% block body %}{% include 'part.html' %}{{ row('a', more='<') }}"
    "{{ line('b', **{'more': 1}) }}"
    "{% call row('c') %}{% include 'part.html' %}{% endcall %}{% endblock %}",
}


def test_layouts_parts_and_macros_are_those_of_jinja(app):
    ours, theirs = PageEnvironment(app, autoescape=True), Environment(autoescape=True)
    ours.language = "en"
    ours.loader = theirs.loader = DictLoader(LAYOUT)
    values = {"values": ["x", "<y>", Markup("<z>")] * 20}
    page = ours.get_template("page.html")
    assert page.render(values) == theirs.get_template("page.html").render(values)
    # Whatever they consist of, layouts and parts are handed on in one piece each.
    assert len(list(page.root_render_func(page.new_context(values)))) == 1


def test_the_address_of_a_page_keeps_its_other_parameters(app):
    with app.test_request_context("/a/?q=%E4%BD%8E&q=x%26y&page=2"):
        assert with_parameter("page", 3) == "/a/?q=%E4%BD%8E&q=x%26y&page=3"
        assert with_parameter("near", "东 村") == (
            "/a/?q=%E4%BD%8E&q=x%26y&page=2&near=%E4%B8%9C+%E6%9D%91"
        )


def test_every_template_compiles_in_each_language(app):
    names = app.jinja_env.list_templates(extensions=["html", "svg", "xml"])
    for language in ("zh_Hans_CN", "en"):
        with app.test_request_context(), force_locale(language):
            for name in names:
                app.jinja_env.get_template(name)


def test_no_template_has_something_else_under_the_names_of_functions(app):
    environment = app.jinja_env
    for name in environment.list_templates(extensions=["html", "svg", "xml"]):
        source, _file, _is_fresh = environment.loader.get_source(environment, name)
        tree = environment.parse(source, name)
        stored = {each.name for each in tree.find_all(nodes.Name) if each.ctx != "load"}
        macros = {each.name for each in tree.find_all(nodes.Macro)}
        brought = {
            each if isinstance(each, str) else each[1]
            for found in tree.find_all(nodes.FromImport)
            for each in found.names
        }
        assert not CALLED_DIRECTLY & (stored | macros | brought), name
