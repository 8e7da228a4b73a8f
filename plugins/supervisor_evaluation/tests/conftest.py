"""Supervisors of a county where the plugin is on."""

import pytest

from core.sdk import Scope, open_session
from core.testing.factories.plugins import set_policy


@pytest.fixture
def county(app, tree):
    """The county, with the plugin on there and below; a busy machine leaves no part out."""
    app.extensions["gongkai"].plugin_call_seconds = 60
    app.extensions["gongkai"].plugin_page_seconds = 120
    set_policy("supervisor_evaluation", tree.county)
    return tree.county


@pytest.fixture
def own(app, county):
    """A session of the county and the places below."""
    with open_session(Scope.subtree(county, "test")) as session:
        yield session
