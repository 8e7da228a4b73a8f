"""What the staff pages share: loaders, the decorators of pages, rendering, stored files."""

from core import sdk
from core.sdk import Context

from .. import labels
from ..campaigns.queries import get_campaign
from ..manifest import MANAGE, NAME
from ..models.campaign import EvaluationCampaign

CONSOLE = "/<code>/console/evaluation/"
CAMPAIGNS = f"{CONSOLE}campaigns/"
CAMPAIGN = f"{CAMPAIGNS}<int:campaign_id>/"
# What townships say of themselves are rows of theirs.
REACH = sdk.Reach.SUBTREE

_PAGES = sdk.FeaturePages(NAME, labels)
render, to = _PAGES.render, _PAGES.to


def load_campaign(ctx: Context, campaign_id: int) -> EvaluationCampaign:
    """Load the campaign of the address; raises `NotFound`."""
    return get_campaign(ctx.session, ctx.tenant, campaign_id)


manage_page = sdk.staff_page(MANAGE)
campaign_page = sdk.staff_page(MANAGE, reach=REACH, campaign=load_campaign)
