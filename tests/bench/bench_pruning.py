"""Whether pruning in the embedded engine is worth its code: with and without, the same answers.

`python -m tests.bench pruning[=SIZE,SIZE…]`: the composed corpus at each size, then the two
counties of the judged sets (docs/decisions/0013-pruning-in-the-embedded-engine.md has the figures).
"""

import tempfile
from pathlib import Path

from core.search.engines.embedded.backend import EmbeddedBackend
from core.search.scope import SearchScope
from core.testing.databases import Databases
from tests.bench.search.pruning import EXHAUSTIVE, PRUNED, load_classes, report
from tests.search.quality.corpora import Collection, chain_of_path, composed, installed, judged

SHARED = Path(__file__).parents[3] / "shared"
USUAL = "4000,100000"
# Of the whole corpus down to one village.
PATHS = {"all": "", "county": "03/", "township": "03/06/", "village": "03/06/04/"}


def run(sizes: str = USUAL) -> None:
    """Print a table for each size, and one for the judged sets' own questions."""
    with tempfile.TemporaryDirectory() as name:
        for size in map(int, sizes.split(",")):
            collection = composed(SHARED / "tools", Path(name), size)
            chains = {place: chain_of_path(path) for place, path in PATHS.items()}
            scopes = {place: SearchScope(chain, chain) for place, chain in chains.items()}
            _compare(collection, Path(name), load_classes(SHARED / "tools"), scopes)
        databases = Databases()
        with installed(databases):
            collections = judged(SHARED / "data")
        databases.stop()
        for collection in collections.values():
            for at, place in collection.places.items():
                texts = [query.text for query in collection.questions if query.at == at]
                if texts:
                    _compare(collection, Path(name), {"judged": texts}, {at: place.scope})


def _compare(
    collection: Collection,
    folder: Path,
    classes: dict[str, list[str]],
    scopes: dict[str, SearchScope],
) -> None:
    index = folder / "index"
    pruned = EmbeddedBackend(index)
    collection.fill(pruned)
    print(f"{collection.name}: {pruned.health().documents:,} documents")
    report({PRUNED: pruned, EXHAUSTIVE: EmbeddedBackend(index, prune=False)}, classes, scopes)
