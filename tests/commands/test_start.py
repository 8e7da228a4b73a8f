"""What the program loads before it is asked for anything: heavy libraries wait for their use."""

import json
import os
import subprocess
import sys

import click
import pytest

from core.app import create_app
from core.cli import COMMANDS, cli
from core.settings import resource

# Libraries that few pages and few commands need.
HEAVY = {
    "PIL", "alembic", "chinese_calendar", "docx", "feedgenerator", "huey", "icalendar", "lunardate",
    "meilisearch", "olefile", "opencc", "openpyxl", "pikepdf", "puremagic", "pydantic",
    "pydantic_settings", "pypdfium2", "pypinyin", "requests", "rich", "rjieba", "segno",
    "structlog", "xlrd",
}  # fmt: skip
# What a list of commands needs not even once.
WHOLE = HEAVY | {
    "argon2", "dotenv", "flask", "flask_babel", "jinja2", "lxml", "marshmallow", "nh3", "obstore",
    "pluggy", "pydantic_core", "sqlalchemy", "tantivy", "werkzeug", "wtforms",
}  # fmt: skip


def load(code, **environment):
    """Run code in a process of its own; the names of the modules that it has loaded."""
    told = "\nimport json, sys\nprint('\\n' + json.dumps(list(sys.modules)), file=sys.stderr)"
    ran = subprocess.run(
        [sys.executable, "-c", code + told],
        env=os.environ | environment,
        cwd=resource(),
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout, set(json.loads(ran.stderr.splitlines()[-1]))


def packages(modules):
    return {name.partition(".")[0] for name in modules}


HELP = """
from core.cli import cli
cli(["--help"], prog_name="gongkai", standalone_mode=False)
"""


@pytest.fixture
def here(tmp_path):
    return {"GONGKAI_DATA_DIR": str(tmp_path / "data")}


def test_an_application_loads_no_heavy_library(here):
    _out, modules = load("from core.app import create_app\ncreate_app()", **here)
    assert packages(modules) & HEAVY == set()


# What waits for its use though it is our own: pages and commands of plugins, engines, lists, what
# redacts, and everything that jobs do.
LATE = (
    "core.catalog.effective", "core.catalog.search.documents", "core.charts.pages",
    "core.notifications.sending", "core.plugins.calls.validation", "core.publishing.article",
    "core.publishing.body.markup", "core.publishing.guard.service", "core.publishing.jobs",
    "core.retention.service", "core.tables.pasted.reading", "core.webhooks.delivery",
    "core.wiring.background", "plugins.feeds.views", "plugins.notice_board.views",
    "plugins.service_map.commands", "plugins.supervisor_evaluation.commands",
    "core.panels.sheets", "core.privacy.domain.scanning", "core.search.answering.service",
    "core.search.engines.embedded.backend", "core.search.query.vocabulary",
    "core.tables.lists.source", "plugins.open_day.demo", "plugins.open_day.console.annual_plan",
    "plugins.open_day.public.events", "plugins.service_map.importing.reading",
    "plugins.service_map.public.listing", "plugins.supervisor_evaluation.console.navigation",
    "plugins.supervisor_evaluation.public.scoring",
)  # fmt: skip


def test_an_application_loads_little_before_it_is_asked(here):
    _out, modules = load("from core.app import create_app\ncreate_app()", **here)
    assert modules & set(LATE) == set()
    _out, modules = load("import core.wsgi", **here)
    # Workers share all of it, but for what is done once or hardly ever.
    seldom = {"plugins.open_day.demo", "core.panels.sheets"}
    assert {name for name in LATE if name not in modules} <= seldom


PAGES = """
from core.app import CONSOLE, PUBLIC, create_app
import sys
app = create_app()
homes = {home.partition(":")[0] for home in (*PUBLIC, *CONSOLE)}
homes -= {"core.charts.pages", "core.web.server"}  # what others use stands there, too
loaded = lambda: sorted(homes & set(sys.modules))
print(loaded())
with app.test_request_context():
    app.url_for("publishing.show", code="990101", id=1)
print({home for home in homes & set(sys.modules) if ".console" in home})
app.load_pages()
print(len(app.blueprints) > len(homes), loaded() == sorted(homes))
"""


def test_pages_are_loaded_when_an_address_or_a_request_needs_them(here):
    out, _modules = load(PAGES, **here)
    assert out.splitlines() == ["[]", "set()", "True True"]


def test_pages_are_always_in_the_same_order(app, settings):
    other = create_app(settings)
    with other.test_request_context():
        other.url_for("publishing_review.queue", code="990101")
    assert list(other.blueprints) == list(app.blueprints)[: len(other.blueprints)]
    other.load_pages()
    assert list(other.blueprints) == list(app.blueprints)


GARBAGE = """
import gc, sys
collections = []
gc.callbacks.append(lambda *_: collections.append("core.models" in sys.modules))
from core.app import create_app
create_app()
gc.callbacks.clear()
print(any(collections), gc.isenabled(), gc.get_freeze_count() > 100_000)
"""


def test_nothing_looks_for_garbage_while_the_program_is_loaded(here):
    out, _modules = load(GARBAGE, **here)
    assert out.split() == ["False", "True", "True"]


def test_an_application_loads_no_dialect_that_it_does_not_speak(here):
    _out, modules = load("from core.app import create_app\ncreate_app()", **here)
    assert "sqlalchemy.dialects.postgresql" not in modules


def test_workers_share_the_dictionaries_of_searches(here):
    _out, modules = load("import core.wsgi", **here)
    assert {"opencc", "pypinyin", "rjieba"} <= packages(modules)


def test_a_list_of_commands_loads_no_application(here):
    out, modules = load(HELP, **here)
    assert "Working days and holidays." in out
    assert packages(modules) & WHOLE == set()
    assert {name for name in modules if name.startswith("plugins.")} == set()


def test_what_the_list_says_is_what_the_commands_say():
    for name, entry in COMMANDS.items():
        command = entry.load()
        assert command.name == name
        assert entry.help == command.get_short_help_str(1_000)
        inner = command.commands if isinstance(command, click.Group) else {name: command}
        assert {*entry.bare, *entry.data} <= set(inner)


PLUGIN = """
from core.sdk import Manifest, hookimpl
import click

MANIFEST = Manifest("fair", "1.0", "集市"{named})

@hookimpl
def commands():
    return [click.Command("fair", help="All is fair.", callback=lambda: click.echo("fair"))]
"""


@pytest.mark.parametrize("named", [True, False], ids=["in its manifest", "nowhere"])
def test_commands_of_plugins_are_listed_and_run(here, tmp_path, named):
    folder = tmp_path / "more" / "fair"
    folder.mkdir(parents=True)
    words = ", commands={'fair': 'All is fair.'}" if named else ""
    (folder / "plugin.py").write_text(PLUGIN.format(named=words), encoding="utf-8")
    place = here | {"GONGKAI_PLUGIN_FOLDERS": str(folder.parent)}
    out, modules = load(HELP, **place)
    assert ["fair", "All", "is", "fair."] in [line.split() for line in out.splitlines()]
    assert ("plugins.fair.plugin" in modules) is not named
    out, _modules = load(HELP.replace("--help", "fair"), **place)
    assert out.strip() == "fair"


def test_a_command_without_application_opens_no_database(here):
    table = resource("tests", "commands", "conftest.py")
    code = f"""
from core.cli import cli
try:
    cli(["catalog", "read", {str(table)!r}])
except SystemExit:
    pass
"""
    _out, modules = load(code, **here)
    assert "core.app" not in modules
    assert {name for name in modules if name.startswith("plugins.")} == set()


INIT = """
import sys
from core.cli import main
sys.argv = ["gongkai", "init"]
try:
    main()
except SystemExit:
    pass
"""


@pytest.mark.parametrize(
    "arguments",
    [["tenant", "list", "--json"], ["calendar", "add", "2026-03-02", "20"], ["webhook", "list"]],
    ids=" ".join,
)
def test_a_command_on_data_alone_loads_no_pages_and_says_the_same(here, arguments):
    load(INIT, **here)
    run = f"from core.cli import cli\ncli({arguments!r}, standalone_mode=False)"
    out, modules = load(run, **here)
    assert "core.app" not in modules
    assert {name for name in modules if name.startswith("plugins.")} == set()
    whole = "import core.cli as c\nc.LazyCommand.find_parts = lambda *_: c.Parts.ALL\n"
    assert load(whole + run, **here)[0] == out


def test_every_command_is_there(app):
    with click.Context(cli) as context:
        assert set(COMMANDS) <= set(cli.list_commands(context))  # plugins have more
        assert all(cli.get_command(context, name) for name in COMMANDS)
        assert cli.get_command(context, "no-such-command") is None
