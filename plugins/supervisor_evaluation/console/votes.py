"""Staff pages of public votes: the plan, the steps of a vote, what is printed, what came of it."""

from collections.abc import Sequence
from typing import Any

from flask import flash
from werkzeug.wrappers import Response

from core import sdk
from core.sdk import (
    Context,
    Form,
    FormData,
    NotFound,
    PluginBlueprint,
    fields,
    get_plugin_settings,
    send_download,
    today,
)

from ..domain.ballots import LEAST_MINIMUM, WEB_MOST, Channel
from ..i18n import _, _l
from ..manifest import MANIFEST, NAME
from ..models.voting import SocialVote
from ..voting import casting, counting, exports, labels, printing, votes
from ..voting.votes import LIFE, VoteState, VoteStep
from .pages import CONSOLE, blank, manage_page, render, to

VOTES = f"{CONSOLE}votes/"
VOTE = f"{VOTES}<int:vote_id>/"
MOST_ASPECTS, LONGEST_ASPECT = 9, 24
PDF_TYPE = "application/pdf"

blueprint = PluginBlueprint(MANIFEST, __name__, part="vote_desk")


def load_vote(ctx: Context, vote_id: int) -> SocialVote:
    """Load the vote of the address; raises `NotFound`."""
    return votes.get_vote(ctx.session, ctx.tenant, vote_id)


vote_page = sdk.staff_page(f"{NAME}.manage", vote=load_vote)


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
    subjects = fields.ChoicesField(required=_l("Choose at least one department or township."))

    def check(self, values: Any) -> Any:
        opens, closes = values["opens_at"], values["closes_at"]
        if opens and closes and opens >= closes:
            yield "closes_at", _("It must end after it begins.")


class StepForm(Form):
    """What is done with the vote."""

    step = fields.ChoiceField([*VoteStep])


class MendedForm(Form):
    """What each subject has mended, by its id."""

    mended = fields.KeyedField(1000)


class TicketsForm(Form):
    """How many tickets are printed."""

    count = fields.NumberField(1, casting.MOST_TICKETS, required=_l("Enter a number."))


@blueprint.get(VOTES)
@manage_page
def index(ctx: Context) -> str:
    """List all votes."""
    found = votes.list_votes(ctx.session, ctx.tenant, public=False)
    return render("votes/index", votes=found, words=labels)


@blueprint.get(f"{VOTES}new/")
@manage_page
def new(ctx: Context) -> str:
    """Show the plan of a new vote, filled with what is usual."""
    usual = {
        "year": today().year,
        "meeting": 100 - WEB_MOST,
        "web": WEB_MOST,
        "minimum": get_plugin_settings(NAME, ctx.tenant)["minimum"],
        "aspects": [str(label) for label in labels.USUAL_ASPECTS],
        "subjects": [choice["value"] for choice in votes.list_offered(ctx)],
    }
    return _plan_page(ctx, None, blank(VotePlanForm.show(usual)))


@blueprint.post(f"{VOTES}new/")
@manage_page
def create(ctx: Context) -> Any:
    """Make a vote."""
    return _save(ctx, None)


@blueprint.get(f"{VOTE}plan/")
@vote_page
def plan(ctx: Context, vote: SocialVote) -> str:
    """Show the plan."""
    shown = {name: getattr(vote, name) for name in _PLAIN}
    shown |= {channel: vote.weights.get(channel) for channel in Channel}
    shown["aspects"] = [aspect["label"] for aspect in vote.aspects]
    shown["subjects"] = [votes.subject_word(subject) for subject in vote.subjects]
    return _plan_page(ctx, vote, blank(VotePlanForm.show(shown)))


@blueprint.post(f"{VOTE}plan/")
@vote_page
def save(ctx: Context, vote: SocialVote) -> Any:
    """Change the plan of a vote that is not open."""
    sdk.require_version(vote.version)
    return _save(ctx, vote)


_PLAIN = ("year", "title", "introduction", "opens_at", "closes_at", "weight_reason", "minimum",
          "by_ticket")  # fmt: skip


def _save(ctx: Context, vote: SocialVote | None) -> Any:
    offered = [choice["value"] for choice in votes.list_offered(ctx)]
    form = VotePlanForm.read(choices={"subjects": offered})
    if form.ok:
        values = form.values
        plan = {name: values[name] for name in _PLAIN}
        plan["weights"] = {c.value: values[c] for c in Channel if values[c] is not None}
        plan["aspects"] = [
            {"key": f"a{number}", "label": label} for number, label in enumerate(values["aspects"])
        ]
        try:
            vote = votes.save_plan(ctx, vote, plan, values["subjects"])
        except sdk.Invalid as error:
            form.errors.update(error.fields)
    if not form.ok or vote is None:
        return _plan_page(ctx, vote, form), 422
    flash(_("Saved."), "success")
    return to("vote_desk.show", vote_id=vote.id)


def _plan_page(ctx: Context, vote: SocialVote | None, form: FormData) -> str:
    return render("votes/plan", form, vote=vote, offered=votes.list_offered(ctx), web_most=WEB_MOST)


@blueprint.get(VOTE)
@vote_page
def show(ctx: Context, vote: SocialVote) -> str:
    """Show where a vote stands, what can be done, and what came of it."""
    return _show(ctx, vote, blank())


def _show(ctx: Context, vote: SocialVote, form: FormData) -> str:
    results: Sequence[Any] = ()
    if vote.state == VoteState.COUNTING:
        counted = {rate.subject: counting.to_json(rate) for rate in counting.count_vote(ctx, vote)}
        results = [(subject, counted[subject.id]) for subject in vote.subjects]
    elif vote.state == VoteState.PUBLISHED:
        results = exports.list_results(vote)
    return render(
        "votes/show",
        form,
        vote=vote,
        results=results,
        steps=list(LIFE.list_transitions(VoteState(vote.state), vote)),
        refusals=_list_refusals(vote),
        web_ballots=counting.count_web_ballots(ctx, vote),
        waiting=len(casting.list_remarks(ctx, vote, "waiting")),
        url=printing.vote_url(vote),
        words=labels,
        usual_tickets=100,
        mended_version=_mended_version(vote),
    )


def _list_refusals(vote: SocialVote) -> list[str]:
    """List why the next step cannot be taken yet."""
    state = VoteState(vote.state)
    steps = [step for step, way in LIFE.table.items() if state in way]
    return [reason for step in steps if (reason := LIFE.find_refusal(step, vote))]


@blueprint.post(f"{VOTE}step/")
@vote_page
def advance(ctx: Context, vote: SocialVote) -> Response:
    """Open, close or publish."""
    sdk.require_version(vote.version)
    step = StepForm.read().values["step"]
    if not step:
        raise NotFound(where="step")
    if step == VoteStep.PUBLISH:
        counting.publish_vote(ctx, vote)
    else:
        votes.advance(ctx, vote, VoteStep(step))
    flash(_("Done."), "success")
    return to("vote_desk.show", vote_id=vote.id)


@blueprint.post(f"{VOTE}delete/")
@vote_page
def delete(ctx: Context, vote: SocialVote) -> Response:
    """Delete a draft."""
    sdk.require_version(vote.version)
    votes.delete_draft(ctx, vote)
    flash(_("Deleted: %(name)s", name=vote.title), "success")
    return to("vote_desk.index")


def _mended_version(vote: SocialVote) -> str:
    return sdk.shown_version([subject.mended for subject in vote.subjects])


@blueprint.post(f"{VOTE}mended/")
@vote_page
def mended(ctx: Context, vote: SocialVote) -> Response:
    """Say what the subjects have mended; it stands beside their results."""
    sdk.require_version(_mended_version(vote))
    typed = MendedForm.read().values["mended"]
    for subject in vote.subjects:
        subject.mended = typed.get(str(subject.id), subject.mended)
    ctx.audit(f"{NAME}.vote_mended", str(vote.id))
    flash(_("Saved."), "success")
    return to("vote_desk.show", vote_id=vote.id)


@blueprint.get(f"{VOTE}ballots.pdf")
@vote_page
def ballots(ctx: Context, vote: SocialVote) -> Response:
    """Send a set of ballots to print."""
    del ctx
    name = _("Ballots %(title)s", title=vote.title)
    return send_download(printing.print_ballots(vote), PDF_TYPE, f"{name}.pdf")


@blueprint.get(f"{VOTE}poster.pdf")
@vote_page
def poster(ctx: Context, vote: SocialVote) -> Response:
    """Send the poster for the counter."""
    name = _("Poster %(title)s", title=vote.title)
    return send_download(printing.print_poster(vote, ctx.tenant.name), PDF_TYPE, f"{name}.pdf")


@blueprint.post(f"{VOTE}tickets.pdf")
@vote_page
def tickets(ctx: Context, vote: SocialVote) -> Any:
    """Make tickets and send them to print, once: their codes are not kept."""
    form = TicketsForm.read()
    if not form.ok:
        return _show(ctx, vote, form), 422
    codes = casting.make_tickets(ctx, vote, form.values["count"])
    name = _("Tickets %(title)s", title=vote.title)
    return send_download(printing.print_tickets(vote, codes), PDF_TYPE, f"{name}.pdf")


@blueprint.get(f"{VOTE}results.<any(xlsx, csv):ending>")
@vote_page
def export(ctx: Context, vote: SocialVote, ending: str) -> Response:
    """Send the published result as a workbook, or its counts as CSV."""
    ctx.audit(f"{NAME}.vote_export", str(vote.id))
    return exports.send_results(vote, ending)
