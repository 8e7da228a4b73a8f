"""What many answers say together: counts, shares, means; nothing of too small a group.

Of three answers everybody in a village knows who gave which: results are suppressed below a
minimum group, for the whole questionnaire and question by question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.questionnaires.domain.questions import AnswerKind, SurveyQuestion

DEFAULT_MINIMUM = 5
_TOP = 2


@dataclass(frozen=True, slots=True)
class QuestionTally:
    """The answers to one question: how many answered, how many chose each value, the mean."""

    question: SurveyQuestion
    answered: int
    counts: tuple[tuple[str, int], ...] = ()
    mean: float | None = None

    @property
    def top_two_percent(self) -> int | None:
        """Share of the two best steps of a grade or a scale, in per cent (满意度)."""
        if self.question.kind not in {AnswerKind.GRADE, AnswerKind.SCALE}:
            return None
        best_first = self.question.kind is AnswerKind.GRADE
        top = self.counts[:_TOP] if best_first else self.counts[-_TOP:]
        return self.percent(sum(count for _value, count in top))

    def percent(self, count: int) -> int | None:
        """Return a count as a share of those who answered, in per cent, half rounded up."""
        return (200 * count + self.answered) // (2 * self.answered) if self.answered else None


@dataclass(frozen=True, slots=True)
class VoteResult:
    """A counted vote; `leaders` are the options with most voices, several where it is a tie."""

    voices: int
    counts: tuple[tuple[str, int], ...]
    leaders: tuple[str, ...]

    @property
    def is_tied(self) -> bool:
        """Whether several options have equally many voices, and more than all others."""
        return len(self.leaders) > 1


def tally(
    questions: Sequence[SurveyQuestion], answers: Sequence[Mapping[str, Any]], minimum: int
) -> list[QuestionTally] | None:
    """Count the answers, question by question; `None` where fewer than `minimum` were given.

    A question that fewer than its own minimum have answered is left out. Texts are not counted.
    """
    if len(answers) < max(minimum, 1):
        return None
    counted = [_count(one, answers) for one in questions if one.kind is not AnswerKind.TEXT]
    return [one for one in counted if one.answered >= max(minimum, one.question.minimum or 0)]


def _count(question: SurveyQuestion, answers: Sequence[Mapping[str, Any]]) -> QuestionTally:
    given = [answer[question.key] for answer in answers if _is_answered(answer, question.key)]
    if question.kind is AnswerKind.NUMBER:
        return QuestionTally(question, len(given), (), _mean(given))
    chosen = [set(value) if isinstance(value, list) else {value} for value in given]
    counts = tuple((value, sum(value in one for one in chosen)) for value in question.values)
    scores = [int(value) for value in given] if question.kind is AnswerKind.SCALE else []
    return QuestionTally(question, len(given), counts, _mean(scores))


def _is_answered(answer: Mapping[str, Any], key: str) -> bool:
    return answer.get(key) not in (None, "", [])


def _mean(numbers: Sequence[int]) -> float | None:
    return sum(numbers) / len(numbers) if numbers else None


def collect_texts(question: SurveyQuestion, answers: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the texts that were written, sorted, so that their order tells nothing of writers."""
    return sorted(str(answer[question.key]) for answer in answers if answer.get(question.key))


def count_votes(counted: QuestionTally) -> VoteResult:
    """Say who leads in a counted question of choices; nobody where nobody voted."""
    most = max((count for _value, count in counted.counts), default=0)
    leaders = tuple(value for value, count in counted.counts if most and count == most)
    return VoteResult(counted.answered, counted.counts, leaders)
