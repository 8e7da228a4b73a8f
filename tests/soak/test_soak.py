"""Short runs of the soak tests; `make soak` runs them at full length (docs/soak.md)."""

import pytest

from tests.soak.busy_machine import (
    load_searchable_demo,
    run_busy_machine,
    write_harmful_plugins,
)
from tests.soak.crowd import run_crowd
from tests.soak.late_calls import run_late_calls
from tests.soak.notices import run_notices
from tests.soak.page_truth.soak import run_page_truth
from tests.soak.writers import run_writers

# Measured in time: a test beside it would be measured too.
pytestmark = pytest.mark.alone


@pytest.fixture
def settings(settings):
    """Few failures are enough for a quarantine, so that a short run sees one."""
    settings.plugin_fault_limit = 2
    return settings


@pytest.fixture
def demo(plugin_factory, settings):
    """Have the demonstration in the database, and the harmful plugins installed."""
    write_harmful_plugins(plugin_factory)
    with plugin_factory.application(settings):
        load_searchable_demo()


@pytest.mark.usefixtures("demo")
def test_a_busy_machine_is_no_plugins_fault(plugin_factory, settings, tmp_path):
    run_busy_machine(settings, plugin_factory, tmp_path / "log", pages=20).check()


def test_late_calls_harm_nothing_beside_them(plugin_factory, settings, tree, tmp_path):
    report = run_late_calls(settings, plugin_factory, tmp_path / "log", late=20, longest=15)
    report.check(late=10)


def test_a_crowd_is_answered_and_a_killed_worker_comes_back(tmp_path):
    report = run_crowd(tmp_path, seconds=3, connections=20)
    report.check(longest_page=60)


def test_an_import_clerks_and_citizens_write_at_once(tmp_path):
    report = run_writers("sqlite", tmp_path, lines=100)
    report.check(longest_save=60, longest_batch=60)


def test_two_workers_tell_each_person_once(tmp_path):
    run_notices("sqlite", tmp_path, notices=20, seconds=1).check()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_page_is_older_than_a_second_or_anybody_elses(tmp_path, kind):
    run_page_truth(kind, tmp_path, seconds=8, midnight=18).check()
