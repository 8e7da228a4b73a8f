"""Decide again what is on paper only: after a change of the catalog, and every night."""

from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from core.catalog.editing.review import FOLLOW_UP
from core.db.scope import Scope, open_session
from core.jobs.queue import Jobs, Schedule
from core.log.logger import get_logger
from core.publishing.channels.deciding import ChannelDecider, hold_catalog
from core.publishing.models import Publication
from core.publishing.workflow.publish import touch_search
from core.tenancy.models import Tenant

PURPOSE = "what the catalog keeps off the web"
# 00:05 in China: what a revision of the new day lets on the web again.
NIGHTLY = Schedule(minute="5", hour="16")

log = get_logger("gongkai.publishing")


def define_channel_jobs(jobs: Jobs) -> None:
    """Register the job: soon after a revision of a catalog is approved, and nightly for all."""
    jobs.define(FOLLOW_UP, _decide_what_is_off)
    jobs.define("publication_channels", _decide_everything, NIGHTLY)


def _decide_what_is_off() -> None:
    decide_again()


def _decide_everything() -> None:
    decide_again(everything=True)


def decide_again(*, everything: bool = False) -> int:
    """Decide for what is off the web or will be, or for all that was published.

    Return how many changed. Each place is a transaction of its own, in which its catalog stays.
    """
    concerned = and_(Publication.published_revision.is_not(None), Publication.item_id.is_not(None))
    if not everything:
        concerned = and_(concerned, Publication.off_web_from.is_not(None))
    with open_session(Scope.platform(PURPOSE)) as session:
        places = session.scalars(select(Publication.tenant_id).where(concerned).distinct()).all()
    changed = 0
    for place in sorted(places):
        with open_session(Scope.platform(PURPOSE)) as session:
            changed += _decide_place(session, session.get_one(Tenant, place), concerned)
    if changed:
        log.info("channels decided again", changed=changed)
    return changed


def _decide_place(session: Session, tenant: Tenant, concerned: ColumnElement[bool]) -> int:
    hold_catalog(session, tenant)
    decider = ChannelDecider(session, tenant)
    columns: Any = (Publication.id, Publication.item_id, Publication.off_web_from)
    query = select(*columns).where(Publication.tenant_id == tenant.id, concerned)
    days = {
        row.id: day
        for row in session.execute(query)
        if (day := decider.find_day(row.item_id)) != row.off_web_from
    }
    for key, day in days.items():
        publication = session.get_one(Publication, key)
        publication.off_web_from = day
        touch_search(session, publication)
    return len(days)
