"""The block of the home page asks little of the database, however much there is to show."""

from dataclasses import dataclass

import pytest

from core.sdk import Asked, Scope, open_session
from core.testing.queries import counted
from plugins.open_day.public.blocks import answer_cards, home_blocks, item_panels
from plugins.open_day.tests.factories import make_day

ITEM = "CN-jiuzhu-001"


@dataclass(frozen=True)
class Item:
    item_id: str = ITEM


@pytest.fixture(autouse=True)
def page(app):
    with app.test_request_context():
        yield


@pytest.mark.both_databases
@pytest.mark.parametrize("many", [1, 6])
def test_three_statements_whatever_is_coming(own, county, many):
    for _ in range(many):
        make_day(own, county, slots=3, item_id=ITEM)
    own.commit()
    question = Asked("开放日", "开放日", ("开放日",))
    for ask in (
        lambda session: home_blocks(session, county),
        lambda session: item_panels(session, Item()),
        lambda session: answer_cards(session, question),
    ):
        with open_session(Scope.public(county)) as session, counted() as sent:
            assert list(ask(session))
        asked_for = [one for one in sent if not one.startswith("SELECT set_config")]
        assert len(asked_for) == 3, asked_for


def test_seats_of_sessions_that_are_not_open_do_not_count(own, county):
    day = make_day(own, county, slots=2, capacity=20)
    day.slots[0].state = "cancelled"
    day.slots[1].taken = 5
    own.commit()
    with open_session(Scope.public(county)) as session:
        [block] = home_blocks(session, county)
    assert "余15个名额" in block.entries[0].note
