"""Over random trees: an engine answers exactly what the scope's rule admits, nearest first."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from core.search.document import SearchDocument
from core.search.engines.base import SearchRequest
from core.search.query.planner import plan_query
from core.search.scope import SearchScope
from tests.search.contract.engines import ENGINES, NOW


@st.composite
def trees(draw) -> list[tuple[int, ...]]:
    """Chains of a random tree, at most six deep."""
    chains = [(1,)]
    for tenant in range(2, draw(st.integers(4, 14))):
        parents = [chain for chain in chains if len(chain) < 6]
        chains.append((*draw(st.sampled_from(parents)), tenant))
    return chains


@st.composite
def worlds(draw):
    """A tree, documents in it, and somebody who asks."""
    chains = draw(trees())
    ids = [chain[-1] for chain in chains]
    documents = [
        SearchDocument(
            kind="thing",
            pk=str(number),
            scope=draw(st.sampled_from(chains)),
            title="农村低保",
            path="",
            inherits=draw(st.booleans()),
            excluded=tuple(draw(st.sets(st.sampled_from(ids), max_size=2))),
        )
        for number in range(draw(st.integers(1, 12)))
    ]
    asker = draw(st.sampled_from(chains))
    base = asker[: draw(st.integers(1, len(asker)))]
    return documents, SearchScope(asker, base, with_above=draw(st.booleans()))


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_an_engine_answers_what_the_scope_admits_and_nothing_else(world):
    documents, scope = world
    admitted = {one.id: one for one in documents if scope.admits(one, NOW)}
    for make in ENGINES.values():
        # The engine's threads may still be tidying up below the folder.
        with (
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
            make(Path(folder)) as engine,
        ):
            engine.ensure()
            engine.wait(engine.upsert(documents), 10)
            request = SearchRequest(
                variant=plan_query("低保").variants[0],
                scope=scope,
                now=NOW,
                limit=50,
                facets=("kind",),
            )
            page = engine.search(request)
        assert {hit.id for hit in page.hits} == set(admitted)
        assert page.total == len(admitted)
        assert page.facets["kind"].get("thing", 0) == len(admitted)
        far = [scope.distance(admitted[hit.id]) for hit in page.hits]
        assert far == sorted(far)
