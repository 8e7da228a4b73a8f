"""What the staff pages share: loaders, the decorators of pages, rendering; menu and to-do list."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from core import sdk
from core.sdk import Actor, Context, ItemLink, Level, StaffLink, Task, Tenant, tenant_url

from .. import labels
from ..comparing.queries import count_open, get_comparison
from ..labels import _, _l
from ..manifest import LINK, NAME, SETTLE, VIEW
from ..models.sync import SyncComparison

CASES = "/<code>/console/lists-compared/"
CASE = f"{CASES}<int:comparison_id>/"
PAIRS = "/<code>/console/item-pairs/"
PAIR = f"{PAIRS}<int:link_id>/"
# Comparisons are the villages' rows; a township and the county see those below.
REACH = sdk.Reach.SUBTREE

_PAGES = sdk.FeaturePages(NAME, labels)
render, to = _PAGES.render, _PAGES.to


def load_comparison(ctx: Context, comparison_id: int) -> SyncComparison:
    """Load the comparison of the address; raises `NotFound`."""
    return get_comparison(ctx, comparison_id)


def load_link(ctx: Context, link_id: int) -> ItemLink:
    """Load a link of the county; raises `NotFound`, `Forbidden` for a matter of other organs."""
    links = sdk.list_links(ctx.session, ctx.tenant)
    link = next((each for each in links if each.id == link_id), None)
    if link is None:
        raise sdk.NotFound(where=str(link_id))
    sdk.require_link(ctx.session, ctx.actor, ctx.tenant, link)
    return link


case_list = sdk.staff_page(VIEW, reach=REACH, per_organ=True)
case_page = sdk.staff_page(VIEW, reach=REACH, row=load_comparison)
# The village's word is its list, or an answer: it cannot settle a difference by itself.
settle_page = sdk.staff_page(
    SETTLE, reach=REACH, levels=(Level.COUNTY, Level.TOWNSHIP), row=load_comparison
)
pair_list = sdk.staff_page(LINK, reach=REACH, levels=(Level.COUNTY,), per_organ=True)
pair_page = sdk.staff_page(
    LINK, reach=REACH, levels=(Level.COUNTY,), per_organ=True, link=load_link
)

_GROUP = _l("Village and government lists")


def staff_links() -> Iterable[StaffLink]:
    """Return the places in the staff menu; each is shown to those who may open it."""
    cases = f"plugin_{NAME}_cases.index"
    yield StaffLink("lists-compared", _GROUP, _l("Differences between lists"), cases, VIEW)
    figures = f"plugin_{NAME}_dashboard.show"
    yield StaffLink(
        "lists-compared-figures", _GROUP, _l("Figures of compared lists"), figures, VIEW
    )
    pairs = f"plugin_{NAME}_pairs.index"
    yield StaffLink("item-pairs", _GROUP, _l("Pairs of items"), pairs, LINK)


def staff_tasks(session: Session, tenant: Tenant, actor: Actor) -> Iterable[Task]:
    """Return what waits for the person: differences that are not settled."""
    ctx = Context(session, tenant, actor)
    if ctx.scope(VIEW):
        url = tenant_url(f"plugin_{NAME}_cases.index", tenant)
        yield Task(_("Lists that differ from the other side's"), url, count_open(ctx))
