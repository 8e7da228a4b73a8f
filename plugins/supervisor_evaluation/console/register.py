"""Pages of the register: the kit's, with conflicts of interest on somebody's page."""

from typing import Any

from core import sdk
from core.sdk import Context, PluginBlueprint

from ..i18n import _l
from ..labels import DECLARED_BY
from ..manifest import MANAGE, MANIFEST, NAME
from ..models.register import EvaluationSupervisor
from ..register import REGISTER
from ..subjects import (
    ConflictForm,
    declare_conflict,
    list_keys,
    list_named_conflicts,
    list_subject_options,
    withdraw_conflict,
)
from .pages import CONSOLE

SUPERVISORS = f"{CONSOLE}supervisors/"
SUPERVISOR = f"{SUPERVISORS}<int:supervisor_id>/"

blueprint = PluginBlueprint(MANIFEST, __name__, part="register")
application = PluginBlueprint(MANIFEST, __name__, part="application")


def load_conflict_values(ctx: Context, supervisor: EvaluationSupervisor) -> dict[str, Any]:
    """Load what somebody's page says of conflicts of interest."""
    return {
        "conflicts": list_named_conflicts(ctx.session, ctx.tenant, supervisor),
        "subjects": list_subject_options(ctx.session, ctx.tenant),
        "declared_by": DECLARED_BY,
    }


PAGES = sdk.AppointmentPages(
    REGISTER,
    blueprint.name,
    application.name,
    heading=_l("Supervisors"),
    apply=_l("Apply to become a supervisor"),
    about=_l(
        "Supervisors look at what offices publish, score it, and tell what has to be mended. A "
        "unit may nominate somebody with this form too."
    ),
    nav_key="evaluation",
    console_key="evaluation-register",
    parent=f"plugin_{NAME}.index",
    parent_label=_l("Supervision and evaluation"),
    person=f"{NAME}/console/supervisor.html",
    load_more=load_conflict_values,
)
PAGES.add_to(blueprint, SUPERVISORS)
PAGES.add_public(application, "/<code>/evaluation/apply/")
supervisor_page = sdk.staff_page(MANAGE, supervisor=PAGES.load)


@blueprint.post(f"{SUPERVISOR}conflicts/")
@supervisor_page
def declare(ctx: Context, supervisor: EvaluationSupervisor) -> Any:
    """Note a conflict of interest."""
    form = ConflictForm.read(choices={"subject": list_keys(ctx)})
    return PAGES.take(ctx, supervisor, form, lambda: declare_conflict(
        ctx, supervisor, form.values["subject"], form.values["why"], "office"))  # fmt: skip


@blueprint.post(f"{SUPERVISOR}conflicts/<int:conflict_id>/withdraw/")
@supervisor_page
def withdraw(ctx: Context, supervisor: EvaluationSupervisor, conflict_id: int) -> Any:
    """Withdraw a conflict of interest."""
    withdraw_conflict(ctx, supervisor, conflict_id)
    return PAGES.back(supervisor)
