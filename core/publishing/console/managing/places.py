"""Of which places the list of publications is: the place itself, one below, or all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, select

from core.db.tree import Tenant, below
from core.permissions import Action, reaches_down
from core.publishing.models import Publication
from core.tenancy.domain import short_name
from core.tenancy.service import find_tenant, list_children
from core.web.context import Context

BELOW = "below"


@dataclass(frozen=True, slots=True)
class ListedPlaces:
    """The places of a list: `root`, and with `is_deep` all below it."""

    root: Tenant
    is_deep: bool = False


def find_places(ctx: Context, wanted: str) -> ListedPlaces:
    """Find the places that a filter names; the place itself where it names none, or a wrong one.

    Drafts of places below are read by those whose role reaches down (officers, reviewers).
    """
    own = ListedPlaces(ctx.tenant)
    if not wanted or not reaches_down(ctx.actor, Action.READ_DRAFTS, ctx.tenant):
        return own
    if wanted == BELOW:
        return ListedPlaces(ctx.tenant, is_deep=True)
    found = find_tenant(ctx.session, wanted)
    if found is None or not found.path.startswith(ctx.tenant.path) or found.id == ctx.tenant.id:
        return own
    return ListedPlaces(found, is_deep=True)


def is_listed(ctx: Context, places: ListedPlaces) -> ColumnElement[bool]:
    """Build the condition: publications of these places that the person may read."""
    if places.is_deep:
        return Publication.tenant_id.in_(select(Tenant.id).where(below(places.root.path)))
    organs = ctx.scope(Action.READ_DRAFTS).condition(Publication.organ_id)
    return and_(Publication.tenant_id == ctx.tenant.id, organs)


def list_place_choices(ctx: Context, places: ListedPlaces) -> list[dict[str, Any]]:
    """List the places that can be chosen: those below, and those below the one that is chosen."""
    if not reaches_down(ctx.actor, Action.READ_DRAFTS, ctx.tenant):
        return []
    children = list_children(ctx.session, ctx.tenant)
    if not children:
        return []
    choices = [{"value": BELOW, "label": _("With all places below")}, *_to_choices(children)]
    root = places.root
    if root.id != ctx.tenant.id and root.level == "township":
        villages = list_children(ctx.session, root)
        choices += _to_choices(villages, _("Below %(place)s", place=short_name(root.name)))
    elif root.id not in {ctx.tenant.id, *(child.id for child in children)}:
        choices += _to_choices([root])
    return choices


def _to_choices(tenants: Iterable[Tenant], group: str = "") -> list[dict[str, Any]]:
    return [
        {"value": tenant.division_code, "label": tenant.name, "group": group} for tenant in tenants
    ]
