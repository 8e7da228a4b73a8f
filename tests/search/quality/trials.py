"""Ask every question of a collection in every way, and say what the answers were worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from core.search.engines.base import SearchBackend
from tests.search.judged.judged import EXPECTED, JudgedQuery
from tests.search.quality.corpora import Collection
from tests.search.quality.ways import WAYS, Asker

TOP = 10
FIRST = 3
# Smaller differences are the order of equals.
WORSE_BY = 0.05


@dataclass(frozen=True, slots=True)
class Trial:
    """Keys that one question got in one way, in their order."""

    query: JudgedQuery
    answers: tuple[str, ...]

    @property
    def ndcg(self) -> float:
        return self.query.ndcg(self.answers, TOP)

    @property
    def precision(self) -> float:
        """Share of the first ten that is relevant; places left empty count as irrelevant."""
        relevant = sum(answer in self.query.grades for answer in self.answers[:TOP])
        return relevant / min(TOP, len(self.query.grades))

    @property
    def expected(self) -> bool:
        """An expected answer stands among the first three."""
        return self.query.expected_within(self.answers, FIRST)

    @property
    def in_vain(self) -> bool:
        """Nothing relevant stands on the first page."""
        return not self.query.grades.keys() & set(self.answers[:TOP])

    @property
    def reason(self) -> str:
        """In a few words, what stands where the expected answer should."""
        best = [key for key, grade in self.query.grades.items() if grade == EXPECTED]
        places = [self.answers.index(key) + 1 for key in best if key in self.answers]
        if not places:
            return "no expected answer has the words that were asked for"
        if min(places) > FIRST:
            return f"the expected answer stands in place {min(places)}, behind nearer or newer ones"
        return "the expected answer stands among the first three, the others are in another order"


@dataclass(frozen=True, slots=True)
class Scores:
    """What one way of asking was worth, over all questions."""

    trials: Sequence[Trial]

    @property
    def ndcg(self) -> float:
        return fmean(trial.ndcg for trial in self.trials)

    @property
    def precision(self) -> float:
        return fmean(trial.precision for trial in self.trials)

    @property
    def expected(self) -> float:
        return fmean(trial.expected for trial in self.trials)

    @property
    def recall(self) -> float:
        return fmean(trial.query.recall(trial.answers) for trial in self.trials)

    @property
    def in_vain(self) -> float:
        return fmean(trial.in_vain for trial in self.trials)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All ways of asking, side by side."""

    scores: dict[str, Scores]

    @property
    def worse(self) -> list[tuple[Trial, Trial]]:
        """Questions that planning made worse than asking the engine as it stands."""
        pairs = zip(self.scores["raw"].trials, self.scores["planned"].trials, strict=True)
        return [(raw, plan) for raw, plan in pairs if raw.ndcg - plan.ndcg > WORSE_BY]

    @property
    def worse_share(self) -> float:
        return len(self.worse) / len(self.scores["raw"].trials)


def compare(engine: SearchBackend, collection: Collection) -> Comparison:
    """Try everything on an engine that holds the collection."""
    return Comparison(
        {
            name: Scores(
                [
                    Trial(query, tuple(collection.keys[hit] for hit in way(asker, query.text)))
                    for query in collection.questions
                    for asker in [Asker(engine, collection.places[query.at])]
                ]
            )
            for name, way in WAYS.items()
        }
    )
