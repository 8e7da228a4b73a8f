"""A small county whose people write and review."""

from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy.orm import Session

from core.db.scope import Scope, open_session
from core.permissions import Actor, Role
from core.publishing.content import Content
from core.publishing.models import Publication
from core.publishing.rules import CHECKS
from core.publishing.workflow.drafts import create_publication, submit
from core.publishing.workflow.review import pass_review
from core.tenancy.service import ensure_organ
from core.testing.factories.people import create_person
from core.testing.factories.publishing import add_records
from core.testing.factories.trees import Tree


@dataclass(frozen=True)
class People:
    """Who works where: a clerk in the village, one above at the town, two at the county."""

    clerk: Actor
    reviewer: Actor
    liaison: Actor
    officer: Actor
    stranger: Actor


@pytest.fixture
def people(tree: Tree) -> People:
    return People(
        clerk=create_person("clerk", Role.CLERK, tree.village),
        reviewer=create_person("reviewer", Role.REVIEWER, tree.town),
        liaison=create_person("liaison", Role.LIAISON, tree.county),
        officer=create_person("officer", Role.OFFICER, tree.county),
        stranger=create_person("stranger", Role.OFFICER, tree.other_county),
    )


@pytest.fixture
def sign_in(client, people):
    def enter(username: str):
        client.sign_in(username)
        return client

    return enter


@pytest.fixture
def checked() -> dict[str, bool]:
    """Every check of a review confirmed."""
    return dict.fromkeys(CHECKS, True)


@pytest.fixture
def make(tree: Tree, people: People):
    """A draft of a tenant by somebody, with its records; more content by keyword."""

    def draft(
        session: Session, tenant=None, actor: Actor | None = None, *, records=True, **more
    ) -> Publication:
        tenant = tenant or tree.village
        values = {
            "title": "2026年第一季度村级财务公开",
            "body_source": "本季收入合计126450元。\n本季支出合计97880元。",
            "organ_id": ensure_organ(session, tenant, tenant.name, "committee").id,
            "no_item_reason": "目录中没有对应事项",
            "genre": "村务公开",
            "formed_on": date(2026, 4, 10),
        } | more
        author = actor or people.clerk
        publication = create_publication(session, author, tenant, Content(**values))
        if records and tenant.level != "village":
            add_records(session, author, publication)
        return publication

    return draft


@pytest.fixture
def make_public(make, people: People, checked):
    """A published text."""

    def public(session: Session, tenant=None, actor: Actor | None = None, **more) -> Publication:
        author = actor or people.clerk
        publication = make(session, tenant, author, **more)
        submit(session, author, publication)
        pass_review(session, people.officer, publication, checked)
        return publication

    return public


@pytest.fixture
def village(tree: Tree):
    """A session in the village's own scope."""
    with open_session(Scope.own(tree.village)) as session:
        yield session
