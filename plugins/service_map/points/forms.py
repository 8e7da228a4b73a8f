"""The form of a point: what it asks, what it offers to choose from, what becomes of it."""

from collections.abc import Iterable, Mapping
from typing import Any

from core import sdk
from core.sdk import (
    Context,
    Form,
    FormData,
    ItemTitles,
    PositionForm,
    RowsField,
    fields,
    pop_custom_values,
    to_stored_hours,
)

from .. import labels
from ..i18n import _, _l
from ..manifest import MANAGE
from ..models.point import STATES, ServicePoint
from .types import FACILITIES, PointSchema, Types, list_type_options

MOST_OFFERS = 60
Options = list[dict[str, Any]]


class OptionalOrgan(fields.ChoiceField):
    """An office of the place; `None` where none is chosen."""

    empty: Any = None


class OfferForm(Form):
    """One service that is offered at a point."""

    name = fields.LineField(120)
    materials = fields.LineField(300)
    item = fields.LineField(200)

    def check(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Ask for a name, or at least for the item that it is."""
        if not values["name"] and not values["item"]:
            yield "name", _("Say which service.")


class PointForm(PositionForm):
    """What a point says; the fields of its type are added when it is read."""

    name = fields.LineField(120, required=_l("Enter the name of the point."))
    type_key = fields.ChoiceField(required=_l("Choose a type."), name="type")
    address = fields.LineField(200)
    phones = sdk.PhonesField()
    hours_text = fields.LineField(500, name="hours")
    seen = fields.LineField(500)
    way = fields.LineField(300)
    organ_id = OptionalOrgan()
    in_charge = fields.LineField(60)
    materials = fields.TextField(2_000)
    facilities = fields.ChoicesField(FACILITIES)
    access_note = fields.LineField(300)
    state = fields.ChoiceField(STATES, default="public")
    offers = RowsField(OfferForm, MOST_OFFERS)


def form_for(schema: PointSchema) -> type[PointForm]:
    """Return the form with the fields that a type asks for."""
    return PointForm.extend({field.name: field.to_input() for field in schema.fields})


def show_point(schema: PointSchema, point: ServicePoint, items: ItemTitles) -> dict[str, Any]:
    """Return what the form shows of a stored point."""
    details = {field.name: point.details.get(field.key) for field in schema.fields}
    position = None if point.lng is None else (point.lng, point.lat)
    columns = {name: getattr(point, name, None) for name, _field in PointForm().inputs()}
    shown = {"position": position, "offers": [_show_offer(o, items) for o in point.offers]}
    return form_for(schema).show(columns | details | shown)


def _show_offer(offer: Any, items: ItemTitles) -> dict[str, Any]:
    title = items.title(offer.item_id) if offer.item_id else ""
    return {"name": offer.name, "materials": offer.materials, "item": title}


def check_items(form: FormData, items: ItemTitles) -> None:
    """Say beside it where a service names an item that the catalog does not have."""
    for number, row in enumerate(form.typed["offers"]):
        if row["item"].strip() and items.find(row["item"]) is None:
            message = _("The catalog has no such item; choose one of those offered.")
            form.errors.setdefault(f"item-{number}", message)


def to_point_values(
    schema: PointSchema, form: FormData, items: ItemTitles, position: Mapping[str, Any]
) -> dict[str, Any]:
    """Convert a form without errors to the values of a point."""
    values = dict(form.require())
    details = pop_custom_values(schema.fields, values)
    for name in ("position", "mend", "seen"):
        del values[name]
    offers = [_to_offer(row, items) for row in values.pop("offers")]
    hours = to_stored_hours(values["hours_text"])
    return values | {"details": details, "offers": offers, "hours": hours, **position}


def _to_offer(row: Mapping[str, str], items: ItemTitles) -> dict[str, Any]:
    """Convert a row; a service that is called like an item is that item."""
    item_id = items.find(row["item"] or row["name"])
    name = row["name"] or (items.title(item_id) if item_id else "")
    return {"name": name[:120], "item_id": item_id, "materials": row["materials"]}


def load_choices(ctx: Context, types: Types) -> dict[str, Options]:
    """Load what the person can choose."""
    scope = ctx.scope(MANAGE)
    organs = [
        {"value": organ.id, "label": organ.name}
        for organ in sdk.list_organs(ctx.session, ctx.tenant)
        if organ.id in scope
    ]
    return {
        "organs": organs,
        "types": list_type_options(types),
        "datums": _options(sdk.DATUM_LABELS),
        "states": _options(labels.STATES),
        "facilities": _options(labels.FACILITIES),
    }


def offered(choices: Mapping[str, Options]) -> dict[str, list[Any]]:
    """Return the words that the form's choices offer, by field."""
    return {
        "type_key": [option["value"] for option in choices["types"]],
        "organ_id": [option["value"] for option in choices["organs"]],
    }


def _options(names: Mapping[str, Any]) -> Options:
    return [
        {"value": value, "label": label[0] if isinstance(label, tuple) else label}
        for value, label in names.items()
    ]
