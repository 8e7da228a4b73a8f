"""An open day at a county where the plugin is on."""

import pytest

from core.sdk import Scope, open_session
from core.testing.factories.plugins import set_policy
from plugins.open_day.tests.factories import make_day


@pytest.fixture
def county(app, tree):
    """The county, with the plugin on; a busy machine is no reason to leave its parts out."""
    app.extensions["gongkai"].plugin_call_seconds = 60
    app.extensions["gongkai"].plugin_page_seconds = 120
    set_policy("open_day", tree.county)
    return tree.county


@pytest.fixture
def own(app, county):
    """A session of the county's own."""
    with open_session(Scope.own(county)) as session:
        yield session


@pytest.fixture
def day(own, county):
    """An open day with one slot of 20 places."""
    made = make_day(own, county)
    own.commit()
    return made
