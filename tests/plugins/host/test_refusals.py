"""A plugin that does not keep to the rules is left out, with a reason; the platform starts."""

import json

import pytest
from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.sql.compiler import SQLCompiler

from core.app import create_app
from core.db.owners import check_mappings, known_tables
from core.db.tree import Tenant
from core.plugins.loading.host import get_host, load_plugins
from core.plugins.loading.registration import list_plugin_commands
from core.testing.pages import PageClient
from core.web.site.lazy_pages import LazyPages

GOOD = """
from core.sdk import *

MANIFEST = Manifest("fair", "1.0", "集市")
"""
PAGES = """
blueprint = {make}

@hookimpl
def blueprints():
    return [blueprint]
"""
MODEL = """
from sqlalchemy.orm import Mapped, mapped_column, relationship
from core.sdk import Base

class Stall(Base):
    __tablename__ = "{table}"
    id: Mapped[int] = mapped_column(primary_key=True)
    {more}
"""


def declared(text):
    return f"from core.sdk import *\nMANIFEST = Manifest({text})"


def hook(text):
    return f"{GOOD}\n{text}\n"


WRONG = {
    "an import that fails": ("import nowhere_at_all", "No module named 'nowhere_at_all'"),
    "a fault in its code": (hook("1 / 0"), "ZeroDivisionError: division by zero"),
    "an end of the program": (hook("raise SystemExit(2)"), "SystemExit: 2"),
    "pages that are no place": (
        hook("@hookimpl\ndef blueprints(): return ['pages.py']"),
        "blueprints: 'pages.py' is not module:name",
    ),
    "no manifest": ("from core.sdk import *", "its plugin.py has no MANIFEST"),
    "another name": (
        declared("'market', '1', 'x'"),
        "its manifest is called 'market'",
    ),
    "no name": (
        declared("'Fair!', '1', 'x'"),
        "the name 'Fair!' is not made of small letters",
    ),
    "another core": (
        declared("'fair', '1', 'x', core='>=9'"),
        "it works with core >=9, this is ",
    ),
    "no version specifier": (
        declared("'fair', '1', 'x', core='new'"),
        "'new' is no version specifier",
    ),
    "unknown levels": (
        declared("'fair', '1', 'x', levels=('city',)"),
        "unknown levels ('city',)",
    ),
    "a permission of another name": (
        declared("'fair', '1', 'x', permissions=(Permission('edit', 'x'),)"),
        "the permission 'edit' is not called “fair.VERB”",
    ),
    "a permission of unknown roles": (
        declared("'fair', '1', 'x', permissions=(Permission('fair.a', 'x', ('me',)),)"),
        "names unknown roles ['me']",
    ),
    "a misspelt hook": (
        hook("@hookimpl\ndef home_block(tenant): return []"),
        "home_block: there is no hook of this name",
    ),
    "a wrong argument of a hook": (
        hook("@hookimpl\ndef nav_links(tenat): return []"),
        "Argument(s) {'tenat'} are declared in the hookimpl but can not be found in the hookspec",
    ),
    "another hook's name": (
        hook("@hookimpl(specname='nav_links')\ndef links(tenant): return []"),
        "links: the option specname is not allowed",
    ),
    "a wrapper of others": (
        hook("@hookimpl(wrapper=True)\ndef nav_links(tenant): return (yield)"),
        "nav_links: the option wrapper is not allowed",
    ),
    "a blueprint of Flask's": (
        hook("from flask import Blueprint" + PAGES.format(make="Blueprint('plugin_fair', 'x')")),
        "is no PluginBlueprint",
    ),
    "a blueprint of another name": (
        hook(PAGES.format(make="PluginBlueprint(Manifest('market', '1', 'x'), __name__)")),
        "the blueprint plugin_market is not called plugin_fair",
    ),
    "a page outside the tenants": (
        hook(PAGES.format(make="PluginBlueprint(MANIFEST, __name__)")
             + "@blueprint.get('/fair/')\n@open_page\ndef page(): return ''"),
        "the page /fair/ does not lie below /<code>/",
    ),
    "a page that does not say who may see it": (
        hook(PAGES.format(make="PluginBlueprint(MANIFEST, __name__)")
             + "@blueprint.get('/<code>/fair/')\ndef page(): return ''"),
        "the page /<code>/fair/ does not say who may see it",
    ),
    "work in everybody's requests": (
        hook(PAGES.format(make="PluginBlueprint(MANIFEST, __name__)")
             + "@blueprint.before_app_request\ndef look(): pass"),
        "before_app_request would change pages that are not the plugin's",
    ),
    "no job": (hook("@hookimpl\ndef jobs(): return [1]"), "jobs: 1 is no Job"),
    "a job of another name": (
        hook("@hookimpl\ndef jobs(): return [Job('sweep', print)]"),
        "the job sweep is not called fair_…",
    ),
    "no kind": (
        hook("@hookimpl\ndef search_kinds(): return [1]"), "search_kinds: 1 is no SearchKind"
    ),
    "a kind of another name": (
        hook("@hookimpl\ndef search_kinds(): return [SearchKind('item', 'x', print, print)]"),
        "the kind of findable things item is not called fair",
    ),
    "nothing iterable": (
        hook("@hookimpl\ndef jobs(): return 5"), "TypeError: 'int' object is not iterable"
    ),
    "what it requires": (
        declared("'fair', '1', 'x', requires=('market',)"),
        "it requires market, which is not there",
    ),
}  # fmt: skip

# Commands are asked for with the pages, and when one is run.
WRONG_COMMANDS = {
    "no command": (hook("@hookimpl\ndef commands(): return [1]"), "commands: 1 is no command"),
    "a command that it does not have": (
        declared("'fair', '1', 'x', commands={'fair': 'All is fair.'}"),
        "commands: the manifest names fair, the hook gives none",
    ),
    "commands that only a run can tell": (
        declared("'fair', '1', 'x', commands=dict(fair='All is fair.')"),
        "commands: the manifest has to write them out as names and texts",
    ),
}


def checks_of(ran):
    return {check["name"]: check for check in ran.json["checks"]}


def reasons(plugin_factory):
    host = load_plugins(str(plugin_factory.folder))
    return host, {out.name: out.reason for out in host.left_out}


@pytest.mark.parametrize("fault", WRONG)
def test_it_is_left_out_with_a_reason(plugin_factory, fault):
    source, reason = WRONG[fault]
    plugin_factory.write("fair", source)
    plugin_factory.write("good", GOOD.replace("fair", "good"))
    host, left_out = reasons(plugin_factory)
    assert reason in left_out["fair"]
    assert "fair" not in host.plugins
    assert "good" in host.plugins
    assert not host.manager.has_plugin("fair")


@pytest.mark.parametrize("fault", WRONG_COMMANDS)
@pytest.mark.parametrize("by", [list_plugin_commands, LazyPages.load_pages], ids=["run", "pages"])
def test_its_commands_are_looked_at_when_they_are_asked_for(plugin_factory, settings, fault, by):
    source, reason = WRONG_COMMANDS[fault]
    plugin_factory.write("fair", source)
    app = create_app(settings.changed(plugin_folders=str(plugin_factory.folder)))
    host = get_host(app)
    assert "fair" in host.plugins
    by(app)
    assert "fair" not in host.plugins
    (out,) = [out for out in host.left_out if out.name == "fair"]
    assert reason in out.reason


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"models.py": MODEL.format(table="stall", more="")}, "table stall is not called fair_…"),
        (
            {"models.py": MODEL.format(
                table="fair_stall", more="lost: Mapped['Nobody'] = relationship()")},
            "Nobody",
        ),
        (
            {"templates/home.html": "x",
             "translations/zh_Hans_CN/LC_MESSAGES/fair.po": 'msgid ""\nmsgstr ""\n'},
            "the template home.html does not lie in templates/fair/",
        ),
        (
            {"templates/fair/home.html": "x"},
            "translations/zh_Hans_CN/LC_MESSAGES/fair.po is missing",
        ),
    ],
)  # fmt: skip
def test_files_that_break_the_rules_leave_nothing_behind(plugin_factory, settings, files, reason):
    before = known_tables()
    models = "import plugins.fair.models" if "models.py" in files else ""
    plugin_factory.write("fair", GOOD + models, files)
    with plugin_factory.application(settings) as app:
        host = get_host(app)
    (out,) = [out for out in host.left_out if out.name == "fair"]
    assert reason in out.reason
    assert "fair" not in host.plugins
    assert not host.manager.has_plugin("fair")
    assert known_tables() == before


def test_a_plugin_with_wrong_relationships_harms_no_query_of_others(plugin_factory, settings):
    """Not even before it is left out, as soon as pages are loaded."""
    lost = MODEL.format(table="fair_stall", more="lost: Mapped['Nobody'] = relationship()")
    plugin_factory.write("fair", GOOD + "import plugins.fair.models", {"models.py": lost})
    app = create_app(settings.changed(plugin_folders=str(plugin_factory.folder)))
    assert "fair_stall" in known_tables()
    with app.app_context():
        assert isinstance(select(Tenant).compile(), SQLCompiler)
        for feature in ("core.catalog", "core.publishing", "plugins.open_day"):
            check_mappings(feature)
        with pytest.raises(InvalidRequestError, match="Nobody"):
            check_mappings("plugins.fair")


NAMED = hook("@hookimpl\ndef blueprints(): return ['pages.home:blueprint']")
HOME = """
from core.sdk import *
from plugins.fair.plugin import MANIFEST
blueprint = PluginBlueprint(MANIFEST, __name__)

@blueprint.get("/<code>/fair/")
@public_page
def index(ctx: Context):
    return "all is fair"
"""


@pytest.mark.parametrize(
    ("home", "reason"),
    [
        (HOME, ""),
        ("blueprint = 'pages.home:blueprint'", "names another name"),
        ("import nowhere_at_all", "No module named 'nowhere_at_all'"),
        ("", "has no attribute 'blueprint'"),
    ],
)
def test_pages_that_are_named_are_loaded_when_they_are_needed(
    plugin_factory, settings, home, reason
):
    plugin_factory.write("fair", NAMED, {"pages/__init__.py": "", "pages/home.py": home})
    assert "fair" in reasons(plugin_factory)[0].plugins
    with plugin_factory.application(settings) as app:
        host = get_host(app)
        assert [out.reason for out in host.left_out if reason not in out.reason] == []
        assert ("fair" in host.plugins) is not bool(reason)
        assert ("plugin_fair" in app.blueprints) is not bool(reason)


def test_a_label_without_its_chinese_is_a_fault(plugin_factory, settings):
    words = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
    plugin_factory.write(
        "fair",
        "from core.sdk import *\n_l = FeatureText('fair', __name__).lazy_gettext\n"
        "MANIFEST = Manifest('fair', '1', _l('Fair'))",
        {"translations/zh_Hans_CN/LC_MESSAGES/fair.po": words},
    )
    with plugin_factory.application(settings) as app:
        (out,) = [out for out in get_host(app).left_out if out.name == "fair"]
    assert out.reason == "“Fair” has no Chinese translation"


def test_a_second_plugin_of_a_name_is_left_out(plugin_factory, tmp_path):
    plugin_factory.write("fair", GOOD)
    twin = tmp_path / "more" / "fair"
    twin.mkdir(parents=True)
    (twin / "plugin.py").write_text(GOOD)
    host = load_plugins(f"{plugin_factory.folder}:{twin.parent}")
    try:
        (out,) = [out for out in host.left_out if out.name == "fair"]
        assert out.source == str(twin)
        assert out.reason == f"another plugin of this name is at {plugin_factory.folder / 'fair'}"
    finally:
        __import__("plugins").__path__.remove(str(twin.parent))


def test_plugins_that_require_each_other_are_left_out(plugin_factory):
    def needs(name, other):
        return declared(f"'{name}', '1', 'x', requires=('{other}',)")

    plugin_factory.write("egg", needs("egg", "hen"))
    plugin_factory.write("hen", needs("hen", "egg"))
    plugin_factory.write("cock", needs("cock", "hen"))
    host, left_out = reasons(plugin_factory)
    assert {"egg", "hen", "cock"} <= set(left_out)
    assert "circle" in left_out["cock"] + left_out["egg"] + left_out["hen"]
    assert not {"egg", "hen", "cock"} & set(host.plugins)


def test_what_is_required_comes_first(plugin_factory):
    plugin_factory.write(
        "aa_late",
        declared("'aa_late', '1', 'x', requires=('fair',)"),
    )
    plugin_factory.write("fair", GOOD)
    host, _left_out = reasons(plugin_factory)
    names = list(host.plugins)
    assert names.index("fair") < names.index("aa_late")


def test_a_plugin_that_never_finishes_starting_is_left_out(plugin_factory, monkeypatch):
    monkeypatch.setattr("core.plugins.loading.host.LONGEST_START", 0.5)
    plugin_factory.write(
        "fair", hook("@hookimpl\ndef jobs():\n    import time\n    time.sleep(30)")
    )
    _host, left_out = reasons(plugin_factory)
    assert left_out["fair"] == "CallTimeout: no answer in 0.5 s"


def test_pages_that_cannot_be_registered_leave_the_plugin_out(grow):
    twice = PAGES.format(make="PluginBlueprint(MANIFEST, __name__)") + (
        "@blueprint.get('/<code>/fair/', endpoint='x')\n@public_page\ndef one(): return ''\n"
        "@blueprint.get('/<code>/fair/2/', endpoint='x')\n@public_page\ndef two(): return ''\n"
    )
    grown = grow(fair=twice)
    assert "fair" not in grown.host.plugins
    assert "AssertionError" in next(o.reason for o in grown.host.left_out if o.name == "fair")
    PageClient(grown.app).get(grown.url(grown.tree.town, "fair/"), status=404)


def test_the_doctor_and_the_list_name_what_was_left_out(plugin_factory, gongkai):
    plugin_factory.write("fair", "1 / 0")
    options = {"GONGKAI_PLUGIN_FOLDERS": str(plugin_factory.folder)}
    assert gongkai("init", **options).status == 0
    checks = {
        check["name"]: check for check in gongkai("doctor", "--json", **options).json["checks"]
    }
    assert not checks["plugins"]["ok"]
    assert "fair（ZeroDivisionError: division by zero）" in checks["plugins"]["detail"]
    assert checks["plugins"]["remedy"]


def test_migrations_that_fail_stop_neither_the_core_nor_other_plugins(plugin_factory, gongkai):
    plugin_factory.write("fair", GOOD, {"migrations/fair_0001.py": "1 / 0"})
    options = {"GONGKAI_PLUGIN_FOLDERS": str(plugin_factory.folder)}
    ran = gongkai("init", "--json", **options)
    assert ran.status == 0, ran.err
    assert json.loads(ran.out)["revision"]
    assert "migrations of a plugin failed" in ran.err
    checks = {
        check["name"]: check for check in gongkai("doctor", "--json", **options).json["checks"]
    }
    assert not checks["migrations"]["ok"]


def test_only_what_is_on_is_told_from_an_unknown_address(grow):
    pages = PAGES.format(make="PluginBlueprint(MANIFEST, __name__)") + (
        "@blueprint.get('/<code>/fair/')\n@public_page\ndef one(): return {}\n"
    )
    grown = grow(fair=pages)
    here, there = grown.tree.town, grown.tree.sister_town
    grown.say("fair", here)
    client = PageClient(grown.app)
    client.get(grown.url(here, "fair"), status=308)
    client.get(grown.url(there, "fair"), status=404)
    client.post(grown.url(here, "fair/"), status=405)
    client.post(grown.url(there, "fair/"), status=404)
