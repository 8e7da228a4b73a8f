"""Count how often things are asked for, without a word about who asks, and read the counts.

A page that is kept counts with each answer, also one that is sent from memory. Numbers are written
together after responses. Nothing of a reader is stored, and who reads the numbers learns nothing
of few readers: `round_count`.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from flask import Flask, after_this_request, current_app, request
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.clock import today
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.jobs.queue import Jobs, Schedule
from core.usage.flushing import FlushedCounters, update_or_insert
from core.usage.models import UsageCount
from core.validity.answers import count_each_time

#: The name of `count_kept`, which counts what is answered from memory.
COUNTER = "usage"
KEPT_MONTHS = 24
STEP = 5
_EXTENSION = "usage_counters"
_NIGHTLY = Schedule(minute="23", hour="19")  # 03:23 in China
# Programs that fetch pages, as far as they say so themselves.
_ROBOT = re.compile(r"bot\b|crawl|spider|slurp|curl|wget|python-", re.IGNORECASE)


class UsedThing(NamedTuple):
    """A thing of a place that is asked for, as its feature names it, and in which month."""

    tenant_id: int
    topic: str
    key: str
    month: date


Uses = Counter[UsedThing]


def count_use(tenant_id: int, topic: str, key: object) -> None:
    """Count that a thing of a place is asked for: now, and with each answer that is kept of it."""
    count_each_time(COUNTER, tenant_id, topic, str(key))
    _count(request.user_agent.string, tenant_id, topic, str(key))
    after_this_request(_flush_after)


def count_kept(environ: dict[str, Any], tenant_id: int, topic: str, key: str) -> None:
    """Count a use once more that was answered from memory; needs an application context."""
    _count(environ.get("HTTP_USER_AGENT", ""), tenant_id, topic, key)
    _counters().flush_if_due()


def load_uses(session: Session, topics: Iterable[str]) -> Uses:
    """Load the counts of topics that the session reaches; this process's own are up to date."""
    _counters().flush()
    rows = session.scalars(select(UsageCount).where(UsageCount.topic.in_(list(topics))))
    return Counter(
        {UsedThing(row.tenant_id, row.topic, row.key, row.month): row.number for row in rows}
    )


def round_count(number: int) -> int | None:
    """Round a count down to fives; `None` for one to four, which could be known persons."""
    return None if 0 < number < STEP else number - number % STEP


def erase_uses(session: Session, tenant: Tenant, prefix: str) -> None:
    """Delete the counts of topics `<prefix>.…` of a place: for the `erase` of a plugin."""
    of_prefix = UsageCount.topic.startswith(f"{prefix}.", autoescape=True)
    session.execute(delete(UsageCount).where(UsageCount.tenant_id == tenant.id, of_prefix))


def init_usage(app: Flask) -> None:
    """Attach counters to the application."""
    counters: FlushedCounters[Uses] = FlushedCounters(Counter, _write)
    app.extensions[_EXTENSION] = counters


def define_usage_jobs(jobs: Jobs) -> None:
    """Define the job that deletes old counts."""
    jobs.define("usage_forget", delete_old_counts, _NIGHTLY)


def delete_old_counts() -> None:
    """Delete counts past their retention."""
    months = today().year * 12 + today().month - 1 - KEPT_MONTHS
    oldest = date(months // 12, months % 12 + 1, 1)
    with open_session(Scope.platform("counts that are too old")) as session:
        session.execute(delete(UsageCount).where(UsageCount.month < oldest))


def _counters() -> FlushedCounters[Uses]:
    counters: FlushedCounters[Uses] = current_app.extensions[_EXTENSION]
    return counters


def _count(user_agent: str, tenant_id: int, topic: str, key: str) -> None:
    if not _ROBOT.search(user_agent):
        thing = UsedThing(tenant_id, topic, key, today().replace(day=1))
        _counters().add(lambda pending: pending.update((thing,)))


def _flush_after(response: Any) -> Any:
    _counters().flush_after(response)
    return response


def _write(pending: Uses) -> None:
    by_place: dict[int, Uses] = {}
    for thing, number in pending.items():
        by_place.setdefault(thing.tenant_id, Counter())[thing] = number
    for tenant_id, counts in by_place.items():
        with open_session(None) as directory:
            tenant = directory.get(Tenant, tenant_id)
        if tenant is None:
            continue
        with open_session(Scope.own(tenant)) as session:
            for thing, number in sorted(counts.items()):
                _add(session, thing, number)


def _add(session: Session, thing: UsedThing, number: int) -> None:
    statement = (
        update(UsageCount)
        .where(
            UsageCount.tenant_id == thing.tenant_id,
            UsageCount.topic == thing.topic,
            UsageCount.key == thing.key,
            UsageCount.month == thing.month,
        )
        .values(number=UsageCount.number + number)
    )
    update_or_insert(session, statement, UsageCount(number=number, **thing._asdict()))
