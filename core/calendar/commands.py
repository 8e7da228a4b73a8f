"""`gongkai calendar …`: the State Council's notices, and how a date comes about."""

from datetime import datetime
from pathlib import Path

import click
from flask_babel import gettext as _

from core.calendar.domain.notice import NoticeError
from core.calendar.labels import explain, say_fault
from core.calendar.service import add_working_days, import_notice
from core.command import command_errors, json_option, print_result, read_input
from core.db.scope import open_session
from core.errors import Invalid
from core.tables.formats.encoding import decode
from core.tables.limits import UnreadableFile


@click.group()
def calendar() -> None:
    """Working days and holidays."""


@calendar.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--year", required=True, type=click.IntRange(2004, 2199), help="The notice's year.")
@json_option
@command_errors
def import_command(file: Path, year: int, *, as_json: bool) -> None:
    """Take over the State Council's notice of a year's holidays (a text file)."""
    try:
        with open_session(None) as session:
            days = import_notice(session, decode(read_input(file), file.name), year)
    except NoticeError as error:
        raise Invalid(say_fault(error), where=file.name) from error
    except UnreadableFile as error:
        raise Invalid(error.message("zh"), where=file.name) from error
    worked = sum(named.is_working for named in days)
    body = {"year": year, "days_off": len(days) - worked, "days_worked": worked}
    text = _(
        "%(year)s: %(off)s days off, %(worked)s weekend days worked",
        year=year, off=len(days) - worked, worked=worked,
    )  # fmt: skip
    print_result(body, as_json=as_json, text=text)


@calendar.command("add")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY")
@click.argument("count", type=click.IntRange(-2500, 2500), metavar="COUNT")
@json_option
@command_errors
def add_command(day: datetime, count: int, *, as_json: bool) -> None:
    """Show which day lies COUNT working days after DAY, and why."""
    derivation = add_working_days(day.date(), count)
    body = {
        "start": derivation.start.isoformat(),
        "count": count,
        "end": derivation.end.isoformat(),
        "is_provisional": derivation.is_provisional,
        "derivation": explain(derivation),
    }
    print_result(body, as_json=as_json, text=lambda: "\n".join(explain(derivation)))
