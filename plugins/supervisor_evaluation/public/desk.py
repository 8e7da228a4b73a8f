"""The desk of a supervisor behind the private link: term, conflicts of interest, what is to do.

No account, no trace in a cache: whoever has the link is the supervisor. Other parts add to the
desk with a function in `SECTIONS`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template

from core import sdk
from core.sdk import Context, FormData, PluginBlueprint

from ..findings import build_tip_url
from ..i18n import _
from ..labels import SUPERVISOR_KINDS, SUPERVISOR_STATES
from ..manifest import MANIFEST, NAME
from ..models.register import EvaluationSupervisor
from ..register.forms import ConflictForm, TipForm
from ..register.service import load_by_link
from ..register.subjects import (
    declare_conflict,
    get_subject,
    list_named_conflicts,
    list_subject_options,
)

DESK = "/<code>/evaluation/desk/<secret>/"

blueprint = PluginBlueprint(MANIFEST, __name__, part="desk")


@dataclass(frozen=True, slots=True)
class DeskLink:
    """One thing on the desk: where it leads, what is said of it, a mark with its tone."""

    label: str
    url: str
    note: str = ""
    mark: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class DeskSection:
    """A part of the desk; without links its text is shown."""

    key: str
    title: str
    links: tuple[DeskLink, ...] = ()
    text: str = ""


#: Each gets the context, the supervisor and the secret of the link; they stand in this order.
SECTIONS: list[Callable[[Context, EvaluationSupervisor, str], DeskSection | None]] = []


desk_page = sdk.public_page(supervisor=load_by_link)
desk_form = sdk.public_form(supervisor=load_by_link)


@blueprint.get(DESK)
@desk_page
def show(ctx: Context, supervisor: EvaluationSupervisor, secret: str) -> str:
    """Show the desk."""
    return _page(ctx, supervisor, secret, FormData({}, {}, {}))


@blueprint.post(f"{DESK}conflicts/")
@desk_form
def declare(ctx: Context, supervisor: EvaluationSupervisor, secret: str) -> Any:
    """Declare a conflict of interest; the office alone can withdraw it."""
    options = list_subject_options(ctx.session, ctx.tenant)
    form = ConflictForm.read(choices={"subject": [each["value"] for each in options]})
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
    options = list_subject_options(ctx.session, ctx.tenant)
    form = TipForm.read(choices={"about": [each["value"] for each in options]})
    if not form.ok:
        return _page(ctx, supervisor, secret, form), 422
    subject = get_subject(ctx.session, ctx.tenant, form.values["about"])
    return redirect(build_tip_url(ctx.session, ctx.tenant, subject))


def _page(ctx: Context, supervisor: EvaluationSupervisor, secret: str, form: FormData) -> str:
    sections = (build(ctx, supervisor, secret) for build in SECTIONS)
    return render_template(
        f"{NAME}/desk.html",
        supervisor=supervisor,
        secret=secret,
        kind=SUPERVISOR_KINDS[supervisor.kind],
        state=SUPERVISOR_STATES[supervisor.state],
        sections=[section for section in sections if section],
        conflicts=list_named_conflicts(ctx.session, ctx.tenant, supervisor),
        subjects=list_subject_options(ctx.session, ctx.tenant),
        typed=form.typed,
        errors=form.errors,
    )
