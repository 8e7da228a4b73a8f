"""Votes to look at in a demonstration: planned, voted on, published where their time is over."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert

from core.clock import local_day, now
from core.voting.counting import publish_vote
from core.voting.kinds import VoteKind
from core.voting.models import KeyedSheet, PaperRecord, PublicVote, VoteRemark, WebBallot
from core.voting.votes import VoteState, save_plan
from core.web.context import Context

VOICES, SHEETS = 30, 40


@dataclass(frozen=True, slots=True)
class VoteSample:
    """A vote as its feature tells it; `remarks` and `mended` go round its subjects.

    `subjects` are keys of options. `paper` is where the meeting was, who watched and who counted.
    """

    year: int
    title: str
    introduction: str
    opens_at: datetime
    closes_at: datetime
    subjects: Sequence[str]
    paper: tuple[str, str, str]
    remarks: Sequence[str] = ()
    mended: Sequence[str] = ()


def add_vote_sample(ctx: Context, kind: VoteKind, sample: VoteSample) -> PublicVote:
    """Add a vote with voices that are drawn alike each time."""
    aspects = [{"key": f"a{n}", "label": str(label)} for n, label in enumerate(kind.aspects)]
    plan = {
        "year": sample.year, "title": sample.title, "introduction": sample.introduction,
        "opens_at": sample.opens_at, "closes_at": sample.closes_at, "aspects": aspects,
        "weights": {channel.value: weight for channel, weight in kind.usual_weights.items()},
        "weight_reason": "", "minimum": kind.minimum(ctx.tenant), "by_ticket": False,
    }  # fmt: skip
    vote = save_plan(ctx, kind, None, plan, sample.subjects)
    drawn = random.Random(sample.year)  # noqa: S311 - an example, alike each time
    vote.state = VoteState.OPEN
    _add_web_ballots(ctx, kind, vote, drawn)
    if vote.closes_at <= now():
        _add_meeting(ctx, kind, vote, sample, drawn)
        for number, subject in enumerate(vote.subjects):
            subject.mended = sample.mended[number % len(sample.mended)] if sample.mended else ""
        vote.state = VoteState.COUNTING
        publish_vote(ctx, vote)
    _add_remarks(ctx, vote, sample)
    ctx.session.flush()
    return vote


def _draw(kind: VoteKind, vote: PublicVote, drawn: random.Random) -> dict[str, str]:
    """Draw the grades of a voice; better ones are more likely."""
    grades = kind.scale.grades
    weights = range(2 * len(grades), 0, -2)
    keys = [aspect["key"] for aspect in vote.aspects]
    return dict(zip(keys, drawn.choices(grades, weights, k=len(keys)), strict=True))


def _add_web_ballots(ctx: Context, kind: VoteKind, vote: PublicVote, drawn: random.Random) -> None:
    owner = {"tenant_id": vote.tenant_id, "vote_id": vote.id, "voter_digest": None}
    day = local_day(vote.opens_at)
    ballots = [
        {**owner, "subject_id": each.id, "grades": _draw(kind, vote, drawn), "cast_on": day}
        for each in vote.subjects
        for _voice in range(VOICES)
    ]
    ctx.session.execute(insert(WebBallot), ballots)


def _add_meeting(
    ctx: Context, kind: VoteKind, vote: PublicVote, sample: VoteSample, drawn: random.Random
) -> None:
    """Add the record of a meeting, closed, with each sheet keyed in twice alike."""
    place, scrutineers, tellers = sample.paper
    record = PaperRecord(
        tenant_id=vote.tenant_id, channel="meeting", day=local_day(vote.closes_at), place=place,
        issued=SHEETS + 2, collected=SHEETS, void=0, scrutineers=scrutineers, tellers=tellers,
        closed_at=vote.closes_at,
    )  # fmt: skip
    vote.records.append(record)
    ctx.session.flush()
    digits = {grade: str(place) for place, grade in enumerate(kind.scale.grades, start=1)}
    owner = {"tenant_id": vote.tenant_id, "record_id": record.id, "is_void": False}
    sheets = []
    for number in range(1, SHEETS + 1):
        rows = {
            str(subject.id): "".join(digits[grade] for grade in _draw(kind, vote, drawn).values())
            for subject in vote.subjects
        }
        for turn, name in (("first", scrutineers), ("second", tellers)):
            sheets.append({**owner, "number": number, "turn": turn, "rows": rows, "keyed_by": name})
    ctx.session.execute(insert(KeyedSheet), sheets)


def _add_remarks(ctx: Context, vote: PublicVote, sample: VoteSample) -> None:
    """Add remarks, let through where the vote is published, else waiting."""
    state = "shown" if vote.state == VoteState.PUBLISHED else "waiting"
    owner = {"tenant_id": vote.tenant_id, "vote_id": vote.id, "sent_on": local_day(vote.opens_at)}
    for number, words in enumerate(sample.remarks):
        subject = vote.subjects[number % len(vote.subjects)]
        ctx.session.add(VoteRemark(**owner, subject_id=subject.id, words=words, state=state))
