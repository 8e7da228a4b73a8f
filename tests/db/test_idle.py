"""One connection for each thread, whatever sessions a page uses."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event, select

from core.db.engine import db
from core.db.idle import release_idle
from core.db.scope import Scope, new_session, open_session
from core.db.transactions import after_commit
from core.db.tree import Tenant
from core.tenancy.models import Organ

PAGES = ("", "catalog/", "publications/", "places/", "site-map/", "search/?q=低保", "open-days/")

pytestmark = pytest.mark.both_databases


@contextmanager
def peak_of_connections():
    """Count connections that are in use at once while the block runs."""
    counts = {"now": db.engine.pool.checkedout(), "peak": 0}
    counts["before"] = counts["now"]

    def take(*_):
        counts["now"] += 1
        counts["peak"] = max(counts["peak"], counts["now"] - counts["before"])

    def give(*_):
        counts["now"] -= 1

    pool = db.engine.pool
    event.listen(pool, "checkout", take)
    event.listen(pool, "checkin", give)
    try:
        yield counts
    finally:
        event.remove(pool, "checkout", take)
        event.remove(pool, "checkin", give)


def test_sessions_that_only_read_share_a_connection(tree):
    with open_session(Scope.own(tree.town)) as session:
        session.add(Organ(tenant_id=tree.town.id, name="科", kind="department"))
    with peak_of_connections() as counts, open_session(Scope.own(tree.town)) as outer:
        organs = outer.scalars(select(Organ)).all()
        with open_session(None) as inner:
            inner.scalars(select(Tenant)).all()
            assert [organ.name for organ in organs]  # what was loaded stays loaded
            outer.scalars(select(Organ)).all()
            inner.scalars(select(Tenant)).all()
    assert counts["peak"] == 1


def test_what_was_written_stays_in_its_transaction(tree):
    outer = new_session(Scope.own(tree.town))
    outer.add(Organ(tenant_id=tree.town.id, name="科", kind="department"))
    outer.flush()
    with open_session(None) as inner:
        inner.scalars(select(Tenant)).all()
    release_idle()
    outer.rollback()
    assert outer.scalars(select(Organ).where(Organ.name == "科")).all() == []
    outer.close()


def test_what_waits_for_a_flush_or_a_commit_stays_too(tree):
    outer, called = new_session(Scope.own(tree.town)), []
    outer.scalars(select(Organ)).all()
    after_commit(outer, called.append, 1)
    release_idle()
    assert called == []
    outer.rollback()
    outer.add(Organ(tenant_id=tree.town.id, name="科", kind="department"))
    release_idle()
    assert outer.new
    outer.close()


def test_a_row_that_was_locked_stays_locked(tree):
    outer = new_session(None)
    outer.scalars(select(Tenant).where(Tenant.id == tree.town.id).with_for_update()).all()
    release_idle()
    assert outer.in_transaction()
    outer.rollback()
    outer.scalars(select(Tenant)).all()
    release_idle()
    assert not outer.in_transaction()
    outer.close()


def test_every_public_page_has_one_connection(client, tree, plugin_on, platform):
    for plugin in ("feeds", "notice_board", "open_day"):
        plugin_on(plugin, tree.county)
    platform.close()
    pages = [
        "",
        "catalog/",
        "publications/",
        "places/",
        "site-map/",
        "search/?q=低保",
        "open-days/",
    ]
    for page in pages:
        with peak_of_connections() as counts:
            client.get(f"/{tree.county.division_code}/{page}", allowed={404})
        assert counts["peak"] <= 1, page


def test_every_page_of_staff_has_one_connection(client, tree, sign_in_as, platform):
    sign_in_as("officer", tree.county)
    platform.close()
    for page in ("", "publications/", "publications/new/", "catalog/", "search/"):
        with peak_of_connections() as counts:
            client.get(f"/{tree.county.division_code}/console/{page}", allowed={302, 404})
        assert counts["peak"] <= 1, page
