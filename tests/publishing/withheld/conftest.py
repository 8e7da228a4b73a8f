"""A township whose register of withheld items is kept by its own people."""

from datetime import timedelta

import pytest

from core.clock import today
from core.db.scope import Scope, open_session
from core.permissions import Role
from core.publishing.withheld.service import enter_item
from core.tenancy.service import ensure_organ
from core.testing.factories.people import create_person


@pytest.fixture
def town(tree, people, keeper):
    """A session in the township's own scope; people are made before it writes."""
    del people, keeper
    with open_session(Scope.own(tree.town)) as session:
        yield session


@pytest.fixture
def keeper(tree):
    """Whoever keeps the register of the township."""
    return create_person("keeper", Role.LIAISON, tree.town)


@pytest.fixture
def values(town, tree):
    """An entry, complete."""
    return {
        "organ_id": ensure_organ(town, tree.town, tree.town.name, "government").id,
        "reference": "〔2026〕12号",
        "nature": "withheld",
        "ground": "internal",
        "third_party": "",
        "decided_by": "李主任",
        "decided_on": today() - timedelta(days=30),
        "next_on": today() + timedelta(days=300),
    }


@pytest.fixture
def item(town, tree, keeper, values):
    return enter_item(town, keeper, tree.town, values)
