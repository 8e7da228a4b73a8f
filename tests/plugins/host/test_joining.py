"""A plugin in a folder joins the platform: pages, words, jobs, commands, search, tables."""

import pytest
from sqlalchemy import inspect, select

from core.db.engine import db
from core.db.migrate import current_revision, newest_revision, upgrade_database
from core.db.scope import Scope, UnscopedQuery, open_session
from core.permissions import Held, Role, allowed
from core.plugins.activation.cache import bump_version
from core.plugins.calls.tenant_hooks import TenantHooks
from core.plugins.loading.host import get_host
from core.plugins.loading.registration import list_plugin_commands
from core.plugins.models import PluginDecision
from core.testing.factories.trees import load_tree
from core.testing.pages import PageClient

PLUGIN = """
    import click
    from core.sdk import (
        Block, FeatureText, Job, Link, Manifest, Permission, PluginBlueprint, Row, SearchKind,
        hookimpl, tenant_url,
    )

    text = FeatureText("fair", __name__)
    _l = text.lazy_gettext
    MANIFEST = Manifest(
        "fair", "1.0", _l("Fair"), _l("Shows what is fair"),
        permissions=(Permission("fair.manage", _l("Manage the fair"), roles=("officer",)),),
    )
    DONE = []

    @hookimpl
    def blueprints():
        from plugins.fair.views import blueprint
        return [blueprint]

    @hookimpl
    def jobs():
        return [Job("fair_sweep", lambda: DONE.append("swept"))]

    @hookimpl
    def commands():
        @click.command("fair")
        def fair():
            click.echo("all is fair")
        return [fair]

    @hookimpl
    def search_kinds():
        return [SearchKind("fair", _l("Fair"), lambda s, keys: [], lambda s, owner: [])]

    @hookimpl
    def home_blocks(session, tenant):
        from plugins.fair.models import Stall
        from sqlalchemy import select
        rows = session.scalars(select(Stall).where(Stall.tenant_id == tenant.id))
        return [Block("stalls", text.gettext("Stalls"), tuple(Row(s.name, "/x/") for s in rows))]

    @hookimpl
    def nav_links(tenant):
        return [Link("fair", "集市", tenant_url("plugin_fair.index", tenant))]
"""
MODELS = """
    from sqlalchemy import String
    from sqlalchemy.orm import Mapped, mapped_column
    from core.sdk import Base, TenantScoped

    class Stall(TenantScoped, Base):
        __tablename__ = "fair_stall"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(50))
"""
VIEWS = """
    from flask import render_template
    from core.sdk import Context, PluginBlueprint, public_form, public_page, staff_page
    from plugins.fair.plugin import MANIFEST

    blueprint = PluginBlueprint(MANIFEST, __name__)

    @blueprint.get("/<code>/fair/")
    @public_page
    def index():
        return render_template("fair/index.html")

    @blueprint.post("/<code>/fair/")
    @public_form
    def add(ctx: Context):
        from plugins.fair.models import Stall
        ctx.session.add(Stall(tenant_id=ctx.tenant.id, name="面摊"))
        return "", 204

    @blueprint.get("/<code>/console/fair/")
    @staff_page("fair.manage")
    def manage():
        return "<!doctype html>"
"""
PAGE = """
    {% extends "layouts/portal.html" %}
    {% block title %}{{ _("Fair") }}{% endblock %}
    {% block content %}<h1>{{ _("Fair") }}</h1><p>{{ _("Hello %(who)s", who="<b>") }}</p>
    {% endblock %}
"""
MIGRATION = """
    import sqlalchemy as sa
    from alembic import op
    from core.sdk import enforce

    revision = "fair_0001"
    down_revision = None
    branch_labels = ("fair",)
    depends_on = None

    def upgrade():
        op.create_table(
            "fair_stall",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("tenant_id", sa.Integer, sa.ForeignKey("tenant.id"), nullable=False),
            sa.Column("name", sa.String(50), nullable=False),
        )
        enforce(op.get_bind(), {"fair_stall": False})

    def downgrade():
        op.drop_table("fair_stall")
"""
WORDS = """
    msgid ""
    msgstr "Content-Type: text/plain; charset=utf-8\\n"
    msgid "Fair"
    msgstr "集市"
    msgid "Shows what is fair"
    msgstr "展示集市"
    msgid "Manage the fair"
    msgstr "管理集市"
    msgid "Stalls"
    msgstr "摊位"
    msgid "Hello %(who)s"
    msgstr "您好%(who)s"
    msgid "Home"
    msgstr "偷换"
"""
FILES = {
    "models.py": MODELS,
    "views.py": VIEWS,
    "templates/fair/index.html": PAGE,
    "static/fair.css": "p { margin: 0 }\n",
    "migrations/fair_0001.py": MIGRATION,
    "translations/zh_Hans_CN/LC_MESSAGES/fair.po": WORDS,
}


@pytest.fixture
def app(plugin_factory, settings):
    plugin_factory.write("fair", PLUGIN, FILES)
    with plugin_factory.application(settings) as made:
        upgrade_database()
        made.config["WTF_CSRF_ENABLED"] = False
        yield made


@pytest.fixture
def tree(app, database_url):
    with open_session(None) as session:
        return load_tree(session)


@pytest.fixture
def switch(platform):
    def say(tenant, word="on"):
        platform.add(PluginDecision(tenant_id=tenant.id, plugin="fair", word=word, own=False))
        bump_version(platform)
        platform.commit()

    return say


def test_the_plugin_is_taken_in(app):
    assert get_host(app).left_out == []
    assert "fair" in get_host(app).plugins


def test_its_pages_are_there_only_where_it_is_on(app, tree, switch):
    client = PageClient(app)
    unknown = client.get(f"/{tree.town.division_code}/nothing/", status=404)
    switch(tree.town)
    page = client.get(f"/{tree.village.division_code}/fair/")
    assert "集市" in page.text
    off = client.get(f"/{tree.far_village.division_code}/fair/", status=404)
    assert off.data == unknown.data


def test_it_speaks_its_own_words_and_leaves_the_core_its_own(app, tree, switch):
    switch(tree.county)
    page = PageClient(app).get(f"/{tree.county.division_code}/fair/")
    assert "您好<b>" in page.text
    assert "偷换" not in page.text
    assert "首页" in page.text


def test_its_form_writes_in_its_tenant_and_its_block_reads_it(app, tree, switch):
    switch(tree.county)
    PageClient(app).post(f"/{tree.town.division_code}/fair/", status=204)
    with open_session(Scope.public(tree.town)) as session:
        (block,) = TenantHooks(tree.town).home_blocks(session)
    assert [row.title for row in block.entries] == ["面摊"]
    with open_session(Scope.public(tree.sister_town)) as session:
        assert TenantHooks(tree.sister_town).home_blocks(session) == []


def test_its_tables_are_guarded_like_all(app):
    from plugins.fair.models import Stall

    with pytest.raises(UnscopedQuery), open_session(None) as session:
        session.scalars(select(Stall)).all()


def test_its_migrations_are_a_chain_of_their_own(app):
    assert "fair_stall" in inspect(db.engine).get_table_names()
    assert current_revision() == newest_revision()


@pytest.mark.both_databases
def test_a_plugin_that_is_taken_away_and_comes_back_finds_its_rows(app, tree, switch, gongkai):
    switch(tree.county)
    PageClient(app).post(f"/{tree.town.division_code}/fair/", status=204)
    without = gongkai("init", "--json")  # this process does not have the plugin
    assert without.status == 0, without.err
    assert "fair" not in without.json["revision"]
    upgrade_database()
    with open_session(Scope.public(tree.town)) as session:
        (block,) = TenantHooks(tree.town).home_blocks(session)
    assert [row.title for row in block.entries] == ["面摊"]


def test_its_job_command_and_kind_are_known(app):
    app.extensions["jobs"].enqueue("fair_sweep")
    assert "fair" in list_plugin_commands(app)
    assert "fair" in app.extensions["search"].kinds


def test_its_static_files_are_served(app):
    with app.test_client().get("/static/plugins/fair/fair.css") as answer:
        assert answer.status_code == 200


def test_its_permission_is_held_by_the_roles_it_names(app, tree):
    from core.permissions import Actor

    def may(role, at):
        return allowed(Actor(1, "x", (Held(role, at.path),)), "fair.manage", tree.town)

    assert may(Role.OFFICER, tree.town)
    assert not may(Role.LIAISON, tree.town)
    assert not may(Role.OFFICER, tree.county)  # it does not reach down


def test_its_command_runs(plugin_factory, gongkai):
    plugin_factory.write("fair", PLUGIN, FILES)
    ran = gongkai("fair", GONGKAI_PLUGIN_FOLDERS=str(plugin_factory.folder))
    assert ran.out == "all is fair\n"
