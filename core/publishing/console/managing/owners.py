"""Places, organs and genres of listed publications by their names, each asked for once."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from core.permissions import Action
from core.publishing.console.managing.places import ListedPlaces, is_listed
from core.publishing.models import Publication
from core.tenancy.models import Organ
from core.tenancy.service import list_organs, tenants_by_id
from core.web.context import Context


def name_owners(ctx: Context, rows: Iterable[Publication]) -> dict[str, Any]:
    """Return the tenants of publications and the names of their organs, by id."""
    shown = list(rows)
    places = {row.tenant_id for row in shown} - {ctx.tenant.id}
    organs = {row.organ_id for row in shown if row.organ_id}
    names: dict[int, str] = {}
    if organs:
        query = select(Organ.id, Organ.name).where(Organ.id.in_(organs))
        names = {number: str(name) for number, name in ctx.session.execute(query)}
    owners = {ctx.tenant.id: ctx.tenant} | (
        tenants_by_id(ctx.session, list(places)) if places else {}
    )
    return {"owners": owners, "organs": names}


def list_organ_names(ctx: Context) -> dict[int, str]:
    """Return the names of the place's organs that the person may read of."""
    scope = ctx.scope(Action.READ_DRAFTS)
    organs = list_organs(ctx.session, ctx.tenant)
    return {organ.id: organ.name for organ in organs if organ.id in scope}


def list_genres(ctx: Context, places: ListedPlaces) -> list[str]:
    """List the genres of what may be read of the places."""
    query = select(Publication.genre).where(is_listed(ctx, places)).distinct()
    return [genre for genre in ctx.session.scalars(query.order_by(Publication.genre)) if genre]
