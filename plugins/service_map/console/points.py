"""Staff pages of points: the list, the form of one, what happened to it."""

from typing import Any

from flask import flash
from sqlalchemy import select

from core import sdk
from core.sdk import Context, FormData, PluginBlueprint, Tenant

from ..domain.point_types import PointSchema
from ..i18n import _
from ..manifest import MANAGE, MANIFEST
from ..models.point import ServicePoint
from ..points import forms, queries, service
from ..points.types import find_type, load_types, usual_type
from .pages import LIST, POINT, blank, list_page, new_page, point_page, render, to

blueprint = PluginBlueprint(MANIFEST, __name__, part="points")


@blueprint.get(LIST)
@list_page
def index(ctx: Context) -> str:
    """List the points of this place and of those below it."""
    types = load_types(ctx.session, ctx.tenant)
    chosen = queries.PointFilter(
        text=sdk.params.text("q", 60),
        type_key=sdk.params.word("type", types),
        attention=sdk.params.word("attention", queries.ATTENTION),
    )
    page = queries.list_points(ctx, chosen, sdk.params.page_number())
    return render(
        "index", page=page, chosen=chosen, types=types, find_type=find_type, places=_places(ctx),
        choices=forms.load_choices(ctx, types), attention=queries.ATTENTION,
    )  # fmt: skip


def _places(ctx: Context) -> dict[int, Tenant]:
    """Load this place and those below by id."""
    query = select(Tenant).where(sdk.below(ctx.tenant.path))
    return {tenant.id: tenant for tenant in ctx.session.scalars(query)}


@blueprint.get(f"{LIST}new/")
@new_page
def new(ctx: Context) -> str:
    """Show the form of a new point."""
    types = load_types(ctx.session, ctx.tenant)
    key = sdk.params.word("type", types, usual_type(ctx.tenant.level))
    schema = find_type(types, key)
    typed = forms.form_for(schema).show({"type_key": key, "datum": "gcj02", "state": "public"})
    return _form_page(ctx, schema, blank(typed))


@blueprint.post(LIST)
@new_page
def create(ctx: Context) -> Any:
    """Create a point of this place."""
    schema, form = _read(ctx)
    if not form.ok:
        return _form_page(ctx, schema, form), 422
    point = service.create_point(ctx, ctx.tenant, _values(ctx, schema, form))
    flash(_("Saved."), "success")
    return to("points.edit", point)


def _read(ctx: Context) -> tuple[PointSchema, FormData]:
    """Read the form as its chosen type asks for."""
    types = load_types(ctx.session, ctx.tenant)
    first = forms.PointForm.read(choices={"type_key": types})
    schema = find_type(types, first.values["type_key"] or "other")
    choices = forms.offered(forms.load_choices(ctx, types))
    return schema, forms.form_for(schema).read(choices=choices)


def _values(ctx: Context, schema: PointSchema, form: FormData) -> dict[str, Any]:
    """Return the values of a read form; somebody of one office enters points of that office."""
    values = forms.to_point_values(schema, form)
    scope = ctx.scope(MANAGE)
    if values["organ_id"] not in scope:
        values["organ_id"] = min(scope.ids, default=None)
    return values


@blueprint.get(POINT)
@point_page
def edit(ctx: Context, point: ServicePoint) -> str:
    """Show a point in its form, with what happened to it."""
    schema = find_type(load_types(ctx.session, ctx.tenant), point.type_key)
    return _form_page(ctx, schema, blank(forms.show_point(schema, point)), point)


@blueprint.post(POINT)
@point_page
def save(ctx: Context, point: ServicePoint) -> Any:
    """Keep what was typed, unless somebody else was faster."""
    sdk.require_version(point.version)
    schema, form = _read(ctx)
    if not form.ok:
        return _form_page(ctx, schema, form, point), 422
    service.edit_point(ctx, point, _values(ctx, schema, form))
    flash(_("Saved."), "success")
    return to("points.edit", point)


@blueprint.post(f"{POINT}verify/")
@point_page
def verify(ctx: Context, point: ServicePoint) -> Any:
    """Record that all of it is true today."""
    service.verify_point(ctx, point, ctx.tenant)
    flash(_("Verified: thank you."), "success")
    return to("points.edit", point)


def _form_page(
    ctx: Context, schema: PointSchema, form: FormData, point: ServicePoint | None = None
) -> str:
    types = load_types(ctx.session, ctx.tenant)
    history = queries.list_history(ctx, point) if point else []
    return render(
        "edit", form, point=point, schema=schema, history=history,
        choices=forms.load_choices(ctx, types), zone=sdk.zone(),
    )  # fmt: skip
