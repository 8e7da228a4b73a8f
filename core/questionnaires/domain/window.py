"""When a questionnaire can be answered, when its results may be seen, what is fixed by then."""

from datetime import datetime
from enum import StrEnum


class SurveyStage(StrEnum):
    """Where a questionnaire stands."""

    BEFORE = "before"
    OPEN = "open"
    CLOSED = "closed"


def find_stage(
    now: datetime, *, is_open: bool, opens_at: datetime | None, closes_at: datetime | None
) -> SurveyStage:
    """Return the stage at a moment; the switch `is_open` can only narrow the window of time."""
    if not is_open or (closes_at is not None and now >= closes_at):
        return SurveyStage.CLOSED
    if opens_at is not None and now < opens_at:
        return SurveyStage.BEFORE
    return SurveyStage.OPEN


def shows_results(stage: SurveyStage, *, is_blind: bool) -> bool:
    """Say whether results may be seen: those of a blind questionnaire only after it has closed."""
    return not is_blind or stage is SurveyStage.CLOSED


def is_settled(stage: SurveyStage, *, is_blind: bool, answers: int) -> bool:
    """Say whether the window is fixed for good.

    The results of a blind questionnaire can be read once it has closed; opened again, later voices
    would know the earlier ones.
    """
    return is_blind and answers > 0 and stage is SurveyStage.CLOSED
