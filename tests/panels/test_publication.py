"""Whose result is told privately, and that nothing published gives it away."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from core.panels.domain.publication import PublicationLevel, list_held_back, to_grade
from core.panels.domain.scoring import SubjectResult

totals = st.lists(
    st.tuples(st.sampled_from(("department", "township")), st.integers(40, 100)), max_size=12
)


def to_results(totals):
    return [
        SubjectResult(f"s{number}", group, 5, Decimal(score), 0, ())
        for number, (group, score) in enumerate(totals)
    ]


@given(totals, st.sampled_from(PublicationLevel))
@settings(max_examples=200)
def test_the_lowest_is_told_privately_and_no_published_place_tells_it(totals, level):
    results = to_results(totals)
    held = set(list_held_back(results, level))
    for group in ("department", "township"):
        theirs = [one for one in results if one.group == group]
        lowest = min((one.score for one in theirs), default=Decimal())
        last = {one.subject for one in theirs if one.score == lowest}
        shown = [one for one in theirs if one.subject not in held]
        assert all(to_grade(one.score) != "weak" for one in shown)
        if level == PublicationLevel.GRADES_AND_SCORES and len(last) < len(theirs):
            assert last <= held
        if level == PublicationLevel.GRADES and last - held and len(last) < len(theirs):
            assert any(to_grade(o.score) == to_grade(lowest) for o in shown if o.score > lowest)
