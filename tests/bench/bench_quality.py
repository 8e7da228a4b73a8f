"""What the answers are worth: three ways of asking, on every engine at hand.

The composed corpus of 100,000 documents with its 20 questions (seen by whoever wrote
the word list), and the judged sets, which were written without it.
"""

import tempfile
from contextlib import closing
from pathlib import Path

from core.search.engines.base import SearchBackend
from core.testing.databases import Databases
from tests.search.contract.engines import SERVERS
from tests.search.quality.corpora import Collection, composed, installed, judged
from tests.search.quality.engines import AT_HAND, opened
from tests.search.quality.timing import cost_of_planning
from tests.search.quality.trials import Comparison, compare

SHARED = Path(__file__).parents[3] / "shared"
SIZE = "100000"


def run(size: str = SIZE) -> None:
    """Print one table for each collection and engine, and the questions that planning harms."""
    with tempfile.TemporaryDirectory() as folder, closing(SERVERS):
        for collection in _collections(Path(folder), int(size)):
            for name in AT_HAND:
                with opened(name) as engine:
                    collection.fill(engine)
                    _report(name, engine, collection)


def _collections(folder: Path, size: int) -> tuple[Collection, ...]:
    databases = Databases()
    with installed(databases):
        of_two_counties = judged(SHARED / "data")
    databases.stop()
    return *of_two_counties.values(), composed(SHARED / "tools", folder, size)


def _report(name: str, engine: SearchBackend, collection: Collection) -> None:
    comparison = compare(engine, collection)
    title = f"{collection.name} on {name}"
    print(f"{title:<40}{'nDCG@10':>10}{'P@10':>8}{'in first 3':>12}{'recall':>8}{'in vain':>9}")
    for way, scores in comparison.scores.items():
        print(
            f"  {way:<38}{scores.ndcg:>10.3f}{scores.precision:>8.3f}{scores.expected:>12.1%}"
            f"{scores.recall:>8.3f}{scores.in_vain:>9.1%}"
        )
    print(f"  {cost_of_planning(engine, collection)}")
    _report_worse(comparison)


def _report_worse(comparison: Comparison) -> None:
    print(f"  worse than raw: {comparison.worse_share:.1%}")
    for raw, planned in comparison.worse:
        change = f"{raw.ndcg:.2f} to {planned.ndcg:.2f}"
        print(f"    {planned.query.text:<24} {change}: {planned.reason}")
