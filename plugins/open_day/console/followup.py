"""Staff pages after the day: the report, questions raised, the figures."""

from typing import Any

from flask import flash, redirect

from core import sdk
from core.sdk import Context, Form, FormData, PluginBlueprint, fields

from ..events.forms import OptionalChoice, to_options
from ..followup import replies as service
from ..followup import report as reports
from ..followup.statistics import load_figures
from ..followup.surveys import find_survey
from ..i18n import _, _l
from ..manifest import MANAGE, MANIFEST
from ..models.followup import Reply
from ..models.registration import OpenDay
from .pages import DAY, ActForm, attempt, blank, day_page, load_day, render, to

blueprint = PluginBlueprint(MANIFEST, __name__, part="after")


class ReportForm(Form):
    """The report of an open day with its photographs."""

    title = fields.LineField(300, required=_l("Enter a title."))
    body = fields.TextField(100_000, required=_l("Enter the text."))
    photos = fields.FilesField(reports.MOST_PHOTOS)


class QuestionsForm(Form):
    """Questions that were raised, one on each line, and who answers them by when."""

    questions = fields.LinesField(service.MOST_AT_ONCE, service.LONGEST_QUESTION)
    organ_id = OptionalChoice()
    unit = fields.LineField(100)
    due_on = fields.DayField()


class ReplyForm(Form):
    """The answer to a question."""

    reply = fields.TextField(service.LONGEST_REPLY, required=_l("Enter the answer."))
    is_public = fields.TickField()


def load_reply(ctx: Context, day: OpenDay, number: int) -> Reply:
    """Load the question of the address; raises `NotFound`."""
    return service.get_reply(ctx.session, day, number)


reply_page = sdk.staff_page(MANAGE, day=load_day, found=load_reply)


@blueprint.get(f"{DAY}after/")
@day_page
def index(ctx: Context, day: OpenDay) -> str:
    """Show what is left to do after the day, and the figures."""
    survey = find_survey(ctx, day)
    found = service.list_replies(ctx.session, day)
    return render(
        "followup/after",
        day=day,
        figures=load_figures(ctx.session, [day]),
        publication=reports.find_results(ctx.session, day),
        photographs=len(reports.list_photographs(ctx.session, day)),
        replies=len(found),
        unanswered=sum(each.replied_at is None for each in found),
        late=sum(service.is_late(each) for each in found),
        survey=survey,
        answers=sdk.count_answers(ctx.session, survey) if survey else 0,
        outcome=sdk.load_results(ctx.session, survey) if survey else None,
    )


@blueprint.get(f"{DAY}report/")
@day_page
def report(ctx: Context, day: OpenDay) -> str:
    """Show the report, begun with what is known: whoever was there only adds to it."""
    when = day.starts_at.astimezone(sdk.zone()).strftime("%Y-%m-%d") if day.starts_at else ""
    body = reports.suggested_body(day, load_figures(ctx.session, [day]), when)
    return _report_form(day, blank({"title": reports.suggested_title(day), "body": body}))


@blueprint.post(f"{DAY}report/")
@day_page
def start_report(ctx: Context, day: OpenDay) -> Any:
    """Begin the publication as a draft and go on where publications are written."""
    form = ReportForm.read()
    most, publication = sdk.current_settings().max_upload_bytes, None
    if form.ok:
        photos = [
            sdk.NewFile(
                file.filename or "", file.stream.read(most + 1), _("Photograph of the open day")
            )
            for file in form.values["photos"]
        ]
        with attempt(ctx, form.errors, "photos"):
            title, body = form.values["title"], form.values["body"]
            publication = reports.start_results(ctx, day, title, body, photos)
    if publication is None:
        if "file" in form.errors:
            form.errors["photos"] = form.errors.pop("file")
        return _report_form(day, form), 422
    flash(_("The draft of the report is ready. Look through it and hand it in."), "success")
    return redirect(sdk.tenant_url("publishing_console.edit", id=publication.id))


@blueprint.get(f"{DAY}replies/")
@day_page
def replies(ctx: Context, day: OpenDay) -> str:
    """List questions raised on the day, with who answers them by when."""
    return _replies_page(ctx, day)


@blueprint.post(f"{DAY}replies/")
@day_page
def add_questions(ctx: Context, day: OpenDay) -> Any:
    """Note questions, one on each line."""
    organs = [organ.id for organ in sdk.list_organs(ctx.session, ctx.tenant)]
    form = QuestionsForm.read(choices={"organ_id": organs})
    if form.ok:
        with attempt(ctx, form.errors):
            service.raise_questions(ctx, day, form.values.pop("questions"), **form.values)
    return to("after.replies", day) if form.ok else (_replies_page(ctx, day, form), 422)


@blueprint.get(f"{DAY}replies/<int:number>/")
@reply_page
def reply(ctx: Context, day: OpenDay, found: Reply) -> str:
    """Show one question and its answer."""
    del ctx
    return _reply_page(day, found, blank(ReplyForm.show(found)))


@blueprint.post(f"{DAY}replies/<int:number>/")
@reply_page
def answer(ctx: Context, day: OpenDay, found: Reply) -> Any:
    """Answer a question, or remove one that was noted by mistake."""
    sdk.require_version(sdk.shown_version(ReplyForm.show(found)), optional=True)
    form, removes = ReplyForm.read(), ActForm.read().values["act"] == "remove"
    if removes:
        form.errors.clear()
    if form.ok:
        with attempt(ctx, form.errors, "reply"):
            if removes:
                service.remove_question(ctx, found)
            else:
                service.answer_question(ctx, found, form.values["reply"], form.values["is_public"])
                flash(_("Saved."), "success")
    if not form.ok:
        return _reply_page(day, found, form), 422
    return to("after.replies", day)


def _reply_page(day: OpenDay, found: Reply, form: FormData) -> str:
    version = sdk.shown_version(ReplyForm.show(found))
    return render("followup/reply", form, day=day, reply=found, version=version)


def _report_form(day: OpenDay, form: FormData) -> str:
    return render(
        "followup/report", form, day=day, accepted=sdk.ACCEPTED_PICTURES, most=reports.MOST_PHOTOS
    )


def _replies_page(ctx: Context, day: OpenDay, form: FormData | None = None) -> str:
    found = service.list_replies(ctx.session, day)
    organs = {organ.id: organ.name for organ in sdk.list_organs(ctx.session, ctx.tenant)}
    return render(
        "followup/replies",
        form,
        day=day,
        replies=[(each, service.is_late(each)) for each in found],
        organs=to_options(organs),
    )
