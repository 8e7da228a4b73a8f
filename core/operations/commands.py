"""`gongkai init | serve | worker | doctor`: installing and running."""

import sys
from collections.abc import Sequence
from typing import NoReturn

import click
from flask import current_app
from flask_babel import gettext as _

from core.command import command_errors, json_option, print_note, print_result
from core.db.engine import db
from core.db.locks import held_lock
from core.db.migrate import upgrade_database
from core.errors import Conflict, Invalid
from core.operations.checks import Check, list_faults, run_checks
from core.operations.page_reports import check_pages
from core.operations.safety import run_safety_checks
from core.operations.worker import run_worker
from core.search.engines.base import BackendUnavailableError
from core.search.indexing.reconcile import prepare
from core.search.registry import search_engine
from core.settings import current_settings
from core.storage.private import restrict
from core.web.site.lazy_pages import load_all_pages

# Two that set up the same installation do so one after the other.
INIT, LONGEST_INIT = "init", 300.0


@click.command()
@json_option
@command_errors
def init(*, as_json: bool) -> None:
    """Create or upgrade database, data folders and search index; may be run again."""
    restrict(current_settings().data_dir)
    load_all_pages()  # nothing is set up for a plugin that is left out
    engine = search_engine()
    with held_lock(INIT, wait=LONGEST_INIT) as is_alone:
        if not is_alone:
            raise Conflict(_("Another process is setting up this installation."), where="init")
        revision = upgrade_database()
        for side in engine.per_backend():
            try:
                prepare(side)
            except BackendUnavailableError as error:  # the worker makes up for it
                print_note(f"{side.backend.name}: {error}")
    body = {
        "database": db.engine.dialect.name,
        "revision": revision,
        "search": engine.backend.name,
    }
    print_result(body, as_json=as_json, text=f"{body['database']} {revision}")


@click.command()
@command_errors
def worker() -> None:
    """Run background jobs and search indexing."""
    load_all_pages()  # no job of a plugin that is left out is run
    sys.exit(run_worker(current_app._get_current_object()))  # type: ignore[attr-defined]  # noqa: SLF001 - the child has no context of its own


@click.command()
@json_option
@command_errors
def doctor(*, as_json: bool) -> None:
    """Check configuration, database, search, files, workers, safety; each with a remedy."""
    found = [*run_checks(current_app), check_pages(current_settings())]
    ready = all(check.ok for check in found if check.name in {"database", "migrations"})
    _answer([*found, *run_safety_checks(database_ready=ready)], as_json=as_json)


def diagnose(error: Invalid, *, as_json: bool) -> NoReturn:
    """Answer for the doctor where the program cannot start with its configuration."""
    _answer(list_faults(error), as_json=as_json)
    sys.exit(1)


def _answer(checks: Sequence[Check], *, as_json: bool) -> None:
    marks = {check.name: "✗" if not check.ok else "!" if check.remedy else "✓" for check in checks}
    lines = (f"{marks[c.name]} {c.name}: {c.detail} {c.remedy}".rstrip() for c in checks)
    print_result(
        {"checks": [check.as_dict() for check in checks]},
        as_json=as_json,
        text=lambda: "\n".join(lines),
    )
    if not all(check.ok for check in checks):
        sys.exit(1)
