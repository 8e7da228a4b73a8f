"""What the staff pages share: loaders, the decorators of pages, rendering."""

from typing import Any

from flask import Response, redirect, render_template
from werkzeug.wrappers import Response as Redirect

from core import sdk
from core.sdk import Context, FormData

from .. import labels
from ..manifest import MANAGE
from ..models.point import ServicePoint
from ..points.service import get_point

LIST = "/<code>/console/service-points/"
POINT = f"{LIST}<int:id>/"


def load_point(ctx: Context, id: int) -> ServicePoint:  # noqa: A002 - the name that addresses use
    """Load the point of the address; raises `NotFound`."""
    return get_point(ctx.session, ctx.tenant, id)


# A list of points of this place and those below; a page about one point of this place.
list_page = sdk.staff_page(MANAGE, reach=sdk.Reach.SUBTREE, per_organ=True)
new_page = sdk.staff_page(MANAGE, per_organ=True)
point_page = sdk.staff_page(MANAGE, point=load_point)


def blank(typed: dict[str, Any] | None = None) -> FormData:
    """Return the form of a page on which nothing is wrong yet."""
    return FormData({}, {}, dict(typed or {}))


def render(template: str, form: FormData | None = None, **values: Any) -> str:
    """Render a staff page with its form and the labels."""
    form = form or blank()
    return render_template(
        f"service_map/console/{template}.html",
        typed=form.typed,
        errors=form.errors,
        labels=labels,
        **values,
    )


def to(endpoint: str, point: ServicePoint | None = None, **values: Any) -> Redirect:
    """Redirect to a staff page of the plugin, of a point if one is given."""
    values |= {} if point is None else {"id": point.id}
    return redirect(sdk.tenant_url(f"plugin_service_map_{endpoint}", **values))


def send_table(sheet: sdk.ListSheet) -> Response:
    """Send a table as a CSV file of its name."""
    return sdk.send_download(sdk.write_list_csv(sheet), sdk.CSV_TYPE, f"{sheet.name}.csv")
