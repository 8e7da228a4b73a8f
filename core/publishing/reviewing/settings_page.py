"""Staff page on which a place sets the steps of its reviews."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.accounts.access import staff_page
from core.accounts.staff_menu import StaffLink, contribute
from core.errors import Invalid
from core.permissions import Action
from core.publishing.workflow.review_plan import load_steps, save_steps
from core.publishing.workflow.review_steps import (
    COMMITTEE,
    LONGEST_NAME,
    MOST_STEPS,
    ReviewStep,
    TakenBy,
    read_steps,
    to_taken_by,
)
from core.web.context import Context
from core.web.forms.fields import ChoiceField, KeyedField, TickField
from core.web.forms.form import Form
from core.web.forms.kept import require_version, shown_version
from core.web.urls import tenant_url

blueprint = Blueprint("publishing_steps", "core.publishing", template_folder="templates")
contribute(
    blueprint,
    links=[
        StaffLink(
            "review-steps", _l("Administration"), _l("Steps of a review"), "publishing_steps.steps",
            Action.MANAGE_TENANT,
        )
    ],
)  # fmt: skip

TAKEN_BY_LABELS = {
    TakenBy.ACCOUNT: _l("by a person's account"),
    TakenBy.FORM: _l("by a form that was signed on paper"),
    TakenBy.EITHER: _l("by either"),
}


class StepsForm(Form):
    """Up to three steps by their numbers, and the supervision committee's before them."""

    name = KeyedField(LONGEST_NAME)
    taken_by = KeyedField(10)
    committee = TickField()
    act = ChoiceField(("save", "inherit"), default="save")


@blueprint.get("/<code>/console/review-steps/")
@staff_page(Action.MANAGE_TENANT)
def steps(ctx: Context) -> str:
    """Show the steps that hold here."""
    present = read_steps(ctx.tenant.profile) or load_steps(ctx.session, ctx.tenant)
    own = [step for step in present if not step.is_committee]
    shown = {
        "name": {
            str(number): step.name or _("step %(n)s", n=number)
            for number, step in enumerate(own, start=1)
        },
        "taken_by": {str(number): step.taken_by.value for number, step in enumerate(own, start=1)},
        "committee": len(own) < len(present),
    }
    return _page(ctx, StepsForm.show(shown), {})


@blueprint.post("/<code>/console/review-steps/")
@staff_page(Action.MANAGE_TENANT)
def save(ctx: Context) -> Any:
    """Set the steps, or have those of the place above hold again."""
    require_version(_version(ctx))
    form = StepsForm.read()
    try:
        save_steps(ctx, [] if form.values["act"] == "inherit" else _to_steps(form.require()))
    except Invalid as error:
        return _page(ctx, form.typed, error.fields), error.status
    flash(_("Saved."), "success")
    return redirect(tenant_url("publishing_steps.steps"))


def _to_steps(values: Mapping[str, Any]) -> list[ReviewStep]:
    """Read the rows that have a name, after the committee's step where that is ticked."""
    found = [COMMITTEE] if values["committee"] else []
    for number in range(1, MOST_STEPS + 1):
        name = values["name"].get(str(number), "")
        if name:
            found.append(ReviewStep(name, to_taken_by(values["taken_by"].get(str(number), ""))))
    return found


def _version(ctx: Context) -> str:
    return shown_version(ctx.tenant.profile.get("review_plan"))


def _page(ctx: Context, typed: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    return render_template(
        "publishing/console/review_steps.html",
        typed=typed,
        errors=errors,
        version=_version(ctx),
        is_own=bool(read_steps(ctx.tenant.profile)),
        numbers=[str(number) for number in range(1, MOST_STEPS + 1)],
        ways=[{"value": way.value, "label": label} for way, label in TAKEN_BY_LABELS.items()],
        longest=LONGEST_NAME,
    )
