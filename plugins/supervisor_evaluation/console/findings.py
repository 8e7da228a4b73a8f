"""Staff pages of findings: enter, report what was mended, look again."""

from typing import Any

from flask import Response, flash

from core import sdk
from core.sdk import Context, FormData, PluginBlueprint, paginate, params, require_version

from ..domain.findings import TO_MEND, FindingState, FindingTransition
from ..findings import queries, service
from ..findings.forms import FindingForm, MendingForm, RecheckForm
from ..i18n import _
from ..labels import FINDING_SOURCES, FINDING_STATES, list_choices
from ..manifest import ANSWER, MANAGE, MANIFEST
from ..models.findings import EvaluationFinding
from ..register.subjects import list_subject_options
from .pages import CONSOLE, attempt, blank, render, to

FINDINGS = f"{CONSOLE}findings/"
FINDING = f"{FINDINGS}<int:finding_id>/"
PER_PAGE = 30
FILTERS = ("overdue", *FindingState)

blueprint = PluginBlueprint(MANIFEST, __name__, part="findings")


def load_finding(ctx: Context, finding_id: int) -> EvaluationFinding:
    """Load the finding of the address; raises `NotFound`."""
    return queries.get_finding(ctx, finding_id)


_SUBTREE = sdk.Reach.SUBTREE
list_page = sdk.staff_page(ANSWER, reach=_SUBTREE, per_organ=True)
finding_page = sdk.staff_page(ANSWER, reach=_SUBTREE, finding=load_finding)
new_page = sdk.staff_page(MANAGE, reach=_SUBTREE)
recheck_page = sdk.staff_page(MANAGE, reach=_SUBTREE, finding=load_finding)


@blueprint.get(FINDINGS)
@list_page
def index(ctx: Context) -> str:
    """List what has to be mended and what was found from here (`?state=`)."""
    state = params.word("state", FILTERS)
    query = queries.select_findings(ctx, state)
    return render(
        "findings",
        page=paginate(ctx.session, query, params.page_number(), PER_PAGE),
        state=state,
        filters=[("overdue", _("Overdue"))]
        + [(key, label) for key, (label, _tone) in FINDING_STATES.items()],
        may_add=ctx.may(MANAGE),
        today=sdk.today(),
        to_mend=TO_MEND,
    )


@blueprint.get(f"{FINDINGS}new/")
@new_page
def new(ctx: Context) -> str:
    """Show the form, filled in with what the address says (`?subject=&text=&reference=`)."""
    given = {name: params.text(name, 500) for name in ("subject", "text", "reference", "page_url")}
    return _new_page(ctx, blank(FindingForm.blank().typed | given))


@blueprint.post(f"{FINDINGS}new/")
@new_page
def create(ctx: Context) -> Any:
    """Enter a finding."""
    options = list_subject_options(ctx.session, ctx.tenant)
    form = FindingForm.read(choices={"subject": [each["value"] for each in options]})
    added = None
    if form.ok:
        with attempt(ctx, form.errors):
            added = service.add_finding(ctx, form.values)
    if added is None:
        return _new_page(ctx, form), 422
    flash(_("Saved."), "success")
    return to("findings.show", finding_id=added.id)


@blueprint.get(FINDING)
@finding_page
def show(ctx: Context, finding: EvaluationFinding) -> str:
    """Show a finding, and what can be done about it."""
    return _page(ctx, finding, blank())


@blueprint.post(f"{FINDING}report/")
@finding_page
def report(ctx: Context, finding: EvaluationFinding) -> Any:
    """Report what was mended."""
    form = MendingForm.read()
    if form.ok:
        require_version(finding.version)
        with attempt(ctx, form.errors, "report"):
            values = form.values
            service.report_mended(ctx, finding, values["report"], values["files"])
    return _done(ctx, finding, form)


@blueprint.post(f"{FINDING}recheck/")
@recheck_page
def recheck(ctx: Context, finding: EvaluationFinding) -> Any:
    """Close it, or open it again."""
    form = RecheckForm.read()
    require_version(finding.version)
    if form.ok:
        with attempt(ctx, form.errors, "act"):
            service.recheck(ctx, finding, form.values)
    return _done(ctx, finding, form)


@blueprint.get(f"{FINDING}files/<int:file_id>/")
@finding_page
def file(ctx: Context, finding: EvaluationFinding, file_id: int) -> Response:
    """Send a photograph or document that shows what was mended."""
    del ctx
    found = queries.get_file(finding, file_id)
    if found.is_picture:
        return sdk.send_picture(found.digest, found.media_type, public=False)
    data = sdk.file_store().get(found.digest)
    return sdk.send_download(data, found.media_type, found.name)


def _done(ctx: Context, finding: EvaluationFinding, form: FormData) -> Any:
    if not form.ok:
        ctx.session.refresh(finding)
        return _page(ctx, finding, form), 422
    flash(_("Saved."), "success")
    return to("findings.show", finding_id=finding.id)


def _new_page(ctx: Context, form: FormData) -> str:
    return render(
        "new_finding",
        form,
        subjects=list_subject_options(ctx.session, ctx.tenant),
        sources=list_choices(FINDING_SOURCES),
    )


def _page(ctx: Context, finding: EvaluationFinding, form: FormData) -> str:
    state, own = FindingState(finding.state), finding.tenant_id == ctx.tenant.id
    found_here = finding.origin_id == ctx.tenant.id and ctx.may(MANAGE)
    return render(
        "finding",
        form,
        finding=finding,
        can_report=own and service.LIFE.can(state, FindingTransition.REPORT),
        decisions=[act for act in (FindingTransition.CLOSE, FindingTransition.REOPEN)
                   if found_here and service.LIFE.can(state, act)],
        today=sdk.today(),
        to_mend=TO_MEND,
    )  # fmt: skip
