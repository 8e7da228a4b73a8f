"""Staff pages of the register: who has applied, who serves, and what is decided about them."""

from collections.abc import Callable
from typing import Any

from flask import Response
from werkzeug.wrappers import Response as Redirect

from core import sdk
from core.sdk import Context, FormData, params

from ..domain.appointments import HOLDING_STATES, NEED_REASON, SupervisorState
from ..domain.terms import start_term
from ..i18n import _
from ..labels import DECISIONS, SUPERVISOR_KINDS, SUPERVISOR_STATES
from ..manifest import MANAGE, MANIFEST, NAME
from ..models.register import EvaluationSupervisor
from ..register import letters, service, subjects
from ..register.forms import AppointmentForm, ConflictForm, SupervisorForm, list_person_choices
from .pages import CONSOLE, manage_page, render, to

SUPERVISORS = f"{CONSOLE}supervisors/"
SUPERVISOR = f"{SUPERVISORS}<int:supervisor_id>/"
PER_PAGE = 30
PDF = "application/pdf"

blueprint = sdk.PluginBlueprint(MANIFEST, __name__, part="register")


def load_supervisor(ctx: Context, supervisor_id: int) -> EvaluationSupervisor:
    """Load the supervisor of the address; raises `NotFound`."""
    return service.get_supervisor(ctx.session, ctx.tenant, supervisor_id)


supervisor_page = sdk.staff_page(MANAGE, supervisor=load_supervisor)


@blueprint.get(SUPERVISORS)
@manage_page
def index(ctx: Context) -> str:
    """List applicants and supervisors, of one state where it is chosen (`?state=`)."""
    state = params.word("state", SUPERVISOR_STATES)
    query = service.select_supervisors(ctx.tenant, state)
    return render(
        "register",
        page=sdk.paginate(ctx.session, query, params.page_number(), PER_PAGE),
        figures=service.load_figures(ctx.session, ctx.tenant),
        state=state,
        states=sdk.to_options(SUPERVISOR_STATES),
        counts=service.count_by_state(ctx.session, ctx.tenant),
    )


@blueprint.get(f"{SUPERVISORS}new/")
@manage_page
def new(ctx: Context) -> str:
    """Show the form for somebody whom the office or a unit nominates."""
    del ctx
    return _edit_page(SupervisorForm.blank())


@blueprint.post(f"{SUPERVISORS}new/")
@manage_page
def create(ctx: Context) -> Any:
    """Enter somebody who is nominated."""
    form, entered = SupervisorForm.read(), list[EvaluationSupervisor]()
    return sdk.take_form(
        ctx, form, lambda: entered.append(service.enter_person(ctx, form.values)),
        again=_edit_page, then=lambda: _back(entered[0]),
    )  # fmt: skip


@blueprint.get(SUPERVISOR)
@supervisor_page
def show(ctx: Context, supervisor: EvaluationSupervisor) -> str:
    """Show somebody, what can be decided, the letter, and conflicts of interest."""
    return _show_page(ctx, supervisor)


@blueprint.post(f"{SUPERVISOR}decide/")
@supervisor_page
def decide(ctx: Context, supervisor: EvaluationSupervisor) -> Any:
    """Appoint, decline, confirm, suspend, resume or end."""
    sdk.require_version(supervisor.version)
    form = AppointmentForm.read()
    return _take(ctx, supervisor, form, lambda: service.decide(ctx, supervisor, form.values))


@blueprint.get(f"{SUPERVISOR}edit/")
@supervisor_page
def edit(ctx: Context, supervisor: EvaluationSupervisor) -> str:
    """Show the form with what the register says of somebody."""
    del ctx
    return _edit_page(sdk.blank_form(SupervisorForm.show(supervisor)), supervisor)


@blueprint.post(f"{SUPERVISOR}edit/")
@supervisor_page
def save(ctx: Context, supervisor: EvaluationSupervisor) -> Any:
    """Change what the register says of somebody."""
    sdk.require_version(supervisor.version)
    form = SupervisorForm.read()
    return sdk.take_form(
        ctx, form, lambda: service.change_person(ctx, supervisor, form.values),
        again=lambda form: _edit_page(form, supervisor), then=lambda: _back(supervisor),
    )  # fmt: skip


@blueprint.post(f"{SUPERVISOR}letter/")
@supervisor_page
def letter(ctx: Context, supervisor: EvaluationSupervisor) -> Response:
    """Send the letter of appointment with a new private link; an earlier one ends."""
    secret = service.make_link(ctx, supervisor)
    data = letters.build_letter(ctx.tenant, supervisor, secret)
    return sdk.send_download(data, PDF, f"{_('Letter of appointment')} {supervisor.id}.pdf")


@blueprint.get(f"{SUPERVISOR}certificate.pdf")
@supervisor_page
def certificate(ctx: Context, supervisor: EvaluationSupervisor) -> Response:
    """Send the certificate of appointment."""
    data = letters.build_certificate(ctx.tenant, supervisor)
    return sdk.send_download(data, PDF, f"{_('Certificate of appointment')} {supervisor.id}.pdf")


@blueprint.post(f"{SUPERVISOR}link/withdraw/")
@supervisor_page
def withdraw_link(ctx: Context, supervisor: EvaluationSupervisor) -> Any:
    """Let the private link lead nowhere, as when the letter is lost."""
    said = _("The link leads nowhere any more.")
    form = sdk.blank_form()
    return _take(ctx, supervisor, form, lambda: service.withdraw_link(ctx, supervisor), said)


@blueprint.post(f"{SUPERVISOR}conflicts/")
@supervisor_page
def declare(ctx: Context, supervisor: EvaluationSupervisor) -> Any:
    """Note a conflict of interest."""
    form = ConflictForm.read(choices={"subject": subjects.list_keys(ctx)})
    return _take(ctx, supervisor, form, lambda: subjects.declare_conflict(
        ctx, supervisor, form.values["subject"], form.values["why"], "office"))  # fmt: skip


@blueprint.post(f"{SUPERVISOR}conflicts/<int:conflict_id>/withdraw/")
@supervisor_page
def withdraw(ctx: Context, supervisor: EvaluationSupervisor, conflict_id: int) -> Redirect:
    """Withdraw a conflict of interest."""
    subjects.withdraw_conflict(ctx, supervisor, conflict_id)
    return _back(supervisor)


def _back(supervisor: EvaluationSupervisor) -> Redirect:
    return to("register.show", supervisor_id=supervisor.id)


def _take(
    ctx: Context,
    supervisor: EvaluationSupervisor,
    form: FormData,
    act: Callable[[], None],
    said: str = "",
) -> Any:
    return sdk.take_form(
        ctx, form, act, again=lambda form: _show_page(ctx, supervisor, form),
        then=lambda: _back(supervisor), field="act", said=said,
    )  # fmt: skip


def _edit_page(form: FormData, supervisor: EvaluationSupervisor | None = None) -> str:
    return render("edit_supervisor", form, supervisor=supervisor, **list_person_choices())


def _show_page(ctx: Context, supervisor: EvaluationSupervisor, form: FormData | None = None) -> str:
    state = SupervisorState(supervisor.state)
    transitions = service.LIFE.list_transitions(state)
    years = sdk.get_plugin_settings(NAME, ctx.tenant)["term_years"]
    return render(
        "supervisor",
        form,
        supervisor=supervisor,
        kind=SUPERVISOR_KINDS[supervisor.kind],
        decisions=[(act, DECISIONS[act], act in NEED_REASON) for act, _label in transitions],
        holds=state in HOLDING_STATES,
        number=service.propose_number(ctx.session, ctx.tenant, sdk.today()),
        term=start_term(sdk.today(), years),
        conflicts=subjects.list_named_conflicts(ctx.session, ctx.tenant, supervisor),
        subjects=subjects.list_subject_options(ctx.session, ctx.tenant),
    )
