"""A county where a feature holds votes: the sample plugin beside these tests."""

from pathlib import Path

import pytest

from core.db.scope import Scope, open_session
from core.testing.factories.plugins import PluginFactory, set_policy


@pytest.fixture
def plugin_folders():
    """Where the sample plugin lies; after the test the process knows it no longer."""
    factory = PluginFactory(Path(__file__).parent / "plugins")
    yield str(factory.folder)
    factory.clear()


@pytest.fixture
def county(app, tree):
    """The county, with the plugin on; a busy machine leaves no part of a page out."""
    app.extensions["gongkai"].plugin_call_seconds = 60
    app.extensions["gongkai"].plugin_page_seconds = 120
    set_policy("village_matters", tree.county)
    return tree.county


@pytest.fixture
def own(county):
    """A session of the county and the places below."""
    with open_session(Scope.subtree(county, "test")) as session:
        yield session
