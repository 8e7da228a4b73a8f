"""One function decides; what is not granted is denied."""

from dataclasses import dataclass

import pytest

from core.errors import Forbidden
from core.permissions import (
    NOBODY,
    OPERATOR,
    Action,
    Actor,
    Held,
    OrganScope,
    Role,
    allowed,
    organ_scope,
    require,
)


@dataclass(frozen=True)
class Node:
    path: str
    division_code: str = "990111"
    name: str = "甲县"


COUNTY, TOWN, VILLAGE = Node("/1/2/"), Node("/1/2/3/"), Node("/1/2/3/4/")
SISTER = Node("/1/2/30/")


def someone(role, node):
    return Actor(1, "某人", (Held(role, node.path),))


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("node", [COUNTY, TOWN, VILLAGE])
def test_nobody_may_do_nothing_and_the_operator_everything(action, node):
    assert not allowed(NOBODY, action, node)
    assert allowed(OPERATOR, action, node)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(Action))
def test_no_role_reaches_up_or_sideways(role, action):
    actor = someone(role, TOWN)
    assert not allowed(actor, action, COUNTY)
    assert not allowed(actor, action, SISTER)


@pytest.mark.parametrize(
    ("role", "action", "may"),
    [
        (Role.OFFICER, Action.EDIT_CATALOG, True),
        (Role.OFFICER, Action.REVIEW_PUBLICATION, True),
        (Role.OFFICER, Action.WRITE_PUBLICATION, False),
        (Role.REVIEWER, Action.REVIEW_PUBLICATION, True),
        (Role.REVIEWER, Action.APPROVE_CATALOG, False),
        (Role.LIAISON, Action.VIEW_CONSOLE, True),
        (Role.LIAISON, Action.READ_DRAFTS, False),
        (Role.REVIEWER, Action.READ_DRAFTS, True),
        (Role.OFFICER, Action.READ_DRAFTS, True),
        (Role.LIAISON, Action.EDIT_CATALOG, False),
        (Role.CLERK, Action.VIEW_CONSOLE, False),
    ],
)
def test_what_reaches_down_the_tree(role, action, may):
    assert allowed(someone(role, COUNTY), action, VILLAGE) is may


def test_a_clerk_writes_at_home_only():
    clerk = someone(Role.CLERK, VILLAGE)
    assert allowed(clerk, Action.WRITE_PUBLICATION, VILLAGE)
    assert not allowed(clerk, Action.REVIEW_PUBLICATION, VILLAGE)
    assert not allowed(clerk, Action.EDIT_CATALOG, VILLAGE)


def test_roles_add_up():
    actor = Actor(1, "兼职", (Held(Role.CLERK, VILLAGE.path), Held(Role.REVIEWER, TOWN.path)))
    assert allowed(actor, Action.WRITE_PUBLICATION, VILLAGE)
    assert allowed(actor, Action.REVIEW_PUBLICATION, VILLAGE)
    assert not allowed(actor, Action.WRITE_PUBLICATION, TOWN)


def test_a_path_is_matched_by_whole_ids():
    assert not allowed(someone(Role.OFFICER, Node("/1/2/")), Action.EDIT_CATALOG, Node("/1/20/"))


def test_require_raises_what_the_pages_show_as_403():
    with pytest.raises(Forbidden):
        require(NOBODY, Action.VIEW_CONSOLE, COUNTY)


def test_a_role_that_was_given_for_one_organ_counts_for_no_other():
    for_one = Actor(1, "王", (Held(Role.LIAISON, COUNTY.path, organ_id=7),))
    for_all = Actor(2, "李", (Held(Role.LIAISON, COUNTY.path),))
    assert allowed(for_one, Action.EDIT_CATALOG, COUNTY, organ=7)
    assert not allowed(for_one, Action.EDIT_CATALOG, COUNTY, organ=8)
    assert not allowed(for_one, Action.EDIT_CATALOG, COUNTY)
    assert allowed(for_all, Action.EDIT_CATALOG, COUNTY, organ=8)
    assert allowed(for_all, Action.EDIT_CATALOG, COUNTY)
    assert organ_scope(for_one, Action.EDIT_CATALOG, COUNTY) == OrganScope(ids=frozenset({7}))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(Action))
def test_a_role_for_one_organ_ends_at_its_own_place(role, action):
    actor = Actor(1, "王", (Held(role, COUNTY.path, organ_id=7),))
    assert not organ_scope(actor, action, TOWN)
    assert not allowed(actor, action, TOWN, organ=7)
