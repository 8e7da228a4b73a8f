"""A nation's catalog, and people to change it."""

import pytest

from core.accounts.permissions import OPERATOR, Actor, Held, Role
from core.accounts.service import add_user, give_role
from core.catalog.domain.changes import Define, DefineDomain
from core.catalog.editing.review import approve_revision, submit_revision
from core.catalog.effective import effective_catalog
from core.db.scope import Scope, open_session

FIRST = "CN-jiuzhu-001"
SECOND = "CN-jiuzhu-002"


def fields(**values):
    return {
        "domain": "jiuzhu",
        "level1": "综合业务",
        "level2": "政策法规文件",
        "mode": "proactive",
        "levels": ["county", "township", "village"],
        "time_limit": {"raw": "及时公开", "rule": None},
        "channels": ["政府网站"],
    } | values


@pytest.fixture
def national(tree):
    """The tree; its nation has a domain with two items."""
    say(
        tree.nation,
        DefineDomain("jiuzhu", "社会救助"),
        Define(FIRST, fields()),
        Define(SECOND, fields(level2="监督检查")),
    )
    return tree


def say(tenant, *changes, reason="上级要求", actor=OPERATOR, effective_on=None):
    """Let a tenant's layer say something, in force at once."""
    with open_session(Scope.own(tenant)) as session:
        revision = submit_revision(
            session, actor, tenant, changes, reason=reason, effective_on=effective_on
        )
        return approve_revision(session, actor, revision.id)


def see(tenant, at=None):
    """A tenant's effective catalog."""
    with open_session(Scope.own(tenant)) as session:
        return effective_catalog(session, tenant, at=at).catalog


@pytest.fixture
def person(tree):
    """Make a person with a role at a tenant."""

    def make(username, role, tenant):
        with open_session(None) as session:
            user = add_user(
                session, username=username, name=f"姓名{username}", password="a long password"
            )
            give_role(session, user, tenant, Role(role))
            return Actor(user.id, user.name, (Held(Role(role), tenant.path),))

    return make
