"""Public pages after the day: the questionnaire, questions with their answers; self check-in."""

from typing import Any

from flask import abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from core.sdk import (
    NOBODY,
    Conflict,
    PluginBlueprint,
    current_tenant,
    public_form,
    public_page,
    session,
    tenant_url,
    utc_now,
)

from ..domain.checkin import Scan, ScanKind
from ..domain.survey import Wrong, offered, read_answers
from ..events.queries import find_day, find_ticket
from ..followup.replies import public_replies
from ..followup.surveys import answer, may_answer, outcome_of, questions_of, survey_of
from ..i18n import _
from ..labels import GRADES
from ..manifest import MANIFEST
from ..models.registration import OpenDay, Registration
from ..registrations.checkin import CheckInSource, may_arrive, record_event
from .access import count_attempt, too_many

blueprint = PluginBlueprint(MANIFEST, __name__, part="outcome")
HERE = "plugin_open_day_outcome"


@blueprint.get("/<code>/open-days/<int:day_id>/outcome/")
@public_page
def show(day_id: int) -> str:
    """Questions with their answers, and satisfaction where enough people have answered."""
    day = _day(day_id)
    survey = survey_of(session(), day)
    told = outcome_of(session(), survey) if survey and survey.is_public else None
    return render_template(
        "open_day/outcome.html",
        day=day,
        replies=public_replies(session(), day),
        outcome=told,
        grades=GRADES,
        asks=bool(survey and survey.is_open),
    )


@blueprint.get("/<code>/open-days/<int:day_id>/questionnaire/")
@public_page
def questionnaire(day_id: int) -> str:
    """The questionnaire; the ticket code opens it, nothing else about the person is kept."""
    day = _day(day_id)
    return _form(day, {"ticket": request.args.get("ticket", "")}, {})


@blueprint.post("/<code>/open-days/<int:day_id>/questionnaire/")
@public_form
def fill_in(day_id: int) -> Any:
    """Keep an anonymous answer, once for each ticket."""
    day = _day(day_id)
    survey = survey_of(session(), day)
    if survey is None or not survey.is_open:
        abort(404)
    address = request.remote_addr or ""
    if too_many(session(), current_tenant(), "look_up", address):
        sorry = {"ticket": _("Too many attempts from your network. Try again in ten minutes.")}
        return _form(day, request.form, sorry), 429
    answers, wrong = read_answers(questions_of(survey), request.form)
    errors = {key: _fault(fault) for key, fault in wrong.items()}
    registration = find_ticket(session(), current_tenant(), request.form.get("ticket", ""))
    if registration is None or not may_answer(survey, registration):
        count_attempt(session(), current_tenant(), "look_up", address)
        session().commit()
        errors["ticket"] = _("This ticket code does not belong to the open day. Check it.")
    if errors or registration is None:
        return _form(day, request.form, errors), 422
    try:
        answer(session(), registration, answers)
    except Conflict as error:
        return _form(_day(day_id), request.form, {"ticket": error.message}), 409
    flash(_("Thank you. Your answer is anonymous."), "success")
    return redirect(tenant_url(f"{HERE}.show", day_id=day_id), 303)


@blueprint.post("/<code>/open-days/tickets/<ticket>/arrive/")
@public_form
def arrive(ticket: str) -> Response:
    """The visitor checks in by themselves, where and while the session allows it."""
    registration = find_ticket(session(), current_tenant(), ticket)
    if registration is None:
        abort(404)
    back = tenant_url("plugin_open_day_tickets.show", ticket=registration.code)
    if not may_arrive(registration, utc_now()):
        flash(_("You cannot check in by yourself now. Please go to the entrance."), "error")
        return redirect(back, 303)
    _check_in(registration)
    flash(_("You are checked in. Welcome!"), "success")
    return redirect(back, 303)


def _check_in(registration: Registration) -> None:
    nonce = f"self-{registration.id}-{registration.version}"
    scan = Scan(nonce, ScanKind.IN, utc_now(), registration.head_count)
    record_event(session(), registration, scan, CheckInSource(NOBODY, "self"))


def _day(day_id: int) -> OpenDay:
    day = find_day(session(), current_tenant(), day_id)
    if day is None or day.tenant_id != current_tenant().id:
        abort(404)
    return day


def _fault(fault: Wrong) -> str:
    return {
        Wrong.MISSING: _("Please answer this question."),
        Wrong.NO_OPTION: _("Choose one of the list."),
        Wrong.TOO_LONG: _("At most %(n)s characters.", n=1000),
    }[fault]


def _form(day: OpenDay, typed: Any, errors: dict[str, str]) -> str:
    survey = survey_of(session(), day)
    if survey is None or not survey.is_open:
        abort(404)
    return render_template(
        "open_day/questionnaire.html",
        day=day,
        questions=[
            (one, [{"value": key, "label": GRADES.get(key, key)} for key in offered(one)])
            for one in questions_of(survey)
        ],
        typed=typed,
        chosen={one.key: _several(typed, one.key) for one in questions_of(survey)},
        errors=errors,
    )


def _several(typed: Any, key: str) -> list[str]:
    return typed.getlist(key) if hasattr(typed, "getlist") else []
