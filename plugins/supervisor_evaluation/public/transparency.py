"""The public register of what was found and mended: counts and what was mended, no persons."""

from flask import render_template

from core.sdk import Context, PluginBlueprint, paginate, params, public_page, redact

from ..findings import FINDINGS, load_tip_figures
from ..i18n import _
from ..manifest import MANIFEST, NAME

PER_PAGE = 20

blueprint = PluginBlueprint(MANIFEST, __name__, part="transparency")


@blueprint.get("/<code>/evaluation/findings/")
@public_page
def show(ctx: Context) -> str:
    """Show figures of findings and tips, and what was mended; numbers of persons are hidden."""
    figures = FINDINGS.load_figures(ctx.session, ctx.tenant)
    tips = load_tip_figures(ctx.session, ctx.tenant)
    page = paginate(ctx.session, FINDINGS.select_mended(ctx.tenant), params.page_number(), PER_PAGE)
    return render_template(
        f"{NAME}/findings.html",
        page=page,
        numbers=[
            {"label": _("Findings"), "number": figures.total},
            {"label": _("Mended and looked at again"), "number": figures.closed},
            {"label": _("Reported as mended"), "number": figures.reported},
            {"label": _("Overdue"), "number": figures.overdue},
            {"label": _("Tips of this year"), "number": tips.received},
            {"label": _("of these answered"), "number": tips.answered},
            {"label": _("of these late"), "number": tips.late},
        ],
        mended=[
            (row.subject, redact(row.text), redact(row.report), row.closed_on, row.page_url)
            for row in page.rows
        ],
    )
