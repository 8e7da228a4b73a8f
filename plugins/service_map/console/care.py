"""Staff pages of what happens to a point: closures, relocations, photographs, its end."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Response, flash
from werkzeug.wrappers import Response as Redirect

from core import sdk
from core.sdk import (
    ACCEPTED_PICTURES,
    Context,
    Form,
    FormData,
    PluginBlueprint,
    PositionForm,
    fields,
)

from ..i18n import _, _l
from ..manifest import MANIFEST
from ..models.point import ServicePoint
from ..points import care, service
from ..points.places import load_surroundings
from .pages import POINT, blank, point_page, render, to

blueprint = PluginBlueprint(MANIFEST, __name__, part="care")
CARE = f"{POINT}care/"


class ClosureForm(Form):
    """Days on which a point is closed."""

    starts_on = fields.DayField(required=_l("Enter the first day."))
    ends_on = fields.DayField()
    reason = fields.LineField(200, required=_l("Say why it is closed."))
    instead = fields.LineField(200)

    def check(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Check the order of the days."""
        first, last = values["starts_on"], values["ends_on"]
        if first and last and last < first:
            yield "ends_on", _("The last day must not be before the first.")


class MoveForm(PositionForm):
    """A relocation; its fields have names of their own, since several forms are on the page."""

    moves_on = fields.DayField(required=_l("Enter the day of the move."))
    address = fields.LineField(200, required=_l("Enter the new address."))
    note = fields.LineField(200)


class PhotoForm(Form):
    """A photograph with what is to be seen on it."""

    photo = fields.FileField(required=_l("Choose a photograph."))
    alt = fields.LineField(120, required=_l("Say in a few words what is to be seen."))


@blueprint.get(CARE)
@point_page
def index(ctx: Context, point: ServicePoint) -> str:
    """Show what is entered, and the forms for more."""
    del ctx
    return _page(point, blank())


@blueprint.post(f"{CARE}closures/")
@point_page
def close(ctx: Context, point: ServicePoint) -> Any:
    """Enter a closure."""
    form = ClosureForm.read()
    if not form.ok:
        return _page(point, form), 422
    care.add_closure(ctx, point, form.values)
    return _done(point)


@blueprint.post(f"{CARE}closures/<int:part_id>/remove/")
@point_page
def reopen(ctx: Context, point: ServicePoint, part_id: int) -> Redirect:
    """Withdraw a closure."""
    care.remove_closure(ctx, point, part_id)
    return _done(point)


@blueprint.post(f"{CARE}moves/")
@point_page
def move(ctx: Context, point: ServicePoint) -> Any:
    """Enter a relocation."""
    form = MoveForm.read()
    position, mends = sdk.read_position(form, load_surroundings(ctx.session, ctx.tenant))
    if not form.ok:
        return _page(point, form, mends), 422
    values = {name: form.values[name] for name in ("moves_on", "address", "note")}
    care.add_move(ctx, point, values | position)
    return _done(point)


@blueprint.post(f"{CARE}moves/<int:part_id>/remove/")
@point_page
def stay(ctx: Context, point: ServicePoint, part_id: int) -> Redirect:
    """Withdraw a relocation that has not come yet."""
    care.remove_move(ctx, point, part_id)
    return _done(point)


@blueprint.post(f"{CARE}photos/")
@point_page
def add_photo(ctx: Context, point: ServicePoint) -> Any:
    """Store a photograph."""
    form = PhotoForm.read()
    if form.ok:
        file = form.values["photo"]
        try:
            care.add_photo(ctx, point, file.filename or "", file.read(), form.values["alt"])
        except (sdk.Invalid, sdk.Conflict) as error:
            told = error.fields.get("file") if isinstance(error, sdk.Invalid) else None
            form.errors["photo"] = told or error.message
    return _done(point) if form.ok else (_page(point, form), 422)


@blueprint.post(f"{CARE}photos/<int:part_id>/remove/")
@point_page
def remove_photo(ctx: Context, point: ServicePoint, part_id: int) -> Redirect:
    """Remove a photograph."""
    care.remove_photo(ctx, point, part_id)
    return _done(point)


@blueprint.get(f"{CARE}photos/<int:part_id>/")
@point_page
def photo(ctx: Context, point: ServicePoint, part_id: int) -> Response:
    """Send a photograph to staff, also of a point that is not public."""
    del ctx
    found = care.get_part(point.photos, part_id)
    return sdk.send_picture(found.digest, found.media_type, public=False)


@blueprint.post(f"{POINT}delete/")
@point_page
def delete(ctx: Context, point: ServicePoint) -> Redirect:
    """Delete a point that was entered by mistake; one that is closed for good keeps its page."""
    name = point.name
    service.delete_point(ctx, point)
    flash(_("Deleted: %(name)s", name=name), "success")
    return to("points.index")


def _done(point: ServicePoint) -> Redirect:
    flash(_("Saved."), "success")
    return to("care.index", point)


def _page(point: ServicePoint, form: FormData, mends: Sequence[Mapping[str, Any]] = ()) -> str:
    return render(
        "care", form, point=point, accepted=ACCEPTED_PICTURES, today=sdk.today(),
        mends=mends, datums=sdk.DATUM_LABELS,
    )  # fmt: skip
