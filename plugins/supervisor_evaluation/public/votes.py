"""The public page of a vote: what is asked and how it weighs, then what came of it, as data too."""

from typing import Any

from flask import jsonify, render_template
from werkzeug.wrappers import Response

from core import sdk
from core.sdk import Context, NotFound, PluginBlueprint, redact, tenant_url

from ..domain.ballots import Channel
from ..i18n import _
from ..manifest import MANIFEST, NAME
from ..models.voting import SocialVote
from ..voting import casting, exports, labels, votes
from ..voting.votes import VoteState

ADDRESS = "/<code>/evaluation/votes/<int:vote_id>/"

blueprint = PluginBlueprint(MANIFEST, __name__, part="votes")


def load_public_vote(ctx: Context, vote_id: int) -> SocialVote:
    """Load a vote that is no draft any more; raises `NotFound`."""
    vote = votes.get_vote(ctx.session, ctx.tenant, vote_id)
    if vote.state == VoteState.DRAFT:
        raise NotFound(where=str(vote_id))
    return vote


def list_public_votes(ctx: Context) -> list[dict[str, Any]]:
    """List the votes of the place for the overview: title, address, state."""
    found = votes.list_votes(ctx.session, ctx.tenant, public=True)
    return [
        {
            "title": vote.title,
            "url": tenant_url(f"plugin_{NAME}_votes.show", vote_id=vote.id),
            "state": labels.VOTE_STATES[vote.state],
        }
        for vote in found
    ]


@blueprint.get(ADDRESS)
@sdk.public_page(vote=load_public_vote)
def show(ctx: Context, vote: SocialVote) -> str:
    """Show a vote, and its result once that is published."""
    published = vote.state == VoteState.PUBLISHED
    remarks: dict[int, list[str]] = {}
    for remark in casting.list_remarks(ctx, vote, "shown") if published else ():
        remarks.setdefault(remark.subject_id, []).append(redact(remark.words))
    return render_template(
        f"{NAME}/votes/show.html",
        vote=vote,
        is_open=votes.is_web_open(vote),
        opens_later=vote.state == VoteState.OPEN and vote.opens_at > sdk.now_until(vote.opens_at),
        results=exports.list_results(vote) if published else (),
        remarks=remarks,
        channels=[Channel(channel) for channel in vote.weights],
        zone=sdk.zone(),
        words=labels,
    )


@blueprint.get(f"{ADDRESS}results.json")
@sdk.public_page(vote=load_public_vote)
def open_data(ctx: Context, vote: SocialVote) -> Response:
    """Give the published result as data: plan, weights, every count that may be shown."""
    del ctx
    if vote.state != VoteState.PUBLISHED or vote.published_at is None:
        raise NotFound(where=str(vote.id))
    return jsonify(
        title=vote.title,
        year=vote.year,
        opened=vote.opens_at.isoformat(),
        closed=vote.closes_at.isoformat(),
        published=vote.published_at.isoformat(),
        minimum=vote.minimum,
        weights=vote.weights,
        weight_reason=vote.weight_reason,
        aspects=vote.aspects,
        method=_(
            "A rate is the share of satisfied and mostly satisfied among the grades given; those"
            " who do not know are left out. Channels are weighed as stated; a channel that cannot"
            " be shown leaves its weight to the others. A subject's rate is the mean of its"
            " aspects. Fewer grades than the minimum are shown nowhere and count for nothing."
        ),
        subjects=[
            {"name": subject.name, "group": subject.group, "mended": subject.mended}
            | {key: value for key, value in result.items() if key != "subject"}
            for subject, result in exports.list_results(vote)
        ],
    )


@blueprint.get(f"{ADDRESS}results.<any(xlsx, csv):ending>")
@sdk.public_page(vote=load_public_vote)
def download(ctx: Context, vote: SocialVote, ending: str) -> Response:
    """Send the published result as a workbook, or its counts as CSV."""
    del ctx
    return exports.send_results(vote, ending)
