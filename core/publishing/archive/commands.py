"""`gongkai privacy archive`: look at what is public again, by today's rules for personal data."""

from dataclasses import asdict

import click
from flask_babel import gettext as _

from core.accounts.acting import get_tenant_by_code
from core.command import command_errors, json_option, print_result
from core.publishing.archive.checking import check_archive


@click.command("archive")
@click.option("--tenant", "code", help="The place with everything below it; everywhere without.")
@json_option
@command_errors
def archive_command(code: str | None, *, as_json: bool) -> None:
    """Search texts, lists and files that are public for personal data, by today's rules.

    What was looked at by these rules already is left out: it may be stopped and run again. What is
    found stands on the desk of the places' reviewers. A job does the same when rules change.
    """
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("") as status:
        outcome = check_archive(
            get_tenant_by_code(code) if code else None,
            report=lambda done, left: status.update(f"{done} / {done + left}"),
        )
    text = _(
        "%(checked)s looked at, %(found)s groups of personal data to decide about, %(left)s left",
        **asdict(outcome),
    )
    print_result(asdict(outcome), as_json=as_json, text=text)
