"""Views are handed the context of their request, and objects instead of ids."""

import pytest
from flask import request
from sqlalchemy import select

from core.accounts.access import signed_in_page, staff_page
from core.audit.models import AuditEntry
from core.errors import NotFound
from core.permissions import NOBODY, Action
from core.tenancy.models import Organ
from core.web.access import keep_changes, public_form, public_page
from core.web.context import Context, current_context


def load_organ(ctx: Context, organ_id: int) -> Organ:
    organ = ctx.session.get(Organ, organ_id)
    if organ is None:
        raise NotFound
    return organ


def load_letter(ctx: Context, organ: Organ, position: int) -> str:
    return organ.name[position]


@pytest.fixture
def pages(app):
    """Pages of a feature that is there in this test only."""

    @public_page(organ=load_organ, letter=load_letter)
    def show(ctx: Context, letter: str, organ: Organ) -> str:
        assert ctx.actor is NOBODY
        return f"{ctx.tenant.division_code} {organ.name} {letter}"

    @public_form
    def write(ctx: Context) -> tuple[str, int]:
        ctx.session.add(Organ(tenant_id=ctx.tenant.id, name="新部门"))
        if "keep" in request.args:
            keep_changes()
        return "", int(request.args["status"])

    @staff_page(Action.EDIT_CATALOG)
    def act(ctx: Context) -> str:
        ctx.audit("test.act", "it", much=3)
        ctx.require(Action.EDIT_CATALOG)
        return f"{ctx.may(Action.EDIT_CATALOG)} {ctx.may(Action.MANAGE_TENANT)} {ctx.actor.name}"

    @signed_in_page
    def own(ctx) -> str:
        return ctx.actor.name

    for rule, view in {
        "/<code>/t/<int:organ_id>/<int:position>/": show,
        "/<code>/t/write/": write,
        "/<code>/t/act/": act,
        "/t/own/": own,
    }.items():
        app.add_url_rule(rule, f"test.{view.__name__}", view, methods=["GET", "POST"])
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def test_values_of_the_address_become_objects(pages, tree, platform):
    organ = Organ(tenant_id=tree.county.id, name="民政局")
    platform.add(organ)
    platform.commit()
    code = tree.county.division_code
    assert pages.get(f"/{code}/t/{organ.id}/1/").text == f"{code} 民政局 政"
    assert pages.get(f"/{code}/t/{organ.id + 1}/1/").status_code == 404


@pytest.mark.parametrize(
    ("status", "kept"), [("200", 1), ("302", 1), ("422", 0), ("422&keep=1", 1)]
)
def test_the_request_commits_unless_its_answer_is_an_error(pages, tree, platform, status, kept):
    pages.post(f"/{tree.village.division_code}/t/write/?status={status}")
    names = platform.scalars(select(Organ.name).where(Organ.tenant_id == tree.village.id)).all()
    assert names.count("新部门") == kept


def test_staff_may_act_and_the_act_is_recorded(pages, client, tree, platform, sign_in_as):
    sign_in_as("liaison", tree.county)
    text = client._client.get(f"/{tree.county.division_code}/t/act/").text
    assert text.startswith("True False ")
    entry = platform.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject, entry.detail) == ("test.act", "it", {"much": 3})
    assert client._client.get("/t/own/").text == text.removeprefix("True False ")


def test_an_action_that_nobody_declared_is_a_mistake(app, tree):
    from core.web.request import open_request_session

    with app.test_request_context(f"/{tree.county.division_code}/"):
        app.preprocess_request()
        open_request_session(None)
        with pytest.raises(ValueError, match="nobody has declared"):
            current_context().may("no.such")


def test_a_view_takes_its_context_first():
    with pytest.raises(TypeError, match="must be `ctx`"):

        @public_page(organ=load_organ)
        def show(organ: Organ) -> str:
            return organ.name

    with pytest.raises(TypeError, match="must be `ctx`"):

        @staff_page(Action.EDIT_CATALOG)
        def edit(position: int) -> str:
            return str(position)


def test_a_public_page_writes_nothing(app, tree):
    @public_page
    def show(ctx: Context) -> str:
        ctx.session.add(Organ(tenant_id=ctx.tenant.id, name="新部门"))
        ctx.session.flush()
        return ""

    app.add_url_rule("/<code>/t/public/", "test.public", show)
    assert app.test_client().get(f"/{tree.village.division_code}/t/public/").status_code == 500
