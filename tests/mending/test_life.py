"""What has to be mended is reported by its owner and closed by whoever found it, in that order."""

import pytest

from core.db.scope import Scope, open_session
from core.errors import Invalid
from core.mending.domain.life import MENDING_TRANSITIONS, TO_MEND, MendingState, MendingTransition
from core.mending.models import mending_checks
from core.mending.register import read_page_url
from core.permissions import NOBODY
from core.web.context import Context
from core.workflow import TransitionError, Workflow

LIFE = Workflow(MENDING_TRANSITIONS)


def test_nothing_is_closed_that_nobody_has_reported():
    for state in MendingState:
        assert LIFE.can(state, MendingTransition.CLOSE) == (state is MendingState.REPORTED)
        assert LIFE.can(state, MendingTransition.REPORT) == (state in TO_MEND)
    with pytest.raises(TransitionError):
        LIFE.next_state(MendingState.CLOSED, MendingTransition.REPORT)


def test_what_was_closed_can_be_opened_again():
    assert LIFE.next_state(MendingState.CLOSED, MendingTransition.REOPEN) is MendingState.REOPENED


def test_the_database_knows_every_state():
    text = str([check.sqltext.text for check in mending_checks(("a",))])
    assert all(f"'{state}'" in text for state in MendingState)


@pytest.fixture
def county(tree):
    return tree.county


@pytest.fixture
def own(tree):
    with open_session(Scope.own(tree.county)) as session:
        yield session


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("", ""), ("/990111/", "/990111/"), ("http://localhost/990111/?a=b", "/990111/?a=b")],
)
def test_a_page_of_the_place_is_kept_as_a_path(app, own, county, typed, kept):
    with app.test_request_context(f"/{county.division_code}/"):
        assert read_page_url(Context(own, county, NOBODY), typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["https://example.com/990111/", "/990112/", "//example.com/990111/", "javascript:alert(1)",
     "/990111/" + "x" * 500],
)  # fmt: skip
def test_a_page_of_elsewhere_is_refused(app, own, county, typed):
    with app.test_request_context(f"/{county.division_code}/"), pytest.raises(Invalid):
        read_page_url(Context(own, county, NOBODY), typed)
