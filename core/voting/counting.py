"""Count a vote and publish what came of it; the figures for pages and files are read back here.

What is stored is what is shown: cells below the minimum are in no page, file or answer.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from sqlalchemy import func, select

from core.clock import now
from core.voting.domain.counting import (
    AspectRate,
    SubjectRate,
    Voice,
    VoteChannel,
    VoteRules,
    count_grades,
    rate_subjects,
    to_percent,
)
from core.voting.kinds import get_vote_kind
from core.voting.models import PublicVote, WebBallot
from core.voting.paper import list_voices
from core.voting.votes import VoteStep, advance
from core.web.context import Context

_BATCH = 1_000


def count_vote(ctx: Context, vote: PublicVote) -> list[SubjectRate]:
    """Count all voices of a vote, in the order of its subjects."""
    cells = count_grades(chain(_list_web_voices(ctx, vote), list_voices(ctx, vote)))
    weights = {VoteChannel(channel): weight for channel, weight in vote.weights.items()}
    aspects = [aspect["key"] for aspect in vote.aspects]
    rules = VoteRules(aspects, weights, vote.minimum, get_vote_kind(vote).scale)
    return rate_subjects(cells, [subject.id for subject in vote.subjects], rules)


def _list_web_voices(ctx: Context, vote: PublicVote) -> Iterator[Voice]:
    query = select(WebBallot.subject_id, WebBallot.grades).where(WebBallot.vote_id == vote.id)
    for subject, grades in ctx.session.execute(query.execution_options(yield_per=_BATCH)):
        yield Voice(subject, VoteChannel.WEB, grades)


def count_web_ballots(ctx: Context, vote: PublicVote) -> int:
    """Count the voices of the web, for the staff while the vote runs: how many, not which."""
    query = select(func.count()).select_from(WebBallot).where(WebBallot.vote_id == vote.id)
    return ctx.session.scalar(query) or 0


def publish_vote(ctx: Context, vote: PublicVote) -> None:
    """Compute the results once, and show them from now on."""
    vote.published_at = now()
    vote.results = [to_json(vote, rate) for rate in count_vote(ctx, vote)]
    advance(ctx, vote, VoteStep.PUBLISH)


def to_json(vote: PublicVote, rate: SubjectRate) -> dict[str, Any]:
    """Write what may be shown of a subject: counts by channel and grade, weights, rates."""
    return {
        "subject": rate.subject,
        "rate": _text(rate.rate),
        "channels": {
            channel: text for channel in VoteChannel if (text := _text(rate.channel_rate(channel)))
        },
        "aspects": [_aspect_to_json(vote, aspect) for aspect in rate.aspects],
    }


def _aspect_to_json(vote: PublicVote, aspect: AspectRate) -> dict[str, Any]:
    return {
        "aspect": aspect.aspect,
        "rate": _text(aspect.rate),
        "weights": {channel: _text(to_percent(held)) for channel, held in aspect.weights.items()},
        "counts": {
            channel: {grade: cell.get(grade, 0) for grade in get_vote_kind(vote).scale.grades}
            for channel, cell in aspect.counts.items()
        },
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)
