"""What a process knows of the states, and how soon."""

import pytest

from core.app import create_app
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.plugins.activation.cache import (
    activation_cache,
    bump_version,
    notify_listeners,
    on_state_change,
)
from core.plugins.activation.enabled import is_on, list_enabled, report_fault, tenants_with
from core.plugins.models import PluginFault, PluginQuarantine
from core.testing.queries import counted

pytestmark = pytest.mark.both_databases


@pytest.fixture
def clock(monkeypatch):
    """Time that passes only when told."""

    class Clock:
        now = 1000.0

        def __call__(self):
            return self.now

    made = Clock()
    monkeypatch.setattr("core.plugins.activation.cache.monotonic", made)
    return made


def test_a_word_holds_for_the_subtree(say, tree):
    say(tree.county, "on")
    say(tree.sister_town, "off")
    assert list_enabled(tree.village) == {"fair"}
    assert not is_on("fair", tree.sister_town)
    assert not is_on("fair", tree.other_county)


def test_needs_and_levels(say, tree):
    say(tree.county, "on", "stall")
    say(tree.county, "on", "well")
    assert list_enabled(tree.town) == set()
    assert list_enabled(tree.village) == {"well"}
    say(tree.town, "on", "fair")
    assert list_enabled(tree.village) == {"fair", "stall", "well"}


def test_tenants_with_a_plugin_are_the_active_ones_where_it_is_on(say, tree, platform):
    say(tree.town, "on")
    say(tree.village, "off")
    say(tree.other_county, "on")
    platform.get(Tenant, tree.other_county.id).status = "suspended"
    platform.commit()
    assert tenants_with("fair") == sorted([tree.town.id, tree.sister_village.id])
    assert tenants_with("unknown") == []


def test_another_process_knows_within_a_moment(say, tree, settings, clock, app):
    other = create_app(settings)
    other.extensions["plugins"] = app.extensions["plugins"]
    with other.app_context():
        assert not is_on("fair", tree.town)
    say(tree.county, "on")
    assert is_on("fair", tree.town)
    clock.now += 1
    with other.app_context():
        assert is_on("fair", tree.town)
        other.extensions["sqlalchemy"].engine.dispose()


def test_asking_again_asks_the_database_nothing(say, tree, clock):
    say(tree.county, "on")
    is_on("fair", tree.town)
    with counted() as sent:
        for tenant in (tree.county, tree.town, tree.village):
            list_enabled(tenant)
    assert sent == []
    with counted(by_the_clock=True) as sent:
        clock.now += 1
        list_enabled(tree.town)
    assert len([statement for statement in sent if "plugin" in statement]) == 1


def test_what_is_rolled_back_was_never_in_force(plugins, platform, tree, app):
    told = []
    on_state_change(app, lambda _session, *what: told.append(what))
    before = activation_cache().now().version
    bump_version(platform)
    notify_listeners(platform, tree.town.id, "fair")
    platform.rollback()
    activation_cache().expire()
    assert activation_cache().now().version == before
    assert told == [(tree.town.id, "fair")]


def test_repeated_failure_ends_in_a_quarantine_of_this_tenant(say, tree, platform):
    say(tree.county, "on")
    for number in range(5):
        assert is_on("fair", tree.town)
        report_fault("fair", tree.town, "home_blocks", ValueError(f"no {number}"), "trace")
    assert not is_on("fair", tree.town)
    assert is_on("fair", tree.village)
    row = platform.query(PluginFault).order_by(PluginFault.id).first()
    assert (row.hook, row.error, row.trace) == ("home_blocks", "ValueError", "trace")
    assert platform.query(PluginQuarantine).one().tenant_id == tree.town.id


def test_a_failure_is_recorded_when_the_request_has_let_go_of_its_lock(say, tree, app, platform):
    say(tree.county, "on")

    def failing():
        with open_session(Scope.own(tree.town)) as session:
            bump_version(session)
            report_fault("fair", tree.town, "home_blocks", "slow")
        return "fine"

    failing.access = "open"
    app.add_url_rule("/failing", view_func=failing)
    assert app.test_client().get("/failing").text == "fine"
    assert platform.query(PluginFault).one().error == "slow"


def test_reporting_never_raises(plugins, tree, monkeypatch, platform):
    monkeypatch.setattr("core.plugins.activation.faults.open_session", None)
    report_fault("fair", tree.town, "home_blocks", "x" * 9000, "y" * 90_000)
    assert platform.query(PluginFault).all() == []


def test_only_the_last_failures_are_kept(plugins, tree, platform, monkeypatch):
    monkeypatch.setattr("core.plugins.activation.faults.FAULTS_KEPT", 3)
    for number in range(5):
        report_fault("fair", tree.town, "home_blocks", str(number))
    assert [row.error for row in platform.query(PluginFault).order_by("id")] == ["2", "3", "4"]
