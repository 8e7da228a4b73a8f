"""The public page of the indicators: those in force, and those that are circulated for comment."""

from dataclasses import dataclass
from typing import Any

from flask import render_template

from core import sdk
from core.sdk import Context, PluginBlueprint, Tenant, tenant_url

from ..domain.indicators import Indicator
from ..indicators.sets import COMMENT, find_in_force, list_commented, read_indicators
from ..labels import EVIDENCE, GROUPS, SOURCES
from ..manifest import MANIFEST, NAME
from ..models.indicators import IndicatorSet

blueprint = PluginBlueprint(MANIFEST, __name__, part="indicators_public")


@dataclass(frozen=True, slots=True)
class ShownIndicators:
    """A set as the page shows it, with the place whose it is and where comments are sent."""

    indicator_set: IndicatorSet
    indicators: tuple[Indicator, ...]
    place: Tenant
    comment_url: str = ""


@blueprint.get("/<code>/evaluation/indicators/")
@sdk.public_page
def show(ctx: Context) -> str:
    """Show by what subjects of this place are judged, and what is proposed."""
    in_force = find_in_force(ctx.session, ctx.tenant)
    proposed = [_show(ctx, each) for each in list_commented(ctx.session, ctx.tenant)]
    return render_template(
        f"{NAME}/indicators.html",
        in_force=_show(ctx, in_force) if in_force else None,
        proposed=proposed,
        words=_words(),
        today=sdk.today(),
    )


def _show(ctx: Context, found: IndicatorSet) -> ShownIndicators:
    place = ctx.session.get_one(Tenant, found.tenant_id)
    is_open = found.state == "comment"
    url = tenant_url("messages.form", place, kind=COMMENT, key=found.id) if is_open else ""
    return ShownIndicators(found, read_indicators(found), place, url)


def _words() -> dict[str, Any]:
    return {"evidence": EVIDENCE, "groups": GROUPS, "sources": SOURCES}
