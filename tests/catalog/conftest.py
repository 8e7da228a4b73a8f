"""A nation's catalog of two items, and people to change it."""

import pytest

from core.catalog.domain.changes import Define, DefineDomain
from core.testing.factories.catalog import FIRST, SECOND, approve_changes, item_fields
from core.testing.factories.people import create_person


@pytest.fixture
def national(tree):
    """The tree; its nation has a domain with two items."""
    approve_changes(
        tree.nation,
        DefineDomain("jiuzhu", "社会救助"),
        Define(FIRST, item_fields()),
        Define(SECOND, item_fields(level2="监督检查")),
    )
    return tree


@pytest.fixture
def person():
    """Make a person with a role at a tenant."""
    return create_person
