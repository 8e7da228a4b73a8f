"""Pages of a register: applicants and those who serve, decisions, letters; the public form."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.accounts.access import staff_page
from core.accounts.staff_menu import Task
from core.appointments import labels, letters
from core.appointments.domain.life import HOLDING_STATES, NEED_REASON, AppointmentState
from core.appointments.forms import (
    ApplicationForm,
    AppointeeForm,
    AppointmentForm,
    list_person_choices,
    read_person,
    show_blank,
)
from core.appointments.register import LIFE, AppointmentRegister
from core.clock import today
from core.errors import Conflict
from core.web import params, rate_limit
from core.web.access import public_form, public_page
from core.web.context import Context
from core.web.files.downloads import send_download
from core.web.forms.feature_pages import blank_form, take_form, to_options
from core.web.forms.form import FormData
from core.web.forms.kept import require_version
from core.web.paging import paginate
from core.web.urls import tenant_url

blueprint = Blueprint("appointments", __name__, template_folder="templates")
PER_PAGE, PDF = 30, "application/pdf"
# Applications from one network address; a whole village may share one.
MOST, WINDOW = 30, timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class AppointmentPages:
    """The pages of a register, below addresses of the feature.

    `endpoint` is the blueprint of staff's pages, `public` that of the form for everybody; `heading`
    stands above the list, `apply` and `about` above the form. `nav_key` and `console_key` are the
    places in the menus, `parent` is the endpoint of the public page above, with its words. `person`
    is the template of somebody's page, which extends `appointments/person.html`; `load_more` gives
    it what is the feature's own.
    """

    register: AppointmentRegister
    endpoint: str
    public: str
    heading: Any
    apply: Any
    about: Any
    nav_key: str
    console_key: str
    parent: str
    parent_label: Any
    person: str = "appointments/person.html"
    load_more: Callable[[Context, Any], Mapping[str, Any]] = lambda _ctx, _person: {}

    def add_to(self, staff: Blueprint, prefix: str) -> None:
        """Give a blueprint staff's pages: the list at `prefix`, and what stands below it."""
        person = f"{prefix}<int:supervisor_id>/"
        listed = staff_page(self.register.manage)
        loaded = staff_page(self.register.manage, supervisor=self.load)
        for address, method, access, view in (
            (prefix, "GET", listed, self.index),
            (f"{prefix}new/", "GET", listed, self.new),
            (f"{prefix}new/", "POST", listed, self.create),
            (person, "GET", loaded, self.show),
            (f"{person}decide/", "POST", loaded, self.decide),
            (f"{person}edit/", "GET", loaded, self.edit),
            (f"{person}edit/", "POST", loaded, self.save),
            (f"{person}letter/", "POST", loaded, self.letter),
            (f"{person}certificate.pdf", "GET", loaded, self.certificate),
            (f"{person}link/withdraw/", "POST", loaded, self.withdraw_link),
        ):
            staff.add_url_rule(address, view.__name__, access(view), methods=[method])

    def add_public(self, pages: Blueprint, address: str) -> None:
        """Give a blueprint the form by which everybody can apply."""
        pages.add_url_rule(address, "form", public_page(self.form))
        pages.add_url_rule(address, "send", public_form(self.send), methods=["POST"])

    def load(self, ctx: Context, supervisor_id: int) -> Any:
        """Load the person of the address; raises `NotFound`."""
        return self.register.get(ctx, supervisor_id)

    def list_tasks(self, ctx: Context, undecided: str, ending: str) -> Iterable[Task]:
        """List what waits for those who decide, in the words of the feature."""
        to_decide, to_confirm = self.register.count_waiting(ctx)
        page = f"{self.endpoint}.index"
        if to_decide:
            yield Task(undecided, tenant_url(page, ctx.tenant), to_decide)
        if to_confirm:
            yield Task(ending, tenant_url(page, ctx.tenant, state="appointed"), to_confirm)

    def index(self, ctx: Context) -> str:
        """List applicants and those who serve, of one state where it is chosen (`?state=`)."""
        state = params.word("state", labels.STATES)
        query = self.register.select(ctx.tenant, state)
        return self._render(
            "appointments/list.html",
            page=paginate(ctx.session, query, params.page_number(), PER_PAGE),
            serving=len(self.register.list_appointed(ctx.session, ctx.tenant)),
            state=state, states=to_options(labels.STATES),
            counts=self.register.count_by_state(ctx.session, ctx.tenant),
        )  # fmt: skip

    def new(self, ctx: Context) -> str:
        """Show the form for somebody whom the office or a unit nominates."""
        del ctx
        return self._edit_page(blank_form(AppointeeForm.show(show_blank(self.register))))

    def create(self, ctx: Context) -> Any:
        """Enter somebody who is nominated."""
        form, entered = read_person(self.register, ctx.tenant), list[Any]()
        return take_form(
            ctx, form, lambda: entered.append(self.register.enter(ctx, form.values)),
            again=self._edit_page, then=lambda: self.back(entered[0]),
        )  # fmt: skip

    def show(self, ctx: Context, supervisor: Any) -> str:
        """Show somebody, what can be decided, and the letter."""
        return self.show_person(ctx, supervisor)

    def decide(self, ctx: Context, supervisor: Any) -> Any:
        """Appoint, decline, confirm, suspend, resume or end."""
        require_version(supervisor.version)
        form = AppointmentForm.read()
        act = self.register.decide
        return self.take(ctx, supervisor, form, lambda: act(ctx, supervisor, form.values))

    def edit(self, ctx: Context, supervisor: Any) -> str:
        """Show the form with what the register says of somebody."""
        del ctx
        return self._edit_page(blank_form(AppointeeForm.show(supervisor)), supervisor)

    def save(self, ctx: Context, supervisor: Any) -> Any:
        """Change what the register says of somebody."""
        require_version(supervisor.version)
        form = read_person(self.register, ctx.tenant)
        return take_form(
            ctx, form, lambda: self.register.change(ctx, supervisor, form.values),
            again=lambda form: self._edit_page(form, supervisor),
            then=lambda: self.back(supervisor),
        )  # fmt: skip

    def letter(self, ctx: Context, supervisor: Any) -> Response:
        """Send the letter of appointment with a new private link; an earlier one ends."""
        secret = self.register.make_link(ctx, supervisor)
        data = letters.build_letter(self.register, ctx.tenant, supervisor, secret)
        name = _("Letter of appointment")
        return send_download(data, PDF, f"{name} {supervisor.id}.pdf")

    def certificate(self, ctx: Context, supervisor: Any) -> Response:
        """Send the certificate of appointment."""
        data = letters.build_certificate(self.register, ctx.tenant, supervisor)
        name = _("Certificate of appointment")
        return send_download(data, PDF, f"{name} {supervisor.id}.pdf")

    def withdraw_link(self, ctx: Context, supervisor: Any) -> Any:
        """Let the private link lead nowhere, as when the letter is lost."""
        act, said = self.register.withdraw_link, _("The link leads nowhere any more.")
        return self.take(ctx, supervisor, blank_form(), lambda: act(ctx, supervisor), said)

    def form(self, ctx: Context) -> str:
        """Show the form, or that nobody can apply at present."""
        return self._apply_page(ctx, blank_form(ApplicationForm.show(show_blank(self.register))))

    def send(self, ctx: Context) -> Any:
        """Take the application; what is wrong is said beside it."""
        if not self.register.get_settings(ctx.tenant)["applications"]:
            raise Conflict(_("No applications are taken at present."))
        read = read_person(self.register, ctx.tenant, ApplicationForm)
        key = f"{self.register.name}.apply:{ctx.tenant.id}:{request.remote_addr or ''}"
        if not rate_limit.hit(key, MOST, WINDOW):
            sorry = _("Very many applications come from your network. Try again in ten minutes.")
            return self._apply_page(ctx, FormData(read.values, {"name": sorry}, read.typed)), 429
        if not read.ok:
            return self._apply_page(ctx, read), 422
        values = {name: value for name, value in read.values.items() if name != "agreed"}
        self.register.take_application(ctx.session, ctx.tenant, values)
        thanks = _("Thank you. The office has your application and will tell you what is decided.")
        flash(thanks, "success")
        return redirect(tenant_url(self.parent))

    def back(self, person: Any) -> Response:
        """Redirect to somebody's page."""
        return redirect(tenant_url(f"{self.endpoint}.show", supervisor_id=person.id))

    def take(
        self, ctx: Context, person: Any, form: FormData, act: Callable[[], object], said: str = ""
    ) -> Any:
        """Do what a form of somebody's page asks for, or show the page again with what is wrong."""
        return take_form(
            ctx, form, act, again=lambda form: self.show_person(ctx, person, form),
            then=lambda: self.back(person), field="act", said=said,
        )  # fmt: skip

    def show_person(self, ctx: Context, person: Any, form: FormData | None = None) -> str:
        """Render somebody's page with a form of it."""
        state = AppointmentState(person.state)
        found = [act for act, _label in LIFE.list_transitions(state)]
        return self._render(
            self.person, form, supervisor=person, kind=self.register.kinds[person.kind],
            decisions=[(act, labels.DECISIONS[act], act in NEED_REASON) for act in found],
            holds=state in HOLDING_STATES, term=self.register.propose_term(ctx.tenant),
            number=self.register.propose_number(ctx.session, ctx.tenant, today()),
            **self.load_more(ctx, person),
        )  # fmt: skip

    def _edit_page(self, form: FormData, person: Any = None) -> str:
        choices = list_person_choices(self.register)
        return self._render("appointments/edit.html", form, supervisor=person, **choices)

    def _apply_page(self, ctx: Context, form: FormData) -> str:
        settings = self.register.get_settings(ctx.tenant)
        choices = list_person_choices(self.register)
        return self._render("appointments/apply.html", form, settings=settings, **choices)

    def _render(self, template: str, form: FormData | None = None, **values: Any) -> str:
        form = form or blank_form()
        return render_template(
            template, typed=form.typed, errors=form.errors, pages=self, register=self.register,
            labels=labels, nav_key=self.nav_key, console_key=self.console_key, **values,
        )  # fmt: skip
