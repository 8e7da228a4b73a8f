"""The public page of a vote: what is asked and how it weighs, then what came of it, as data too."""

from collections.abc import Sequence
from typing import Any

from flask import jsonify
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from core.charts.domain.model import Chart, ChartKind, ChartSeries
from core.charts.pages import to_chart_figure
from core.clock import now_until, zone
from core.db.tree import Tenant
from core.errors import NotFound
from core.redaction import redact
from core.voting import casting, exports, labels, votes
from core.voting.kinds import VoteKind
from core.voting.models import PublicVote
from core.voting.pages.lists import PageList, render
from core.voting.votes import VoteState
from core.web.context import Context
from core.web.urls import tenant_url

PAGES = PageList()


def list_public_votes(session: Session, tenant: Tenant, kind: VoteKind) -> list[dict[str, Any]]:
    """List the votes of a place that everybody may see: title, address, state with its tone."""
    return [
        {
            "title": vote.title,
            "url": tenant_url(f"{kind.places.public}.show", tenant, vote_id=vote.id),
            "state": labels.STATES[vote.state],
        }
        for vote in votes.list_votes(session, tenant, kind, public=True)
    ]


@PAGES.get("")
def show(ctx: Context, vote: PublicVote, kind: VoteKind) -> str:
    """Show a vote, and its result once that is published."""
    published = vote.state == VoteState.PUBLISHED
    remarks: dict[int, list[str]] = {}
    for remark in casting.list_remarks(ctx, vote, "shown") if published else ():
        remarks.setdefault(remark.subject_id, []).append(redact(remark.words))
    results = exports.list_results(vote) if published else []
    return render(
        kind,
        "show",
        vote=vote,
        is_open=votes.is_web_open(vote),
        opens_later=vote.state == VoteState.OPEN and vote.opens_at > now_until(vote.opens_at),
        results=results,
        charts={group: _draw(kind, group, results) for group in kind.groups},
        remarks=remarks,
        zone=zone(),
    )


def _draw(kind: VoteKind, group: str, results: Sequence[tuple[Any, Any]]) -> Any:
    """Draw the rates of a group; `None` where there is no rate."""
    rates = [
        (subject.name, float(result["rate"]))
        for subject, result in results
        if subject.group == group and result["rate"]
    ]
    if not rates:
        return None
    names, values = zip(*rates, strict=True)
    heading = f"{kind.groups[group]}: {kind.words.rate}"
    series = (ChartSeries(_("Rate"), values),)
    chart = Chart(ChartKind.BAR, heading, _("Subject"), names, series, " %")
    return to_chart_figure(chart, f"rates-{group}")


@PAGES.get("results.json")
def open_data(ctx: Context, vote: PublicVote, kind: VoteKind) -> Response:
    """Give the published result as data: plan, weights, every count that may be shown."""
    del ctx
    if vote.state != VoteState.PUBLISHED or vote.published_at is None:
        raise NotFound(where=str(vote.id))
    method = _(
        "Channels are weighed as stated; a channel that cannot be shown leaves its weight to the"
        " others. A subject's rate is the mean of its aspects. Fewer grades than the minimum are"
        " shown nowhere and count for nothing."
    )
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
        method=f"{kind.words.method} {method}",
        subjects=[
            {"name": subject.name, "group": subject.group, "mended": subject.mended}
            | {key: value for key, value in result.items() if key != "subject"}
            for subject, result in exports.list_results(vote)
        ],
    )


@PAGES.get("results.<any(xlsx, csv):ending>")
def download(ctx: Context, vote: PublicVote, ending: str) -> Response:
    """Send the published result as a workbook, or its counts as CSV."""
    del ctx
    return exports.send_results(vote, ending)
