"""Count a vote and publish what came of it; the figures for pages and files are read back here.

What is stored is what is shown: cells below the minimum are in no page, file or answer.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from sqlalchemy import func, select

from core.sdk import Context, utc_now

from ..domain.ballots import (
    AspectRate,
    Channel,
    Grade,
    SubjectRate,
    Voice,
    count_grades,
    rate_subjects,
    to_percent,
)
from ..models.voting import SocialVote, WebBallot
from .paper import list_voices
from .votes import VoteStep, advance

_BATCH = 1_000


def count_vote(ctx: Context, vote: SocialVote) -> list[SubjectRate]:
    """Count all voices of a vote, in the order of its subjects."""
    counts = count_grades(chain(_list_web_voices(ctx, vote), list_voices(ctx, vote)))
    weights = {Channel(channel): weight for channel, weight in vote.weights.items()}
    subjects = [subject.id for subject in vote.subjects]
    aspects = [aspect["key"] for aspect in vote.aspects]
    return rate_subjects(counts, subjects, aspects, weights, vote.minimum)


def _list_web_voices(ctx: Context, vote: SocialVote) -> Iterator[Voice]:
    query = select(WebBallot.subject_id, WebBallot.grades).where(WebBallot.vote_id == vote.id)
    for subject, grades in ctx.session.execute(query.execution_options(yield_per=_BATCH)):
        yield Voice(subject, Channel.WEB, {key: Grade(grade) for key, grade in grades.items()})


def count_web_ballots(ctx: Context, vote: SocialVote) -> int:
    """Count the voices of the web, for the staff while the vote runs: how many, not which."""
    query = select(func.count()).select_from(WebBallot).where(WebBallot.vote_id == vote.id)
    return ctx.session.scalar(query) or 0


def publish_vote(ctx: Context, vote: SocialVote) -> None:
    """Compute the results once, and show them from now on."""
    vote.published_at = utc_now()
    vote.results = [to_json(rate) for rate in count_vote(ctx, vote)]
    advance(ctx, vote, VoteStep.PUBLISH)


def to_json(rate: SubjectRate) -> dict[str, Any]:
    """Write what may be shown of a subject: counts by channel and grade, weights, rates."""
    return {
        "subject": rate.subject,
        "rate": _text(rate.rate),
        "channels": {
            channel: text for channel in Channel if (text := _text(rate.channel_rate(channel)))
        },
        "aspects": [_aspect_to_json(aspect) for aspect in rate.aspects],
    }


def _aspect_to_json(aspect: AspectRate) -> dict[str, Any]:
    return {
        "aspect": aspect.aspect,
        "rate": _text(aspect.rate),
        "weights": {channel: _text(to_percent(held)) for channel, held in aspect.weights.items()},
        "counts": {
            channel: {grade: getattr(count, grade) for grade in Grade}
            for channel, count in aspect.counts.items()
        },
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)
