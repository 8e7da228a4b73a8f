"""A clock that was once years ahead keeps nothing locked until then."""

from datetime import datetime, timedelta

import pytest

from core.clock import now
from core.db.scope import open_session
from core.search.indexing.lease import held_lease
from core.search.models import SearchLease
from core.web import rate_limit

pytestmark = pytest.mark.both_databases
WINDOW = timedelta(minutes=15)


@pytest.fixture
def wrong_clock(set_clock):
    """Have the clock be wrong, then right."""
    right = now()
    set_clock(right + timedelta(days=3650))
    return lambda: set_clock(right)


def test_indexing_goes_on(app, wrong_clock):
    with open_session(None) as session:
        session.add(SearchLease(name="embedded-x", owner="dead", expires_at=now()))
    wrong_clock()
    with held_lease("embedded-x") as lease:
        assert lease is not None
        lease.keep()
        with held_lease("embedded-x") as other:
            assert other is None


def test_accounts_are_free_again(app, wrong_clock):
    for _attempt in range(6):
        rate_limit.hit("sign-in:x", 5, WINDOW)
    assert rate_limit.is_exceeded("sign-in:x", 5)
    wrong_clock()
    assert not rate_limit.is_exceeded("sign-in:x", 5)
    assert [rate_limit.hit("sign-in:x", 2, WINDOW) for _attempt in range(3)] == [True, True, False]
    assert rate_limit.is_exceeded("sign-in:x", 2)


def test_a_clock_that_was_behind_locks_nothing_either(app, set_clock):
    right = now()
    set_clock(datetime(2001, 1, 1, tzinfo=right.tzinfo))
    assert rate_limit.hit("sign-in:x", 1, WINDOW)
    set_clock(right)
    assert rate_limit.hit("sign-in:x", 1, WINDOW)
