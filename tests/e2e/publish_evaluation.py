"""Publish evaluations of two years at the demonstration county, in its data folder."""

from core.app import create_app
from core.db.scope import Scope, open_session
from core.tenancy.service import get_tenant, list_children
from plugins.supervisor_evaluation.tests.results.scored import (
    add_people,
    add_scores,
    add_subject,
    make_campaign,
    publish,
)

OFFICES = ("县教育局", "县民政局", "县人力资源和社会保障局", "县水务局", "县体育中心")


def publish_years(session, county, years):
    """Publish campaigns with offices and townships; the last office has too few answers."""
    people = add_people(session, county, 8)
    townships = [place for place in list_children(session, county) if place.level == "township"]
    for year in years:
        campaign = make_campaign(session, county, year=year)
        for number, name in enumerate(OFFICES):
            answers = people[: 4 if name == OFFICES[-1] else 8]
            subject = add_subject(session, campaign, name, peer_group="民生服务类")
            add_scores(session, subject, answers, *(9 - number for _person in answers))
        for number, place in enumerate(townships[:6]):
            subject = add_subject(session, campaign, place.name, township=place)
            add_scores(session, subject, people, *(10 - number // 2 for _person in people))
        publish(session, county, campaign)


if __name__ == "__main__":
    with create_app().app_context():
        with open_session(None) as directory:
            home = get_tenant(directory, "990101")
        with open_session(Scope.subtree(home, "publish evaluations")) as opened:
            publish_years(opened, home, (2024, 2025))
