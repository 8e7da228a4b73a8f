"""Every change raises the versions of its place and of those above, once, or none is raised."""

import pytest
from sqlalchemy import delete, select, update

from core.audit.service import record
from core.db.scope import Scope, open_session
from core.db.transactions import savepoint
from core.db.versions import EVERYWHERE, MOST_PLACES, SEARCH_INDEX, PageVersion, mark_changed
from core.permissions import OPERATOR
from core.publishing.content import Content
from core.publishing.models import Publication
from core.tenancy.models import Organ
from core.testing.factories.publishing import publish_at

pytestmark = pytest.mark.both_databases


def numbers() -> dict[int, tuple[int, int]]:
    with open_session(None) as session:
        return {
            row.place_id: (row.own, row.subtree) for row in session.scalars(select(PageVersion))
        }


@pytest.fixture
def risen():
    """By how much each number has risen since the test began."""
    before = numbers()

    def since() -> dict[int, tuple[int, int]]:
        found = {}
        for place, (own, subtree) in numbers().items():
            was = before.get(place, (0, 0))
            if (own, subtree) != was:
                found[place] = (own - was[0], subtree - was[1])
        return found

    return since


def add_organ(session, tenant, name="民政局"):
    session.add(Organ(tenant_id=tenant.id, name=name, kind="department"))


def test_a_change_in_a_village_rises_up_to_its_county_and_nowhere_else(tree, risen):
    with open_session(Scope.own(tree.village)) as session:
        add_organ(session, tree.village)
        session.flush()
        add_organ(session, tree.village, "教育局")  # once a transaction
    assert risen() == {tree.village.id: (1, 1), tree.town.id: (0, 1), tree.county.id: (0, 1)}


def test_a_layer_above_the_county_raises_only_its_own(tree, risen):
    with open_session(Scope.own(tree.nation)) as session:
        add_organ(session, tree.nation)
    assert risen() == {tree.nation.id: (1, 1)}


def test_what_is_rolled_back_raises_nothing(tree, risen):
    with open_session(Scope.own(tree.village)) as session:
        add_organ(session, tree.village)
        session.flush()
        session.rollback()
    assert risen() == {}


def test_a_savepoint_raises_with_its_transaction(tree, risen):
    with open_session(Scope.own(tree.village)) as session:
        with savepoint(session):
            add_organ(session, tree.village)
        assert risen() == {} or session.get_bind().dialect.name == "sqlite"
    assert set(risen()) == {tree.village.id, tree.town.id, tree.county.id}


def test_reading_and_what_no_page_shows_raise_nothing(tree, risen):
    with open_session(Scope.own(tree.village)) as session:
        session.scalars(select(Organ)).all()
        organ = session.scalar(select(Organ).limit(1))
        record(session, OPERATOR, tree.village, "test.read", "")
        if organ:
            organ.name = str(organ.name)
    assert risen() == {}


def test_statements_that_write_many_rows_raise_where_there_are_any(tree, risen):
    with open_session(Scope.own(tree.village)) as session:
        session.execute(delete(Organ).where(Organ.name == "没有"))
    assert risen() == {}
    with open_session(Scope.own(tree.village)) as session:
        add_organ(session, tree.village)
    with open_session(Scope.platform("test")) as session:
        session.execute(update(Organ).where(Organ.name == "民政局").values(name="民政和人社局"))
    assert risen()[tree.village.id] == (2, 2)
    assert EVERYWHERE not in risen()


def test_a_change_of_the_tree_counts_everywhere(tree, risen):
    with open_session(None) as session:
        session.merge(tree.village).name = "柳湾新村委会"
    assert risen() == {EVERYWHERE: (1, 1)}


def test_many_places_at_once_count_everywhere(tree, risen):
    with open_session(None) as session:
        mark_changed(session, SEARCH_INDEX, *range(100_000, 100_001 + MOST_PLACES))
    assert risen() == {EVERYWHERE: (1, 1), SEARCH_INDEX: (1, 1)}


def test_drafts_change_no_page_and_publishing_does(tree, risen):
    with open_session(Scope.own(tree.county)) as session:
        add_organ(session, tree.county)
    with open_session(Scope.own(tree.county)) as session:
        session.add(Publication(tenant_id=tree.county.id, title="草稿", author_name="x"))
    assert risen()[tree.county.id] == (1, 1)
    with open_session(Scope.own(tree.county)) as session:
        publish_at(
            session, tree.county, Content(title="通知", body_source="正文", genre="公告公示")
        )
    assert risen()[tree.county.id] == (2, 2)
