"""Staff pages of assignments: the draw, declines, swaps, spot checks and mystery visits."""

from typing import Any

from flask import flash
from werkzeug.wrappers import Response

from core.sdk import (
    Conflict,
    Context,
    DrawShortfall,
    FormData,
    NotFound,
    PluginBlueprint,
    require_version,
    savepoint,
    staff_page,
)

from ..campaigns import assigning
from ..campaigns.forms import SwapForm, VisitsForm
from ..i18n import _
from ..manifest import MANAGE, MANIFEST
from ..models.campaign import EvaluationAssignment, EvaluationCampaign
from ..models.register import EvaluationSupervisor
from .pages import CAMPAIGN, REACH, campaign_page, load_campaign, render, to

blueprint = PluginBlueprint(MANIFEST, __name__, part="assignments")
ASSIGNMENTS = f"{CAMPAIGN}assignments/"


def load_assignment(
    ctx: Context, campaign: EvaluationCampaign, assignment_id: int
) -> EvaluationAssignment:
    """Load the assignment of the address; raises `NotFound`."""
    assignment = ctx.session.get(EvaluationAssignment, assignment_id)
    if assignment is None or assignment.campaign_id != campaign.id:
        raise NotFound
    return assignment


assignment_page = staff_page(
    MANAGE, reach=REACH, campaign=load_campaign, assignment=load_assignment
)


@blueprint.get(ASSIGNMENTS)
@campaign_page
def index(ctx: Context, campaign: EvaluationCampaign) -> str:
    """Show who scores whom; nobody else is ever told."""
    return _page(ctx, campaign)


@blueprint.post(f"{ASSIGNMENTS}draw/")
@campaign_page
def draw(ctx: Context, campaign: EvaluationCampaign) -> Response:
    """Draw supervisors for all subjects that have too few; what stands is kept."""
    require_version(campaign.version)
    try:
        _say_shortfalls(assigning.draw_assignments(ctx, campaign), campaign)
    except Conflict as error:
        flash(error.message, "error")
    return to("assignments.index", campaign_id=campaign.id)


@blueprint.post(f"{ASSIGNMENTS}visits/")
@campaign_page
def visits(ctx: Context, campaign: EvaluationCampaign) -> Any:
    """Draw one more supervisor for each ticked subject."""
    require_version(campaign.version)
    form = VisitsForm.read()
    if form.ok and not form.values["subjects"]:
        form.errors["subjects"] = _("Tick at least one subject.")
    if not form.ok:
        return _page(ctx, campaign, form), 422
    shortfalls = assigning.add_visits(ctx, campaign, form.values["kind"], form.values["subjects"])
    _say_shortfalls(shortfalls, campaign)
    return to("assignments.index", campaign_id=campaign.id)


def _say_shortfalls(shortfalls: tuple[DrawShortfall, ...], campaign: EvaluationCampaign) -> None:
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


@blueprint.get(f"{ASSIGNMENTS}<int:assignment_id>/swap/")
@assignment_page
def choose(ctx: Context, campaign: EvaluationCampaign, assignment: EvaluationAssignment) -> str:
    """Show who could take over an assignment."""
    return _swap_page(ctx, campaign, assignment)


@blueprint.post(f"{ASSIGNMENTS}<int:assignment_id>/swap/")
@assignment_page
def swap(ctx: Context, campaign: EvaluationCampaign, assignment: EvaluationAssignment) -> Any:
    """Give an assignment to another supervisor."""
    require_version(campaign.version)
    form = SwapForm.read()
    if form.ok:
        try:
            with savepoint(ctx.session):
                assigning.swap_supervisor(
                    ctx, assignment, form.values["supervisor"], form.values["reason"]
                )
        except Conflict as error:
            form.errors["supervisor"] = error.message
    if not form.ok:
        return _swap_page(ctx, campaign, assignment, form), 422
    flash(_("Saved."), "success")
    return to("assignments.index", campaign_id=campaign.id)


def _swap_page(
    ctx: Context,
    campaign: EvaluationCampaign,
    assignment: EvaluationAssignment,
    form: FormData | None = None,
) -> str:
    draw = assigning.AssignmentDraw(ctx, campaign)
    candidates = assigning.list_candidates(draw, assignment.subject)
    options = [{"value": row.id, "label": f"{row.name} {row.unit}"} for row in candidates]
    present = ctx.session.get_one(EvaluationSupervisor, assignment.supervisor_id)
    return render(
        "campaigns/swap", form, campaign=campaign, assignment=assignment, options=options,
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
