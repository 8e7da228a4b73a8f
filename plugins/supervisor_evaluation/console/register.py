"""Staff pages of the register."""

from core.sdk import Context, PluginBlueprint, paginate, params

from ..labels import SUPERVISOR_STATES, list_choices
from ..manifest import MANIFEST
from ..register.queries import load_figures, select_supervisors
from .pages import SUPERVISORS, manage_page, render

PER_PAGE = 30

blueprint = PluginBlueprint(MANIFEST, __name__, part="register")


@blueprint.get(SUPERVISORS)
@manage_page
def index(ctx: Context) -> str:
    """List applicants and supervisors, of one state where it is chosen (`?state=`)."""
    state = params.word("state", SUPERVISOR_STATES)
    query = select_supervisors(ctx.tenant, state)
    return render(
        "register",
        page=paginate(ctx.session, query, params.page_number(), PER_PAGE),
        figures=load_figures(ctx.session, ctx.tenant),
        state=state,
        states=list_choices({key: label for key, (label, _tone) in SUPERVISOR_STATES.items()}),
    )
