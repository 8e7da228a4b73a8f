"""The program `gongkai`: commands of the features, thin over their services."""

import sys
from contextlib import suppress
from typing import cast

import click
from flask import Flask

from core.accounts.commands import user
from core.app import create_app
from core.authoring.commands import check_command, new_command
from core.calendar.commands import calendar
from core.catalog.cli.commands import catalog
from core.command import report
from core.errors import Invalid
from core.notifications.commands import notice
from core.onboarding.commands import apply_command
from core.operations.commands import diagnose, doctor, init, serve, worker
from core.operations.demo import demo
from core.plugins.admin.commands import plugin
from core.plugins.loading.registration import list_plugin_commands
from core.publishing.commands import publication
from core.retention.commands import retention
from core.search.cli.commands import search_command
from core.storage.private import write_privately
from core.tenancy.commands import tenant
from core.webhooks.commands import webhook

_APPLICATION = "core.cli.application"


class CommandGroup(click.Group):
    """The core's commands, and those of the plugins behind them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands; a program that cannot start knows the core's only."""
        with suppress(Invalid):
            return sorted({*self.commands, *list_plugin_commands(_application_of(ctx))})
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the core's command of a name, else a plugin's."""
        found = super().get_command(ctx, cmd_name)
        if found is None:
            with suppress(Invalid):
                return list_plugin_commands(_application_of(ctx)).get(cmd_name)
        return found


@click.group(cls=CommandGroup)
@click.pass_context
def cli(context: click.Context) -> None:
    """Gongkai 公开: open government affairs for counties, townships and villages."""
    try:
        context.with_resource(_application_of(context).app_context())
    except Invalid as error:
        as_json = "--json" in sys.argv  # the command is not parsed yet
        if context.invoked_subcommand == doctor.name:
            diagnose(error, as_json=as_json)
        report(error, as_json=as_json)
        sys.exit(1)


def _application_of(context: click.Context) -> Flask:
    """Return the application of this run, made once."""
    made = context.meta.get(_APPLICATION)
    if made is None:
        made = context.meta[_APPLICATION] = application()
    return cast(Flask, made)


def application() -> Flask:
    """Make the application of the environment; raises `Invalid` that names what is set wrong."""
    write_privately()
    try:
        return create_app()
    except OSError as error:  # of all files, only the data folder's are touched yet
        raise Invalid({"GONGKAI_DATA_DIR": f"{error.filename}: {error.strerror}"}) from error


for command in (
    user, init, demo, doctor, serve, worker, tenant, catalog, plugin, publication, search_command,
    notice, retention, webhook, calendar,
):  # fmt: skip
    cli.add_command(command)

tenant.add_command(apply_command)
plugin.add_command(new_command)
plugin.add_command(check_command)


def main() -> None:
    """Run the program; usage errors end in 2."""
    sys.exit(cli(prog_name="gongkai"))


if __name__ == "__main__":
    main()
