"""Vote without an account: choose an office, say how satisfied you are, on a phone.

A voter is a device (a random cookie of this vote's site) or a printed ticket; the page says what
that can and cannot prevent.
"""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import after_this_request, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from core import sdk
from core.sdk import Context, Form, FormData, PluginBlueprint, fields, params, rate_limit

from ..domain.ballots import Grade
from ..i18n import _
from ..manifest import MANIFEST, NAME
from ..models.voting import SocialVote, VoteSubject
from ..voting import casting, labels, votes
from .votes import ADDRESS, load_public_vote

BALLOT = f"{ADDRESS}vote/"
DEVICE = "gk_device"
LONGEST_REMARK = 500
_DEVICE_DAYS = 400
# Within how long; a village or a hall may share one address, somebody who tries codes does not.
_WINDOW = timedelta(minutes=10)
MOST_VOICES, MOST_WRONG_TICKETS = 300, 20

blueprint = PluginBlueprint(MANIFEST, __name__, part="ballot")


class BallotForm(Form):
    """The grades of one subject, a word for each aspect, and room for words."""

    grade = fields.KeyedField(20)
    words = fields.TextField(LONGEST_REMARK)
    ticket = fields.LineField(40)


def load_subject(ctx: Context, vote: SocialVote, subject_id: int) -> VoteSubject:
    """Load the subject of the address; raises `NotFound`."""
    del ctx
    subject = next((subject for subject in vote.subjects if subject.id == subject_id), None)
    if subject is None:
        raise sdk.NotFound(where=str(subject_id))
    return subject


@blueprint.get(BALLOT)
@sdk.public_page(vote=load_public_vote)
def choose(ctx: Context, vote: SocialVote) -> Any:
    """List whom one can judge; first ask for a ticket where the vote wants one (`?ticket=`)."""
    if not votes.is_web_open(vote):
        return _to_vote(vote)
    typed = params.text("ticket", 40)
    ticket, fault = _check_ticket(ctx, vote, typed)
    judged = casting.list_judged(ctx, vote, _voter(vote, ticket))
    page = render_template(
        f"{NAME}/votes/choose.html",
        vote=vote,
        judged=judged,
        typed={"ticket": typed},
        errors={"ticket": fault} if typed and fault else {},
        needs_ticket=bool(fault),
        ticket=ticket,
        words=labels,
    )
    return page, 422 if typed and fault else 200


@blueprint.get(f"{BALLOT}<int:subject_id>/")
@sdk.public_page(vote=load_public_vote, subject=load_subject)
def form(ctx: Context, vote: SocialVote, subject: VoteSubject) -> Any:
    """Show the ballot of one subject."""
    if not votes.is_web_open(vote):
        return _to_vote(vote)
    ticket, fault = _check_ticket(ctx, vote, params.text("ticket", 40))
    if fault:
        return _to_list(vote, ticket)
    if subject.id in casting.list_judged(ctx, vote, _voter(vote, ticket)):
        return _say_again(vote, subject, ticket)
    return _page(vote, subject, FormData({}, {}, {"ticket": ticket}))


@blueprint.post(f"{BALLOT}<int:subject_id>/")
@sdk.public_form(vote=load_public_vote, subject=load_subject)
def send(ctx: Context, vote: SocialVote, subject: VoteSubject) -> Any:
    """Take the voice of this device or ticket, once."""
    form = BallotForm.read()
    key = f"{NAME}.vote:{vote.id}:{request.remote_addr or ''}"
    if rate_limit.is_exceeded(key, MOST_VOICES):
        sorry = _("Very many voices come from your network. Try again in ten minutes.")
        return _page(vote, subject, form, sorry), 429
    grades = _read_grades(vote, form)
    ticket, fault = _check_ticket(ctx, vote, form.values["ticket"])
    if fault:
        form.errors["ticket"] = fault
    if not form.ok:
        return _page(vote, subject, form), 422
    voice = casting.WebVoice(subject, _voter(vote, ticket), grades, form.values["words"])
    if not casting.cast_vote(ctx, vote, voice):
        return _say_again(vote, subject, ticket)
    # Counted by itself once the voice is stored: nobody's voice waits for it.
    sdk.after_commit(ctx.session, rate_limit.hit, key, MOST_VOICES, _WINDOW)
    thanks = _("Thank you. Your voice about %(name)s is counted.", name=subject.name)
    flash(thanks, "success")
    return _to_list(vote, ticket)


def _read_grades(vote: SocialVote, form: FormData) -> dict[str, Grade]:
    """Read a grade of each aspect; what is missing has its message at its own choices."""
    sent: Mapping[str, str] = form.values["grade"]
    grades = {}
    for aspect in vote.aspects:
        try:
            grades[aspect["key"]] = Grade(sent.get(aspect["key"], ""))
        except ValueError:
            form.errors[f"grade-{aspect['key']}"] = _(
                "Choose an answer: %(aspect)s. If you cannot tell, say that you do not know.",
                aspect=aspect["label"],
            )
    return grades


def _check_ticket(ctx: Context, vote: SocialVote, typed: str) -> tuple[str, str]:
    """Return the ticket's code, and what is wrong with it where it is wanted or was given."""
    code = casting.clean_ticket(typed)
    if not code:
        return "", _("Enter the code of your ticket.") if vote.by_ticket else ""
    key = f"{NAME}.ticket:{vote.id}:{request.remote_addr or ''}"
    if rate_limit.is_exceeded(key, MOST_WRONG_TICKETS):
        return code, _("Very many wrong codes come from your network. Try again in ten minutes.")
    if casting.find_ticket(ctx, vote, code):
        return code, ""
    rate_limit.hit(key, MOST_WRONG_TICKETS, _WINDOW)
    return code, _("There is no ticket with this code.")


def _voter(vote: SocialVote, ticket: str) -> str:
    """Return who votes: the ticket, or this device, which is given a random cookie."""
    if ticket:
        return casting.voter_digest(vote, ticket=ticket)
    device = request.cookies.get(DEVICE, "")
    if not 20 <= len(device) <= 60:
        device = secrets.token_urlsafe(24)
        _remember(device)
    sdk.refuse_keeping("is for this device")
    return casting.voter_digest(vote, device=device)


def _remember(device: str) -> None:
    @after_this_request
    def set_cookie(response: Response) -> Response:
        response.set_cookie(
            DEVICE,
            device,
            max_age=timedelta(days=_DEVICE_DAYS),
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
            path=f"{request.script_root}/",
        )
        return response


def _page(vote: SocialVote, subject: VoteSubject, form: FormData, refusal: str = "") -> str:
    return render_template(
        f"{NAME}/votes/ballot.html",
        vote=vote,
        subject=subject,
        typed=form.typed,
        errors=form.errors,
        refusal=refusal,
        grades=[{"value": grade, "label": label} for grade, label in labels.GRADES.items()],
    )


def _say_again(vote: SocialVote, subject: VoteSubject, ticket: str) -> Response:
    """Say that the first voice counts."""
    flash(_("You have judged %(name)s before. The first voice counts.", name=subject.name))
    return _to_list(vote, ticket)


def _to_vote(vote: SocialVote) -> Response:
    return redirect(sdk.tenant_url(f"plugin_{NAME}_votes.show", vote_id=vote.id))


def _to_list(vote: SocialVote, ticket: str) -> Response:
    url = sdk.tenant_url(f"plugin_{NAME}_ballot.choose", vote_id=vote.id, ticket=ticket or None)
    return redirect(url, 303)
