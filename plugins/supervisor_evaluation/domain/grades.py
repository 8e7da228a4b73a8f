"""Grades of results, and whose results a place keeps to itself and the subject."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from .scoring import SubjectResult


class ResultGrade(StrEnum):
    """A grade of a total; the last one is never published."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    WEAK = "weak"


class PublicationLevel(StrEnum):
    """What of a result is published."""

    GRADES = "grades"
    GRADES_AND_SCORES = "grades_and_scores"


GRADES_FROM = (
    (Decimal(90), ResultGrade.EXCELLENT),
    (Decimal(80), ResultGrade.GOOD),
    (Decimal(60), ResultGrade.FAIR),
    (Decimal(0), ResultGrade.WEAK),
)


def to_grade(score: Decimal) -> ResultGrade:
    """Return the grade of a total."""
    return next(grade for least, grade in GRADES_FROM if score >= least)


def list_held_back(results: Iterable[SubjectResult], level: PublicationLevel) -> list[str]:
    """List the subjects that are told their result privately: the weak, and the last of a group.

    The last of a group are the subjects that share its lowest total, where another one is above.
    Where only grades are published they stay with the others of their grade: that tells no place.
    """
    results = list(results)
    return [one.subject for one in results if _is_held_back(one, results, level)]


def _is_held_back(
    result: SubjectResult, results: Iterable[SubjectResult], level: PublicationLevel
) -> bool:
    if to_grade(result.score) == ResultGrade.WEAK:
        return True
    theirs = [one for one in results if one.group == result.group]
    above = [one for one in theirs if one.score > result.score]
    is_last = bool(above) and all(one.score >= result.score for one in theirs)
    if level == PublicationLevel.GRADES:
        return is_last and all(to_grade(one.score) != to_grade(result.score) for one in above)
    return is_last
