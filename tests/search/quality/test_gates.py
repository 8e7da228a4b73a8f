"""What planning promises, on every engine at hand.

The composed questions were seen by whoever wrote the word list, so that gate guards against loss
only. The judged set was written without the word list.
"""

COMPOSED_PRECISION = 0.95


def test_on_the_composed_corpus_the_first_ten_are_relevant(of_the_composed_slice):
    scores = of_the_composed_slice.scores
    assert scores["planned"].precision >= COMPOSED_PRECISION
    assert scores["planned"].precision >= scores["synonyms"].precision
    assert scores["planned"].precision >= scores["raw"].precision
    assert of_the_composed_slice.worse == []
