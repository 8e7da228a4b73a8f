"""`gongkai publication …`: bulk import."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from core.accounts.acting import acting_as, as_option, get_tenant_by_code, tenant_option
from core.command import command_errors, json_option, print_note, print_result, read_input
from core.db.scope import Scope, open_session
from core.db.turns import WriterTurns
from core.publishing.importing.files import LineFiles
from core.publishing.importing.importer import PublicationImport
from core.publishing.importing.lines import decode
from core.publishing.importing.outcomes import ImportReport
from core.settings import current_settings
from core.storage.files import current_files


@click.group(help="Publications.")
def publication() -> None:
    """Group the publication commands."""


@publication.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@tenant_option
@click.option("--approve", is_flag=True, help="Publish at once, as the operator.")
@as_option
@json_option
@command_errors
def import_command(
    file: Path, code: str, username: str | None, *, approve: bool, as_json: bool
) -> None:
    """Take in many publications, one JSON object on each line of FILE.

    A line goes to the tenant of its code (CODE or below it). The same id again updates what
    differs. Rejected lines say why; the rest goes in, a few lines at a time, so that others can
    save meanwhile. An import that was interrupted goes on when it is run again.
    """
    settings = current_settings()
    text = decode(read_input(file), file.name)
    actor, tenant = acting_as(username), get_tenant_by_code(code)
    files = LineFiles(file.parent, current_files(), settings.max_upload_bytes)
    scope = Scope.subtree(tenant, purpose="publication import")
    with open_session(scope) as session, _progress(text.count("\n") + 1) as progress:
        run = PublicationImport(
            session, actor, tenant, approve=approve, files=files,
            turns=WriterTurns(session), progress=progress,
        )  # fmt: skip
        report = run.run(text)
    _answer(report, as_json=as_json)
    if report.rejected:
        sys.exit(1)


@contextmanager
def _progress(lines: int) -> Iterator[Callable[[int], None]]:
    """Show a progress bar on standard error if that is a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=lines)
        yield lambda done: bar.advance(task, done)


def _answer(report: ImportReport, *, as_json: bool) -> None:
    body = report.as_dict()
    for rejection in report.rejected:
        print_note(f"{rejection.line}: {rejection.reason}")
    text = (
        f"+{report.created} ~{report.updated} ={report.unchanged} "
        f"✗{len(report.rejected)} ⚠{len(report.findings)}"
    )
    print_result(body, as_json=as_json, text=text)
