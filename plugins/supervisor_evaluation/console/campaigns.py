"""Staff pages of campaigns: the list, the form of a draft, how far the work has come."""

from collections.abc import Callable
from typing import Any

from flask import flash
from werkzeug.wrappers import Response

from core import sdk
from core.sdk import Conflict, Context, FormData, today

from ..campaigns import lifecycle, queries
from ..campaigns.forms import CampaignForm, PeersForm, ReasonForm, load_choices, offered
from ..domain.phases import CampaignState, end_of_phase
from ..i18n import _
from ..indicators import LIBRARY
from ..manifest import MANIFEST, NAME
from ..models.campaign import EvaluationCampaign
from .pages import CAMPAIGN, CAMPAIGNS, campaign_page, manage_page, render, to

blueprint = sdk.PluginBlueprint(MANIFEST, __name__, part="campaigns")


@blueprint.get(CAMPAIGNS)
@manage_page
def index(ctx: Context) -> str:
    """List the campaigns of the place."""
    campaigns = queries.list_campaigns(ctx.session, ctx.tenant)
    has_set = LIBRARY.find_in_force(ctx.session, ctx.tenant) is not None
    return render("campaigns/index", campaigns=campaigns, has_set=has_set, today=today())


@blueprint.get(f"{CAMPAIGNS}new/")
@manage_page
def new(ctx: Context) -> str:
    """Show the form of a new campaign, with dates that would do."""
    dates = dict(lifecycle.propose_dates(today()).in_order())
    minimum = sdk.get_plugin_settings(NAME, ctx.tenant)["minimum"]
    values = {"year": today().year, "minimum": minimum, "scores_per_subject": max(7, minimum)}
    shown = CampaignForm.show(dates | values | {"level": "grades"})
    return _form_page(ctx, sdk.blank_form(shown))


@blueprint.post(CAMPAIGNS)
@manage_page
def create(ctx: Context) -> Any:
    """Create a draft."""
    return _take(ctx, None)


@blueprint.get(CAMPAIGN)
@campaign_page
def show(ctx: Context, campaign: EvaluationCampaign) -> str:
    """Show how far a campaign has come, and what can be done next."""
    return _page(ctx, campaign)


@blueprint.get(f"{CAMPAIGN}edit/")
@campaign_page
def edit(ctx: Context, campaign: EvaluationCampaign) -> str:
    """Show a draft in its form."""
    organs = [row.organ_id for row in campaign.subjects if row.organ_id]
    places = [row.township_id for row in campaign.subjects if row.township_id]
    columns = {name: getattr(campaign, name, None) for name, _field in CampaignForm().inputs()}
    shown = CampaignForm.show(columns | {"organs": organs, "townships": places})
    return _form_page(ctx, sdk.blank_form(shown), campaign)


@blueprint.post(CAMPAIGN)
@campaign_page
def save(ctx: Context, campaign: EvaluationCampaign) -> Any:
    """Change a draft, unless somebody else was faster."""
    sdk.require_version(campaign.version)
    return _take(ctx, campaign)


def _take(ctx: Context, campaign: EvaluationCampaign | None) -> Any:
    form = CampaignForm.read(choices=offered(load_choices(ctx)))
    saved: list[EvaluationCampaign] = []
    return sdk.take_form(
        ctx, form, lambda: saved.append(lifecycle.save_campaign(ctx, campaign, form.values)),
        again=lambda form: _form_page(ctx, form, campaign), then=lambda: _back(saved[0]),
    )  # fmt: skip


def _back(campaign: EvaluationCampaign) -> Response:
    return to("campaigns.show", campaign_id=campaign.id)


@blueprint.post(f"{CAMPAIGN}peers/")
@campaign_page
def peers(ctx: Context, campaign: EvaluationCampaign) -> Response:
    """Say with which others each subject is compared; published results keep theirs."""
    sdk.require_version(campaign.version)
    words = PeersForm.read().values["peer"]
    lifecycle.set_peer_groups(
        ctx, campaign, {int(key): text for key, text in words.items() if key.isdecimal()}
    )
    flash(_("Saved."), "success")
    return _back(campaign)


@blueprint.post(f"{CAMPAIGN}clone/")
@campaign_page
def clone(ctx: Context, campaign: EvaluationCampaign) -> Response:
    """Create next year's draft from this one."""
    fresh = lifecycle.clone_campaign(ctx, campaign)
    flash(_("This is the draft for %(year)s. Check its dates.", year=fresh.year), "success")
    return to("campaigns.edit", campaign_id=fresh.id)


@blueprint.post(f"{CAMPAIGN}start/")
@campaign_page
def start(ctx: Context, campaign: EvaluationCampaign) -> Response:
    """Start a draft."""
    return _act(ctx, campaign, lifecycle.start_campaign, _("The campaign has started."))


@blueprint.post(f"{CAMPAIGN}advance/")
@campaign_page
def advance(ctx: Context, campaign: EvaluationCampaign) -> Response:
    """End the present phase."""
    return _act(ctx, campaign, lifecycle.advance_campaign, _("The next phase has begun."))


@blueprint.post(f"{CAMPAIGN}publish/")
@campaign_page
def publish(ctx: Context, campaign: EvaluationCampaign) -> Response:
    """Publish the results."""
    return _act(ctx, campaign, lifecycle.publish_campaign, _("The results are published."))


def _act(
    ctx: Context,
    campaign: EvaluationCampaign,
    act: Callable[[Context, EvaluationCampaign], None],
    done: str,
) -> Response:
    sdk.require_version(campaign.version)
    with sdk.attempt(ctx):
        act(ctx, campaign)
        flash(done, "success")
    return _back(campaign)


@blueprint.post(f"{CAMPAIGN}cancel/")
@campaign_page
def cancel(ctx: Context, campaign: EvaluationCampaign) -> Any:
    """Cancel a campaign, with a reason."""
    sdk.require_version(campaign.version)
    form = ReasonForm.read()
    if campaign.state in {CampaignState.PUBLISHED, CampaignState.CANCELLED}:
        raise Conflict(_("The campaign is over already."))
    return sdk.take_form(
        ctx, form, lambda: lifecycle.cancel_campaign(ctx, campaign, form.values["reason"]),
        again=lambda form: _page(ctx, campaign, form), then=lambda: _back(campaign),
        said=_("The campaign is cancelled."),
    )  # fmt: skip


def _page(ctx: Context, campaign: EvaluationCampaign, form: FormData | None = None) -> str:
    state = CampaignState(campaign.state)
    return render(
        "campaigns/show", form, campaign=campaign, today=today(),
        progress=queries.load_progress(ctx.session, campaign),
        last_day=end_of_phase(state, campaign.dates), next=lifecycle.find_next(state),
        may_end=lifecycle.may_end_now(ctx.session, campaign),
    )  # fmt: skip


def _form_page(ctx: Context, form: FormData, campaign: EvaluationCampaign | None = None) -> str:
    return render("campaigns/edit", form, campaign=campaign, choices=load_choices(ctx))
