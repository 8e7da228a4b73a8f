"""A village's resolution and what comes of it."""

from datetime import date

import pytest

from core.db.scope import Scope, open_session
from core.publishing.decisions.service import expect_result, find_decision, link_result
from core.publishing.queries import get_publication


@pytest.fixture
def write_public(make_public, tree):
    """Publish something at the village; give back its id."""

    def write(title, **more):
        with open_session(Scope.own(tree.village)) as session:
            return make_public(session, title=title, **more).id

    return write


@pytest.fixture
def decide(write_public, tree, people):
    """Publish a resolution that waits for its result until a day; give back its id."""

    def make(due_on=date(2026, 6, 30), title="关于硬化二组道路的决议", **more):
        number = write_public(title, **more)
        with open_session(Scope.own(tree.village)) as session:
            publication = get_publication(session, tree.village, number)
            expect_result(session, people.clerk, publication, due_on)
        return number

    return make


@pytest.fixture
def link(tree, people):
    """Link a publication to a resolution."""

    def make(of, result, **more):
        with open_session(Scope.own(tree.village)) as session:
            decision = find_decision(session, get_publication(session, tree.village, of))
            link_result(session, people.clerk, decision, result, **more)

    return make


@pytest.fixture
def write_draft(make, tree):
    """Write something at the village that is not public yet; give back its id."""

    def write(title):
        with open_session(Scope.own(tree.village)) as session:
            return make(session, title=title).id

    return write
