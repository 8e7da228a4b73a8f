"""The page on which somebody waits until an old document is converted."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template

from core.accounts.access import staff_page
from core.conversion.models import WAITING, OfficeConversion
from core.conversion.service import count_before, get_conversion
from core.db.base import utc_now
from core.jobs.queue import is_worker_running
from core.permissions import Action
from core.web.context import Context

blueprint = Blueprint("conversion", "core.conversion", template_folder="templates")


def load_conversion(ctx: Context, conversion_id: int) -> OfficeConversion:
    """Load the conversion of the address, the person's own; raises `NotFound`."""
    return get_conversion(ctx, conversion_id)


@blueprint.get("/<code>/console/conversions/<int:conversion_id>/")
@staff_page(Action.VIEW_CONSOLE, conversion=load_conversion)
def wait(ctx: Context, conversion: OfficeConversion) -> Any:
    """Say how far it is, and ask again by itself; then go on where the file was chosen."""
    if conversion.state != WAITING:
        mark = "&" if "?" in conversion.back else "?"
        return redirect(f"{conversion.back}{mark}{urlencode({'converted': conversion.id})}")
    return render_template(
        "conversion/wait.html",
        conversion=conversion,
        before=count_before(ctx.session, conversion),
        seconds=int((utc_now() - conversion.asked_at).total_seconds()),
        works=is_worker_running(),
    )
