"""The staff page of types: a place's own, which those below inherit, and what each asks for."""

from typing import Any

from flask import flash
from sqlalchemy import select

from core import sdk
from core.sdk import Context, Form, FormData, PluginBlueprint, custom_from_line, fields

from ..i18n import _, _l
from ..manifest import MANAGE, MANIFEST
from ..models.point import PointType
from ..points.types import MOST_FIELDS, PointSchema, Types, find_type, load_types
from .pages import LIST, blank, render, to

blueprint = PluginBlueprint(MANIFEST, __name__, part="types")
_page = sdk.staff_page(MANAGE)


class TypeForm(Form):
    """A type: its name, other names for it, the fields that it asks for, one a line."""

    key = fields.LineField(40)
    label = fields.LineField(40, required=_l("Enter the name of the type."))
    aliases = fields.LinesField(20, 40)
    asked = fields.LinesField(MOST_FIELDS, 200)
    is_used = fields.TickField()


@blueprint.get(f"{LIST}types/")
@_page
def index(ctx: Context) -> str:
    """List the types that hold here; show the form of one (`?key=`), or of a new one."""
    types = load_types(ctx.session, ctx.tenant)
    typed = _show(types, sdk.params.text("key", 40))
    return render("types", blank(typed), types=types, version=sdk.shown_version(typed))


@blueprint.post(f"{LIST}types/")
@_page
def save(ctx: Context) -> Any:
    """Store a type of this place; one that is built in or of a place above stays as it is there."""
    form = TypeForm.read()
    types = load_types(ctx.session, ctx.tenant)
    version = sdk.shown_version(_show(types, form.values["key"]))
    if form.values["key"] not in types and any(
        schema.label == form.values["label"] for schema in types.values()
    ):
        form.errors["label"] = _("There is a type of this name already.")
    if not form.ok:
        return render("types", form, types=types, version=version), 422
    sdk.require_version(version, optional=True)
    _store(ctx, form, types.get(form.values["key"]))
    flash(_("Saved."), "success")
    return to("types.index")


def _show(types: Types, key: str) -> dict[str, Any]:
    """Return what the form shows of a type; of a new one where there is none of this key."""
    schema = find_type(types, key) if key in types else PointSchema("", "")
    return TypeForm.show(
        {"key": schema.key, "label": schema.label, "aliases": schema.aliases, "is_used": True}
        | {"asked": [field.to_line() for field in schema.fields]}
    )


def _store(ctx: Context, form: FormData, schema: PointSchema | None) -> None:
    values = dict(form.values)
    key = schema.key if schema else values["label"]
    known = schema.fields if schema else ()
    query = select(PointType).where(PointType.tenant_id == ctx.tenant.id, PointType.key == key)
    row = ctx.session.scalar(query) or PointType(tenant_id=ctx.tenant.id, key=key)
    row.label, row.aliases, row.is_used = values["label"], values["aliases"], values["is_used"]
    row.fields = [custom_from_line(line, known).to_json() for line in values["asked"]]
    ctx.session.add(row)
    ctx.audit("service_map.type", key)
