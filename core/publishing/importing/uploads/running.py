"""The job's part of imports in the browser: documents are read, then rows are stored."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, undefer

from core.db.turns import WriterTurns
from core.errors import Invalid
from core.publishing.batches.models import BatchRow, BatchState, PublicationBatch
from core.publishing.batches.service import finish
from core.publishing.importing.files import LineFiles
from core.publishing.importing.outcomes import LineOutcome
from core.publishing.importing.uploads.columns import name_columns
from core.publishing.importing.uploads.documents import read_document
from core.publishing.importing.uploads.reading import to_title
from core.publishing.importing.uploads.service import (
    SKIP,
    build_importer,
    list_lines,
    load_rows,
    plan_rows,
)
from core.settings import current_settings
from core.storage.files import current_files
from core.web.context import Context


def run_import(ctx: Context, batch: PublicationBatch, turns: WriterTurns) -> None:
    """Read the documents of an upload, or store its rows; each is committed by itself."""
    if batch.state == BatchState.READING:
        _read_documents(ctx, batch, turns)
    else:
        _store(ctx, batch, turns)


def _read_documents(ctx: Context, batch: PublicationBatch, turns: WriterTurns) -> None:
    """Read one document after the other; nothing is locked meanwhile."""
    number, most = batch.id, current_settings().max_upload_bytes
    query = select(BatchRow.id, BatchRow.title).where(
        BatchRow.batch_id == number, BatchRow.source.is_not(None)
    )
    waiting = turns.take(lambda: ctx.session.execute(query.order_by(BatchRow.number)).all())
    for row, name in waiting:
        data = turns.take(partial(_load_source, ctx.session, row))
        line, fault = _read(name, data, most)
        turns.take(partial(_keep_document, ctx.session, row, line, fault))
    turns.take(partial(_show, ctx, number))


def _load_source(session: Session, row: int) -> bytes:
    return session.scalar(select(BatchRow.source).where(BatchRow.id == row)) or b""


def _read(name: str, data: bytes, most: int) -> tuple[dict[str, Any] | None, str]:
    """Return the fields of a document, or why it cannot be read."""
    try:
        line, remarks = read_document(name, data, most_bytes=most)
    except Invalid as error:
        return None, error.message
    return {**line, "remarks": remarks}, ""


def _keep_document(session: Session, number: int, line: dict[str, Any] | None, fault: str) -> None:
    row = session.get_one(BatchRow, number)
    row.source, row.line, row.message = None, line, fault
    row.plan = "error" if fault else ""
    if line is not None:
        row.title = to_title(line)


def _show(ctx: Context, number: int) -> None:
    ctx.session.expire_all()
    batch = ctx.session.get_one(PublicationBatch, number)
    plan_rows(ctx, batch, load_rows(ctx.session, batch))
    batch.state = BatchState.PREVIEW


def _store(ctx: Context, batch: PublicationBatch, turns: WriterTurns) -> None:
    """Store what has no outcome yet; rows that are left out, or wrong, say so first."""
    number = batch.id
    turns.take(partial(_close_others, ctx.session, number))
    query = select(BatchRow).options(undefer(BatchRow.line))
    query = query.where(BatchRow.batch_id == number, BatchRow.outcome == "")
    rows = list(ctx.session.scalars(query.order_by(BatchRow.number)))
    with TemporaryDirectory() as folder:  # pictures stand in the texts; no file lies beside
        files = LineFiles(Path(folder), current_files(), current_settings().max_upload_bytes)
        note = partial(_note_outcomes, ctx.session, number)
        importer = build_importer(ctx, rows, files=files, turns=turns, note_outcomes=note)
        importer.run_lines(list(list_lines(ctx, batch, rows)))
    turns.take(lambda: finish(ctx.session.get_one(PublicationBatch, number)))


def _close_others(session: Session, number: int) -> None:
    mine = (BatchRow.batch_id == number, BatchRow.outcome == "")
    quiet = {"synchronize_session": False}
    skipped = update(BatchRow).where(*mine, BatchRow.choice == SKIP)
    session.execute(skipped.values(outcome="skipped", line=None), execution_options=quiet)
    wrong = update(BatchRow).where(*mine, BatchRow.plan == "error")
    session.execute(wrong.values(outcome="rejected", line=None), execution_options=quiet)


def _note_outcomes(session: Session, number: int, outcomes: Mapping[int, LineOutcome]) -> None:
    """Write what became of lines, in the transaction that stores them."""
    for line, outcome in outcomes.items():
        statement = update(BatchRow).where(BatchRow.batch_id == number, BatchRow.number == line)
        session.execute(
            statement.values(
                outcome=outcome.outcome,
                publication_id=outcome.publication_id,
                message=name_columns(outcome.message),
                line=None,
            ),
            execution_options={"synchronize_session": False},
        )
