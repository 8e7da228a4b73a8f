"""Vote without an account: choose an office, say how satisfied you are, on a phone.

A voter is a device (a random cookie of this vote's site) or a printed ticket; the page says what
that can and cannot prevent.
"""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import after_this_request, flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db.transactions import after_commit
from core.validity.answers import refuse_keeping
from core.voting import casting, votes
from core.voting.kinds import VoteKind, get_vote_kind
from core.voting.models import PublicVote, VoteSubject
from core.voting.pages.lists import PageList, render, to
from core.web import params, rate_limit
from core.web.context import Context
from core.web.forms import fields
from core.web.forms.feature_pages import blank_form
from core.web.forms.form import Form, FormData

BALLOT = "vote/"
DEVICE = "gk_device"
_DEVICE_DAYS = 400
# Within how long; a village or a hall may share one address, somebody who tries codes does not.
_WINDOW = timedelta(minutes=10)
MOST_VOICES, MOST_WRONG_TICKETS = 300, 20

PAGES = PageList()


class BallotForm(Form):
    """The grades of one subject, a word for each aspect, and room for words."""

    grade = fields.KeyedField(20)
    words = fields.TextField(casting.LONGEST_REMARK)
    ticket = fields.LineField(40)


@PAGES.get(BALLOT)
def choose(ctx: Context, vote: PublicVote, kind: VoteKind) -> Any:
    """List whom one can judge; first ask for a ticket where the vote wants one (`?ticket=`)."""
    if not votes.is_web_open(vote):
        return _to_vote(vote)
    typed = params.text("ticket", 40)
    ticket, fault = _check_ticket(ctx, vote, typed)
    judged = casting.list_judged(ctx, vote, _voter(vote, ticket))
    errors = {"ticket": fault} if typed and fault else {}
    asked = FormData({}, errors, {"ticket": typed})
    values = {"judged": judged, "needs_ticket": bool(fault), "ticket": ticket}
    return render(kind, "choose", asked, vote=vote, **values), 422 if errors else 200


@PAGES.get(f"{BALLOT}<int:subject_id>/")
def form(ctx: Context, vote: PublicVote, subject: VoteSubject, kind: VoteKind) -> Any:
    """Show the ballot of one subject."""
    if not votes.is_web_open(vote):
        return _to_vote(vote)
    ticket, fault = _check_ticket(ctx, vote, params.text("ticket", 40))
    if fault:
        return _to_list(vote, ticket)
    if subject.id in casting.list_judged(ctx, vote, _voter(vote, ticket)):
        return _say_again(vote, subject, ticket)
    return _page(kind, vote, subject, blank_form({"ticket": ticket}))


@PAGES.post(f"{BALLOT}<int:subject_id>/")
def send(ctx: Context, vote: PublicVote, subject: VoteSubject, kind: VoteKind) -> Any:
    """Take the voice of this device or ticket, once."""
    form = BallotForm.read()
    key = f"{vote.kind}:{vote.id}:{request.remote_addr or ''}"
    if rate_limit.is_exceeded(key, MOST_VOICES):
        sorry = _("Very many voices come from your network. Try again in ten minutes.")
        return _page(kind, vote, subject, form, sorry), 429
    grades = _read_grades(vote, form)
    ticket, fault = _check_ticket(ctx, vote, form.values["ticket"])
    if fault:
        form.errors["ticket"] = fault
    if not form.ok:
        return _page(kind, vote, subject, form), 422
    voice = casting.WebVoice(subject, _voter(vote, ticket), grades, form.values["words"])
    if not casting.cast_vote(ctx, vote, voice):
        return _say_again(vote, subject, ticket)
    # Counted by itself once the voice is stored: nobody's voice waits for it.
    after_commit(ctx.session, rate_limit.hit, key, MOST_VOICES, _WINDOW)
    thanks = _("Thank you. Your voice about %(name)s is counted.", name=subject.name)
    flash(thanks, "success")
    return _to_list(vote, ticket)


def _read_grades(vote: PublicVote, form: FormData) -> dict[str, str]:
    """Read a grade of each aspect; what is missing has its message at its own choices."""
    sent: Mapping[str, str] = form.values["grade"]
    known = get_vote_kind(vote).scale.grades
    for aspect in vote.aspects:
        if sent.get(aspect["key"]) not in known:
            form.errors[f"grade-{aspect['key']}"] = _(
                "Choose an answer: %(aspect)s. If you cannot tell, say that you do not know.",
                aspect=aspect["label"],
            )
    return {aspect["key"]: sent.get(aspect["key"], "") for aspect in vote.aspects}


def _check_ticket(ctx: Context, vote: PublicVote, typed: str) -> tuple[str, str]:
    """Return the ticket's code, and what is wrong with it where it is wanted or was given."""
    code = casting.clean_ticket(typed)
    if not code:
        return "", _("Enter the code of your ticket.") if vote.by_ticket else ""
    key = f"{vote.kind}.ticket:{vote.id}:{request.remote_addr or ''}"
    if rate_limit.is_exceeded(key, MOST_WRONG_TICKETS):
        return code, _("Very many wrong codes come from your network. Try again in ten minutes.")
    if casting.find_ticket(ctx, vote, code):
        return code, ""
    rate_limit.hit(key, MOST_WRONG_TICKETS, _WINDOW)
    return code, _("There is no ticket with this code.")


def _voter(vote: PublicVote, ticket: str) -> str:
    """Return who votes: the ticket, or this device, which is given a random cookie."""
    if ticket:
        return casting.voter_digest(vote, ticket=ticket)
    device = request.cookies.get(DEVICE, "")
    if not 20 <= len(device) <= 60:
        device = secrets.token_urlsafe(24)
        _remember(device)
    refuse_keeping("is for this device")
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


def _page(
    kind: VoteKind, vote: PublicVote, subject: VoteSubject, form: FormData, refusal: str = ""
) -> str:
    grades = [{"value": grade, "label": label} for grade, label in kind.grades.items()]
    values = {"subject": subject, "refusal": refusal, "grades": grades}
    return render(kind, "ballot", form, vote=vote, **values)


def _say_again(vote: PublicVote, subject: VoteSubject, ticket: str) -> Response:
    """Say that the first voice counts."""
    flash(_("You have judged %(name)s before. The first voice counts.", name=subject.name))
    return _to_list(vote, ticket)


def _to_vote(vote: PublicVote) -> Response:
    return to("show", vote_id=vote.id)


def _to_list(vote: PublicVote, ticket: str) -> Response:
    return to("choose", 303, vote_id=vote.id, ticket=ticket or None)
