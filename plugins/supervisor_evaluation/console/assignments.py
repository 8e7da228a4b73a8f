"""Staff pages of assignments: the draw, declines, swaps, spot checks and mystery visits."""

from typing import Any

from flask import flash

from core import sdk
from core.sdk import Context, FormData, NotFound

from ..campaigns import assigning
from ..campaigns.forms import SwapForm, VisitsForm
from ..i18n import _
from ..manifest import MANAGE, MANIFEST
from ..models.campaign import EvaluationAssignment, EvaluationCampaign
from ..models.register import EvaluationSupervisor
from .pages import CAMPAIGN, REACH, campaign_page, load_campaign, render, to

blueprint = sdk.PluginBlueprint(MANIFEST, __name__, part="assignments")
ASSIGNMENTS = f"{CAMPAIGN}assignments/"
SWAP = f"{ASSIGNMENTS}<int:assignment_id>/swap/"


def load_assignment(
    ctx: Context, campaign: EvaluationCampaign, assignment_id: int
) -> EvaluationAssignment:
    """Load the assignment of the address; raises `NotFound`."""
    assignment = ctx.session.get(EvaluationAssignment, assignment_id)
    if assignment is None or assignment.campaign_id != campaign.id:
        raise NotFound
    return assignment


assignment_page = sdk.staff_page(
    MANAGE, reach=REACH, campaign=load_campaign, assignment=load_assignment
)


@blueprint.get(ASSIGNMENTS)
@campaign_page
def index(ctx: Context, campaign: EvaluationCampaign) -> str:
    """Show who scores whom; nobody else is ever told."""
    return _page(ctx, campaign)


@blueprint.post(f"{ASSIGNMENTS}draw/")
@campaign_page
def draw(ctx: Context, campaign: EvaluationCampaign) -> Any:
    """Draw supervisors for all subjects that have too few; what stands is kept."""
    sdk.require_version(campaign.version)
    with sdk.attempt(ctx):
        _say_shortfalls(assigning.draw_assignments(ctx, campaign), campaign)
    return to("assignments.index", campaign_id=campaign.id)


@blueprint.post(f"{ASSIGNMENTS}visits/")
@campaign_page
def visits(ctx: Context, campaign: EvaluationCampaign) -> Any:
    """Draw one more supervisor for each ticked subject."""
    sdk.require_version(campaign.version)
    form = VisitsForm.read()
    if form.ok:
        kind, subjects = form.values["kind"], form.values["subjects"]
        with sdk.attempt(ctx, form.errors):
            _say_shortfalls(assigning.add_visits(ctx, campaign, kind, subjects), campaign)
    if not form.ok:
        return _page(ctx, campaign, form), 422
    return to("assignments.index", campaign_id=campaign.id)


def _say_shortfalls(
    shortfalls: tuple[sdk.DrawShortfall, ...], campaign: EvaluationCampaign
) -> None:
    """Say for which subjects there are too few supervisors, and why."""
    names = {":".join(map(str, row.subject_key)): row.name for row in campaign.subjects}
    for short in shortfalls:
        message = _(
            "%(name)s: %(found)s of %(wanted)s supervisors; %(conflicts)s have a conflict of "
            "interest, %(declined)s had it before or declined.",
            name=names[short.subject], found=short.found, wanted=short.wanted,
            conflicts=short.in_conflict, declined=short.declined,
        )  # fmt: skip
        flash(message, "error")
    if not shortfalls:
        flash(_("Supervisors are assigned."), "success")


@blueprint.get(SWAP)
@assignment_page
def choose(ctx: Context, campaign: EvaluationCampaign, assignment: EvaluationAssignment) -> str:
    """Show who could take over an assignment."""
    del campaign
    return _swap_page(ctx, assignment)


@blueprint.post(SWAP)
@assignment_page
def swap(ctx: Context, campaign: EvaluationCampaign, assignment: EvaluationAssignment) -> Any:
    """Give an assignment to another supervisor."""
    sdk.require_version(campaign.version)
    form = SwapForm.read()
    return sdk.take_form(
        ctx, form, lambda: assigning.swap_supervisor(
            ctx, assignment, form.values["supervisor"], form.values["reason"]),
        again=lambda form: _swap_page(ctx, assignment, form),
        then=lambda: to("assignments.index", campaign_id=campaign.id), field="supervisor",
    )  # fmt: skip


def _swap_page(ctx: Context, assignment: EvaluationAssignment, form: FormData | None = None) -> str:
    campaign = assignment.subject.campaign
    rows = assigning.list_candidates(ctx, assignment.subject)
    candidates = sdk.to_options({row.id: f"{row.name} {row.unit}" for row in rows})
    present = ctx.session.get_one(EvaluationSupervisor, assignment.supervisor_id)
    return render(
        "campaigns/swap", form, campaign=campaign, assignment=assignment, candidates=candidates,
        present=present,
    )  # fmt: skip


def _page(ctx: Context, campaign: EvaluationCampaign, form: FormData | None = None) -> str:
    rows = assigning.list_assignments(ctx.session, campaign)
    people = assigning.load_supervisors(ctx.session, rows)
    by_subject = {
        subject: [(row, people[row.supervisor_id]) for row in rows if row.subject_id == subject.id]
        for subject in campaign.subjects
    }
    return render("campaigns/assignments", form, campaign=campaign, by_subject=by_subject)
