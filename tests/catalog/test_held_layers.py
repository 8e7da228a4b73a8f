"""What processes hold of catalogs is what the database says, at every moment and in each of them.

One application holds much and another next to nothing; both have to answer with the plain fold of
the layers as they stand.
"""

import gc
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from types import FunctionType, ModuleType

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Row
from sqlalchemy.orm import Session

from core.app import create_app
from core.catalog.domain.changes import Layer, Refine
from core.catalog.effective import effective_catalog
from core.catalog.layers import cache
from core.catalog.layers.heads import load_heads
from core.catalog.layers.loading import resolve_chain
from core.catalog.models import CatalogRevision
from core.catalog.records import to_row
from core.clock import today
from core.db.base import Base, utc_now
from core.db.engine import db
from core.db.scope import Scope, open_session
from core.tenancy.domain import KINDS, Level
from core.tenancy.service import create_tenant
from core.testing.factories.catalog import FIRST, approve_changes, load_catalog
from tests.catalog.domain.plain_fold import PlainFold
from tests.catalog.domain.random_layers import changes

LEVELS = (Level.NATION, Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)
DAYS = (-1, 0, 1)
numbers = count(1)


@pytest.fixture
def narrow_app(settings):
    """Another application on the same database, which holds as good as nothing."""
    other = create_app(settings)
    with other.app_context():
        cache._caches[db.engine] = cache.CatalogCache(
            cache.LruCache(6, len), cache.LruCache(2), cache.LruCache(4, cache._count_items)
        )
    yield other
    with other.app_context():
        db.engine.dispose()


@st.composite
def histories(draw):
    """Draw a tree of up to eight tenants, and revisions: whose, in force since when, and what."""
    kinds = [
        [draw(st.sampled_from(KINDS[level])) for _ in range(draw(st.integers(1, 3)))]
        for level in LEVELS[1:]
    ]
    revision = st.tuples(
        st.integers(0, 9), st.sampled_from(DAYS), st.lists(changes, min_size=1, max_size=5)
    )
    return kinds, draw(st.lists(revision, min_size=1, max_size=8))


def plant(kinds):
    """Make a tree of its own; the tenants of a level hang on those above in turn."""
    name = f"R{next(numbers)}"
    with open_session(None) as session:
        layers = [[create_tenant(session, code=name, name=name, level=LEVELS[0], parent=None)]]
        for level, of_level in zip(LEVELS[1:], kinds, strict=True):
            above = layers[-1]
            layers.append(
                [
                    create_tenant(
                        session, code=f"{name}-{level[0]}{n}", name=name, level=level, kind=kind,
                        parent=above[n % len(above)],
                    )
                    for n, kind in enumerate(of_level)
                ]
            )  # fmt: skip
    return [tenant for layer in layers for tenant in layer]


class Truth:
    """All that was said so far, beside the database."""

    def __init__(self, tenants):
        self.tenants = {tenant.id: tenant for tenant in tenants}
        self.said = {tenant.id: [] for tenant in tenants}

    def say(self, tenant, day, said):
        number = len(self.said[tenant.id]) + 1
        self.said[tenant.id].append((day, number, said))
        with open_session(Scope.own(tenant)) as session:
            revision = CatalogRevision(
                tenant_id=tenant.id, number=number, state="approved", author_name="x",
                effective_on=day, decided_at=utc_now(), summary={}, reason="上级要求",
            )  # fmt: skip
            session.add(revision)
            session.flush()
            for position, change in enumerate(said):
                row = to_row(change, tenant.id, position)
                row.revision_id = revision.id
                session.add(row)

    def catalog(self, tenant, day):
        return PlainFold([self._layer(self.tenants[node], day) for node in tenant.chain])

    def _layer(self, tenant, day):
        in_force = sorted((at, n, said) for at, n, said in self.said[tenant.id] if at <= day)
        said = [
            replace(change, revision=number, reason=change.reason or "上级要求")
            for _, number, changes in in_force
            for change in changes
        ]
        return Layer(tenant.division_code, tenant.level, said, tenant.kind)


@pytest.mark.both_databases
@hypothesis_settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # making it smaller takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(histories())
def test_two_processes_answer_with_what_is_in_force(app, narrow_app, history):
    kinds, revisions = history
    tenants = plant(kinds)
    truth = Truth(tenants)
    for whose, offset, said in revisions:
        truth.say(tenants[whose % len(tenants)], today() + timedelta(days=offset), said)
        for application in (app, narrow_app):
            with application.app_context():
                for day in (today(), today() + timedelta(days=1)):
                    for tenant in tenants:
                        require_true(load_catalog(tenant, day), truth.catalog(tenant, day))


def require_true(catalog, plain):
    assert catalog == plain.catalog()
    assert catalog.conflicts == plain.all_conflicts()
    assert list(catalog.items) == list(plain.items)


@pytest.mark.both_databases
def test_what_is_approved_between_two_questions_of_a_page_is_not_mixed_in(national):
    def refine(value):
        return Refine(FIRST, "mode", value, "proactive")

    approve_changes(national.county, refine("on_request"))
    with open_session(Scope.own(national.village)) as session:
        chain = load_heads(session, national.village, today())
        approve_changes(national.county, refine("proactive"))
        cache._caches.clear()
        catalog = resolve_chain(session, chain, today())
    assert catalog.items[FIRST].fields["mode"] == "on_request"
    assert load_catalog(national.village).items[FIRST].fields["mode"] == "proactive"


def test_villages_share_what_they_do_not_refine(national):
    approve_changes(national.village, Refine(FIRST, "level2", "文件", "政策法规文件"))
    approve_changes(national.sister_village, Refine(FIRST, "level2", "政策", "政策法规文件"))

    mine, its = load_catalog(national.village), load_catalog(national.sister_village)

    shared = [item_id for item_id in mine.items if mine.items[item_id] is its.items[item_id]]
    assert shared == [item_id for item_id in mine.items if item_id != FIRST]
    assert mine.index is its.index


def test_kinds_that_no_change_names_make_no_further_catalogs(national):
    with counted_folds() as folded:
        for place in (national.village, national.community, national.far_village, national.town):
            load_catalog(place)
    assert len(folded) == 1


@contextmanager
def counted_folds():
    folded = []
    from core.catalog.layers import loading

    original = loading.add_layer
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "add_layer", lambda *given: folded.append(1) or original(*given))
        yield folded


def test_a_cache_is_bounded_by_what_its_values_weigh():
    held = cache.LruCache(10, len)
    for number in range(20):
        held.put(number, (0,) * 3)
    assert [number for number in range(20) if held.get(number)] == [17, 18, 19]
    held.put(19, (0,) * 9)
    assert [number for number in range(20) if held.get(number)] == [19]
    held.put("larger than all", (0,) * 50)
    assert len(held.get("larger than all")) == 50
    assert held.get(19) is None


def test_held_are_values_and_no_rows(national, client):
    with open_session(Scope.own(national.village)) as session:
        effective_catalog(session, national.village)
        held = cache.get_cache(session)
    assert held.catalogs._values
    assert not [one for one in reachable(held) if isinstance(one, (Base, Row, Session))]


def reachable(root):
    """Everything that an object holds on to, classes and modules left out."""
    seen, waiting = {id(root): root}, [root]
    while waiting:
        for found in gc.get_referents(waiting.pop()):
            if id(found) not in seen and not isinstance(found, (type, ModuleType, FunctionType)):
                seen[id(found)] = found
                waiting.append(found)
    return seen.values()
