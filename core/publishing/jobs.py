"""What publications do in the background."""

import structlog

from core.db.scope import Scope, open_session
from core.jobs.queue import Jobs, Schedule
from core.publishing.publish import expire_due

log = structlog.get_logger("gongkai.publishing")

HOURLY = Schedule(minute="3")


def define_jobs(jobs: Jobs) -> None:
    """Add the jobs of publications to the application's."""
    jobs.define("publicity_expire", close_ended_periods, HOURLY)


def close_ended_periods() -> None:
    """Bring the state after, where a publicity period has ended; pages go by the date alone."""
    with open_session(Scope.platform("publicity periods that ended")) as session:
        count = expire_due(session)
    if count:
        log.info("publicity periods closed", count=count)
