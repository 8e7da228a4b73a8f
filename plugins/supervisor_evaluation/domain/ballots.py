"""Count the yearly public evaluation (社会评议, N19): rates of a subject by aspect and channel.

A voice gives one of three grades to each aspect, or says that it does not know (不了解), which is
left out. The rate is the share of satisfied and mostly satisfied among the grades given. A cell
(subject, aspect, channel) with fewer grades than the minimum is withheld whole and counts for
nothing else: whatever is shown can be computed from what is shown, so that no difference of two
figures says anything about a cell that is not.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

#: No minimum is below: two voices that know their own would know the third's.
LEAST_MINIMUM = 3
#: How much the web may weigh without a reason (percent): who canvasses must not decide.
WEB_MOST = 10
WHOLE = 100
#: How grades are written on paper and keyed in, in this order; 0 is a row left empty or spoilt.
EMPTY_DIGIT = "0"


class Grade(StrEnum):
    """What a voice says of an aspect; `DONT_KNOW` is no grade and leaves the rate alone."""

    SATISFIED = "satisfied"
    MOSTLY = "mostly"
    DISSATISFIED = "dissatisfied"
    DONT_KNOW = "dont_know"


class Channel(StrEnum):
    """How a voice came in: at the meeting (评议会), over the web, on paper at a counter."""

    MEETING = "meeting"
    WEB = "web"
    PAPER = "paper"


_DIGITS = {str(place): grade for place, grade in enumerate(Grade, start=1)}


@dataclass(frozen=True, slots=True)
class Voice:
    """What one sheet or one answer on the web says of one subject, by aspect."""

    subject: Hashable
    channel: Channel
    grades: Mapping[str, Grade]


@dataclass(frozen=True, slots=True)
class GradeCount:
    """How often each grade was given in a cell."""

    satisfied: int = 0
    mostly: int = 0
    dissatisfied: int = 0
    dont_know: int = 0

    @property
    def rated(self) -> int:
        """The grades that enter the rate."""
        return self.satisfied + self.mostly + self.dissatisfied

    @property
    def share(self) -> Fraction:
        """The exact share of those who are satisfied, wholly or mostly; needs a grade."""
        return Fraction(self.satisfied + self.mostly, self.rated)


@dataclass(frozen=True, slots=True)
class AspectRate:
    """An aspect of a subject: the cells that may be shown, and what they give together.

    `weights` are those that held: a channel without a shown cell leaves its weight to the others,
    in proportion. `rate` is `None` where no channel with a weight can be shown.
    """

    aspect: str
    counts: Mapping[Channel, GradeCount]
    weights: Mapping[Channel, Fraction]
    share: Fraction | None

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

    def channel_rate(self, channel: Channel) -> Decimal | None:
        """Return the mean rate of the aspects of which this channel may be shown."""
        cells = [aspect.counts.get(channel) for aspect in self.aspects]
        return to_percent(_mean([cell.share if cell else None for cell in cells]))

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


def count_grades(voices: Iterable[Voice]) -> dict[tuple[Hashable, str, Channel], GradeCount]:
    """Count the grades of each cell (subject, aspect, channel)."""
    cells: dict[tuple[Hashable, str, Channel], dict[Grade, int]] = defaultdict(
        lambda: defaultdict(int)
    )
    for voice in voices:
        for aspect, grade in voice.grades.items():
            cells[voice.subject, aspect, voice.channel][Grade(grade)] += 1
    return {
        cell: GradeCount(**{grade.value: counted[grade] for grade in Grade})
        for cell, counted in cells.items()
    }


def share_out(
    weights: Mapping[Channel, int], channels: Iterable[Channel]
) -> dict[Channel, Fraction]:
    """Return the weights that hold where only these channels can be shown; their sum is one.

    Empty where none of them weighs anything.
    """
    own = {channel: weights[channel] for channel in channels if weights.get(channel)}
    whole = sum(own.values())
    return {channel: Fraction(weight, whole) for channel, weight in own.items()}


def rate_subjects(
    counts: Mapping[tuple[Hashable, str, Channel], GradeCount],
    subjects: Sequence[Hashable],
    aspects: Sequence[str],
    weights: Mapping[Channel, int],
    minimum: int,
) -> list[SubjectRate]:
    """Compute the rates of all subjects, in their order; `find_plan_fault` accepts the weights."""
    least = max(minimum, LEAST_MINIMUM)

    def rate(subject: Hashable, aspect: str) -> AspectRate:
        cells = {channel: counts.get((subject, aspect, channel)) for channel in weights}
        shown = {channel: cell for channel, cell in cells.items() if cell and cell.rated >= least}
        held = share_out(weights, shown)
        share = sum((weight * shown[channel].share for channel, weight in held.items()), Fraction())
        return AspectRate(aspect, shown, held, share if held else None)

    return [SubjectRate(each, [rate(each, aspect) for aspect in aspects]) for each in subjects]


class PlanFault(StrEnum):
    """Why weights cannot be those of a vote."""

    NONE = "none"
    NEGATIVE = "negative"
    SUM = "sum"
    WEB = "web"


def find_plan_fault(weights: Mapping[Channel, int], reason: str) -> PlanFault | None:
    """Return what is wrong with the weights of the channels that a vote uses (percent)."""
    if not weights:
        return PlanFault.NONE
    if min(weights.values()) < 0:
        return PlanFault.NEGATIVE
    if sum(weights.values()) != WHOLE:
        return PlanFault.SUM
    if weights.get(Channel.WEB, 0) > WEB_MOST and not reason.strip():
        return PlanFault.WEB
    return None


def read_digits(typed: str, aspects: Sequence[str]) -> dict[str, Grade] | None:
    """Read a row of paper as it is keyed in, a digit for each aspect; `None` if it is none.

    1 to 4 are the grades in their order, 0 is an aspect without one mark. Blanks do not matter, and
    a row left out altogether is a row without marks.
    """
    digits = "".join(typed.split())
    if not digits:
        return {}
    if len(digits) != len(aspects) or not set(digits) <= {EMPTY_DIGIT, *_DIGITS}:
        return None
    pairs = zip(aspects, digits, strict=True)
    return {aspect: _DIGITS[digit] for aspect, digit in pairs if digit != EMPTY_DIGIT}


def write_digits(grades: Mapping[str, Grade], aspects: Sequence[str]) -> str:
    """Write the grades of a row as they are keyed in; an empty row is empty."""
    signs = {grade: digit for digit, grade in _DIGITS.items()}
    if not grades:
        return ""
    return "".join(
        signs[Grade(grades[aspect])] if aspect in grades else EMPTY_DIGIT for aspect in aspects
    )


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
