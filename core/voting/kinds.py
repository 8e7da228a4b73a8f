"""Kinds of votes that features hold: who can be judged, by which grades, under which rules.

A feature declares its kind when it mounts the pages (`core.voting.pages.mounting`); plan, voices,
paper, counting and publication are the same for all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from flask_babel import LazyString
from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.voting.domain.counting import LEAST_MINIMUM, GradeScale, VoteChannel
from core.voting.models import PublicVote

Label: TypeAlias = str | LazyString


@dataclass(frozen=True, slots=True)
class VoteOption:
    """What can be judged at a place: its key, its name on the ballot, the group it belongs to."""

    key: str
    name: str
    group: str


@dataclass(frozen=True, slots=True)
class VoteWords:
    """What the pages of a kind of vote say beside what is common to all.

    `rate` heads the rates; `method` says which grades make a rate, `question` asks for them.
    `heading` and `about` stand above the staff's list; hints stand in the plan, below what they
    are about.
    """

    heading: Label
    about: Label
    question: Label
    rate: Label
    method: Label
    weights_hint: Label
    subjects_hint: Label = ""


@dataclass(frozen=True, slots=True)
class VotePlaces:
    """Where a kind's pages stand: blueprints, keys of the menus, the public page above a vote."""

    public: str
    desk: str
    nav_key: str
    console_key: str
    parent: str
    parent_label: Label


@dataclass(frozen=True, slots=True)
class VoteKind:
    """One kind of vote: `key` is `feature.subject`; staff's pages need the permission `action`.

    `list_options` says what can be judged at a place, and nothing else can; only subjects of one of
    the `groups` are compared. `grades` are the words of the scale's grades, `channels` those of the
    channels that can be used. `aspects` and `usual_weights` fill a new plan.
    """

    key: str
    action: str
    words: VoteWords
    places: VotePlaces
    list_options: Callable[[Session, Tenant], Sequence[VoteOption]]
    groups: Mapping[str, Label]
    scale: GradeScale
    grades: Mapping[str, Label]
    channels: Mapping[VoteChannel, Label]
    aspects: Sequence[Label] = ()
    usual_weights: Mapping[VoteChannel, int] = field(default_factory=dict)
    #: Grades below which nothing is shown, as a place has it.
    minimum: Callable[[Tenant], int] = lambda _tenant: LEAST_MINIMUM
    #: Says what is wrong with weights and the reason given for them (the field `weight_reason`).
    find_fault: Callable[[Mapping[VoteChannel, int], str], Label | None] = lambda _weights, _why: (
        None
    )

    @property
    def feature(self) -> str:
        """The feature whose kind it is: the first part of the purposes of its digests."""
        return self.key.partition(".")[0]


_kinds: dict[str, VoteKind] = {}


def add_vote_kind(kind: VoteKind) -> None:
    """Make a kind of vote known; raises `ValueError` if its key is no `feature.subject`."""
    if not all(kind.key.partition(".")):
        raise ValueError(f"the key of a kind of vote is feature.subject, not {kind.key!r}")
    _kinds[kind.key] = kind


def get_vote_kind(vote: PublicVote) -> VoteKind:
    """Return the kind of a vote; pages of a vote are its feature's, so that it is known."""
    return _kinds[vote.kind]
