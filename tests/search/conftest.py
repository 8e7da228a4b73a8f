"""The application's search engine with organs as the only kind of findable things."""

import pytest
from sqlalchemy import delete

from core.db.scope import open_session
from core.search.models import SearchOutbox
from core.search.registry import SearchEngine, search_engine
from core.testing.factories.trees import Tree
from tests.search.organs import ORGANS, OrganEditor


@pytest.fixture
def engine(app) -> SearchEngine:
    """The application's engine, with organs as the only kind."""
    del app
    made = search_engine()
    made.kinds.clear()
    made.register(ORGANS)
    made.backend.ensure()
    return made


@pytest.fixture
def tree(tree: Tree) -> Tree:
    """The shared tree, its own marks in the outbox wiped off."""
    with open_session(None) as session:
        session.execute(delete(SearchOutbox))
    return tree


@pytest.fixture
def organs() -> OrganEditor:
    return OrganEditor()
