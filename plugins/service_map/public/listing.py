"""The public list of service points: of this place, of those above it and of those below."""

from flask import render_template
from sqlalchemy import select

from core.sdk import Context, PluginBlueprint, paginate, params, public_page, tenants_with

from ..manifest import MANIFEST, NAME
from ..models.point import ServicePoint
from ..points.types import find_type, load_types

PER_PAGE = 50

blueprint = PluginBlueprint(MANIFEST, __name__)


@blueprint.get("/<code>/service-points/")
@public_page
def index(ctx: Context) -> str:
    """List the public points, by name."""
    query = select(ServicePoint).where(
        ServicePoint.state == "public", ServicePoint.tenant_id.in_(tenants_with(NAME))
    )
    query = query.order_by(ServicePoint.name, ServicePoint.id)
    page = paginate(ctx.session, query, params.page_number(), PER_PAGE)
    types = load_types(ctx.session, ctx.tenant)
    return render_template("service_map/index.html", page=page, types=types, find_type=find_type)
