"""Staff's pages of votes: the plan, the steps of a vote, what is printed, what came of it."""

from collections.abc import Sequence
from typing import Any

from flask import flash
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from core.clock import today
from core.errors import Invalid
from core.voting import casting, counting, exports, printing, votes
from core.voting.domain.counting import LEAST_MINIMUM, VoteChannel
from core.voting.kinds import VoteKind
from core.voting.models import PublicVote
from core.voting.pages.lists import PageList, render, to
from core.voting.votes import LIFE, VoteState, VoteStep
from core.web.context import Context
from core.web.files.downloads import send_download
from core.web.forms import fields
from core.web.forms.feature_pages import blank_form
from core.web.forms.form import Form, FormData
from core.web.forms.kept import require_version, shown_version

VOTE = "<int:vote_id>/"
PAGES = PageList()
MOST_ASPECTS, LONGEST_ASPECT = 9, 24
USUAL_TICKETS = 100
PDF_TYPE = "application/pdf"


class VotePlanForm(Form):
    """The plan of a vote; a channel without a weight is not used."""

    year = fields.NumberField(2000, 2199, required=_l("Enter the year."))
    title = fields.LineField(100, required=_l("Enter a title."))
    introduction = fields.TextField(2000)
    opens_at = fields.MomentField(required=_l("Enter when it begins."))
    closes_at = fields.MomentField(required=_l("Enter when it ends."))
    meeting = fields.NumberField(0, 100)
    paper = fields.NumberField(0, 100)
    web = fields.NumberField(0, 100)
    weight_reason = fields.LineField(300)
    minimum = fields.NumberField(LEAST_MINIMUM, 50, required=_l("Enter a number."))
    by_ticket = fields.TickField()
    aspects = fields.LinesField(
        MOST_ASPECTS, LONGEST_ASPECT, required=_l("Enter at least one aspect.")
    )
    subjects = fields.ChoicesField(required=_l("Choose at least one that is judged."))

    def check(self, values: Any) -> Any:
        opens, closes = values["opens_at"], values["closes_at"]
        if opens and closes and opens >= closes:
            yield "closes_at", _("It must end after it begins.")


#: Fields that are columns of a vote as they are.
PLAIN = ("year", "title", "introduction", "opens_at", "closes_at", "weight_reason", "minimum",
         "by_ticket")  # fmt: skip


class StepForm(Form):
    """What is done with the vote."""

    step = fields.ChoiceField([*VoteStep], required=_l("Choose one of the list."))


class MendedForm(Form):
    """What each subject has mended, by its id."""

    mended = fields.KeyedField(1000)


class TicketsForm(Form):
    """How many tickets are printed."""

    count = fields.NumberField(1, casting.MOST_TICKETS, required=_l("Enter a number."))


@PAGES.get("")
def index(ctx: Context, kind: VoteKind) -> str:
    """List all votes."""
    found = votes.list_votes(ctx.session, ctx.tenant, kind, public=False)
    return render(kind, "console/index", votes=found)


@PAGES.get("new/")
def new(ctx: Context, kind: VoteKind) -> str:
    """Show the plan of a new vote, filled with what is usual."""
    usual: dict[str, Any] = {
        "year": today().year,
        "minimum": kind.minimum(ctx.tenant),
        "aspects": [str(label) for label in kind.aspects],
        "subjects": [option.key for option in kind.list_options(ctx.session, ctx.tenant)],
    } | dict(kind.usual_weights)
    return _plan_page(ctx, kind, None, blank_form(VotePlanForm.show(usual)))


@PAGES.post("new/")
def create(ctx: Context, kind: VoteKind) -> Any:
    """Make a vote."""
    return _save(ctx, kind, None)


@PAGES.get(f"{VOTE}plan/")
def plan(ctx: Context, vote: PublicVote, kind: VoteKind) -> str:
    """Show the plan."""
    shown = {name: getattr(vote, name) for name in PLAIN} | dict(vote.weights)
    shown["aspects"] = [aspect["label"] for aspect in vote.aspects]
    shown["subjects"] = [subject.key for subject in vote.subjects]
    return _plan_page(ctx, kind, vote, blank_form(VotePlanForm.show(shown)))


@PAGES.post(f"{VOTE}plan/")
def save(ctx: Context, vote: PublicVote, kind: VoteKind) -> Any:
    """Change the plan of a vote that is not open."""
    require_version(vote.version)
    return _save(ctx, kind, vote)


def _save(ctx: Context, kind: VoteKind, vote: PublicVote | None) -> Any:
    offered = [option.key for option in kind.list_options(ctx.session, ctx.tenant)]
    form = VotePlanForm.read(choices={"subjects": offered})
    if form.ok:
        try:
            vote = votes.save_plan(ctx, kind, vote, _to_plan(kind, form), form.values["subjects"])
        except Invalid as error:
            form.errors.update(error.fields)
    if not form.ok or vote is None:
        return _plan_page(ctx, kind, vote, form), 422
    flash(_("Saved."), "success")
    return to("show", vote_id=vote.id)


def _to_plan(kind: VoteKind, form: FormData) -> dict[str, Any]:
    values = form.values
    weights = {
        channel.value: values[channel] for channel in VoteChannel if channel in kind.channels
    }
    labels = enumerate(values["aspects"])
    return {name: values[name] for name in PLAIN} | {
        "weights": {channel: weight for channel, weight in weights.items() if weight is not None},
        "aspects": [{"key": f"a{number}", "label": label} for number, label in labels],
    }


def _plan_page(ctx: Context, kind: VoteKind, vote: PublicVote | None, form: FormData) -> str:
    offered = kind.list_options(ctx.session, ctx.tenant)
    return render(kind, "console/plan", form, vote=vote, offered=offered)


@PAGES.get(VOTE)
def show(ctx: Context, vote: PublicVote, kind: VoteKind) -> str:
    """Show where a vote stands, what can be done, and what came of it."""
    return _show(ctx, kind, vote, blank_form(TicketsForm.show({"count": USUAL_TICKETS})))


def _show(ctx: Context, kind: VoteKind, vote: PublicVote, form: FormData) -> str:
    results: Sequence[Any] = ()
    if vote.state == VoteState.COUNTING:
        counted = counting.count_vote(ctx, vote)
        results = exports.list_results(vote, [counting.to_json(vote, rate) for rate in counted])
    elif vote.state == VoteState.PUBLISHED:
        results = exports.list_results(vote)
    return render(
        kind,
        "console/show",
        form,
        vote=vote,
        results=results,
        steps=list(LIFE.list_transitions(VoteState(vote.state), vote)),
        refusals=votes.list_refusals(vote),
        web_ballots=counting.count_web_ballots(ctx, vote),
        waiting=len(casting.list_remarks(ctx, vote, "waiting")),
        url=printing.vote_url(vote),
        mended_version=_mended_version(vote),
    )


@PAGES.post(f"{VOTE}step/")
def advance(ctx: Context, vote: PublicVote) -> Response:
    """Open, close or publish."""
    require_version(vote.version)
    step = VoteStep(StepForm.read().require()["step"])
    if step == VoteStep.PUBLISH:
        counting.publish_vote(ctx, vote)
    else:
        votes.advance(ctx, vote, step)
    flash(_("Done."), "success")
    return to("show", vote_id=vote.id)


@PAGES.post(f"{VOTE}delete/")
def delete(ctx: Context, vote: PublicVote) -> Response:
    """Delete a draft."""
    require_version(vote.version)
    votes.delete_draft(ctx, vote)
    flash(_("Deleted: %(name)s", name=vote.title), "success")
    return to("index")


def _mended_version(vote: PublicVote) -> str:
    return shown_version([subject.mended for subject in vote.subjects])


@PAGES.post(f"{VOTE}mended/")
def mended(ctx: Context, vote: PublicVote) -> Response:
    """Say what the subjects have mended; it stands beside their results."""
    require_version(_mended_version(vote))
    typed = MendedForm.read().values["mended"]
    for subject in vote.subjects:
        subject.mended = typed.get(str(subject.id), subject.mended)
    ctx.audit(f"{vote.kind}_mended", str(vote.id))
    flash(_("Saved."), "success")
    return to("show", vote_id=vote.id)


@PAGES.get(f"{VOTE}ballots.pdf")
def ballots(ctx: Context, vote: PublicVote) -> Response:
    """Send a set of ballots to print."""
    del ctx
    name = _("Ballots %(title)s", title=vote.title)
    return send_download(printing.print_ballots(vote), PDF_TYPE, f"{name}.pdf")


@PAGES.get(f"{VOTE}poster.pdf")
def poster(ctx: Context, vote: PublicVote) -> Response:
    """Send the poster for the counter."""
    name = _("Poster %(title)s", title=vote.title)
    return send_download(printing.print_poster(vote, ctx.tenant.name), PDF_TYPE, f"{name}.pdf")


@PAGES.post(f"{VOTE}tickets.pdf")
def tickets(ctx: Context, vote: PublicVote, kind: VoteKind) -> Any:
    """Make tickets and send them to print, once: their codes are not kept."""
    form = TicketsForm.read()
    if not form.ok:
        return _show(ctx, kind, vote, form), 422
    codes = casting.make_tickets(ctx, vote, form.values["count"])
    name = _("Tickets %(title)s", title=vote.title)
    return send_download(printing.print_tickets(vote, codes), PDF_TYPE, f"{name}.pdf")


@PAGES.get(f"{VOTE}results.<any(xlsx, csv):ending>")
def export(ctx: Context, vote: PublicVote, ending: str) -> Response:
    """Send the published result as a workbook, or its counts as CSV."""
    ctx.audit(f"{vote.kind}_export", str(vote.id))
    return exports.send_results(vote, ending)
