"""Channels and audience of an item decide whether it is on the web (只上墙不上网)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.catalog.domain.changes import Define, DefineDomain, Refine, Reset, Undo, Withdraw
from core.clock import today
from core.db.scope import Scope, open_session
from core.publishing.models import Publication
from core.publishing.queries import Wanted, published
from core.publishing.workflow.channel_changes import decide_again
from core.testing.factories.catalog import FIRST, SECOND, approve_changes, item_fields

pytestmark = pytest.mark.both_databases

SITE, BOARD = ["政府网站", "村务公开栏"], ["村务公开栏"]
OWN = {"kind": "group", "text": "本村村民"}


@pytest.fixture
def items(tree):
    """Two items of the county: one for the site, one for the board."""
    made = [
        Define(FIRST, item_fields(channels=SITE)),
        Define(SECOND, item_fields(channels=BOARD)),
    ]
    approve_changes(tree.county, DefineDomain("jiuzhu", "社会救助"), *made)


@pytest.fixture
def publish(tree, items, village, make_public):
    def at(item_id=FIRST, **more):
        made = make_public(village, item_id=item_id, no_item_reason=None, **more)
        village.commit()
        return made.id

    return at


def listed(tree):
    with open_session(Scope.public(tree.village)) as session:
        return {entry.id for entry in published(session, Wanted(), limit=50)}


def day_of(number):
    with open_session(Scope.platform("test")) as session:
        query = select(Publication.off_web_from).where(Publication.id == number)
        return session.scalar(query)


def test_the_channels_of_the_item_decide_at_publication(tree, publish):
    shown, hidden = publish(FIRST), publish(SECOND)
    assert listed(tree) == {shown}
    assert (day_of(shown), day_of(hidden)) == (None, today())


def test_without_an_item_it_is_on_the_web(tree, village, make_public):
    made = make_public(village).id
    village.commit()
    assert listed(tree) == {made}


def test_a_layer_above_takes_it_off_in_the_transaction_of_its_change(tree, publish):
    number = publish(FIRST)
    approve_changes(tree.town, Refine(FIRST, "channels", BOARD, SITE))
    assert listed(tree) == set()
    decide_again()
    assert listed(tree) == set()
    approve_changes(tree.town, Reset(FIRST, "channels"))
    assert listed(tree) == set(), "what may be shown is shown once it is decided, not before"
    assert decide_again() == 1
    assert listed(tree) == {number}


def test_a_change_of_another_place_or_kind_concerns_nobody_for_good(tree, publish):
    number = publish(FIRST)
    approve_changes(
        tree.county, Refine(FIRST, "channels", BOARD, SITE, kinds=frozenset({"community"}))
    )
    decide_again()
    assert listed(tree) == {number}


@pytest.mark.parametrize(
    ("channels", "audience", "shown"),
    [
        (None, None, True),
        ([], None, True),
        (None, OWN, False),
        (["其他:县政府门户网站"], OWN, True),
        (["其他:不在政府网站公开"], None, False),
        (["精准推送"], {"kind": "group", "text": "当事人"}, False),
    ],
)
def test_what_is_unknown_hides_nothing(tree, publish, channels, audience, shown):
    number = publish(FIRST)
    approve_changes(
        tree.county,
        Refine(FIRST, "channels", channels, SITE),
        Refine(FIRST, "audience", audience, None),
    )
    decide_again()
    assert (listed(tree) == {number}) is shown


def test_a_change_for_a_day_to_come_counts_from_that_day(tree, publish, set_clock):
    number = publish(FIRST)
    day = today() + timedelta(days=3)
    approve_changes(tree.county, Refine(FIRST, "channels", BOARD, SITE), effective_on=day)
    decide_again()
    assert (listed(tree), day_of(number)) == ({number}, day)
    late = publish(FIRST, title="此后发布的")
    assert day_of(late) == day
    set_clock(day)
    assert listed(tree) == set()
    decide_again(everything=True)
    assert listed(tree) == set()


def test_an_item_that_is_withdrawn_shows_nothing_that_was_on_the_board(tree, publish):
    publish(SECOND)
    approve_changes(tree.county, Withdraw(SECOND))
    decide_again(everything=True)
    assert listed(tree) == set()


def test_what_an_undo_brings_back_is_decided_again(tree, publish):
    number = publish(FIRST)
    revision = approve_changes(tree.town, Refine(FIRST, "channels", BOARD, SITE))
    decide_again()
    approve_changes(tree.town, Undo(revision.number))
    decide_again()
    assert listed(tree) == {number}


def test_a_county_may_keep_what_is_for_its_own_people_to_the_board(tree, publish):
    with open_session(Scope.platform("test")) as session:
        county = session.get_one(type(tree.county), tree.county.id)
        county.profile = {**county.profile, "own_people_on_board": True}
    number = publish(FIRST)
    approve_changes(tree.county, Refine(FIRST, "audience", OWN, None))
    decide_again()
    assert day_of(number) == today()
    assert listed(tree) == set()
