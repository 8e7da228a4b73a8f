"""The public page of supervision: who supervises, what was judged, what was voted on."""

from flask import render_template

from core import sdk
from core.sdk import Context, PluginBlueprint

from .. import labels
from ..manifest import MANIFEST, NAME
from ..register import REGISTER
from ..results.publishing import list_published
from ..votes import SOCIAL_VOTE
from .results import to_rows

blueprint = PluginBlueprint(MANIFEST, __name__)
# Results that the overview names; the page of all years has the others.
NEWEST = 3


@blueprint.get("/<code>/evaluation/")
@sdk.public_page
def index(ctx: Context) -> str:
    """Show votes and results, then who supervises: names only where the office publishes them."""
    settings = sdk.get_plugin_settings(NAME, ctx.tenant)
    members = REGISTER.list_appointed(ctx.session, ctx.tenant) if settings["lists_names"] else ()
    figures = REGISTER.load_figures(ctx.session, ctx.tenant)
    return render_template(
        f"{NAME}/index.html",
        settings=settings,
        votes=sdk.list_public_votes(ctx.session, ctx.tenant, SOCIAL_VOTE),
        campaigns=to_rows(list_published(ctx.session, ctx.tenant)[:NEWEST]),
        figures=figures,
        charts=sdk.draw_group(REGISTER, figures),
        members=[(row.name, row.unit, labels.SUPERVISOR_KINDS[row.kind]) for row in members],
    )
