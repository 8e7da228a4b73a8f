"""Pages of an evaluated office's own staff: self-assessment, facts, reply; never who scored."""

from typing import Any

from flask import flash

from core.sdk import (
    Conflict,
    Context,
    FormData,
    Invalid,
    NotFound,
    PluginBlueprint,
    file_store,
    require_version,
    savepoint,
    send_download,
    staff_page,
    today,
)

from ..campaigns import queries, statements
from ..domain.phases import FACTS_SHOWN, CampaignState
from ..i18n import _
from ..manifest import ANSWER, MANIFEST
from ..models.campaign import EvaluationEvidence, EvaluationSubject, SubjectStatement
from .pages import CONSOLE, blank, render, to

blueprint = PluginBlueprint(MANIFEST, __name__, part="answers")
OWN = f"{CONSOLE}own/"
SUBJECT = f"{OWN}<int:subject_id>/"


def load_own_subject(ctx: Context, subject_id: int) -> EvaluationSubject:
    """Load a subject whose people work here; raises `NotFound`."""
    return queries.get_own_subject(ctx.session, ctx.tenant, subject_id)


list_page = staff_page(ANSWER, per_organ=True)
own_page = staff_page(ANSWER, subject=load_own_subject)


@blueprint.get(OWN)
@list_page
def index(ctx: Context) -> str:
    """List the evaluations of one's own office."""
    subjects = queries.list_own_subjects(ctx)
    return render("answers/index", subjects=subjects)


@blueprint.get(SUBJECT)
@own_page
def show(ctx: Context, subject: EvaluationSubject) -> str:
    """Show what one's own office says and is told."""
    return _page(ctx, subject)


@blueprint.post(f"{SUBJECT}self-assessment/")
@own_page
def assess(ctx: Context, subject: EvaluationSubject) -> Any:
    """Keep the self-assessment, or hand it in."""
    form = statements.build_self_form(queries.list_scored(subject.campaign, subject.group)).read()
    return _attempt(ctx, subject, form, lambda: statements.save_self_assessment(
        ctx, subject, form.values, submit=form.values["submit"]))  # fmt: skip


@blueprint.post(f"{SUBJECT}files/")
@own_page
def add_file(ctx: Context, subject: EvaluationSubject) -> Any:
    """Store a file of the self-assessment."""
    keys = [each.key for each in queries.list_scored(subject.campaign, subject.group)]
    form = statements.FileForm.read(choices={"indicator": keys})
    return _attempt(ctx, subject, form, lambda: statements.add_file(ctx, subject, form.values))


@blueprint.get(f"{SUBJECT}files/<int:file_id>/")
@own_page
def file(ctx: Context, subject: EvaluationSubject, file_id: int) -> Any:
    """Send a file of the self-assessment."""
    found = ctx.session.get(EvaluationEvidence, file_id)
    statement = queries.find_statement(ctx.session, subject)
    if found is None or statement is None or found.statement_id != statement.id:
        raise NotFound
    return send_download(file_store().get(found.digest), found.media_type, found.name)


@blueprint.post(f"{SUBJECT}facts/")
@own_page
def facts(ctx: Context, subject: EvaluationSubject) -> Any:
    """Keep the errors of fact that were found in the reasons."""
    form = statements.FactsForm.read()
    return _attempt(ctx, subject, form, lambda: statements.note_facts(
        ctx, subject, form.values["note"], confirmed=form.values["confirmed"]))  # fmt: skip


@blueprint.post(f"{SUBJECT}reply/")
@own_page
def reply(ctx: Context, subject: EvaluationSubject) -> Any:
    """Hand in the reply."""
    form = statements.StatementForm.read()
    return _attempt(ctx, subject, form, lambda: statements.submit_reply(ctx, subject, form.values))


def _attempt(ctx: Context, subject: EvaluationSubject, form: FormData, act: Any) -> Any:
    """Do it unless a colleague was faster; show the page again with what refuses it."""
    statement = queries.find_statement(ctx.session, subject)
    require_shown(statement)
    if form.ok:
        try:
            with savepoint(ctx.session):
                act()
        except Invalid as error:
            form.errors.update(error.fields)
        except Conflict as error:
            form.errors[""] = error.message
    if not form.ok:
        return _page(ctx, subject, form), 422
    flash(_("Saved."), "success")
    return to("answers.show", subject_id=subject.id)


def require_shown(statement: SubjectStatement | None) -> None:
    """Raise `Overtaken` where the form shows another state than the stored one."""
    require_version(statement.version if statement else "new")


def _page(ctx: Context, subject: EvaluationSubject, form: FormData | None = None) -> str:
    campaign = subject.campaign
    statement = queries.find_statement(ctx.session, subject)
    typed = statements.show_self_assessment(statement)
    if statement is not None:
        typed |= {"reply": statement.reply, "mended": statement.mended}
        typed["note"] = {str(note.item): note.note for note in statement.notes}
    state = CampaignState(campaign.state)
    return render(
        "answers/show", form or blank(typed), subject=subject, campaign=campaign, today=today(),
        statement=statement, version=statement.version if statement else "new",
        indicators=queries.list_scored(campaign, subject.group),
        names={each.key: each.name for each in queries.load_indicators(campaign)},
        disclosed=subject.disclosed if state in FACTS_SHOWN else [],
        notes={note.item: note for note in statement.notes} if statement else {},
        files=queries.list_files(ctx.session, statement),
        may_assess=statements.is_open(
            subject, CampaignState.SELF_ASSESSMENT, campaign.self_until
        ),
        may_note=statements.is_open(subject, CampaignState.VERIFICATION, campaign.verify_until),
        may_reply=statements.is_open(subject, CampaignState.REPLY, campaign.reply_until)
        and (statement is None or statement.reply_state != "accepted"),
    )  # fmt: skip
