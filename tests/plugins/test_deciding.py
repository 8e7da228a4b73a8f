"""Who says what where, what it changes, and what is kept of it."""

import pytest
from sqlalchemy import select

from core.audit.models import AuditEntry
from core.errors import Conflict, Forbidden, NotFound
from core.permissions import OPERATOR
from core.plugins.activation.cache import on_state_change
from core.plugins.activation.decisions import plan_policy, store_policy
from core.plugins.activation.enabled import is_on, report_fault
from core.plugins.activation.quarantine import list_last_faults, release_quarantine
from core.plugins.activation.rules import Policy, State
from core.plugins.admin.overview import list_statuses
from core.plugins.models import PluginDecision

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("plugins")]


@pytest.fixture
def told(app):
    """What listeners heard."""
    heard = []
    on_state_change(app, lambda _session, tenant_id, plugin: heard.append((tenant_id, plugin)))
    return heard


@pytest.fixture
def line(platform):
    def of(tenant, name="fair"):
        return next(line for line in list_statuses(platform, tenant) if line.manifest.name == name)

    return of


def decided(platform, *arguments, **options):
    done = store_policy(platform, *arguments, **options)
    platform.commit()
    return done


def test_the_county_decides_anywhere_in_the_county(platform, officers, tree, line):
    decided(platform, officers.county, "fair", Policy.ON, [tree.village], reason="试点")
    found = line(tree.village)
    assert (found.activation.state, found.policy, found.note) == (State.ON, Policy.ON, "试点")
    assert (found.decider.id, found.row.user.name) == (tree.village.id, "county 某")
    assert line(tree.sister_village).decider is None


def test_nobody_decides_in_another_county(platform, officers, tree):
    with pytest.raises(Forbidden):
        store_policy(platform, officers.other, "fair", Policy.ON, [tree.town])


def test_a_town_may_switch_off_and_take_that_back_but_not_on(platform, officers, tree):
    decided(platform, officers.county, "fair", Policy.ON, [tree.county])
    decided(platform, officers.town, "fair", Policy.OFF, [tree.town])
    assert not is_on("fair", tree.village)
    with pytest.raises(Forbidden):
        store_policy(platform, officers.town, "fair", Policy.ON, [tree.town])
    platform.rollback()
    decided(platform, officers.town, "fair", None, [tree.town])
    assert is_on("fair", tree.village)


def test_a_town_switches_both_ways_where_that_is_delegated(platform, officers, tree, line):
    decided(platform, officers.county, "fair", Policy.DELEGATED, [tree.town])
    assert not is_on("fair", tree.town)
    decided(platform, officers.town, "fair", Policy.ON, [tree.town])
    assert line(tree.town).policy is Policy.ON
    decided(platform, officers.town, "fair", Policy.OFF, [tree.village])
    decided(platform, officers.town, "fair", Policy.ON, [tree.village])
    assert is_on("fair", tree.village)
    decided(platform, officers.county, "fair", Policy.OFF, [tree.town])
    assert not is_on("fair", tree.town)
    assert line(tree.village).activation.state is State.OFF


def test_below_a_pin_nobody_says_anything_else(platform, officers, tree):
    decided(platform, officers.county, "fair", Policy.PINNED, [tree.county])
    for actor in (officers.county, officers.town, OPERATOR):
        with pytest.raises(Conflict):
            store_policy(platform, actor, "fair", Policy.OFF, [tree.town])
        platform.rollback()
    decided(platform, officers.county, "fair", Policy.FORBIDDEN, [tree.county])
    assert not is_on("fair", tree.town)


def test_only_the_county_pins_forbids_and_delegates(platform, officers, tree):
    for word in (Policy.PINNED, Policy.FORBIDDEN, Policy.DELEGATED):
        with pytest.raises(Forbidden):
            store_policy(platform, officers.town, "fair", word, [tree.town])
        platform.rollback()


def test_above_the_county_only_the_operator_decides(platform, officers, tree):
    with pytest.raises(Forbidden):
        store_policy(platform, officers.county, "fair", Policy.ON, [tree.nation])
    decided(platform, OPERATOR, "fair", Policy.ON, [tree.nation])
    assert is_on("fair", tree.other_village)


def test_one_refusal_in_many_stores_nothing(platform, officers, tree):
    decided(platform, officers.county, "fair", Policy.PINNED, [tree.town])
    tenants = [tree.sister_town, tree.village]
    planned = plan_policy(platform, officers.county, "fair", Policy.OFF, tenants)
    assert [tenant.id for tenant, _error in planned.refused] == [tree.village.id]
    with pytest.raises(Conflict):
        store_policy(platform, officers.county, "fair", Policy.OFF, tenants)
    platform.rollback()
    assert platform.scalars(select(PluginDecision.tenant_id)).all() == [tree.town.id]


def test_a_plan_shows_what_would_change_and_changes_nothing(platform, officers, tree, told):
    decided(platform, officers.county, "stall", Policy.ON, [tree.county])
    told.clear()
    decided(platform, officers.county, "fair", Policy.OFF, [tree.village])
    planned = plan_policy(platform, officers.county, "fair", Policy.ON, [tree.town])
    changed = {(effect.tenant.id, effect.plugin, effect.after) for effect in planned.effects}
    places = (tree.town.id, tree.sister_village.id)
    assert changed == {(id_, name, State.ON) for id_ in places for name in ("fair", "stall")}
    assert not is_on("fair", tree.town)
    assert told == []


def test_those_who_listen_are_told_of_the_topmost_places(platform, officers, tree, told):
    decided(platform, officers.county, "fair", Policy.ON, [tree.county])
    assert told == [(tree.county.id, "fair")]
    decided(platform, officers.county, "fair", Policy.DELEGATED, [tree.county])
    told.clear()
    decided(platform, officers.county, "fair", Policy.OFF, [tree.sister_town, tree.village])
    assert told == []


def test_every_word_is_recorded_once(platform, officers, tree):
    for reason in ("要用", "要用", ""):
        decided(platform, officers.county, "fair", Policy.ON, [tree.county], reason=reason)
    decided(platform, officers.county, "fair", None, [tree.county])
    entries = platform.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(e.action, e.subject, e.detail) for e in entries] == [
        ("plugin.on", "fair", {"before": None, "reason": "要用"}),
        ("plugin.inherit", "fair", {"before": "on", "reason": ""}),
    ]
    assert entries[0].user_id == officers.county.user_id


def test_an_unknown_plugin_is_not_found(platform, tree):
    with pytest.raises(NotFound):
        plan_policy(platform, OPERATOR, "nothing", Policy.ON, [tree.county])


def test_a_quarantine_is_released_by_hand(platform, officers, tree, line):
    decided(platform, officers.county, "fair", Policy.ON, [tree.county])
    for _ in range(5):
        report_fault("fair", tree.town, "home_blocks", "no")
    assert line(tree.town).activation.state is State.QUARANTINED
    with pytest.raises(Forbidden):
        release_quarantine(platform, officers.other, "fair", tree.town)
    release_quarantine(platform, officers.town, "fair", tree.town)
    platform.commit()
    assert is_on("fair", tree.town)
    report_fault("fair", tree.town, "home_blocks", "once more")
    assert is_on("fair", tree.town)
    assert list_last_faults(platform, "fair", tree.town)[0].error == "once more"
    with pytest.raises(Conflict):
        release_quarantine(platform, officers.town, "fair", tree.town)
