"""When lists are compared: after each change of a publication, and by the clock."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import sdk
from core.sdk import Job, Publication, Schedule, Tenant

from ..manifest import NAME
from ..models.sync import SyncComparison
from .service import compare_changed

JOB = f"{NAME}_compare"
# Catches up with what no event tells: a day has come, a text has left the web.
_EVERY_TEN_MINUTES = Schedule(minute="*/10")


def build_job() -> Job:
    """Return the job that compares, woken by publications."""
    return Job(JOB, _run, _EVERY_TEN_MINUTES, wakes_on=("publication",))


def _run() -> None:
    compare_changed()


def drop_ended_rows(session: Session, tenant: Tenant) -> None:
    """Delete rows about persons once the publicity period of one of both lists is over."""
    day = sdk.today()
    query = select(SyncComparison).where(
        SyncComparison.tenant_id == tenant.id, SyncComparison.row_count > 0
    )
    for row in session.scalars(query):
        ids = (row.village_publication_id, row.government_publication_id)
        ended = select(Publication.id).where(
            Publication.id.in_([each for each in ids if each]), Publication.publicity_until < day
        )
        if row.rows and session.scalar(ended.limit(1)) is not None:
            row.rows = []
