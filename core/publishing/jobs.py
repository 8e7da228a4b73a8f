"""What publications do in the background."""

import structlog

from core.db.scope import Scope, open_session
from core.jobs.queue import Jobs, Schedule
from core.publishing.attachment_texts import read_texts
from core.publishing.publish import READ_FILES, expire_due
from core.storage.files import FileStore

log = structlog.get_logger("gongkai.publishing")

HOURLY = Schedule(minute="3")
EVERY_MINUTE = Schedule()


def define_jobs(jobs: Jobs, store: FileStore) -> None:
    """Add the jobs of publications to the application's."""
    jobs.define("publicity_expire", close_ended_periods, HOURLY)
    jobs.define(READ_FILES, lambda: read_new_files(store), EVERY_MINUTE)


def read_new_files(store: FileStore) -> None:
    """Read what is written in published files, for the search box."""
    if count := read_texts(store):
        log.info("attachments read", count=count)


def close_ended_periods() -> None:
    """Bring the state after, where a publicity period has ended; pages go by the date alone."""
    with open_session(Scope.platform("publicity periods that ended")) as session:
        count = expire_due(session)
    if count:
        log.info("publicity periods closed", count=count)
