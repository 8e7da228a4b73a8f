"""`gongkai evaluation …`: list campaigns, calculate results again from scores or from a sheet."""

from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from core import sdk
from core.sdk import NotFound, Tenant

from .labels import SUBJECT_GROUPS
from .models.campaign import EvaluationCampaign


@click.group("evaluation", help="Evaluation campaigns and their results.")
def evaluation() -> None:
    """Group the commands of evaluations."""


@evaluation.command("list")
@click.option("--tenant", "code", required=True, metavar="CODE")
@sdk.json_option
@sdk.command_errors
def list_command(code: str, *, as_json: bool) -> None:
    """List the campaigns that CODE runs, the newest first."""
    with sdk.open_session(None) as session:
        tenant = sdk.get_tenant(session, code)
    with sdk.open_session(sdk.Scope.own(tenant)) as session:
        query = (
            select(EvaluationCampaign)
            .where(EvaluationCampaign.tenant_id == tenant.id)
            .order_by(EvaluationCampaign.year.desc(), EvaluationCampaign.id.desc())
        )
        rows = [_to_row(campaign, tenant) for campaign in session.scalars(query)]
    lines = (f"{row['id']}\t{row['year']}\t{row['state']}\t{row['title']}" for row in rows)
    sdk.print_result({"campaigns": rows}, as_json=as_json, text=lambda: "\n".join(lines))


def _to_row(campaign: EvaluationCampaign, tenant: Tenant) -> dict[str, Any]:
    published = campaign.published_at
    return {
        "id": campaign.id,
        "title": campaign.title,
        "year": campaign.year,
        "tenant": tenant.division_code,
        "state": campaign.state,
        "level": campaign.level,
        "minimum": campaign.minimum,
        "subjects": len(campaign.subjects),
        "published_at": published.isoformat() if published else None,
        "sheet_sha256": campaign.sheet_digest,
    }


@evaluation.command("compute")
@click.argument("campaign_id", metavar="CAMPAIGN", type=click.IntRange(1))
@click.option(
    "--sheet",
    type=click.Path(path_type=Path),
    metavar="FILE.xlsx",
    help="From this published calculation sheet alone; the database is not asked.",
)
@sdk.json_option
@sdk.command_errors
def compute_command(campaign_id: int, sheet: Path | None, *, as_json: bool) -> None:
    """Calculate the results of a campaign whose scoring has ended, and store nothing."""
    if sheet is None:
        computed = _compute_stored(campaign_id)
    else:
        computed, notes = sdk.compute_from_sheet(sdk.read_input(sheet), sheet.name, SUBJECT_GROUPS)
        for note in notes:
            sdk.print_note(note)
    body = _to_body(computed)
    lines = (f"{one['rank']}\t{one['score']:.2f}\t{one['subject']}" for one in body["results"])
    sdk.print_result(body, as_json=as_json, text=lambda: "\n".join(lines))


def _compute_stored(campaign_id: int) -> "sdk.Computation":
    from .results.scores import load_scores  # every command loads this module

    with sdk.open_session(sdk.Scope.platform(purpose="evaluation compute")) as session:
        campaign = session.get(EvaluationCampaign, campaign_id)
        if campaign is None:
            raise NotFound(where=str(campaign_id))
        tenant = session.get_one(Tenant, campaign.tenant_id)
        return load_scores(session, tenant, campaign).compute()


def _to_body(computed: "sdk.Computation") -> dict[str, Any]:
    """Return what the command answers; of those below the minimum their names alone."""
    results = [
        {
            "subject": one.subject,
            "group": one.group,
            "score": float(one.score),
            "rank": one.rank,
            "answers": one.answers,
        }
        for one in computed.results
    ]
    return {"results": results, "withheld": list(computed.withheld)}
