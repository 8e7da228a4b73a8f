"""The program `gongkai`: commands of the features, thin over their services."""

import sys

import click

from core.accounts.commands import user
from core.app import create_app
from core.catalog.commands import catalog
from core.onboarding.commands import apply_command
from core.operations.commands import doctor, init, serve, worker
from core.operations.demo import demo
from core.publishing.commands import publication
from core.search.commands import search_command
from core.tenancy.commands import tenant


@click.group()
@click.pass_context
def cli(context: click.Context) -> None:
    """Gongkai 公开: open government affairs for counties, townships and villages."""
    context.with_resource(create_app().app_context())


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
