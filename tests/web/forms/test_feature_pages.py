"""What a form asks for is done whole or not at all, and a refusal stands beside its field."""

import pytest
from flask import g, get_flashed_messages
from sqlalchemy import select

from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.errors import Conflict, Invalid
from core.permissions import NOBODY
from core.web.context import Context
from core.web.forms.feature_pages import FeaturePages, attempt, blank_form, take_form
from core.web.forms.form import FormData


@pytest.fixture
def county(tree):
    return tree.county


@pytest.fixture
def own(tree):
    with open_session(Scope.own(tree.county)) as session:
        yield session


@pytest.fixture
def ctx(app, own, county):
    with app.test_request_context(f"/{county.division_code}/"):
        yield Context(own, county, NOBODY)


def rename(ctx, error):
    def act():
        ctx.tenant.name = "改名"
        ctx.session.flush()
        if error:
            raise error

    return act


@pytest.mark.parametrize(
    ("error", "errors"),
    [(Invalid({"name": "错"}), {"name": "错"}), (Conflict("晚了"), {"act": "晚了"}),
     (Invalid("不行"), {"act": "不行"})],
)  # fmt: skip
def test_a_refusal_undoes_what_was_done_and_stands_at_its_field(ctx, own, error, errors):
    form = blank_form({"name": "改名"})
    shown = take_form(ctx, form, rename(ctx, error), again=lambda form: dict(form.errors),
                      then=str, field="act")  # fmt: skip
    assert shown == (errors, 422)
    assert "改名" not in own.scalars(select(Tenant.name)).all()


def test_what_succeeds_is_said_and_goes_on(ctx):
    assert take_form(ctx, blank_form(), rename(ctx, None), again=str, then=lambda: "on") == "on"
    assert len(get_flashed_messages()) == 1


def test_a_form_with_faults_does_nothing(ctx):
    form = FormData({}, {"name": "错"}, {})
    assert take_form(ctx, form, pytest.fail, again=lambda _form: "again", then=str) == (
        "again",
        422,
    )


def test_without_a_form_a_refusal_stands_on_the_next_page(ctx):
    with attempt(ctx):
        raise Conflict("晚了")
    assert get_flashed_messages() == ["晚了"]


def test_a_page_of_the_feature_is_addressed_by_part_and_view(ctx):
    g.tenant = ctx.tenant
    place = FeaturePages("supervisor_evaluation", object()).to("findings.index", state="open")
    assert place.location.endswith("/console/evaluation/findings/?state=open")
