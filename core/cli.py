"""The program `gongkai`: commands of the features, thin over their services.

A command is loaded when it is asked for, and the application is made when a command runs: what
`--help` says stands here, and in the manifests of plugins.
"""

import copy
import functools
import gc
import sys
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from flask import Flask

_APPLICATION = "core.cli.application"
DOCTOR = "doctor"


class Parts(Enum):
    """What a command needs of the application."""

    BARE = "settings and messages"
    DATA = "the database beside them"
    ALL = "plugins and pages, too"


class LazyCommand(NamedTuple):
    """Where a command of the core is, and what it says of itself in a list of commands.

    `inner` are commands of other features that stand below it. `bare` names those that need no
    database, no plugins and no pages: settings and messages are enough. `data` names those that
    need the database beside them, but neither plugins nor addresses of pages.
    """

    home: str
    help: str
    inner: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    data: tuple[str, ...] = ()

    def find_parts(self, command: click.Command) -> Parts:
        """Return what this command, or one below it, needs of the application."""
        if command.name in self.bare:
            return Parts.BARE
        return Parts.DATA if command.name in self.data else Parts.ALL

    def load(self) -> click.Command:
        """Import the command."""
        command = _import(self.home)
        if isinstance(command, click.Group):
            for home in self.inner:
                command.add_command(_import(home))
        return command


def _import(home: str) -> click.Command:
    module, _, name = home.partition(":")
    command: click.Command = getattr(import_module(module), name)
    return command


COMMANDS = {
    "calendar": LazyCommand(
        "core.calendar.commands:calendar", "Working days and holidays.", data=("add", "import")
    ),
    "catalog": LazyCommand(
        "core.catalog.cli.commands:catalog",
        "Standard catalogs: layers, what they change, and what a tenant has of them.",
        bare=("read",),
    ),
    "demo": LazyCommand(
        "core.operations.demo:demo",
        "Load the demonstration county and serve it; may be run again.",
    ),
    DOCTOR: LazyCommand(
        "core.operations.commands:doctor",
        "Check configuration, database, search, files, workers, safety; each with a remedy.",
    ),
    "init": LazyCommand(
        "core.operations.commands:init",
        "Create or upgrade database, data folders and search index; may be run again.",
    ),
    "notice": LazyCommand(
        "core.notifications.commands:notice",
        "Notices to people: what failed, and sending it again.",
    ),
    "plugin": LazyCommand(
        "core.plugins.admin.commands:plugin",
        "Plugins: what is on where.",
        inner=("core.authoring.commands:new_command", "core.authoring.commands:check_command"),
        bare=("new",),
    ),
    "privacy": LazyCommand(
        "core.publishing.guard.commands:privacy",
        "Personal data in files: find it, write a masked copy.",
        inner=("core.publishing.archive.commands:archive_command",),
        bare=("scan",),
    ),
    "publication": LazyCommand("core.publishing.commands:publication", "Publications."),
    "publish-static": LazyCommand(
        "core.static_pages.commands:publish_static",
        "Write public pages ahead, for the web server to send by itself.",
    ),
    "retention": LazyCommand(
        "core.retention.commands:retention",
        "Personal data: how long it is kept, and erasing it.",
    ),
    "search": LazyCommand(
        "core.search.cli.commands:search_command",
        "Search as the box on CODE's page does, or look after the index.",
    ),
    "serve": LazyCommand(
        "core.operations.server:serve", "Serve the portals with gunicorn.", bare=("serve",)
    ),
    "tenant": LazyCommand(
        "core.tenancy.commands:tenant",
        "Tenants: counties, townships, villages.",
        inner=("core.onboarding.commands:apply_command",),
        data=("list",),
    ),
    "user": LazyCommand("core.people.commands:user", "People who sign in."),
    "webhook": LazyCommand(
        "core.webhooks.commands:webhook", "Other systems that are told of changes.", data=("list",)
    ),
    "worker": LazyCommand(
        "core.operations.commands:worker", "Run background jobs and search indexing."
    ),
}


class CommandGroup(click.Group):
    """The core's commands, and those of the plugins behind them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands; a program that cannot start knows the core's only."""
        return sorted({*COMMANDS, *_list_plugin_helps(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the core's command of a name, else a plugin's."""
        entry = COMMANDS.get(cmd_name)
        if entry is not None:
            return _within_application(entry.load(), entry)
        with suppress(click.exceptions.Exit):
            return _load_plugin_commands(ctx).get(cmd_name)
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from what is known of them; none is loaded for that."""
        helps = _list_plugin_helps(ctx) | {name: entry.help for name, entry in COMMANDS.items()}
        room = formatter.width - 6 - max(map(len, helps))
        listed = [click.Command(name, help=text) for name, text in sorted(helps.items())]
        with formatter.section("Commands"):
            formatter.write_dl([(str(one.name), one.get_short_help_str(room)) for one in listed])


def _list_plugin_helps(context: click.Context) -> dict[str, str]:
    """Return short helps of the plugins' commands; of those that name none, by loading them."""
    from core.errors import Invalid
    from core.plugins.loading.commands import list_named_commands
    from core.settings import load_settings

    with suppress(Invalid):
        named = list_named_commands(load_settings().plugin_folders)
        if not named.has_unnamed:
            return named.helps
        loaded = _load_plugin_commands(context)
        return {name: command.get_short_help_str(1_000) for name, command in loaded.items()}
    return {}


def _load_plugin_commands(context: click.Context) -> dict[str, click.Command]:
    from core.errors import Invalid
    from core.plugins.loading.registration import list_plugin_commands

    with suppress(Invalid):
        found = list_plugin_commands(_make_application(context))
        return {name: _within_application(each) for name, each in found.items()}
    return {}


def _within_application(command: click.Command, entry: LazyCommand | None = None) -> click.Command:
    """Return a command whose runs, and those of all below it, are in the application's context.

    A copy: the command itself is its module's, and may be run within another application.
    """
    wrapped = copy.copy(command)
    if isinstance(wrapped, click.Group):
        inner = wrapped.commands.items()
        wrapped.commands = {name: _within_application(each, entry) for name, each in inner}
    elif wrapped.callback:
        parts = entry.find_parts(command) if entry else Parts.ALL
        wrapped.callback = _with_application(wrapped.callback, parts)
    return wrapped


def _with_application(callback: Callable[..., Any], parts: Parts) -> Callable[..., Any]:
    @functools.wraps(callback)
    def run(*args: Any, **kwargs: Any) -> Any:
        context = click.get_current_context()
        _enter_application(context, parts, as_json=bool(kwargs.get("as_json")))
        return callback(*args, **kwargs)

    return run


def _enter_application(context: click.Context, parts: Parts, *, as_json: bool) -> None:
    """Open the application's context; a wrong configuration is told, and ends the program."""
    from core.command import report
    from core.errors import Invalid

    root = context.find_root()
    try:
        root.with_resource(_make_application(root, parts).app_context())
    except Invalid as error:
        if root.invoked_subcommand == DOCTOR:
            from core.operations.commands import diagnose

            diagnose(error, as_json=as_json)
        report(error, as_json=as_json)
        sys.exit(1)


def _make_application(context: click.Context, parts: Parts = Parts.ALL) -> "Flask":
    """Return the application of this run, made once."""
    meta = context.find_root().meta
    made: Flask | None = meta.get(_APPLICATION)
    if made is None:
        made = meta[_APPLICATION] = application(parts)
    return made


def application(parts: Parts = Parts.ALL) -> "Flask":
    """Make the application of the environment; raises `Invalid` that names what is set wrong."""
    from core.errors import Invalid
    from core.storage.private import write_privately

    write_privately()
    try:
        if parts is Parts.ALL:
            from core.app import create_app

            return create_app()
        from core.web.configuration import create_bare_app

        app = create_bare_app()
    except OSError as error:  # of all files, only the data folder's are touched yet
        raise Invalid({"GONGKAI_DATA_DIR": f"{error.filename}: {error.strerror}"}) from error
    if parts is Parts.DATA:
        _open_database(app)
    return app


def _open_database(app: "Flask") -> None:
    """Give an application the database, and what follows each change of it."""
    import core.models  # noqa: F401 - every table is known before the first query
    from core.db.engine import init_database
    from core.settings import Settings
    from core.static_pages.falling import init_static_pages

    settings: Settings = app.extensions["gongkai"]
    init_database(app, settings.database_url)
    init_static_pages(app, settings)


@click.group(cls=CommandGroup)
def cli() -> None:
    """Gongkai 公开: open government affairs for counties, townships and villages."""


def main() -> None:
    """Run the program; usage errors end in 2."""
    try:
        sys.exit(cli(prog_name="gongkai"))
    finally:
        gc.freeze()  # the process ends: nothing has to be looked through for garbage


if __name__ == "__main__":
    main()
