"""Staff pages of points: the list, the form of one, what happened to it."""

from typing import Any

from flask import flash
from sqlalchemy import select

from core import sdk
from core.sdk import (
    HOURS_PRESETS,
    Context,
    FormData,
    PluginBlueprint,
    Tenant,
    are_hours_plain,
    load_item_titles,
    say_stored_hours,
    to_stored_hours,
)

from ..i18n import _
from ..manifest import MANAGE, MANIFEST, MISTAKE
from ..models.point import ServicePoint
from ..points import forms, queries, service
from ..points.places import load_surroundings
from ..points.types import PointSchema, find_type, load_types, usual_type
from .pages import LIST, POINT, blank, list_page, new_page, point_page, render, to

blueprint = PluginBlueprint(MANIFEST, __name__, part="points")


@blueprint.get(LIST)
@list_page
def index(ctx: Context) -> str:
    """List the points of this place and of those below it."""
    types = load_types(ctx.session, ctx.tenant)
    places = _load_places(ctx)
    chosen = queries.PointFilter(
        text=sdk.params.text("q", 60),
        type_key=sdk.params.word("type", types),
        attention=sdk.params.word("attention", queries.ATTENTION),
        tenant_id=place if (place := sdk.params.number("place")) in places else 0,
    )
    page = queries.list_points(ctx, chosen, sdk.params.page_number())
    return render(
        "index", page=page, chosen=chosen, types=types, find_type=find_type, places=places,
        choices=forms.load_choices(ctx, types), attention=queries.ATTENTION,
        stale=queries.is_due, presets=HOURS_PRESETS,
    )  # fmt: skip


def _load_places(ctx: Context) -> dict[int, Tenant]:
    """Load this place and those below by id, in the order of the tree."""
    query = select(Tenant).where(sdk.below(ctx.tenant.path)).order_by(Tenant.division_code)
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
    return _take(ctx, None)


@blueprint.get(POINT)
@point_page
def edit(ctx: Context, point: ServicePoint) -> str:
    """Show a point in its form, with what happened to it."""
    schema = find_type(load_types(ctx.session, ctx.tenant), point.type_key)
    return _form_page(
        ctx, schema, blank(forms.show_point(schema, point, load_item_titles(ctx))), point
    )


@blueprint.post(POINT)
@point_page
def save(ctx: Context, point: ServicePoint) -> Any:
    """Keep what was typed, unless somebody else was faster."""
    sdk.require_version(point.version)
    return _take(ctx, point)


def _take(ctx: Context, point: ServicePoint | None) -> Any:
    """Store a form that leaves nothing open; else show it again with what is to be settled."""
    schema, form = _read(ctx)
    items = load_item_titles(ctx)
    forms.check_items(form, items)
    position, mends = sdk.read_position(form, load_surroundings(ctx.session, ctx.tenant))
    if not form.ok:
        return _form_page(ctx, schema, form, point, mends=mends), 422
    heard = _list_heard(form, point)
    if heard:
        form.typed["seen"] = form.values["hours_text"]
        if position["lng"] is not None:  # as it was mended: the next page asks no more
            form.typed["position"] = "{lng},{lat}".format(**position)
            form.typed["datum"] = position["datum"]
        return _form_page(ctx, schema, form, point, heard=heard)
    values = _allow_organ(ctx, forms.to_point_values(schema, form, items, position))
    if point is None:
        point = service.create_point(ctx, ctx.tenant, values)
    else:
        service.edit_point(ctx, point, values)
    flash(_("Saved."), "success")
    return to("points.edit", point)


def _read(ctx: Context) -> tuple[PointSchema, FormData]:
    """Read the form as its chosen type asks for."""
    types = load_types(ctx.session, ctx.tenant)
    first = forms.PointForm.read(choices={"type_key": types})
    schema = find_type(types, first.values["type_key"] or "other")
    choices = forms.offered(forms.load_choices(ctx, types))
    return schema, forms.form_for(schema).read(choices=choices)


def _list_heard(form: FormData, point: ServicePoint | None) -> dict[str, str]:
    """Return how new hours were read, unless that is plain or has been shown already."""
    text = form.values["hours_text"]
    if not text or form.values["seen"] == text or (point and point.hours_text == text):
        return {}
    return (
        {}
        if are_hours_plain(text)
        else {"text": text, "words": say_stored_hours(to_stored_hours(text))}
    )


def _allow_organ(ctx: Context, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values; somebody of one office enters points of that office."""
    scope = ctx.scope(MANAGE)
    if values["organ_id"] not in scope:
        values["organ_id"] = min(scope.ids, default=None)
    return values


@blueprint.post(f"{POINT}verify/")
@point_page
def verify(ctx: Context, point: ServicePoint) -> Any:
    """Record that all of it is true today."""
    service.verify_point(ctx, point, ctx.tenant)
    flash(_("Verified: thank you."), "success")
    return to("points.edit", point)


def _form_page(
    ctx: Context,
    schema: PointSchema,
    form: FormData,
    point: ServicePoint | None = None,
    **settle: Any,
) -> str:
    types = load_types(ctx.session, ctx.tenant)
    items = load_item_titles(ctx)
    history = queries.list_history(ctx, point) if point else []
    reports = sdk.list_open_messages(ctx, MISTAKE, point.id) if point else []
    words = say_stored_hours(point.hours) if point else ""
    return render(
        "edit", form, point=point, schema=schema, history=history, items=items.titles.values(),
        choices=forms.load_choices(ctx, types), zone=sdk.zone(), presets=HOURS_PRESETS, words=words,
        reports=reports, today=sdk.today(), **settle,
    )  # fmt: skip
