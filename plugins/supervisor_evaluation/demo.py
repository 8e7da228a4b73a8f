"""Things to see in the demonstration: supervisors, campaigns and votes, finished and running."""

import json
import random
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.sdk import (
    OPERATOR,
    Anchor,
    Context,
    EvidenceDemand,
    Indicator,
    Tenant,
    VoteSample,
    add_vote_sample,
    keyed_digest,
    today,
    utc_now,
)

from .campaigns.assigning import draw_assignments, list_assignments
from .campaigns.disputes import disclose_reasons
from .campaigns.lifecycle import set_subjects, working_day_after
from .domain.phases import PhaseDates, end_of_verification
from .models.campaign import (
    EvaluationCampaign,
    EvaluationScore,
    IndicatorSet,
    SubjectStatement,
)
from .models.register import EvaluationSupervisor
from .register import REGISTER
from .results.publishing import publish_results
from .subjects import list_subjects
from .votes import SOCIAL_VOTE

COUNTY = "990101"
#: The links of the first supervisors, so that their desks can be looked at: `demo-supervisor-1` …
DESKS, LINK = 3, "demo-supervisor-{}"
DEPARTMENTS = ("民政局", "教育局", "水务局", "司法局")
TOWNSHIPS, ANSWERS, FIRST_PHONE = 3, 7, 19900010001
SEED = "demo-2026"


def load(session: Session, tenant: Tenant) -> None:
    """Put in the register and the campaigns of the county, once; what is there stays as it is."""
    there = select(EvaluationCampaign.id).where(EvaluationCampaign.tenant_id == tenant.id).limit(1)
    if tenant.division_code != COUNTY or session.scalar(there) is not None:
        return
    data = json.loads(Path(__file__).with_name("demo.json").read_text("utf-8"))
    ctx = Context(session, tenant, OPERATOR)
    _add_supervisors(ctx, data["supervisors"])
    indicators = _add_indicators(ctx, data["indicators"])
    _add_finished(ctx, indicators, data)
    _add_running(ctx, indicators, data)
    _add_vote(ctx, data["vote"], today().year - 1, days_ago=200)
    _add_vote(ctx, data["vote"], today().year, days_ago=-20)


def _add_supervisors(ctx: Context, rows: list[list[Any]]) -> None:
    for number, (name, gender, born, background, unit) in enumerate(rows):
        begun = today() - timedelta(days=300)
        letter = f"示监聘〔{begun.year}〕{number + 1}号"
        link = LINK.format(number + 1)
        phone = str(FIRST_PHONE + number)
        ctx.session.add(
            EvaluationSupervisor(
                tenant_id=ctx.tenant.id, name=name, gender=gender, birth_year=born, unit=unit,
                background=background, phone=phone, source="nomination", state="appointed",
                phone_digest=keyed_digest(REGISTER.phone_purpose, phone), appointed_on=begun,
                confirmed_until=begun + timedelta(days=365),
                term_ends_on=begun + timedelta(days=730), letter_number=letter,
                link_digest=REGISTER.links.digest(link) if number < DESKS else None,
            )
        )  # fmt: skip
    ctx.session.flush()


def _add_indicators(ctx: Context, rows: list[list[Any]]) -> IndicatorSet:
    indicators = [
        Indicator(key, name, weight, tuple(_to_anchor(text) for text in anchors),
                  EvidenceDemand(evidence))
        for key, name, weight, evidence, anchors in rows
    ]  # fmt: skip
    made = IndicatorSet(
        tenant_id=ctx.tenant.id, number=1, title="政务公开评议指标", state="in_force",
        in_force_on=today() - timedelta(days=400),
        indicators=[each.to_json() for each in indicators],
    )  # fmt: skip
    ctx.session.add(made)
    ctx.session.flush()
    return made


def _to_anchor(text: str) -> Anchor:
    points, words = text.split(" ", 1)
    return Anchor(int(points), words)


def _add_campaign(
    ctx: Context, indicator_set: IndicatorSet, year: int, scoring_until: date, level: str
) -> EvaluationCampaign:
    """Add a campaign whose supervisors are assigned, and nothing is scored yet."""
    verify = end_of_verification(scoring_until, working_day_after)
    dates = PhaseDates(
        scoring_until - timedelta(days=20), scoring_until, verify, verify + timedelta(days=7),
        verify + timedelta(days=10),
    )  # fmt: skip
    campaign = EvaluationCampaign(
        tenant_id=ctx.tenant.id, title=f"{year}年度政务公开监督员评议", year=year, level=level,
        introduction="由监督员评议各部门和乡镇的政务公开，部门与乡镇分开评议。", seed=SEED,
        plan_number=f"{year}年度涉企检查和考核计划第12项", indicator_set=indicator_set,
        scores_per_subject=ANSWERS, started_at=utc_now(), **dict(dates.in_order()),
    )  # fmt: skip
    ctx.session.add(campaign)
    subjects = list_subjects(ctx.session, ctx.tenant)
    organs = [row.id for row in subjects if row.kind == "organ" and row.name.endswith(DEPARTMENTS)]
    set_subjects(ctx, campaign, organs, [r.id for r in subjects if r.kind != "organ"][:TOWNSHIPS])
    campaign.state = "self_assessment"
    draw_assignments(ctx, campaign)
    return campaign


def _score(ctx: Context, campaign: EvaluationCampaign, data: dict[str, Any], left: int) -> None:
    """Hand in scores for all assignments but every so many-th of `left`; none is left where 0."""
    drawn = random.Random(campaign.year)  # noqa: S311 - an example, alike each time
    scores: list[dict[str, Any]] = []
    for number, row in enumerate(list_assignments(ctx.session, campaign)):
        if left and number % left == 0:
            continue
        row.state, row.submitted_at = "submitted", utc_now()
        good = 5 + (row.subject_id * 7) % 4
        for key, *_rest in data["indicators"]:
            points = drawn.choice((6, 8, 10) if drawn.randrange(9) < good else (0, 6, 8))
            reason = "" if points == 10 else data["reasons"][key]
            scores.append(
                {"tenant_id": ctx.tenant.id, "assignment_id": row.id, "indicator": key,
                 "points": points, "reason": reason, "links": []}
            )  # fmt: skip
    ctx.session.flush()
    ctx.session.execute(insert(EvaluationScore), scores)


def _add_finished(ctx: Context, indicator_set: IndicatorSet, data: dict[str, Any]) -> None:
    end = today() - timedelta(days=200)
    campaign = _add_campaign(ctx, indicator_set, today().year - 1, end, "grades_and_scores")
    _score(ctx, campaign, data, 0)
    disclose_reasons(ctx.session, campaign)
    words = cycle(zip(data["replies"], data["mended"], strict=True))
    for subject, (reply, mended) in zip(campaign.subjects, words, strict=False):
        if subject.organ_id is not None:
            ctx.session.add(
                SubjectStatement(
                    tenant_id=ctx.tenant.id, subject_id=subject.id, reply=reply, mended=mended,
                    reply_state="accepted",
                )
            )  # fmt: skip
    campaign.state = "reply"
    ctx.session.flush()
    publish_results(ctx, campaign)
    campaign.state, campaign.published_at = "published", utc_now() - timedelta(days=180)
    ctx.session.flush()


def _add_running(ctx: Context, indicator_set: IndicatorSet, data: dict[str, Any]) -> None:
    end = today() + timedelta(days=12)
    campaign = _add_campaign(ctx, indicator_set, today().year, end, "grades")
    campaign.state = "scoring"
    _score(ctx, campaign, data, 2)


def _add_vote(ctx: Context, data: dict[str, Any], year: int, days_ago: int) -> None:
    """Add the vote of a year that ended, or ends, so many days ago."""
    closes = utc_now() - timedelta(days=days_ago)
    opens = min(closes, utc_now()) - timedelta(days=30)
    subjects = list_subjects(ctx.session, ctx.tenant)
    organs = [row for row in subjects if row.kind == "organ" and row.name.endswith(DEPARTMENTS)]
    chosen = [*organs, *[row for row in subjects if row.kind != "organ"][:TOWNSHIPS]]
    sample = VoteSample(
        year, f"{year}年度政务公开社会评议", data["introduction"], opens, closes,
        [f"{row.kind}-{row.id}" for row in chosen], tuple(data["paper"]), data["remarks"],
        data["mended"],
    )  # fmt: skip
    add_vote_sample(ctx, SOCIAL_VOTE, sample)
