"""Things are counted by month, also from memory; nothing of a reader is kept."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect, select

from core.db.engine import db
from core.db.scope import Scope, open_session
from core.testing.pages import url_for
from core.usage.models import UsageCount
from core.usage.service import (
    UsedThing,
    count_kept,
    count_use,
    delete_old_counts,
    erase_uses,
    load_uses,
    round_count,
)

MAY = date(2026, 5, 1)


def load(tenant, *topics):
    with open_session(Scope.subtree(tenant, "test")) as session:
        return load_uses(session, topics)


@pytest.fixture
def in_may(set_clock):
    set_clock(date(2026, 5, 20))


@pytest.mark.both_databases
def test_counts_add_up_by_thing_and_month(app, tree, in_may):
    with app.test_request_context():
        for _time in range(3):
            count_use(tree.village.id, "test.view", 7)
    count_kept({}, tree.village.id, "test.view", "7")
    count_kept({}, tree.town.id, "test.view", "7")
    assert load(tree.county, "test.view", "test.scan") == {
        UsedThing(tree.village.id, "test.view", "7", MAY): 4,
        UsedThing(tree.town.id, "test.view", "7", MAY): 1,
    }
    count_kept({}, tree.village.id, "test.view", "7")
    found = load(tree.village, "test.view")
    assert found == {UsedThing(tree.village.id, "test.view", "7", MAY): 5}


@pytest.mark.parametrize(
    "name", ["Baiduspider/2.0", "Googlebot/2.1", "curl/8.0", "python-requests"]
)
def test_programs_that_say_what_they_are_do_not_count(app, tree, name):
    with app.test_request_context(headers={"User-Agent": name}):
        count_use(tree.county.id, "test.view", 7)
    count_kept({"HTTP_USER_AGENT": name}, tree.county.id, "test.view", "7")
    assert load(tree.county, "test.view") == {}


def test_nothing_of_a_reader_can_be_stored(app):
    columns = {column["name"] for column in inspect(db.engine).get_columns("usage_count")}
    assert columns == {"id", "tenant_id", "topic", "key", "month", "number"}


@pytest.mark.both_databases
def test_what_is_old_is_deleted_and_what_a_plugin_counted_is_erased(app, tree, in_may):
    counts = [("a.view", date(2024, 4, 1)), ("a.view", date(2024, 5, 1)), ("ab.view", MAY)]
    with open_session(Scope.own(tree.county)) as session:
        for topic, month in counts:
            row = UsageCount(tenant_id=tree.county.id, topic=topic, key="1", month=month, number=1)
            session.add(row)
    delete_old_counts()
    with open_session(Scope.own(tree.county)) as session:
        months = session.scalars(select(UsageCount.month).order_by(UsageCount.month)).all()
        assert months == [date(2024, 5, 1), MAY]
        erase_uses(session, tree.county, "a")
        assert session.scalars(select(UsageCount.topic)).all() == ["ab.view"]


@given(st.integers(0, 10_000))
def test_few_readers_cannot_be_told_from_each_other(number):
    shown = round_count(number)
    if shown is None:
        assert 1 <= number <= 4
    else:
        assert shown % 5 == 0
        assert number - 5 < shown <= number


def test_counting_asks_the_database_nothing_before_the_answer(app, tree):
    from core.testing.queries import counted

    with app.test_request_context(url_for("portal.home")), counted() as asked:
        count_use(tree.county.id, "test.view", 7)
    assert asked == []
