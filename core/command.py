"""What every command shares: an application, sessions, the actor, `--json`, exit statuses."""

import functools
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError, ProgrammingError

from core.errors import Conflict, GongkaiError, Invalid

F = TypeVar("F", bound=Callable[..., Any])

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")


def emit(data: Any, *, as_json: bool, text: str | Callable[[], str]) -> None:
    """Print the answer: the document under `--json`, else the text."""
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    click.echo(text() if callable(text) else text)


def note(message: str) -> None:
    """A message beside the answer, on standard error."""
    click.echo(message, err=True)


def command_errors(function: F) -> F:
    """Turn an expected failure into a message, or a JSON error, and exit status 1."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            with speaking():
                return function(*args, **kwargs)
        except GongkaiError as error:
            _report(error, as_json=bool(kwargs.get("as_json")))
        except (OperationalError, ProgrammingError) as error:
            with speaking():
                message = _("The database does not answer as expected. Run `gongkai init`.")
            note(str(error.orig))
            _report(Conflict(message), as_json=bool(kwargs.get("as_json")))
        sys.exit(1)

    return wrapper  # type: ignore[return-value]  # functools.wraps keeps the signature


@contextmanager
def speaking() -> Iterator[None]:
    """Run with the installation's language, outside any request."""
    with force_locale(current_app.config["BABEL_DEFAULT_LOCALE"]):
        yield


def _report(error: GongkaiError, *, as_json: bool) -> None:
    if not as_json:
        click.echo(error.message, err=True)
        return
    body: dict[str, Any] = {"code": error.code, "message": error.message, "where": error.where}
    if isinstance(error, Invalid) and error.fields:
        body["fields"] = error.fields
    click.echo(json.dumps({"error": body}, ensure_ascii=False, indent=2))
