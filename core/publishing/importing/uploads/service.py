"""Imports in the browser: uploaded, looked at row by row, changed, then stored by a job.

The importer is that of the command line; here its lines are rows of a batch, so that each can be
changed before, and says afterwards what became of it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from core.catalog.item_titles import ItemTitles, load_item_titles
from core.db.transactions import after_commit
from core.errors import Conflict, NotFound
from core.jobs.queue import enqueue
from core.permissions import Action
from core.publishing.batches.models import BatchRow, BatchState, PublicationBatch
from core.publishing.batches.service import IMPORT, RUN_BATCHES, load_batch
from core.publishing.importing.importer import PublicationImport
from core.publishing.importing.lines import ImportLine, Rejection, read_given
from core.publishing.importing.outcomes import LinePlan
from core.publishing.importing.uploads.columns import name_columns
from core.publishing.importing.uploads.reading import ReadUpload, derive_id
from core.tenancy.service import publishing_organs
from core.web.context import Context

#: What becomes of personal data in a row: masked unless something else is chosen.
MASK, SKIP, KEEP = "mask", "skip", "keep"
_MOST_FINDINGS = 20


@dataclass(frozen=True, slots=True)
class Presets:
    """What holds for rows that do not say it themselves."""

    item_id: str
    organ_id: int
    genre: str


def create_upload(ctx: Context, found: ReadUpload, presets: Presets, name: str) -> PublicationBatch:
    """Keep the rows of an upload to be looked at; documents are read by the job first."""
    reads = any(row.document is not None and not row.fault for row in found.rows)
    batch = PublicationBatch(
        tenant_id=ctx.tenant.id,
        user_id=ctx.actor.user_id,
        act=IMPORT,
        state=BatchState.READING if reads else BatchState.PREVIEW,
        options=_to_options(presets) | {"notes": found.notes},
        filename=name[-200:],
    )
    ctx.session.add(batch)
    ctx.session.flush()  # rows name its id
    rows = [
        BatchRow(
            tenant_id=ctx.tenant.id,
            batch_id=batch.id,
            number=row.number,
            title=row.title,
            line=dict(row.line) if row.line is not None else None,
            source=None if row.fault else row.document,
            message=row.fault,
            plan="error" if row.fault else "",
        )
        for row in found.rows
    ]
    ctx.session.add_all(rows)
    ctx.session.flush()
    if reads:
        after_commit(ctx.session, enqueue, RUN_BATCHES)
    else:
        plan_rows(ctx, batch, rows)
    return batch


def _to_options(presets: Presets) -> dict[str, Any]:
    return {
        "item_id": presets.item_id,
        "organ_id": presets.organ_id,
        "genre": presets.genre,
    }


def load_upload(ctx: Context, id: int) -> PublicationBatch:  # noqa: A002 - as addresses name it
    """Load an import that the person has begun here; raises `NotFound`."""
    batch = load_batch(ctx, id)
    if batch.act != IMPORT:
        raise NotFound
    return batch


def plan_rows(ctx: Context, batch: PublicationBatch, rows: Sequence[BatchRow]) -> None:
    """Say of each row what its import would do, by the importer itself."""
    by_number = {row.number: row for row in rows if row.line is not None}
    importer = build_importer(ctx, rows)
    for planned in importer.plan(list_lines(ctx, batch, by_number.values())):
        _note(by_number[planned.number], planned)
    ctx.session.flush()


def _note(row: BatchRow, planned: LinePlan) -> None:
    row.plan, row.message = planned.plan, name_columns(planned.message)
    row.findings = [
        {"message": message, "personal": True} for message in planned.personal[:_MOST_FINDINGS]
    ] + [
        {"message": finding.message, "personal": False}
        for finding in planned.findings[:_MOST_FINDINGS]
        if finding.severity != "info"
    ]
    remarks = (row.line or {}).get("remarks") or ()
    row.findings += [{"message": str(message), "personal": False} for message in remarks]
    if not planned.personal and row.choice in {MASK, KEEP}:
        row.choice = ""


def build_importer(ctx: Context, rows: Iterable[BatchRow], **options: Any) -> PublicationImport:
    """Build the importer of a batch: drafts of a person, without new organs.

    They are handed in as all drafts are, with the records that this asks for.
    """
    return PublicationImport(
        ctx.session,
        ctx.actor,
        ctx.tenant,
        approve=False,
        submits=False,
        makes_organs=False,
        kept={row.number: row.reason for row in rows if row.choice == KEEP and row.reason},
        **options,
    )


def list_lines(
    ctx: Context, batch: PublicationBatch, rows: Iterable[BatchRow]
) -> Iterator[ImportLine | Rejection]:
    """Yield the lines of rows with what was preset; an id that came before is refused."""
    titles = load_item_titles(ctx)
    organs = {organ.id: organ.name for organ in publishing_organs(ctx.session, ctx.tenant)}
    organ = organs.get(batch.options.get("organ_id") or 0, "")
    seen: dict[str, int] = {}
    for row in rows:
        line = _complete(row.line or {}, batch.options, titles, organ)
        first = seen.setdefault(line["id"], row.number)
        if first != row.number:
            message = _("Row %(n)s has the same title, number and day. Give each a different one.",
                        n=first)  # fmt: skip
            yield Rejection(row.number, message)
        else:
            yield read_given(row.number, line)


def _complete(
    line: Mapping[str, Any], options: Mapping[str, Any], titles: ItemTitles, organ: str
) -> dict[str, Any]:
    """Return a line with its id, and with what was preset where it says nothing."""
    given = {key: value for key, value in line.items() if value not in (None, "")}
    named = str(given.pop("item", "") or given.get("item_id") or options.get("item_id") or "")
    preset = {"publisher": organ, "genre": options.get("genre")}
    completed = {key: value for key, value in preset.items() if value} | given
    if named:
        completed["item_id"] = titles.find(named) or named
    return completed | {"id": derive_id(line)}


@dataclass(frozen=True, slots=True)
class RowChange:
    """What a person has changed of a row: item and organ by name, and about personal data."""

    item: str | None = None
    publisher: str | None = None
    choice: str = ""
    reason: str = ""


def change_rows(
    ctx: Context, batch: PublicationBatch, changes: Mapping[int, RowChange]
) -> dict[str, str]:
    """Change rows and plan them again; return messages by field (`reason-3`)."""
    require_preview(batch)
    errors: dict[str, str] = {}
    rows = load_rows(ctx.session, batch)
    for row in rows:
        change = changes.get(row.number)
        if change is None or row.line is None:
            continue
        line = dict(row.line)
        if change.item is not None:
            line |= {"item": change.item, "item_id": None}
        if change.publisher is not None:
            line["publisher"] = change.publisher
        row.line, row.choice, row.reason = line, change.choice, change.reason
        if change.choice == KEEP and not change.reason:
            errors[f"reason-{row.number}"] = _("Say why.")
    plan_rows(ctx, batch, rows)
    return errors


def set_presets(ctx: Context, batch: PublicationBatch, presets: Presets) -> None:
    """Change what holds for rows that do not say it themselves, and plan all again."""
    require_preview(batch)
    batch.options = dict(batch.options) | _to_options(presets)
    plan_rows(ctx, batch, load_rows(ctx.session, batch))


def require_preview(batch: PublicationBatch) -> None:
    """Raise `Conflict` once its rows are being stored, or were."""
    if batch.state != BatchState.PREVIEW:
        raise Conflict(_("This import has begun already."))


def load_rows(session: Session, batch: PublicationBatch) -> list[BatchRow]:
    """Load every row of an import with its fields."""
    query = select(BatchRow).options(undefer(BatchRow.line)).where(BatchRow.batch_id == batch.id)
    return list(session.scalars(query.order_by(BatchRow.number)))


def count_plans(session: Session, batch: PublicationBatch) -> dict[str, int]:
    """Count what the rows of an import would do; those that are left out under `skip`."""
    query = select(BatchRow.plan, BatchRow.choice, func.count())
    query = query.where(BatchRow.batch_id == batch.id).group_by(BatchRow.plan, BatchRow.choice)
    counts: dict[str, int] = {}
    for plan, choice, count in session.execute(query):
        key = SKIP if choice == SKIP else plan
        counts[key] = counts.get(key, 0) + count
    return counts


def start_import(ctx: Context, batch: PublicationBatch) -> None:
    """Have the job store the rows as they stand now."""
    require_preview(batch)
    ctx.require(Action.WRITE_PUBLICATION, organ=batch.options.get("organ_id"))
    batch.state = BatchState.WAITING
    ctx.audit("publication.import_start", ctx.tenant.division_code, file=batch.filename)
    after_commit(ctx.session, enqueue, RUN_BATCHES)


def drop_upload(ctx: Context, batch: PublicationBatch) -> None:
    """Forget an import that has stored nothing."""
    if batch.state not in {BatchState.PREVIEW, BatchState.READING}:
        raise Conflict(_("This import has begun already."))
    ctx.session.delete(batch)
