"""One change for many points at once: those ticked in the list."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect
from sqlalchemy import select
from werkzeug.wrappers import Response

from core.sdk import Context, Form, PluginBlueprint, fields, safe_next, tenant_url, to_stored_hours

from ..i18n import _, _n
from ..manifest import MANAGE, MANIFEST
from ..models.point import STATES, ServicePoint
from ..points.service import edit_point, verify_point
from ..points.types import load_types
from .pages import LIST, list_page

blueprint = PluginBlueprint(MANIFEST, __name__, part="bulk")
ACTS = ("verify", "state", "type", "hours")
MOST = 500


class BulkForm(Form):
    """Which points, and what to do with them."""

    chosen = fields.TickedIdsField(most=MOST)
    act = fields.ChoiceField(ACTS)
    state = fields.ChoiceField(STATES, name="new_state")
    type_key = fields.ChoiceField(name="new_type")
    hours_text = fields.LineField(500, name="new_hours")
    back = fields.TextField(500)


@blueprint.post(f"{LIST}bulk/")
@list_page
def change(ctx: Context) -> Response:
    """Change the ticked points of this place and those below."""
    form = BulkForm.read(choices={"type_key": load_types(ctx.session, ctx.tenant)})
    points = _load(ctx, form.values["chosen"])
    values = _to_values(form.values)
    if not points:
        flash(_("Tick the points first."), "error")
    elif form.errors or values is None:
        flash(_("Choose what to change, and into what."), "error")
    else:
        count = sum([_change(ctx, point, values) for point in points])
        flash(_n("%(num)s point changed.", "%(num)s points changed.", count), "success")
    index = tenant_url("plugin_service_map_points.index")
    return redirect(safe_next(form.values["back"], index))


def _load(ctx: Context, ids: Sequence[int]) -> Sequence[ServicePoint]:
    """Load those of the points that the person may change."""
    mine = ctx.scope(MANAGE).condition(ServicePoint.organ_id)
    query = select(ServicePoint).where(ServicePoint.id.in_(ids), mine).order_by(ServicePoint.id)
    return ctx.session.scalars(query).all()


def _to_values(chosen: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the fields to set, none for verifying; `None` where nothing was chosen."""
    if chosen["act"] == "verify":
        return {}
    if chosen["act"] == "hours" and chosen["hours_text"]:
        return {"hours_text": chosen["hours_text"], "hours": to_stored_hours(chosen["hours_text"])}
    column = {"state": "state", "type": "type_key"}.get(chosen["act"], "")
    return {column: chosen[column]} if chosen.get(column) else None


def _change(ctx: Context, point: ServicePoint, values: Mapping[str, Any]) -> bool:
    if values:
        return edit_point(ctx, point, values, "bulk")
    verify_point(ctx, point, ctx.tenant)
    return True
