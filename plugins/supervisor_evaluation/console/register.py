"""Staff pages of the register: who has applied, who serves, and what is decided about them."""

from typing import Any

from flask import Response, flash
from werkzeug.wrappers import Response as Redirect

from core.sdk import (
    Context,
    FormData,
    PluginBlueprint,
    get_plugin_settings,
    paginate,
    params,
    require_version,
    send_download,
    today,
)

from ..domain.appointments import HOLDING_STATES, NEED_REASON, SupervisorState
from ..domain.terms import start_term
from ..i18n import _
from ..labels import DECISIONS, SUPERVISOR_KINDS, SUPERVISOR_STATES, list_choices
from ..manifest import MANIFEST, NAME
from ..models.register import EvaluationSupervisor
from ..register import conflicts, letters, links, service
from ..register.forms import AppointmentForm, ConflictForm, SupervisorForm
from ..register.queries import load_figures, select_supervisors
from ..register.subjects import list_subject_options
from .pages import (
    SUPERVISOR,
    SUPERVISORS,
    attempt,
    blank,
    list_person_choices,
    manage_page,
    render,
    supervisor_page,
    to,
)

PER_PAGE = 30
PDF = "application/pdf"

blueprint = PluginBlueprint(MANIFEST, __name__, part="register")


@blueprint.get(SUPERVISORS)
@manage_page
def index(ctx: Context) -> str:
    """List applicants and supervisors, of one state where it is chosen (`?state=`)."""
    state = params.word("state", SUPERVISOR_STATES)
    query = select_supervisors(ctx.tenant, state)
    return render(
        "register",
        page=paginate(ctx.session, query, params.page_number(), PER_PAGE),
        figures=load_figures(ctx.session, ctx.tenant),
        state=state,
        states=list_choices({key: label for key, (label, _tone) in SUPERVISOR_STATES.items()}),
        counts=service.count_by_state(ctx.session, ctx.tenant),
    )


@blueprint.get(f"{SUPERVISORS}new/")
@manage_page
def new(ctx: Context) -> str:
    """Show the form for somebody whom the office or a unit nominates."""
    del ctx
    return _edit_page(None, SupervisorForm.blank())


@blueprint.post(f"{SUPERVISORS}new/")
@manage_page
def create(ctx: Context) -> Any:
    """Enter somebody who is nominated."""
    form, entered = SupervisorForm.read(), None
    if form.ok:
        with attempt(ctx, form.errors):
            entered = service.enter_person(ctx, form.values)
    if entered is None:
        return _edit_page(None, form), 422
    return to("register.show", supervisor_id=entered.id)


@blueprint.get(SUPERVISOR)
@supervisor_page
def show(ctx: Context, supervisor: EvaluationSupervisor) -> str:
    """Show somebody, what can be decided, the letter, and conflicts of interest."""
    return _show_page(ctx, supervisor, blank())


@blueprint.post(f"{SUPERVISOR}decide/")
@supervisor_page
def decide(ctx: Context, supervisor: EvaluationSupervisor) -> Any:
    """Appoint, decline, confirm, suspend, resume or end."""
    require_version(supervisor.version)
    form = AppointmentForm.read()
    if form.ok:
        with attempt(ctx, form.errors, "act"):
            service.decide(ctx, supervisor, form.values)
    if not form.ok:
        ctx.session.refresh(supervisor)
        return _show_page(ctx, supervisor, form), 422
    flash(_("Saved."), "success")
    return to("register.show", supervisor_id=supervisor.id)


@blueprint.get(f"{SUPERVISOR}edit/")
@supervisor_page
def edit(ctx: Context, supervisor: EvaluationSupervisor) -> str:
    """Show the form with what the register says of somebody."""
    del ctx
    return _edit_page(supervisor, blank(SupervisorForm.show(supervisor)))


@blueprint.post(f"{SUPERVISOR}edit/")
@supervisor_page
def save(ctx: Context, supervisor: EvaluationSupervisor) -> Any:
    """Change what the register says of somebody."""
    form = SupervisorForm.read()
    if form.ok:
        require_version(supervisor.version)
        with attempt(ctx, form.errors):
            service.change_person(ctx, supervisor, form.values)
    if not form.ok:
        return _edit_page(supervisor, form), 422
    flash(_("Saved."), "success")
    return to("register.show", supervisor_id=supervisor.id)


@blueprint.post(f"{SUPERVISOR}letter/")
@supervisor_page
def letter(ctx: Context, supervisor: EvaluationSupervisor) -> Response:
    """Send the letter of appointment with a new private link; an earlier one ends."""
    secret = links.make_link(ctx, supervisor)
    data = letters.build_letter(ctx.tenant, supervisor, secret)
    return send_download(data, PDF, f"{_('Letter of appointment')} {supervisor.id}.pdf")


@blueprint.get(f"{SUPERVISOR}certificate.pdf")
@supervisor_page
def certificate(ctx: Context, supervisor: EvaluationSupervisor) -> Response:
    """Send the certificate of appointment."""
    data = letters.build_certificate(ctx.tenant, supervisor)
    return send_download(data, PDF, f"{_('Certificate of appointment')} {supervisor.id}.pdf")


@blueprint.post(f"{SUPERVISOR}link/withdraw/")
@supervisor_page
def withdraw_link(ctx: Context, supervisor: EvaluationSupervisor) -> Redirect:
    """Let the private link lead nowhere, as when the letter is lost."""
    links.withdraw_link(ctx, supervisor)
    flash(_("The link leads nowhere any more."), "success")
    return to("register.show", supervisor_id=supervisor.id)


@blueprint.post(f"{SUPERVISOR}conflicts/")
@supervisor_page
def declare(ctx: Context, supervisor: EvaluationSupervisor) -> Any:
    """Note a conflict of interest."""
    options = list_subject_options(ctx.session, ctx.tenant)
    form = ConflictForm.read(choices={"subject": [each["value"] for each in options]})
    if not form.ok:
        return _show_page(ctx, supervisor, form), 422
    values = form.values
    conflicts.declare_conflict(ctx, supervisor, values["subject"], values["why"], "office")
    flash(_("Saved."), "success")
    return to("register.show", supervisor_id=supervisor.id)


@blueprint.post(f"{SUPERVISOR}conflicts/<int:conflict_id>/withdraw/")
@supervisor_page
def withdraw(ctx: Context, supervisor: EvaluationSupervisor, conflict_id: int) -> Redirect:
    """Withdraw a conflict of interest."""
    conflicts.withdraw_conflict(ctx, supervisor, conflict_id)
    return to("register.show", supervisor_id=supervisor.id)


def _edit_page(supervisor: EvaluationSupervisor | None, form: FormData) -> str:
    return render("edit_supervisor", form, supervisor=supervisor, **list_person_choices())


def _show_page(ctx: Context, supervisor: EvaluationSupervisor, form: FormData) -> str:
    state = SupervisorState(supervisor.state)
    term = start_term(today(), get_plugin_settings(NAME, ctx.tenant)["term_years"])
    return render(
        "supervisor",
        form,
        supervisor=supervisor,
        kind=SUPERVISOR_KINDS[supervisor.kind],
        decisions=[(act, DECISIONS[act], act in NEED_REASON)
                   for act, _label in service.LIFE.list_transitions(state)],
        holds=state in HOLDING_STATES,
        number=service.propose_number(ctx.session, ctx.tenant, today()),
        term=term,
        conflicts=conflicts.list_named_conflicts(ctx.session, ctx.tenant, supervisor),
        subjects=list_subject_options(ctx.session, ctx.tenant),
    )  # fmt: skip
