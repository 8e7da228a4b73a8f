"""Scoring on a supervisor's desk: a form for the phone, handed in once, blind until then."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Response, flash, redirect, render_template
from werkzeug.wrappers import Response as Redirect

from core import sdk
from core.sdk import Context, FormData, PluginBlueprint

from ..campaigns import queries, scoring
from ..campaigns.assigning import decline_assignment, is_scoring_open
from ..domain.phases import AssignmentState
from ..i18n import _
from ..indicators import list_scored
from ..labels import ASSIGNMENT_KINDS
from ..manifest import MANIFEST, NAME
from ..models.campaign import EvaluationAssignment
from ..models.register import EvaluationSupervisor
from ..register import REGISTER
from .desk import DESK, desk_page

blueprint = PluginBlueprint(MANIFEST, __name__, part="scoring")
SCORES = f"{DESK}scores/<int:assignment_id>/"


def load_assignment(
    ctx: Context, supervisor: EvaluationSupervisor, assignment_id: int
) -> EvaluationAssignment:
    """Load an assignment of the supervisor whose desk it is; raises `NotFound`."""
    return scoring.get_own_assignment(ctx.session, supervisor, assignment_id)


score_page = sdk.public_page(supervisor=REGISTER.load_by_link, assignment=load_assignment)
score_form = sdk.public_form(supervisor=REGISTER.load_by_link, assignment=load_assignment)


@dataclass(frozen=True, slots=True)
class OwnScore:
    """One indicator as its supervisor has scored it, with what all have given, sorted."""

    name: str
    points: int | None
    reason: str
    others: list[int | None] | None


@blueprint.get(SCORES)
@score_page
def show(
    ctx: Context, supervisor: EvaluationSupervisor, assignment: EvaluationAssignment, secret: str
) -> str:
    """Show the form; once handed in, one's own scores, and all others' without a name."""
    if assignment.state != AssignmentState.ASSIGNED:
        return _show_done(ctx, supervisor, assignment, secret)
    return _page(ctx, assignment, secret, FormData({}, {}, {}))


@blueprint.post(SCORES)
@score_form
def submit(ctx: Context, assignment: EvaluationAssignment, secret: str) -> Any:
    """Take the scores, once; what was sent a second time changes nothing."""
    here = redirect(sdk.tenant_url(f"plugin_{NAME}_scoring.show", secret=secret,
                                   assignment_id=assignment.id), 303)  # fmt: skip
    if assignment.state == AssignmentState.SUBMITTED:
        return here
    indicators = list_scored(assignment.subject.campaign, assignment.subject.group)
    form, given, photos = scoring.read_scores(indicators, assignment)
    if form.ok:
        try:
            with sdk.savepoint(ctx.session):
                scoring.submit_scores(ctx, assignment, given, photos, form.values)
        except sdk.Conflict as error:
            form.errors["decline"] = error.message
    if not form.ok:
        return _page(ctx, assignment, secret, form), 422
    flash(_("Thank you: your scores are in."), "success")
    return here


@blueprint.post(f"{SCORES}decline/")
@score_form
def decline(ctx: Context, assignment: EvaluationAssignment, secret: str) -> Any:
    """Decline to score a subject, with a reason for the office."""
    form = scoring.DeclineForm.read()
    if not form.ok:
        return _page(ctx, assignment, secret, form), 422
    try:
        with sdk.savepoint(ctx.session):
            decline_assignment(ctx.session, assignment, form.values["reason"])
        flash(_("You have declined. The office asks somebody else."), "success")
    except sdk.Conflict as error:
        flash(error.message, "error")
    return redirect(sdk.tenant_url(f"plugin_{NAME}_desk.show", secret=secret), 303)


@blueprint.get(f"{SCORES}files/<int:file_id>/")
@score_page
def file(ctx: Context, assignment: EvaluationAssignment, file_id: int) -> Redirect:
    """Send a file of the subject's self-assessment."""
    found = queries.get_file(ctx.session, assignment.subject, file_id)
    return sdk.send_download(sdk.file_store().get(found.digest), found.media_type, found.name)


@blueprint.get(f"{DESK}worker.js")
@desk_page
def worker(ctx: Context, supervisor: EvaluationSupervisor) -> Response:
    """Send the service worker that opens forms without network; its address is its scope."""
    del ctx, supervisor
    script = Path(__file__).parents[1] / "static" / "desk-worker.js"
    return Response(script.read_text(encoding="utf-8"), mimetype="text/javascript")


def _page(ctx: Context, assignment: EvaluationAssignment, secret: str, form: FormData) -> str:
    subject = assignment.subject
    statement = queries.find_statement(ctx.session, subject)
    return render_template(
        f"{NAME}/score.html",
        assignment=assignment, subject=subject, campaign=subject.campaign, secret=secret,
        kind=ASSIGNMENT_KINDS[assignment.kind], statement=statement,
        files=queries.list_files(ctx.session, statement),
        indicators=list_scored(subject.campaign, subject.group),
        open=is_scoring_open(subject.campaign, sdk.today()),
        draft=scoring.name_draft(assignment), typed=form.typed, errors=form.errors,
        accepted=",".join(sdk.ACCEPTED_PICTURES),
    )  # fmt: skip


def _show_done(
    ctx: Context, supervisor: EvaluationSupervisor, assignment: EvaluationAssignment, secret: str
) -> str:
    others = scoring.load_others(ctx.session, assignment)
    given = {score.indicator: score for score in assignment.scores}
    campaign = assignment.subject.campaign
    rows = [
        OwnScore(each.name, given[each.key].points, given[each.key].reason,
                 None if others is None else others.get(each.key, []))
        for each in list_scored(campaign, assignment.subject.group)
        if each.key in given
    ]  # fmt: skip
    own = scoring.list_own_assignments(ctx.session, supervisor)
    return render_template(
        f"{NAME}/scored.html",
        assignment=assignment, subject=assignment.subject, campaign=campaign, secret=secret,
        rows=rows, has_others=others is not None, draft=scoring.name_draft(assignment),
        is_last=all(row.state != AssignmentState.ASSIGNED for row in own),
    )  # fmt: skip
