"""Public pages of a village: its lists beside the government's."""

from flask import render_template

from core import sdk
from core.sdk import Context, NotFound, PluginBlueprint

from .. import labels
from ..comparing import queries
from ..manifest import MANIFEST
from ..models.sync import SyncComparison
from ..pairs.queries import load_kinds
from .blocks import MOST_ROWS

blueprint = PluginBlueprint(MANIFEST, __name__, part="compared")
LIST = "/<code>/lists-compared/"
_ON_THE_LIST = 3 * MOST_ROWS


def load_public_comparison(ctx: Context, comparison_id: int) -> SyncComparison:
    """Load a comparison of this village that everybody may see; raises `NotFound`."""
    return queries.find_public(ctx.session, ctx.tenant, comparison_id)


@blueprint.get(LIST)
@sdk.public_page
def index(ctx: Context) -> str:
    """List how the lists of a village and those of the government compare."""
    own = [SyncComparison.tenant_id == ctx.tenant.id]
    return render_template(
        "village_sync/index.html",
        found=queries.list_public(ctx.session, own, _ON_THE_LIST),
        kinds=load_kinds(),
        labels=labels,
    )


@blueprint.get(f"{LIST}<int:comparison_id>/")
@sdk.public_page(row=load_public_comparison)
def show(ctx: Context, row: SyncComparison) -> str:
    """Show both sides; what is looked into says whom to ask, and no figures yet."""
    sides = queries.load_sides(ctx.session, row)
    if len(sides) < 2:
        raise NotFound(where=str(row.id))
    return render_template(
        "village_sync/show.html",
        row=row,
        sides=sides,
        kind=load_kinds().get_kind(row.kind),
        phone=queries.find_phone(ctx.tenant, sides),
        labels=labels,
    )
