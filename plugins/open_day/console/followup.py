"""Staff pages after the day: the report, questions raised, the figures."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from core.sdk import (
    ACCEPTED_PICTURES,
    Invalid,
    NewFile,
    PluginBlueprint,
    current_actor,
    current_tenant,
    organs_of,
    session,
    staff_page,
    tenant_url,
    zone,
)

from ..events.queries import get_day
from ..followup.replies import (
    answer_question,
    get_reply,
    is_late,
    raise_questions,
    remove_question,
    replies_of,
)
from ..followup.report import (
    MOST_PHOTOS,
    photographs_of,
    results_of,
    start_results,
    suggested_body,
    suggested_title,
)
from ..followup.statistics import figures_of
from ..followup.surveys import count_answers, outcome_of, survey_of
from ..forms import FormReader
from ..i18n import _
from ..labels import SOURCES
from ..manifest import MANAGE, MANIFEST
from ..models.registration import OpenDay

blueprint = PluginBlueprint(MANIFEST, __name__, part="after")
HERE = "plugin_open_day_after"


@blueprint.get("/<code>/console/open-days/<int:id>/after/")
@staff_page(MANAGE)
def index(id: int) -> str:  # noqa: A002 - the name that addresses use
    """What is left to do after the day, and the figures."""
    day = get_day(session(), current_tenant(), id)
    survey = survey_of(session(), day)
    replies = replies_of(session(), day)
    return render_template(
        "open_day/console/after.html",
        day=day,
        figures=figures_of(session(), [day]),
        sources=SOURCES,
        publication=results_of(session(), day),
        photographs=len(photographs_of(session(), day)),
        replies=len(replies),
        unanswered=sum(one.replied_at is None for one in replies),
        late=sum(is_late(one) for one in replies),
        survey=survey,
        answers=count_answers(session(), day.id),
        outcome=outcome_of(session(), survey) if survey else None,
    )


@blueprint.get("/<code>/console/open-days/<int:id>/report/")
@staff_page(MANAGE)
def report(id: int) -> str:  # noqa: A002 - the name that addresses use
    """The report, begun with what is known: whoever was there only adds to it."""
    day = get_day(session(), current_tenant(), id)
    when = day.starts_at.astimezone(zone()).strftime("%Y-%m-%d") if day.starts_at else ""
    body = suggested_body(day, figures_of(session(), [day]), when)
    return _report_form(day, {"title": suggested_title(day), "body": body}, {})


@blueprint.post("/<code>/console/open-days/<int:id>/report/")
@staff_page(MANAGE)
def start_report(id: int) -> Any:  # noqa: A002 - the name that addresses use
    """Begin the publication as a draft and go on where publications are written."""
    day = get_day(session(), current_tenant(), id)
    read = FormReader(request.form, zone())
    title = read.line("title", 300, required=_("Enter a title."))
    body = read.text("body", 100_000, required=_("Enter the text."))
    sent = [file for file in request.files.getlist("photos") if file.filename]
    if len(sent) > MOST_PHOTOS:
        read.errors["photos"] = _("At most %(n)s photographs.", n=MOST_PHOTOS)
    if read.errors:
        return _report_form(day, request.form, read.errors), 422
    most = current_app.extensions["gongkai"].max_upload_bytes
    photos = [
        NewFile(file.filename or "", file.stream.read(most + 1), _("Photograph of the open day"))
        for file in sent
    ]
    try:
        publication = start_results(
            session(), current_actor(), current_tenant(), day, title=title, body=body, photos=photos
        )
    except Invalid as error:
        session().rollback()
        day = get_day(session(), current_tenant(), id)
        wrong = {"photos" if name == "file" else name: text for name, text in error.fields.items()}
        return _report_form(day, request.form, wrong or {"photos": error.message}), 422
    flash(_("The draft of the report is ready. Look through it and hand it in."), "success")
    return redirect(tenant_url("publishing_console.edit", id=publication.id))


@blueprint.get("/<code>/console/open-days/<int:id>/replies/")
@staff_page(MANAGE)
def replies(id: int) -> str:  # noqa: A002 - the name that addresses use
    """Questions raised on the day, with who answers them by when."""
    return _replies_page(get_day(session(), current_tenant(), id), {}, {})


@blueprint.post("/<code>/console/open-days/<int:id>/replies/")
@staff_page(MANAGE)
def add_questions(id: int) -> Any:  # noqa: A002 - the name that addresses use
    """Note questions, one on each line."""
    day = get_day(session(), current_tenant(), id)
    read = FormReader(request.form, zone())
    due, organ = read.day("due_on"), read.raw("organ_id")
    unit = read.line("unit", 100)
    organs = {str(one.id): one.id for one in organs_of(session(), current_tenant())}
    if organ and organ not in organs:
        read.errors["organ_id"] = _("Choose one of the list.")
    if not read.errors:
        try:
            raise_questions(
                session(), current_actor(), current_tenant(), day,
                read.raw("questions").splitlines(), organ_id=organs.get(organ), unit=unit,
                due_on=due,
            )  # fmt: skip
        except Invalid as error:
            read.errors |= error.fields
    if read.errors:
        return _replies_page(day, request.form, read.errors), 422
    return redirect(tenant_url(f"{HERE}.replies", id=id))


@blueprint.get("/<code>/console/open-days/<int:id>/replies/<int:number>/")
@staff_page(MANAGE)
def reply(id: int, number: int) -> str:  # noqa: A002 - the name that addresses use
    """One question and its answer."""
    day = get_day(session(), current_tenant(), id)
    found = get_reply(session(), day, number)
    typed = {"reply": found.reply, "is_public": found.is_public}
    return render_template(
        "open_day/console/reply.html", day=day, reply=found, typed=typed, errors={}
    )


@blueprint.post("/<code>/console/open-days/<int:id>/replies/<int:number>/")
@staff_page(MANAGE)
def answer(id: int, number: int) -> Any:  # noqa: A002 - the name that addresses use
    """Answer a question, or remove one that was noted by mistake."""
    day = get_day(session(), current_tenant(), id)
    found = get_reply(session(), day, number)
    actor, tenant = current_actor(), current_tenant()
    text = request.form.get("reply", "").replace("\x00", "")
    try:
        if request.form.get("act") == "remove":
            remove_question(session(), actor, tenant, found)
        else:
            public = bool(request.form.get("is_public"))
            answer_question(session(), actor, tenant, found, text, is_public=public)
            flash(_("Saved."), "success")
    except Invalid as error:
        return render_template(
            "open_day/console/reply.html",
            day=day, reply=found, typed=request.form, errors=error.fields,
        ), 422  # fmt: skip
    return _to_replies(day)


def _to_replies(day: OpenDay) -> Response:
    return redirect(tenant_url(f"{HERE}.replies", id=day.id))


def _report_form(day: OpenDay, typed: Any, errors: dict[str, str]) -> str:
    return render_template(
        "open_day/console/report.html",
        day=day,
        typed=typed,
        errors=errors,
        accepted=ACCEPTED_PICTURES,
        most=MOST_PHOTOS,
    )


def _replies_page(day: OpenDay, typed: Any, errors: dict[str, str]) -> str:
    return render_template(
        "open_day/console/replies.html",
        day=day,
        replies=[(one, is_late(one)) for one in replies_of(session(), day)],
        typed=typed,
        errors=errors,
        organs=[
            {"value": one.id, "label": one.name} for one in organs_of(session(), current_tenant())
        ],
    )
