"""Pages of an evaluated office's own staff: self-assessment, facts, reply; never who scored."""

from collections.abc import Callable
from typing import Any

from core import sdk
from core.sdk import Context, FormData

from ..campaigns import queries, statements
from ..domain.phases import FACTS_SHOWN, CampaignState
from ..indicators import list_scored, load_indicators
from ..manifest import ANSWER, MANIFEST
from ..models.campaign import EvaluationSubject
from .pages import CONSOLE, render, to

blueprint = sdk.PluginBlueprint(MANIFEST, __name__, part="answers")
OWN = f"{CONSOLE}own/"
SUBJECT = f"{OWN}<int:subject_id>/"


def load_own_subject(ctx: Context, subject_id: int) -> EvaluationSubject:
    """Load a subject whose people work here; raises `NotFound`."""
    return queries.get_own_subject(ctx.session, ctx.tenant, subject_id)


own_page = sdk.staff_page(ANSWER, subject=load_own_subject)


@blueprint.get(OWN)
@sdk.staff_page(ANSWER, per_organ=True)
def index(ctx: Context) -> str:
    """List the evaluations of one's own office."""
    return render("answers/index", subjects=queries.list_own_subjects(ctx))


@blueprint.get(SUBJECT)
@own_page
def show(ctx: Context, subject: EvaluationSubject) -> str:
    """Show what one's own office says and is told."""
    return _page(ctx, subject)


@blueprint.post(f"{SUBJECT}self-assessment/")
@own_page
def assess(ctx: Context, subject: EvaluationSubject) -> Any:
    """Keep the self-assessment, or hand it in."""
    form = statements.build_self_form(list_scored(subject.campaign, subject.group)).read()
    return _take(ctx, subject, form, lambda: statements.save_self_assessment(
        ctx, subject, form.values, submit=form.values["submit"]))  # fmt: skip


@blueprint.post(f"{SUBJECT}files/")
@own_page
def add_file(ctx: Context, subject: EvaluationSubject) -> Any:
    """Store a file of the self-assessment."""
    keys = [each.key for each in list_scored(subject.campaign, subject.group)]
    form = statements.FileForm.read(choices={"indicator": keys})
    return _take(ctx, subject, form, lambda: statements.add_file(ctx, subject, form.values))


@blueprint.get(f"{SUBJECT}files/<int:file_id>/")
@own_page
def file(ctx: Context, subject: EvaluationSubject, file_id: int) -> Any:
    """Send a file of the self-assessment."""
    found = queries.get_file(ctx.session, subject, file_id)
    return sdk.send_download(sdk.file_store().get(found.digest), found.media_type, found.name)


@blueprint.post(f"{SUBJECT}facts/")
@own_page
def facts(ctx: Context, subject: EvaluationSubject) -> Any:
    """Keep the errors of fact that were found in the reasons."""
    form = statements.FactsForm.read()
    return _take(ctx, subject, form, lambda: statements.note_facts(
        ctx, subject, form.values["note"], confirmed=form.values["confirmed"]))  # fmt: skip


@blueprint.post(f"{SUBJECT}reply/")
@own_page
def reply(ctx: Context, subject: EvaluationSubject) -> Any:
    """Hand in the reply."""
    form = statements.StatementForm.read()
    return _take(ctx, subject, form, lambda: statements.submit_reply(ctx, subject, form.values))


def _take(ctx: Context, subject: EvaluationSubject, form: FormData, act: Callable[[], None]) -> Any:
    """Do it unless a colleague was faster; show the page again with what refuses it."""
    statement = queries.find_statement(ctx.session, subject)
    sdk.require_version(statement.version if statement else "new")
    return sdk.take_form(
        ctx, form, act, again=lambda form: _page(ctx, subject, form),
        then=lambda: to("answers.show", subject_id=subject.id),
    )  # fmt: skip


def _page(ctx: Context, subject: EvaluationSubject, form: FormData | None = None) -> str:
    campaign, statement = subject.campaign, queries.find_statement(ctx.session, subject)
    may = {state: statements.is_open(subject, state) for state in statements.OPEN_UNTIL}
    has_accepted = statement is not None and statement.reply_state == "accepted"
    return render(
        "answers/show", form or sdk.blank_form(statements.show_statement(statement)),
        subject=subject, campaign=campaign, today=sdk.today(),
        statement=statement, version=statement.version if statement else "new",
        indicators=list_scored(campaign, subject.group),
        names={each.key: each.name for each in load_indicators(campaign)},
        disclosed=subject.disclosed if campaign.state in FACTS_SHOWN else [],
        notes={note.item: note for note in statement.notes} if statement else {},
        files=queries.list_files(ctx.session, statement),
        may_assess=may[CampaignState.SELF_ASSESSMENT], may_note=may[CampaignState.VERIFICATION],
        may_reply=may[CampaignState.REPLY] and not has_accepted,
    )  # fmt: skip
