"""A county whose notices a plugin carries, and what that plugin was given."""

import pytest

from core.db.migrate import upgrade_database
from core.db.scope import Scope, open_session
from core.notifications import templates
from core.notifications.templates import add_notice_template
from core.testing.factories.plugins import set_policy
from core.testing.factories.trees import load_tree

CARRIER = """
from core.sdk import Manifest, hookimpl

MANIFEST = Manifest("sms", "1.0", "SMS")
GIVEN, ANSWERS = [], []

@hookimpl
def notify(tenant, message):
    GIVEN.append(message)
    answer = ANSWERS.pop(0) if ANSWERS else True
    if isinstance(answer, str):
        raise OSError(answer)
    return answer
"""


@pytest.fixture
def settings(settings):
    """Nobody is hurried on a busy machine, and no failure leads to a quarantine."""
    settings.plugin_call_seconds = 60
    settings.plugin_fault_limit = 100
    return settings


@pytest.fixture(autouse=True)
def topic(monkeypatch):
    """A topic of the core's, with its text; those of other features are out of the way."""
    monkeypatch.setattr(templates, "_TEMPLATES", {})
    add_notice_template("fair.ticket", "您已报名%(title)s，票号%(code)s")
    return "fair.ticket"


@pytest.fixture
def tree():
    """Have the tree in the database."""


@pytest.fixture
def county(plugin_factory, settings, tree):
    """A county in an application that has the carrier installed."""
    plugin_factory.write("sms", CARRIER)
    with plugin_factory.application(settings):
        upgrade_database()
        with open_session(None) as session:
            made = load_tree(session).county
        yield made


@pytest.fixture
def carrier(county):
    """The carrier's module, on at the county: `GIVEN` are messages, `ANSWERS` the next answers."""
    from flask import current_app

    set_policy("sms", county)
    return current_app.extensions["plugins"].plugins["sms"].module


@pytest.fixture
def own(county):
    with open_session(Scope.own(county)) as session:
        yield session
