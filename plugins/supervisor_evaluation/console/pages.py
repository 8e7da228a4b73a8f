"""What the staff pages share: loaders, the decorators of pages, rendering."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import redirect, render_template
from werkzeug.wrappers import Response

from core import sdk
from core.sdk import Context, FormData

from .. import labels
from ..campaigns.queries import get_campaign
from ..manifest import MANAGE, NAME
from ..models.campaign import EvaluationCampaign
from ..models.register import EvaluationSupervisor
from ..register.queries import get_supervisor

CONSOLE = "/<code>/console/evaluation/"
SUPERVISORS = f"{CONSOLE}supervisors/"
SUPERVISOR = f"{SUPERVISORS}<int:supervisor_id>/"


CAMPAIGNS = f"{CONSOLE}campaigns/"
CAMPAIGN = f"{CAMPAIGNS}<int:campaign_id>/"
# What townships say of themselves are rows of theirs.
REACH = sdk.Reach.SUBTREE


def load_campaign(ctx: Context, campaign_id: int) -> EvaluationCampaign:
    """Load the campaign of the address; raises `NotFound`."""
    return get_campaign(ctx.session, ctx.tenant, campaign_id)


def load_supervisor(ctx: Context, supervisor_id: int) -> EvaluationSupervisor:
    """Load the supervisor of the address; raises `NotFound`."""
    return get_supervisor(ctx.session, ctx.tenant, supervisor_id)


manage_page = sdk.staff_page(MANAGE)
campaign_page = sdk.staff_page(MANAGE, reach=REACH, campaign=load_campaign)
supervisor_page = sdk.staff_page(MANAGE, supervisor=load_supervisor)


def blank(typed: dict[str, Any] | None = None) -> FormData:
    """Return the form of a page on which nothing is wrong yet."""
    return FormData({}, {}, dict(typed or {}))


def render(template: str, form: FormData | None = None, **values: Any) -> str:
    """Render a staff page with its form and the labels."""
    form = form or blank()
    return render_template(
        f"{NAME}/console/{template}.html",
        typed=form.typed,
        errors=form.errors,
        labels=labels,
        **values,
    )


@contextmanager
def attempt(ctx: Context, errors: dict[str, str], field: str = "") -> Iterator[None]:
    """Undo what the block did if it is refused; the messages go into `errors`."""
    try:
        with sdk.savepoint(ctx.session):
            yield
    except (sdk.Invalid, sdk.Conflict) as error:
        told = error.fields if isinstance(error, sdk.Invalid) else {}
        errors |= told or {field: error.message}


def list_person_choices() -> dict[str, Any]:
    """List what the form of a person offers."""
    return {
        "kinds": labels.list_choices(labels.SUPERVISOR_KINDS),
        "genders": labels.list_choices(labels.GENDERS),
        "backgrounds": labels.list_choices(labels.BACKGROUNDS),
    }


def to(endpoint: str, **values: Any) -> Response:
    """Redirect to a staff page of the plugin (`part.view`)."""
    return redirect(sdk.tenant_url(f"plugin_{NAME}_{endpoint}", **values))
