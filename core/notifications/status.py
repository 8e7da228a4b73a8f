"""What staff and the operator have to know: what waits, what failed, what nobody is sure of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import starmap

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, false, func, or_, select, update
from sqlalchemy.orm import Session

from core.db.base import utc_now
from core.db.transactions import after_commit
from core.db.tree import Tenant
from core.jobs.queue import enqueue
from core.notifications.models import QueuedNotice
from core.notifications.outbox import SEND

# A carrier has seconds; what was handed over this long ago, its worker has died with.
UNCERTAIN_AFTER = timedelta(minutes=15)
LATE_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class NoticeTrouble:
    """Notices of one topic at a place that did not go as they should."""

    tenant: Tenant
    topic: str
    failed: int
    uncertain: int
    late: int


def _is_uncertain() -> ColumnElement[bool]:
    """Condition: handed to a carrier by a worker that never said what came of it."""
    long_ago = utc_now() - UNCERTAIN_AFTER
    return and_(QueuedNotice.state == "handed", QueuedNotice.handed_at < long_ago)


def count_notices(session: Session, tenant: Tenant, topic: str | None = None) -> Mapping[str, int]:
    """Count a place's notices by state: queued, sent, printed, failed, uncertain.

    `printed` is what no plugin was there to carry. Notices are kept for 30 days.
    """
    uncertain = _is_uncertain()
    states = {
        "queued": and_(QueuedNotice.state.in_(("queued", "claimed", "handed")), ~uncertain),
        "sent": QueuedNotice.state == "sent",
        "printed": QueuedNotice.state == "printed",
        "failed": QueuedNotice.state == "failed",
        "uncertain": uncertain,
    }
    query = select(*(func.count(QueuedNotice.id).filter(each) for each in states.values()))
    query = query.where(QueuedNotice.tenant_id == tenant.id)
    if topic is not None:
        query = query.where(QueuedNotice.topic == topic)
    return dict(zip(states, session.execute(query).one(), strict=True))


def list_notice_trouble(session: Session, tenant: Tenant | None = None) -> list[NoticeTrouble]:
    """List topics with failed, uncertain or late notices, of a place or of the whole scope."""
    failed, uncertain = QueuedNotice.state == "failed", _is_uncertain()
    late = and_(QueuedNotice.state == "queued", QueuedNotice.next_try_at < utc_now() - LATE_AFTER)
    query = (
        select(
            Tenant,
            QueuedNotice.topic,
            *(func.count(QueuedNotice.id).filter(each) for each in (failed, uncertain, late)),
        )
        .join(Tenant, Tenant.id == QueuedNotice.tenant_id)
        .where(or_(failed, uncertain, late))
        .group_by(Tenant.id, QueuedNotice.topic)
        .order_by(Tenant.id, QueuedNotice.topic)
    )
    if tenant is not None:
        query = query.where(QueuedNotice.tenant_id == tenant.id)
    return list(starmap(NoticeTrouble, session.execute(query)))


def describe(trouble: NoticeTrouble) -> str:
    """Say in one line what is wrong with the notices of a topic."""
    return str(
        _(
            "%(place)s, %(topic)s: %(failed)s failed, %(uncertain)s uncertain, %(late)s late",
            place=trouble.tenant.name, topic=trouble.topic,
            failed=trouble.failed, uncertain=trouble.uncertain, late=trouble.late,
        )
    )  # fmt: skip


def retry_notices(
    session: Session, tenant: Tenant, topic: str | None = None, *, uncertain: bool = False
) -> int:
    """Queue failed notices again, due at once; return how many.

    With `uncertain`, also those of which nobody knows whether they arrived: people may then be
    told twice, so a person has to decide it.
    """
    again = or_(QueuedNotice.state == "failed", _is_uncertain() if uncertain else false())
    conditions = [QueuedNotice.tenant_id == tenant.id, again]
    if topic is not None:
        conditions.append(QueuedNotice.topic == topic)
    done = session.execute(
        update(QueuedNotice)
        .where(*conditions)
        .values(state="queued", attempts=0, next_try_at=utc_now(), claim=None)
        .execution_options(synchronize_session=False)
    )
    after_commit(session, enqueue, SEND)
    return int(done.rowcount)  # type: ignore[attr-defined]  # an UPDATE gives a cursor result
