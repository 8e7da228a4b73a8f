"""Have a job run once a change is there to be read."""

from sqlalchemy import event
from sqlalchemy.orm import Session

from core.jobs.queue import enqueue

_WAKING = "jobs_to_wake"


def enqueue_after_commit(session: Session, job: str) -> None:
    """Enqueue a job when the session's transaction commits; once, however often it is asked."""
    waiting: set[str] = session.info.setdefault(_WAKING, set())
    if not waiting:
        event.listen(session, "after_commit", _wake, once=True)
    waiting.add(job)


def _wake(session: Session) -> None:
    for job in sorted(session.info.pop(_WAKING, ())):
        enqueue(job)
