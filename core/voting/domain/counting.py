"""Count a vote: rates of a subject by aspect and channel, from grades that voices gave.

The rate is the share of good grades among those that are rated; others (不了解) are left out. A
cell (subject, aspect, channel) with fewer rated grades than the minimum is withheld whole and
counts for nothing else: whatever is shown can be computed from what is shown, so that no difference
of two figures says anything about a cell that is not.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

#: No minimum is below: two voices that know their own would know the third's.
LEAST_MINIMUM = 3
WHOLE = 100
#: What is keyed in for a row of paper that is left empty or spoilt.
EMPTY_DIGIT = "0"


class VoteChannel(StrEnum):
    """How a voice came in: at a meeting, over the web, on paper at a counter."""

    MEETING = "meeting"
    WEB = "web"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class GradeScale:
    """The grades of a ballot in their order, nine at most: good ones, bad ones, unrated ones."""

    good: tuple[str, ...]
    bad: tuple[str, ...]
    unrated: tuple[str, ...] = ()

    @property
    def grades(self) -> tuple[str, ...]:
        """All grades, in the order of the ballot."""
        return self.good + self.bad + self.unrated

    def count_rated(self, counts: Mapping[str, int]) -> int:
        """Count the grades that enter the rate."""
        return sum(counts.get(grade, 0) for grade in self.good + self.bad)

    def share(self, counts: Mapping[str, int]) -> Fraction:
        """Return the exact share of good grades; needs a rated one."""
        return Fraction(sum(counts.get(grade, 0) for grade in self.good), self.count_rated(counts))

    def read_digits(self, typed: str, aspects: Sequence[str]) -> dict[str, str] | None:
        """Read a row of paper as it is keyed in, a digit for each aspect; `None` if it is none.

        1 is the first grade, 0 an aspect without one mark. Blanks do not matter, and a row left out
        altogether is a row without marks.
        """
        digits = "".join(typed.split())
        known = {str(place): grade for place, grade in enumerate(self.grades, start=1)}
        if not digits:
            return {}
        if len(digits) != len(aspects) or not set(digits) <= {EMPTY_DIGIT, *known}:
            return None
        pairs = zip(aspects, digits, strict=True)
        return {aspect: known[digit] for aspect, digit in pairs if digit != EMPTY_DIGIT}


@dataclass(frozen=True, slots=True)
class Voice:
    """What one sheet or one answer on the web says of one subject, by aspect."""

    subject: Hashable
    channel: VoteChannel
    grades: Mapping[str, str]


Cell = tuple[Hashable, str, VoteChannel]


@dataclass(frozen=True, slots=True)
class AspectRate:
    """An aspect of a subject: the cells that may be shown, and what they give together.

    `shares` are those of the cells. `weights` are those that held: a channel without a shown cell
    leaves its weight to the others, in proportion. `share` is `None` where no channel with a weight
    can be shown.
    """

    aspect: str
    counts: Mapping[VoteChannel, Mapping[str, int]]
    shares: Mapping[VoteChannel, Fraction]
    weights: Mapping[VoteChannel, Fraction]

    @property
    def share(self) -> Fraction | None:
        """What the channels give together."""
        held = [weight * self.shares[channel] for channel, weight in self.weights.items()]
        return sum(held, Fraction()) if held else None

    @property
    def rate(self) -> Decimal | None:
        """The rate in percent, with two decimals."""
        return to_percent(self.share)


@dataclass(frozen=True, slots=True)
class SubjectRate:
    """A subject: its aspects in their order; `rate` is the mean of those that have one."""

    subject: Hashable
    aspects: Sequence[AspectRate]

    @property
    def rate(self) -> Decimal | None:
        """The rate in percent, with two decimals; `None` where nothing may be shown."""
        return to_percent(_mean([aspect.share for aspect in self.aspects]))

    def channel_rate(self, channel: VoteChannel) -> Decimal | None:
        """Return the mean rate of the aspects of which this channel may be shown."""
        return to_percent(_mean([aspect.shares.get(channel) for aspect in self.aspects]))

    @property
    def withheld(self) -> bool:
        """Whether nothing of it may be shown."""
        return not any(aspect.counts for aspect in self.aspects)


def to_percent(share: Fraction | None) -> Decimal | None:
    """Round a share to a percentage with two decimals, halves away from zero."""
    if share is None:
        return None
    exact = Decimal(share.numerator * WHOLE) / Decimal(share.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _mean(shares: Iterable[Fraction | None]) -> Fraction | None:
    known = [share for share in shares if share is not None]
    return sum(known, Fraction()) / len(known) if known else None


def count_grades(voices: Iterable[Voice]) -> dict[Cell, Counter[str]]:
    """Count the grades of each cell (subject, aspect, channel)."""
    cells: dict[Cell, Counter[str]] = defaultdict(Counter)
    for voice in voices:
        for aspect, grade in voice.grades.items():
            cells[voice.subject, aspect, voice.channel][grade] += 1
    return dict(cells)


def share_out(
    weights: Mapping[VoteChannel, int], channels: Iterable[VoteChannel]
) -> dict[VoteChannel, Fraction]:
    """Return the weights that hold where only these channels can be shown; their sum is one.

    Empty where none of them weighs anything.
    """
    own = {channel: weights[channel] for channel in channels if weights.get(channel)}
    whole = sum(own.values())
    return {channel: Fraction(weight, whole) for channel, weight in own.items()}


@dataclass(frozen=True, slots=True)
class VoteRules:
    """How a vote is counted, as its plan says: aspects, weights in percent, minimum, grades."""

    aspects: Sequence[str]
    weights: Mapping[VoteChannel, int]
    minimum: int
    scale: GradeScale


def rate_subjects(
    cells: Mapping[Cell, Mapping[str, int]], subjects: Sequence[Hashable], rules: VoteRules
) -> list[SubjectRate]:
    """Compute the rates of all subjects, in their order; the weights are whole."""
    least, scale = max(rules.minimum, LEAST_MINIMUM), rules.scale

    def rate(subject: Hashable, aspect: str) -> AspectRate:
        found = {channel: cells.get((subject, aspect, channel), {}) for channel in rules.weights}
        shown = {each: cell for each, cell in found.items() if scale.count_rated(cell) >= least}
        shares = {channel: scale.share(cell) for channel, cell in shown.items()}
        return AspectRate(aspect, shown, shares, share_out(rules.weights, shown))

    return [SubjectRate(each, [rate(each, key) for key in rules.aspects]) for each in subjects]


def are_weights_whole(weights: Mapping[VoteChannel, int]) -> bool:
    """Return whether the weights of the channels that a vote uses are percents of a whole."""
    return min(weights.values(), default=-1) >= 0 and sum(weights.values()) == WHOLE


@dataclass(frozen=True, slots=True)
class SheetCount:
    """Paper of a meeting or counter: sheets handed out, come back, and spoilt (void)."""

    issued: int
    collected: int
    void: int


class CountFault(StrEnum):
    """Why what was counted by hand and what was keyed in do not agree."""

    MORE_COLLECTED = "more_collected"
    MORE_VOID = "more_void"
    KEYED = "keyed"
    KEYED_VOID = "keyed_void"


def find_count_fault(counted: SheetCount, keyed: int, keyed_void: int) -> CountFault | None:
    """Compare the record of the paper with the sheets that are keyed in and settled."""
    if counted.collected > counted.issued:
        return CountFault.MORE_COLLECTED
    if counted.void > counted.collected:
        return CountFault.MORE_VOID
    if keyed != counted.collected:
        return CountFault.KEYED
    return CountFault.KEYED_VOID if keyed_void != counted.void else None
