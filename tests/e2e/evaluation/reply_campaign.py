"""Bring a campaign of the demonstration into the right of reply, or beyond it, in its data folder.

A browser cannot wait for days: `begin` makes a campaign whose offices may reply today, `end` lets
the last day of the reply have been yesterday.
"""

import sys
from datetime import timedelta

from sqlalchemy import select

from core.app import create_app
from core.clock import today
from core.db.scope import Scope, open_session
from core.tenancy.models import Organ
from core.tenancy.service import get_tenant
from plugins.supervisor_evaluation.models.campaign import EvaluationCampaign, EvaluationSubject
from plugins.supervisor_evaluation.tests.results.scored import (
    add_people,
    add_scores,
    make_campaign,
)

YEAR, OFFICES = 2031, ("民政局", "教育局")


def begin(session, county):
    """Make a campaign in which two offices were scored by enough people."""
    days = {name: today() - timedelta(days=9 - place) for place, name in enumerate(
        ("self_until", "scoring_until", "verify_until"))}  # fmt: skip
    days |= {"reply_until": today(), "publish_on": today() + timedelta(days=1)}
    campaign = make_campaign(session, county, year=YEAR, **days)
    people = add_people(session, county, 6)
    for place, ending in enumerate(OFFICES):
        query = select(Organ).where(Organ.tenant_id == county.id, Organ.name.endswith(ending))
        organ = session.scalars(query).one()
        subject = EvaluationSubject(
            tenant_id=county.id, campaign_id=campaign.id, name=organ.name, organ_id=organ.id,
            group="department",
        )  # fmt: skip
        session.add(subject)
        session.flush()
        add_scores(session, subject, people, *[9 - place] * len(people))
    return campaign


def end(session, county):
    """Let the last day of the reply be over."""
    query = select(EvaluationCampaign).where(
        EvaluationCampaign.tenant_id == county.id, EvaluationCampaign.year == YEAR
    )
    campaign = session.scalars(query).one()
    campaign.reply_until = today() - timedelta(days=1)
    return campaign


if __name__ == "__main__":
    act = {"begin": begin, "end": end}[sys.argv[1]]
    with create_app().app_context():
        with open_session(None) as directory:
            home = get_tenant(directory, "990101")
        with open_session(Scope.subtree(home, "a campaign in its reply")) as opened:
            sys.stdout.write(str(act(opened, home).id))
