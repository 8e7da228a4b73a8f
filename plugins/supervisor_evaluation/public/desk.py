"""The desk of a supervisor behind the private link: term, conflicts of interest, what is to do.

No account, no trace in a cache: whoever has the link is the supervisor.
"""

from collections.abc import Iterator
from typing import Any

from flask import flash, redirect, render_template

from core import sdk
from core.sdk import Context, FormData, PluginBlueprint

from .. import labels
from ..campaigns.assigning import is_scoring_open
from ..campaigns.scoring import list_own_assignments
from ..domain.phases import AssignmentState
from ..findings import build_tip_url
from ..i18n import _, _l
from ..manifest import MANIFEST, NAME
from ..models.campaign import EvaluationAssignment
from ..models.register import EvaluationSupervisor
from ..register import REGISTER
from ..subjects import (
    ConflictForm,
    declare_conflict,
    get_subject,
    list_keys,
    list_named_conflicts,
    list_subject_options,
)

DESK = "/<code>/evaluation/desk/<secret>/"

blueprint = PluginBlueprint(MANIFEST, __name__, part="desk")
desk_page = sdk.public_page(supervisor=REGISTER.load_by_link)
desk_form = sdk.public_form(supervisor=REGISTER.load_by_link)


class TipForm(sdk.Form):
    """Whom a tip is about."""

    about = sdk.fields.ChoiceField((), required=_l("Choose the office or township."))


@blueprint.get(DESK)
@desk_page
def show(ctx: Context, supervisor: EvaluationSupervisor, secret: str) -> str:
    """Show the desk."""
    return _page(ctx, supervisor, secret, sdk.blank_form())


@blueprint.post(f"{DESK}conflicts/")
@desk_form
def declare(ctx: Context, supervisor: EvaluationSupervisor, secret: str) -> Any:
    """Declare a conflict of interest; the office alone can withdraw it."""
    form = ConflictForm.read(choices={"subject": list_keys(ctx)})
    if not form.ok:
        return _page(ctx, supervisor, secret, form), 422
    values = form.values
    declare_conflict(ctx, supervisor, values["subject"], values["why"], "supervisor")
    flash(_("Noted: you will not be asked to judge it."), "success")
    return redirect(sdk.tenant_url(f"plugin_{NAME}_desk.show", secret=secret))


@blueprint.post(f"{DESK}tips/")
@desk_form
def tip(ctx: Context, supervisor: EvaluationSupervisor, secret: str) -> Any:
    """Lead to the form for a tip about an office or township; it does not say who writes."""
    form = TipForm.read(choices={"about": list_keys(ctx)})
    if not form.ok:
        return _page(ctx, supervisor, secret, form), 422
    subject = get_subject(ctx.session, ctx.tenant, form.values["about"])
    return redirect(build_tip_url(ctx.session, ctx.tenant, subject))


def _list_open(ctx: Context, supervisor: EvaluationSupervisor) -> Iterator[EvaluationAssignment]:
    """List what is to be scored today, and what has been."""
    for row in list_own_assignments(ctx.session, supervisor):
        is_open = is_scoring_open(row.subject.campaign, sdk.today())
        if row.state == AssignmentState.SUBMITTED or is_open:
            yield row


def _page(ctx: Context, supervisor: EvaluationSupervisor, secret: str, form: FormData) -> str:
    return render_template(
        f"{NAME}/desk.html",
        supervisor=supervisor,
        secret=secret,
        labels=labels,
        kind=labels.SUPERVISOR_KINDS[supervisor.kind],
        state=REGISTER.say_state(supervisor),
        work=list(_list_open(ctx, supervisor)),
        conflicts=list_named_conflicts(ctx.session, ctx.tenant, supervisor),
        subjects=list_subject_options(ctx.session, ctx.tenant),
        typed=form.typed,
        errors=form.errors,
    )
