"""What the staff pages share: loaders of objects, the page itself, what becomes of errors."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from core import sdk
from core.sdk import Context, Form, FormData, fields

from .. import labels
from ..domain.identifiers import show_code
from ..events import queries
from ..events.program import find_issues, get_part
from ..manifest import MANAGE
from ..models.registration import EventSession, OpenDay, Registration
from ..registrations.queries import get_registration

DAY = "/<code>/console/open-days/<int:id>/"


def load_day(ctx: Context, id: int) -> OpenDay:  # noqa: A002 - the name that addresses use
    """Load the open day of the address; raises `NotFound`."""
    return queries.get_day(ctx.session, ctx.tenant, id)


def load_slot(ctx: Context, day: OpenDay, slot_id: int) -> EventSession:
    """Load the session of the address; raises `NotFound`."""
    del ctx
    return get_part(day.slots, slot_id)


def load_registration(ctx: Context, day: OpenDay, number: int) -> Registration:
    """Load the registration of the address; raises `NotFound`."""
    return get_registration(ctx.session, day, number)


# A page about one open day, for those who prepare it.
day_page = sdk.staff_page(MANAGE, day=load_day)
slot_page = sdk.staff_page(MANAGE, day=load_day, slot=load_slot)
person_page = sdk.staff_page(MANAGE, day=load_day, registration=load_registration)


def blank(typed: Mapping[str, Any] | None = None) -> FormData:
    """Return the form of a page on which nothing is wrong yet."""
    return FormData({}, {}, dict(typed or {}))


class ActForm(Form):
    """A button that was pressed, with the reason that was given and the rows that were ticked."""

    act = fields.LineField(20)
    reason = fields.TextField(2_000)
    note = fields.TextField(2_000)
    chosen = fields.TickedIdsField()
    every = fields.TickField()
    series = fields.TickField()
    usual = fields.TickField()


def render(template: str, form: FormData | None = None, **values: Any) -> str:
    """Render a staff page with what nearly all of them show: its form, labels, masks, the zone.

    Errors stand in the order of the form's fields, also those that a view found.
    """
    form = form or blank()
    errors = {
        name: form.errors[name] for name in (*form.typed, *form.errors) if name in form.errors
    }
    return render_template(
        f"open_day/console/{template}.html", typed=form.typed, errors=errors, labels=labels,
        zone=sdk.zone(), now=sdk.utc_now(), mask_name=sdk.mask_name, mask_phone=sdk.mask_phone,
        show_code=show_code, **values,
    )  # fmt: skip


@contextmanager
def attempt(ctx: Context, errors: dict[str, str] | None = None, field: str = "") -> Iterator[None]:
    """Undo what the block did if it is refused, and say why.

    The messages go into `errors`, under `field` where none is named, else onto the next page.
    """
    try:
        with sdk.savepoint(ctx.session):
            yield
    except (sdk.Invalid, sdk.Conflict) as error:
        if errors is None:
            flash(error.message, "error")
        else:
            errors |= (error.fields if isinstance(error, sdk.Invalid) else {}) or {
                field: error.message
            }


def to(endpoint: str, day: OpenDay | None = None, **values: Any) -> Response:
    """Redirect to a staff page of the plugin, of a day if one is given."""
    values |= {} if day is None else {"id": day.id}
    return redirect(sdk.tenant_url(f"plugin_open_day_{endpoint}", **values))


def list_warnings(ctx: Context, day: OpenDay) -> list[dict[str, Any]]:
    """List probable mistakes in a day's settings, as the page shows findings."""
    return [
        {"severity": "warning", "message": labels.ISSUES[issue], "where": where}
        for issue, where in find_issues(ctx.session, day)
    ]
