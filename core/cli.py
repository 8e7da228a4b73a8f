"""The program `gongkai`: commands of the features, thin over their services."""

import sys

import click
from flask import Flask

from core.accounts.commands import user
from core.app import create_app
from core.catalog.commands import catalog
from core.command import report
from core.errors import Invalid
from core.onboarding.commands import apply_command
from core.operations.commands import diagnose, doctor, init, serve, worker
from core.operations.demo import demo
from core.publishing.commands import publication
from core.search.commands import search_command
from core.tenancy.commands import tenant


@click.group()
@click.pass_context
def cli(context: click.Context) -> None:
    """Gongkai 公开: open government affairs for counties, townships and villages."""
    try:
        context.with_resource(application().app_context())
    except Invalid as error:
        as_json = "--json" in sys.argv  # the command is not parsed yet
        if context.invoked_subcommand == doctor.name:
            diagnose(error, as_json=as_json)
        report(error, as_json=as_json)
        sys.exit(1)


def application() -> Flask:
    """The application of the environment; raises `Invalid` that names what is set wrong."""
    try:
        return create_app()
    except OSError as error:  # of all files, only the data folder's are touched yet
        raise Invalid({"GONGKAI_DATA_DIR": f"{error.filename}: {error.strerror}"}) from error


for command in (
    user, init, demo, doctor, serve, worker, tenant, catalog, publication, search_command,
):  # fmt: skip
    cli.add_command(command)

tenant.add_command(apply_command)


def main() -> None:
    """Run the program; usage errors end in 2."""
    sys.exit(cli(prog_name="gongkai"))


if __name__ == "__main__":
    main()
