"""Public pages after the day: the questionnaire, questions with their answers; self check-in."""

from typing import Any

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from core import sdk
from core.sdk import Context, FormData, PluginBlueprint

from ..domain.checkin import Scan, ScanKind
from ..events.queries import load_public_day
from ..followup.replies import public_replies
from ..followup.surveys import find_survey, may_answer
from ..i18n import _
from ..manifest import MANIFEST
from ..models.registration import OpenDay, Registration
from ..registrations.checkin import CheckInSource, may_check_in, record_event
from ..registrations.queries import find_ticket
from . import access
from .events import DAY, event_page
from .ticket import TICKET, load_ticket

blueprint = PluginBlueprint(MANIFEST, __name__, part="outcome")


class TicketForm(sdk.Form):
    """The ticket that opens the questionnaire."""

    ticket = sdk.fields.LineField(100)


def load_open_survey(ctx: Context, day: OpenDay) -> sdk.Questionnaire:
    """Load the day's questionnaire, if it can be answered; raises `NotFound`."""
    survey = find_survey(ctx, day)
    if survey is None or not survey.is_open:
        raise sdk.NotFound
    return survey


@blueprint.get(f"{DAY}outcome/")
@event_page
def show(ctx: Context, day: OpenDay) -> str:
    """Show questions with their answers, and satisfaction where enough people have answered."""
    survey = find_survey(ctx, day)
    results = sdk.load_results(ctx.session, survey) if survey and survey.is_public else None
    return render_template(
        "open_day/outcome.html",
        day=day,
        replies=public_replies(ctx.session, day),
        tables=sdk.to_result_tables(results) if results else [],
        asks=bool(survey and survey.is_open),
    )


@blueprint.get(f"{DAY}questionnaire/")
@sdk.public_page(day=load_public_day, survey=load_open_survey)
def questionnaire(ctx: Context, day: OpenDay, survey: sdk.Questionnaire) -> str:
    """Show the questionnaire; the ticket code opens it, nothing else about the person is kept."""
    del ctx
    return _form(day, survey, sdk.params.text("ticket"), FormData({}, {}, {}))


@blueprint.post(f"{DAY}questionnaire/")
@sdk.public_form(day=load_public_day, survey=load_open_survey)
def fill_in(ctx: Context, day: OpenDay, survey: sdk.Questionnaire) -> Any:
    """Keep an anonymous answer, once for each ticket."""
    form, ticket = (
        sdk.read_answer_form(sdk.to_questions(survey)),
        TicketForm.read().values["ticket"],
    )
    if access.is_exceeded(ctx, "look_up"):
        sorry = {"ticket": _("Too many attempts from your network. Try again in ten minutes.")}
        return _form(day, survey, ticket, FormData({}, sorry, form.typed)), 429
    registration = find_ticket(ctx.session, ctx.tenant, ticket)
    if registration is None or not may_answer(day, registration):
        access.hit(ctx, "look_up")
        form.errors["ticket"] = _("This ticket code does not belong to the open day. Check it.")
    if not form.ok or registration is None:
        return _form(day, survey, ticket, form), 422
    try:
        sdk.submit_answers(ctx.session, survey, registration.code, form.values)
    except sdk.Conflict as error:
        form.errors["ticket"] = error.message
        return _form(day, survey, ticket, form), 409
    flash(_("Thank you. Your answer is anonymous."), "success")
    return redirect(sdk.tenant_url("plugin_open_day_outcome.show", day_id=day.id), 303)


@blueprint.post(f"{TICKET}arrive/")
@sdk.public_form(registration=load_ticket)
def arrive(ctx: Context, registration: Registration) -> Response:
    """Let visitors check in by themselves, where and while the session allows it."""
    if may_check_in(registration, sdk.utc_now()):
        nonce = f"self-{registration.id}-{registration.version}"
        scan = Scan(nonce, ScanKind.IN, sdk.utc_now(), registration.head_count)
        record_event(ctx.session, registration, scan, CheckInSource(sdk.NOBODY, "self"))
        flash(_("You are checked in. Welcome!"), "success")
    else:
        flash(_("You cannot check in by yourself now. Please go to the entrance."), "error")
    return redirect(sdk.tenant_url("plugin_open_day_tickets.show", ticket=registration.code), 303)


def _form(day: OpenDay, survey: sdk.Questionnaire, ticket: str, form: FormData) -> str:
    questions = sdk.to_questions(survey)
    return render_template(
        "open_day/questionnaire.html",
        day=day,
        questions=sdk.to_question_fields(questions, form.typed, form.errors),
        typed={"ticket": ticket},
        errors=form.errors,
    )
