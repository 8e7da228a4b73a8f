"""A township's text, and records as they are entered."""

import pytest
from sqlalchemy.orm import Session

from core.db.scope import Scope, open_session
from core.permissions import Actor, Role
from core.publishing.models import Publication
from core.publishing.records.service import add_decision, add_secrecy_review
from core.testing.factories.people import create_person
from tests.publishing.records.samples import DECIDED, REVIEWED


@pytest.fixture
def town(tree):
    """A session in the township's own scope."""
    with open_session(Scope.own(tree.town)) as session:
        yield session


@pytest.fixture
def writer(tree) -> Actor:
    """Whoever writes at the township."""
    return create_person("writer", Role.LIAISON, tree.town)


@pytest.fixture
def draft(town: Session, make, tree, writer) -> Publication:
    """A complete draft of the township, without records."""
    return make(town, tree.town, writer, records=False)


@pytest.fixture
def add_records(writer):
    """Add both records of a text; more by keyword."""

    def add(session: Session, publication: Publication, **more) -> None:
        secrecy = {name: more.get(name, value) for name, value in REVIEWED.items()}
        decision = {name: more.get(name, value) for name, value in DECIDED.items()}
        add_secrecy_review(session, writer, publication, secrecy)
        add_decision(session, writer, publication, decision)

    return add
