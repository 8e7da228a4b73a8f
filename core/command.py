"""What every command shares: an application, sessions, the actor, `--json`, exit statuses."""

import functools
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError

from core.errors import Conflict, GongkaiError, Invalid
from core.outages.detection import Outage, find_outage
from core.settings import current_settings

F = TypeVar("F", bound=Callable[..., Any])

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")


def print_result(data: Any, *, as_json: bool, text: str | Callable[[], str]) -> None:
    """Print the answer: the document under `--json`, else the text."""
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    click.echo(text() if callable(text) else text)


def print_note(message: str) -> None:
    """Print a message beside the answer, on standard error."""
    click.echo(message, err=True)


def command_errors(function: F) -> F:
    """Turn an expected failure into a message, or a JSON error, and exit status 1."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            with with_locale():
                return function(*args, **kwargs)
        except GongkaiError as error:
            report(error, as_json=bool(kwargs.get("as_json")))
        except (IntegrityError, DataError):
            raise  # a fault of ours, not of the database
        except (DatabaseError, OSError) as error:
            outage = find_outage(error)
            if outage is None and not isinstance(error, DatabaseError):
                raise
            print_note(str(getattr(error, "orig", error)))
            with with_locale():
                conflict = Conflict(_explain(outage), where="database")
            report(conflict, as_json=bool(kwargs.get("as_json")))
        sys.exit(1)

    return wrapper  # type: ignore[return-value]  # functools.wraps keeps the signature


def _explain(outage: Outage | None) -> str:
    if outage is Outage.BUSY:
        return str(_("Others are writing to the database. Run the command again in a moment."))
    if outage is Outage.FULL:
        return str(_("The disk is full. Make room, then run the command again."))
    asked = _(
        "The database does not answer as expected."
        " Run `gongkai init`, or `gongkai doctor` to see what is wrong."
    )
    return str(asked)


@contextmanager
def with_locale() -> Iterator[None]:
    """Run with the installation's language, outside any request."""
    with force_locale(current_app.config["BABEL_DEFAULT_LOCALE"]):
        yield


def read_input(path: Path) -> bytes:
    """Bytes of an input file; raises `Invalid` that names one that is missing or too large."""
    limit = current_settings().max_upload_bytes
    try:
        if path.stat().st_size > limit:
            megabytes = f"{limit / 2**20:.3g}"
            message = _("%(file)s is larger than %(n)s MB.", file=path.name, n=megabytes)
            raise Invalid(message, where=str(path))
        return path.read_bytes()
    except OSError as error:
        raise Invalid(f"{path}: {error.strerror}", where=str(path)) from error


def report(error: GongkaiError, *, as_json: bool) -> None:
    """Print an expected failure: on standard error, or as a document under `--json`."""
    if not as_json:
        click.echo(error.message, err=True)
        return
    body: dict[str, Any] = {"code": error.code, "message": error.message, "where": error.where}
    if isinstance(error, Invalid) and error.fields:
        body["fields"] = error.fields
    click.echo(json.dumps({"error": body}, ensure_ascii=False, indent=2))
