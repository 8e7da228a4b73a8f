"""Staff pages of a feature's tasks: enter, report what was mended, look again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from core.accounts.access import staff_page
from core.accounts.staff_menu import Task
from core.clock import today
from core.db.scope import Reach
from core.errors import NotFound
from core.mending.domain.life import TO_MEND, MendingState, MendingTransition
from core.mending.register import LIFE, MendingRegister
from core.publishing.files.serving import send_picture
from core.storage.files import current_files as file_store
from core.web import params
from core.web.context import Context
from core.web.files.downloads import send_download
from core.web.forms import fields
from core.web.forms.feature_pages import blank_form, take_form, to_options
from core.web.forms.form import Form, FormData
from core.web.forms.kept import require_version
from core.web.paging import paginate
from core.web.urls import tenant_url

blueprint = Blueprint("mending", __name__, template_folder="templates")
MOST_FILES, PER_PAGE = 6, 30
STATES = {
    "open": (_l("Awaits mending"), "warn"),
    "reported": (_l("Reported as mended"), "warn"),
    "closed": (_l("Mended"), "good"),
    "reopened": (_l("Opened again"), "bad"),
}
DECISIONS = {
    MendingTransition.CLOSE: _l("Mended: close it"),
    MendingTransition.REOPEN: _l("Not mended: open it again"),
}


class MendingTaskForm(Form):
    """A new task; the feature says whom it may be about, and where it may come from."""

    subject = fields.ChoiceField((), required=_l("Choose the office or township."))
    text = fields.TextField(2_000, required=_l("Say what has to be mended."))
    page_url = fields.LineField(1_000)
    source = fields.ChoiceField(())
    reference = fields.LineField(60)
    due_on = fields.DayField(required=_l("Enter the day by which it has to be mended."))

    def check(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Check that the day is still to come."""
        if values["due_on"] and values["due_on"] < today():
            yield "due_on", _("This day is over.")


class MendingReportForm(Form):
    """What the owner reports as mended, with files that show it."""

    report = fields.TextField(2_000, required=_l("Say what was mended."))
    files = fields.FilesField(MOST_FILES)


class RecheckForm(Form):
    """What came of the second look."""

    act = fields.ChoiceField(tuple(DECISIONS), required=_l("Choose what to decide."))
    recheck_note = fields.LineField(500)
    due_on = fields.DayField()

    def check(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Check that what is opened again says why, and until when."""
        if values["act"] == MendingTransition.REOPEN:
            if not values["recheck_note"]:
                yield "recheck_note", _("Say what is still to be mended.")
            if not values["due_on"] or values["due_on"] < today():
                yield "due_on", _("Enter the day by which it has to be mended.")


@dataclass(frozen=True, slots=True)
class MendingPages:
    """The pages of a register, below an address of the feature.

    `key` is that of the place in the staff menu, `sources` the words for where tasks come from,
    the usual one first; `list_owners` gives the options of a form.
    """

    register: MendingRegister
    endpoint: str
    key: str
    sources: Mapping[str, Any]
    list_owners: Callable[[Context], list[dict[str, str]]]

    def add_to(self, pages: Blueprint, prefix: str) -> None:
        """Give a blueprint the pages: the list at `prefix`, and what stands below it."""
        manage, answer = self.register.manage, self.register.answer
        subtree, task = Reach.SUBTREE, f"{prefix}<int:finding_id>/"
        listed = staff_page(answer, reach=subtree, per_organ=True)
        entered = staff_page(manage, reach=subtree)
        shown = staff_page(answer, reach=subtree, finding=self.load)
        decided = staff_page(manage, reach=subtree, finding=self.load)
        for address, methods, access, view in (
            (prefix, ["GET"], listed, self.index),
            (f"{prefix}new/", ["GET"], entered, self.new),
            (f"{prefix}new/", ["POST"], entered, self.create),
            (task, ["GET"], shown, self.show),
            (f"{task}report/", ["POST"], shown, self.report),
            (f"{task}recheck/", ["POST"], decided, self.recheck),
            (f"{task}files/<int:file_id>/", ["GET"], shown, self.file),
        ):
            pages.add_url_rule(address, view.__name__, access(view), methods=methods)

    def list_tasks(self, ctx: Context) -> Iterable[Task]:
        """List what waits for the person, for their first page."""
        desk = self.register.count_desk(ctx)

        def link(state: str) -> str:
            return tenant_url(f"{self.endpoint}.index", ctx.tenant, state=state or None)

        if ctx.scope(self.register.answer):
            yield Task(_("Findings to mend"), link(""), desk.to_mend)
            yield Task(_("Findings to mend, overdue"), link("overdue"), desk.overdue)
        if ctx.may(self.register.manage):
            yield Task(_("Mended findings to look at again"), link("reported"), desk.reported)
            elsewhere = desk.overdue_elsewhere
            yield Task(_("Findings of others that are overdue"), link("overdue"), elsewhere)

    def load(self, ctx: Context, finding_id: int) -> Any:
        """Load the task of the address; raises `NotFound`."""
        return self.register.get(ctx, finding_id)

    def index(self, ctx: Context) -> str:
        """List what has to be mended and what was found from here (`?state=`)."""
        filters = {"overdue": _("Overdue")} | {key: label for key, (label, _tone) in STATES.items()}
        state = params.word("state", filters)
        query = self.register.select_seen(ctx, state)
        page = paginate(ctx.session, query, params.page_number(), PER_PAGE)
        may_add = ctx.may(self.register.manage)
        return self._render("list", page=page, state=state, filters=filters, may_add=may_add)

    def new(self, ctx: Context) -> str:
        """Show the form, filled in with what the address says (`?subject=&text=&reference=`)."""
        names = ("subject", "text", "reference", "page_url")
        typed = {name: params.text(name, 500) for name in names}
        return self._new_page(ctx, blank_form(typed | {"source": next(iter(self.sources))}))

    def create(self, ctx: Context) -> Any:
        """Enter a task."""
        owners = [each["value"] for each in self.list_owners(ctx)]
        form = MendingTaskForm.read(choices={"subject": owners, "source": list(self.sources)})
        form.values["source"] = form.values["source"] or next(iter(self.sources))
        added: list[Any] = []
        return take_form(
            ctx, form, lambda: added.append(self.register.add(ctx, form.values)),
            again=lambda form: self._new_page(ctx, form), then=lambda: self._to(added[0]),
        )  # fmt: skip

    def show(self, ctx: Context, finding: Any) -> str:
        """Show a task, and what can be done about it."""
        return self._page(ctx, finding, blank_form())

    def report(self, ctx: Context, finding: Any) -> Any:
        """Report what was mended."""
        form = MendingReportForm.read()
        require_version(finding.version)
        return self._take(ctx, finding, form, lambda: self.register.report(
            ctx, finding, form.values["report"], form.values["files"]))  # fmt: skip

    def recheck(self, ctx: Context, finding: Any) -> Any:
        """Close it, or open it again."""
        form = RecheckForm.read()
        require_version(finding.version)
        return self._take(ctx, finding, form, lambda: self.register.recheck(
            ctx, finding, form.values))  # fmt: skip

    def file(self, ctx: Context, finding: Any, file_id: int) -> Response:
        """Send a photograph or document that shows what was mended."""
        del ctx
        found = next((each for each in finding.files if each.id == file_id), None)
        if found is None:
            raise NotFound
        if found.is_picture:
            return send_picture(found.digest, found.media_type, public=False)
        return send_download(file_store().get(found.digest), found.media_type, found.name)

    def _take(self, ctx: Context, finding: Any, form: FormData, act: Callable[[], object]) -> Any:
        first = next(iter(form.typed), "")
        return take_form(
            ctx, form, act, again=lambda form: self._page(ctx, finding, form),
            then=lambda: self._to(finding), field=first,
        )  # fmt: skip

    def _to(self, finding: Any) -> Response:
        return redirect(tenant_url(f"{self.endpoint}.show", finding_id=finding.id))

    def _new_page(self, ctx: Context, form: FormData) -> str:
        sources = to_options(self.sources)
        return self._render("new", form, subjects=self.list_owners(ctx), sources=sources)

    def _page(self, ctx: Context, finding: Any, form: FormData) -> str:
        state, own = MendingState(finding.state), finding.tenant_id == ctx.tenant.id
        found_here = finding.origin_id == ctx.tenant.id and ctx.may(self.register.manage)
        possible = (act for act in DECISIONS if found_here and LIFE.can(state, act))
        decisions = to_options({act: DECISIONS[act] for act in possible})
        can_report = own and LIFE.can(state, MendingTransition.REPORT)
        return self._render(
            "show", form, finding=finding, can_report=can_report, decisions=decisions
        )

    def _render(self, template: str, form: FormData | None = None, **values: Any) -> str:
        form = form or blank_form()
        return render_template(
            f"mending/{template}.html", typed=form.typed, errors=form.errors, states=STATES,
            source_names=self.sources, pages=self.endpoint, console_key=self.key, today=today(),
            to_mend=TO_MEND, **values,
        )  # fmt: skip
