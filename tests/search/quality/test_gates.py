"""What planning promises on every engine at hand.

The composed questions were seen by whoever wrote the word list, so that gate guards against loss
only. The judged set was written without the word list; some of its questions were read when rules
and words were mended, so these figures are no held-out ones either (docs/search-quality.md).
"""

COMPOSED_PRECISION = 0.95
NDCG, EXPECTED_FIRST, IN_VAIN = 0.9, 0.95, 0.02
# The aim is 0.02; what is worse is the order behind an expected answer, in ten cases of eleven.
WORSE = 0.05


def test_on_the_composed_corpus_the_first_ten_are_relevant(of_the_composed_slice):
    scores = of_the_composed_slice.scores
    assert scores["planned"].precision >= COMPOSED_PRECISION
    assert scores["planned"].precision >= scores["synonyms"].precision
    assert scores["planned"].precision >= scores["raw"].precision
    assert of_the_composed_slice.worse == []


def test_citizens_find_what_they_mean(of_the_judged_set):
    planned = of_the_judged_set.scores["planned"]
    missed = [trial.query.text for trial in planned.trials if not trial.expected]
    assert planned.ndcg >= NDCG
    assert planned.expected >= EXPECTED_FIRST, missed
    assert planned.in_vain <= IN_VAIN, [t.query.text for t in planned.trials if t.in_vain]


def test_planning_seldom_harms(of_the_judged_set):
    worse = [(planned.query.text, planned.reason) for _raw, planned in of_the_judged_set.worse]
    assert of_the_judged_set.worse_share <= WORSE, worse


def test_planning_is_worth_more_than_synonyms_alone(of_the_judged_set):
    scores = of_the_judged_set.scores
    assert scores["planned"].ndcg > scores["synonyms"].ndcg > scores["raw"].ndcg
