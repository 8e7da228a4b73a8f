"""Batches: many publications at once, one after the other, each wholly or not at all.

A few are done in the request that asks for them; more by a job, in short transactions, so that
others can save meanwhile. One that was interrupted goes on with the rows that have no outcome.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from core.accounts.models import User
from core.accounts.service import to_actor
from core.db.base import utc_now
from core.db.scope import Scope, open_session
from core.db.transactions import after_commit, savepoint
from core.db.tree import Tenant
from core.db.turns import WriterTurns
from core.errors import GongkaiError, NotFound
from core.jobs.queue import enqueue
from core.log.logger import get_logger
from core.permissions import Actor
from core.publishing.batches.acts import ACTS
from core.publishing.batches.models import BatchRow, BatchState, PublicationBatch
from core.publishing.models import Publication
from core.web.context import Context

RUN_BATCHES = "publication_batches"
#: The act of batches whose rows are those of a file.
IMPORT = "import"
MOST_ROWS = 500
#: So many rows are done at once, while the person waits.
AT_ONCE = 20
PURPOSE = "many publications at once"

Runner = Callable[[Context, PublicationBatch, WriterTurns], None]

log = get_logger("gongkai.publishing")


def start_batch(
    ctx: Context,
    act: str,
    chosen: Sequence[tuple[Publication, int]],
    options: Mapping[str, Any],
) -> PublicationBatch:
    """Do one act on publications, each with the version that the person saw.

    A few are done now, more wait for the job.
    """
    batch = PublicationBatch(
        tenant_id=ctx.tenant.id,
        user_id=ctx.actor.user_id,
        act=act,
        state=BatchState.WAITING,
        options=dict(options),
    )
    ctx.session.add(batch)
    ctx.session.flush()  # rows name its id
    rows = [
        BatchRow(
            tenant_id=ctx.tenant.id,
            batch_id=batch.id,
            number=number,
            publication_id=publication.id,
            version=version,
            title=publication.title,
        )
        for number, (publication, version) in enumerate(chosen, start=1)
    ]
    ctx.session.add_all(rows)
    ctx.session.flush()
    ctx.audit("publication.bulk", ctx.tenant.division_code, act=act, rows=len(rows))
    if len(rows) <= AT_ONCE:
        take_rows(ctx.session, ctx.actor, batch, rows)
        finish(batch)
    else:
        after_commit(ctx.session, enqueue, RUN_BATCHES)
    return batch


def take_rows(
    session: Session, actor: Actor, batch: PublicationBatch, rows: Iterable[BatchRow]
) -> None:
    """Do the act of a batch on some of its rows; each refusal stands at its row."""
    taken = list(rows)
    query = select(Publication).options(joinedload(Publication.tenant))
    query = query.where(Publication.id.in_([row.publication_id for row in taken]))
    found = {
        one.id: one for one in session.scalars(query.execution_options(populate_existing=True))
    }
    for row in taken:
        row.outcome, row.message = _take(
            session, actor, batch, row, found.get(row.publication_id or 0)
        )
    session.flush()


def _take(
    session: Session,
    actor: Actor,
    batch: PublicationBatch,
    row: BatchRow,
    publication: Publication | None,
) -> tuple[str, str]:
    """Do the act on one publication; return the outcome, and why it was refused."""
    if publication is None:
        return "refused", _("It is not there any more.")
    if publication.version != row.version:
        return "refused", _("Somebody else changed this in the meantime.")
    try:
        with savepoint(session):
            ACTS[batch.act](session, actor, publication, batch.options)
    except GongkaiError as error:
        return "refused", error.message
    return "done", ""


def finish(batch: PublicationBatch) -> None:
    """Say that every row had its turn."""
    batch.state, batch.finished_at = BatchState.DONE, utc_now()


def load_batch(ctx: Context, id: int) -> PublicationBatch:  # noqa: A002 - as addresses name it
    """Load a batch that the person has started here; raises `NotFound`."""
    found = ctx.session.get(PublicationBatch, id)
    if found is None or (found.tenant_id, found.user_id) != (ctx.tenant.id, ctx.actor.user_id):
        raise NotFound
    return found


def count_outcomes(session: Session, batch: PublicationBatch) -> dict[str, int]:
    """Count the rows of a batch by outcome; those whose turn is to come under the empty one."""
    query = select(BatchRow.outcome, func.count()).where(BatchRow.batch_id == batch.id)
    return dict(session.execute(query.group_by(BatchRow.outcome)).all())


def run_waiting(runners: Mapping[str, Runner]) -> None:
    """Do the batches that wait, one after the other; one that fails stops no other.

    `runners` do acts of their own kind (an import); others are acts on publications.
    """
    with open_session(Scope.platform(PURPOSE)) as session:
        query = select(PublicationBatch.id, PublicationBatch.act, PublicationBatch.tenant_id)
        query = query.where(PublicationBatch.state.in_((BatchState.WAITING, BatchState.READING)))
        waiting = session.execute(query.order_by(PublicationBatch.id)).all()
    for number, act, tenant_id in waiting:
        try:
            _run(number, tenant_id, runners.get(act, _run_acts))
        except Exception:
            log.exception("a batch of publications failed", batch=number)
            _fail(number)


def _run(number: int, tenant_id: int, run: Runner) -> None:
    with open_session(None) as directory:
        tenant = directory.get_one(Tenant, tenant_id)
    with open_session(Scope.subtree(tenant, PURPOSE)) as session:
        batch = session.get_one(PublicationBatch, number)
        actor = to_actor(session, session.get_one(User, batch.user_id))
        run(Context(session, tenant, actor), batch, WriterTurns(session))


def _run_acts(ctx: Context, batch: PublicationBatch, turns: WriterTurns) -> None:
    number = batch.id
    while turns.take(lambda: _take_next(ctx.session, ctx.actor, number, turns.size), turns.size):
        pass


def _take_next(session: Session, actor: Actor, number: int, size: int) -> bool:
    """Do the next rows, or finish; return whether there may be more."""
    session.expire_all()  # done again after a conflict: nothing of the last time holds
    batch = session.get_one(PublicationBatch, number)
    query = select(BatchRow).where(BatchRow.batch_id == number, BatchRow.outcome == "")
    rows = session.scalars(query.order_by(BatchRow.number).limit(size)).all()
    if rows:
        take_rows(session, actor, batch, rows)
    else:
        finish(batch)
    return bool(rows)


def _fail(number: int) -> None:
    with open_session(Scope.platform(PURPOSE)) as session:
        session.get_one(PublicationBatch, number).state = BatchState.FAILED


def resume(ctx: Context, batch: PublicationBatch) -> None:
    """Have a batch that failed go on with what is left; documents are read before all else."""
    if batch.state != BatchState.FAILED:
        return
    unread = select(BatchRow.id).where(
        BatchRow.batch_id == batch.id, BatchRow.plan == "", BatchRow.outcome == ""
    )
    reads = batch.act == IMPORT and ctx.session.scalar(unread.limit(1)) is not None
    batch.state = BatchState.READING if reads else BatchState.WAITING
    after_commit(ctx.session, enqueue, RUN_BATCHES)
