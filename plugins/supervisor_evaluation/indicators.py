"""By what offices are judged: versions of indicators, on the kit's library."""

from core.sdk import Indicator, IndicatorLibrary, NotFound

from .labels import SUBJECT_GROUPS
from .manifest import MANAGE, NAME
from .models.campaign import EvaluationCampaign, IndicatorSet

LIBRARY = IndicatorLibrary(
    NAME, IndicatorSet, MANAGE, SUBJECT_GROUPS, f"plugin_{NAME}_indicators_public.show"
)
LIBRARY.take_comments()


def load_indicators(campaign: EvaluationCampaign) -> tuple[Indicator, ...]:
    """Return the indicators that were fixed when the campaign started; nothing before."""
    return campaign.indicator_set.read() if campaign.indicator_set else ()


def list_scored(campaign: EvaluationCampaign, group: str) -> list[Indicator]:
    """List the indicators by which supervisors score subjects of a group."""
    found = load_indicators(campaign)
    return [each for each in found if each.is_for(group) and not each.measure]


def find_indicator(campaign: EvaluationCampaign, key: str) -> Indicator:
    """Return an indicator of the campaign's version; raises `NotFound`."""
    for indicator in load_indicators(campaign):
        if indicator.key == key:
            return indicator
    raise NotFound
