"""Make campaigns whose scoring has ended, with scores of people whose names must not appear."""

from datetime import date, timedelta

from core.sdk import OPERATOR, Context, Organ, utc_now
from plugins.supervisor_evaluation.models.campaign import (
    EvaluationAssignment,
    EvaluationCampaign,
    EvaluationScore,
    EvaluationSubject,
)
from plugins.supervisor_evaluation.results.publishing import publish_results
from plugins.supervisor_evaluation.tests.factories import (
    INDICATORS,
    make_indicator_set,
    make_supervisor,
)

START = date(2026, 3, 2)
# Points out of ten, by everybody and for every indicator, of the departments; few answers last.
DEPARTMENTS = {"县民政局": 9, "县教育局": 8, "县水务局": 9, "县司法局": 6, "县体育中心": 7}
FEW = "县体育中心"
LAST = "县司法局"


def make_campaign(session, tenant, *, year=2026, level="grades_and_scores", **values):
    """Make a campaign in the phase of replies, with an indicator set of its own."""
    made = make_indicator_set(tenant, state="superseded", number=year)
    session.add(made)
    session.flush()
    days = {
        name: START.replace(year=year) + timedelta(days=10 * number)
        for number, name in enumerate(
            ("self_until", "scoring_until", "verify_until", "reply_until", "publish_on")
        )
    }
    campaign = EvaluationCampaign(
        tenant_id=tenant.id, title=f"{year}年度政务公开评议", year=year, state="reply", level=level,
        indicator_set_id=made.id, seed="a1b2", **days | values,
    )  # fmt: skip
    session.add(campaign)
    session.flush()
    return campaign


def add_people(session, tenant, count):
    """Add supervisors with names that no page may show beside a score."""
    people = [
        make_supervisor(tenant, name=f"评议{number}号", phone=f"138000000{number:02}")
        for number in range(count)
    ]
    session.add_all(people)
    session.flush()
    return people


def add_subject(session, campaign, name, *, township=None, peer_group=""):
    """Add a department (with its organ) or a township to a campaign."""
    organ = None
    if township is None:
        organ = Organ(tenant_id=campaign.tenant_id, name=f"{name}-{campaign.year}")
        session.add(organ)
        session.flush()
    subject = EvaluationSubject(
        tenant_id=campaign.tenant_id, campaign_id=campaign.id, name=name, peer_group=peer_group,
        group="department" if organ else "township",
        organ_id=organ.id if organ else None, township_id=township.id if township else None,
    )  # fmt: skip
    session.add(subject)
    session.flush()
    return subject


def add_scores(session, subject, people, *points, kind="regular"):
    """Let people score a subject; a person's points are one number or one for each indicator."""
    for person, given in zip(people, points, strict=True):
        work = EvaluationAssignment(
            tenant_id=subject.tenant_id, campaign_id=subject.campaign_id, subject_id=subject.id,
            supervisor_id=person.id, state="submitted", submitted_at=utc_now(), kind=kind,
        )  # fmt: skip
        every = given if isinstance(given, tuple) else (given,) * len(INDICATORS)
        work.scores = [
            EvaluationScore(
                tenant_id=subject.tenant_id, indicator=indicator.key, points=one,
                reason=f"理由{person.id}",
            )
            for indicator, one in zip(INDICATORS, every, strict=True)
        ]  # fmt: skip
        session.add(work)
    session.flush()


def make_scored(session, tenant, tree, **values):
    """Make a campaign of five departments (one with too few answers) and two townships."""
    campaign = make_campaign(session, tenant, **values)
    people = add_people(session, tenant, 6)
    for name, points in DEPARTMENTS.items():
        subject = add_subject(session, campaign, name, peer_group="民生" if points > 7 else "")
        answers = people[:4] if name == FEW else people
        add_scores(session, subject, answers, *(points for _person in answers))
    for township, points in ((tree.town, 10), (tree.sister_town, 7)):
        subject = add_subject(session, campaign, township.name, township=township)
        add_scores(session, subject, people, *(points for _person in people))
    return campaign


def publish(session, tenant, campaign):
    """Publish the results of a campaign, as the campaign's own pages do."""
    publish_results(Context(session, tenant, OPERATOR), campaign)
    campaign.state, campaign.published_at = "published", utc_now()
    session.commit()
    return campaign
