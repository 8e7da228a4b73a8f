"""The public page of supervision: who supervises, what was judged, what was voted on."""

from flask import render_template

from core.sdk import Context, PluginBlueprint, get_plugin_settings, public_page

from .. import labels
from ..manifest import MANIFEST, NAME
from ..register.queries import list_appointed, load_figures

blueprint = PluginBlueprint(MANIFEST, __name__)


@blueprint.get("/<code>/evaluation/")
@public_page
def index(ctx: Context) -> str:
    """Show the figures of the register, and the list of names where the office publishes it."""
    settings = get_plugin_settings(NAME, ctx.tenant)
    members = list_appointed(ctx.session, ctx.tenant) if settings["lists_names"] else ()
    return render_template(
        f"{NAME}/index.html",
        figures=load_figures(ctx.session, ctx.tenant),
        members=[(row.name, row.unit, labels.SUPERVISOR_KINDS[row.kind]) for row in members],
        labels=labels,
    )
