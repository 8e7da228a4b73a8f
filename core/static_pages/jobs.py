"""Background work: write pages ahead where something has changed, and look at night what holds."""

from collections import Counter

from core.jobs.queue import Jobs, Schedule
from core.log.logger import get_logger
from core.settings import Settings

JOB, CHECK_JOB = "static_pages", "static_pages_check"
EVERY_FIVE_MINUTES = Schedule(minute="*/5")
NIGHTLY = Schedule(minute="35", hour="19")  # 03:35 in China
# A tenth of a processor at most, however often things change.
LONGEST_RUN = 30.0

log = get_logger("gongkai.static_pages")


def define_jobs(jobs: Jobs, settings: Settings) -> None:
    """Define both jobs where pages are written ahead at all."""
    if settings.static_pages:
        jobs.define(JOB, write_due, EVERY_FIVE_MINUTES)
        jobs.define(CHECK_JOB, check_nightly, NIGHTLY)


def write_due() -> None:
    """Write what is missing, counties first; what is left is written the next time."""
    from core.static_pages.service import write_all  # loads what renders pages

    counts = Counter(result.outcome.value for _, result in write_all(seconds=LONGEST_RUN))
    log.info("pages written ahead", **counts)


def check_nightly() -> None:
    """Take away what a reader would not get now; there should be nothing."""
    from core.static_pages.service import check_all

    for place in check_all():
        log.error("pages written ahead were old", place=place.code)
