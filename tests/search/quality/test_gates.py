"""What planning promises on every engine at hand.

The composed questions were seen by whoever wrote the word list, so that gate guards against loss
only. Both judged sets were written without the word list and first measured unread; some of their
questions were read when rules and words were mended since, so these figures are no held-out ones
(docs/search-quality.md has those).
"""

from dataclasses import dataclass

import pytest

from tests.search.judged.judged import SETS

COMPOSED_PRECISION = 0.95


@dataclass(frozen=True, slots=True)
class Gate:
    """Shares of a set's questions; `worse` than raw and `in_vain` at most, the others at least."""

    ndcg: float
    expected: float
    in_vain: float
    worse: float


# The aim holds for the first set on the embedded engine; elsewhere what is reached is held.
GATES = {
    ("embedded", "queries"): Gate(ndcg=0.9, expected=0.95, in_vain=0.02, worse=0.02),
    ("embedded", "second"): Gate(ndcg=0.87, expected=0.91, in_vain=0.02, worse=0.035),
    ("meilisearch", "queries"): Gate(ndcg=0.9, expected=0.95, in_vain=0.02, worse=0.035),
    ("meilisearch", "second"): Gate(ndcg=0.84, expected=0.88, in_vain=0.04, worse=0.04),
}


@pytest.fixture(params=SETS)
def measured(request, judged_engine, of_the_judged_sets):
    """A set's comparison, and what it must reach."""
    return of_the_judged_sets[request.param], GATES[judged_engine, request.param]


def test_on_the_composed_corpus_the_first_ten_are_relevant(of_the_composed_slice):
    scores = of_the_composed_slice.scores
    assert scores["planned"].precision >= COMPOSED_PRECISION
    assert scores["planned"].precision >= scores["synonyms"].precision
    assert scores["planned"].precision >= scores["raw"].precision
    assert of_the_composed_slice.worse == []


def test_citizens_find_what_they_mean(measured):
    comparison, gate = measured
    planned = comparison.scores["planned"]
    missed = [trial.query.text for trial in planned.trials if not trial.expected]
    assert planned.ndcg >= gate.ndcg
    assert planned.expected >= gate.expected, missed
    assert planned.in_vain <= gate.in_vain, [t.query.text for t in planned.trials if t.in_vain]


def test_planning_seldom_harms(measured):
    comparison, gate = measured
    worse = [(planned.query.text, planned.reason) for _raw, planned in comparison.worse]
    assert comparison.worse_share <= gate.worse, worse


def test_planning_is_worth_more_than_synonyms_alone(measured):
    scores = measured[0].scores
    assert scores["planned"].ndcg > scores["synonyms"].ndcg > scores["raw"].ndcg
